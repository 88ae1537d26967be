import Mimecast

/// Groups themselves, and members many at a time. ``groups()`` and ``members(ofGroup:)`` read them.
extension TenantClient {
    /// - Parameter parent: the group it is in; nil for the top.
    public func createGroup(_ name: String, in parent: String? = nil) async throws -> Kept<Folder> {
        try await one(Endpoints.Portal.createGroup, NewGroup(description: name, parentId: parent))
    }

    /// Another name or another parent; what is nil stays.
    public func updateGroup(_ id: String, name: String? = nil, parent: String? = nil) async throws -> Kept<Folder> {
        try await one(Endpoints.Portal.updateGroup, GroupUpdate(id: id, description: name, parentId: parent))
    }

    /// Deletes a group that has neither members nor groups in it.
    public func deleteGroup(_ id: String) async throws -> Kept<DeletedGroup> {
        try await one(Endpoints.Portal.deleteGroup, GroupKey(id: id))
    }

    /// Adds members, an address or a domain each.
    public func addMembers(_ members: [MemberChange]) async throws -> [Result<Void, ClientError>] {
        switch dialect {
        case .guide: try await each(Endpoints.Guide.addMember, members).map { $0.map { _ in } }
        case .portal: try await each(Endpoints.Portal.addMember, members).map { $0.map { _ in } }
        }
    }

    public func removeMembers(_ members: [MemberChange]) async throws -> [Result<Void, ClientError>] {
        switch dialect {
        case .guide: try await each(Endpoints.Guide.removeMember, members).map { $0.map { _ in } }
        case .portal: try await each(Endpoints.Portal.removeMember, members).map { $0.map { _ in } }
        }
    }

    /// The cloud gateway's list. v2.
    public func gatewayGroups(_ query: GroupQuery = GroupQuery()) -> Pages<RowPage<GatewayGroup>> {
        list(Endpoints.Gateway.groups, query)
    }

    /// One group. v2.
    public func gatewayGroup(_ id: String) async throws -> Kept<GatewayGroup> {
        try await one(Endpoints.Gateway.group, GroupKey(id: id))
    }

    /// Makes a group by the cloud gateway. v2.
    ///
    /// - Returns: its id.
    public func createGatewayGroup(_ group: NewGroup) async throws -> Kept<GatewayCreatedGroup> {
        try await one(Endpoints.Gateway.createGroup, group)
    }

    /// The members of a group by the cloud gateway. v2.
    public func gatewayMembers(ofGroup id: String) -> Pages<RowPage<GatewayMember>> {
        list(Endpoints.Gateway.members, GroupKey(id: id))
    }

    /// Adds members by the cloud gateway, in one call. v2.
    ///
    /// - Returns: whether each was added, in their order.
    public func addGatewayMembers(_ members: [GatewayMemberChange.Member], toGroup id: String) async throws -> [Bool] {
        try await change(Endpoints.Gateway.addMembers, members, ofGroup: id)
    }

    /// Removes members by the cloud gateway, in one call. v2.
    public func removeGatewayMembers(_ members: [GatewayMemberChange.Member], fromGroup id: String) async throws -> [Bool] {
        try await change(Endpoints.Gateway.removeMembers, members, ofGroup: id)
    }

    /// - Throws: ``ClientError``: `wrongAnswer`, of unknown outcome, where the vendor speaks of another number of members.
    private func change(
        _ endpoint: Endpoint<GatewayMemberChange, GatewayMemberResults>, _ members: [GatewayMemberChange.Member], ofGroup id: String
    ) async throws -> [Bool] {
        let envelope = try await exchange(endpoint, items: [GatewayMemberChange(groupMembers: members)], id: id).envelope
        try envelope.throwIfRefused(endpoint.description)
        guard let results = envelope.data.first?.results, results.count == members.count else {
            throw ClientError.empty(endpoint.description, writes: true)
        }
        return results.map(\.success)
    }
}
