import Mimecast

extension TenantClient {
    /// Makes an account in the cloud directory.
    public func create(_ new: NewAccount) async throws {
        switch dialect {
        case .guide:
            try await write(
                Endpoints.Guide.createUser,
                GuideUser(
                    emailAddress: new.address, name: new.name, firstName: new.firstName, lastName: new.lastName, alias: new.aliases,
                    adminRoles: new.adminRoles))
        case .portal:
            try await write(Endpoints.Portal.createUser, NewUser(emailAddress: new.address, name: new.name))
        }
    }

    /// Sets what `change` names. An empty change makes no call.
    ///
    /// - Throws: ``ClientError``: `refused` before any call where the dialect cannot carry a field, or where a new address is asked for
    ///   an account whose id is not known.
    public func update(_ key: AccountKey, _ change: AccountChange) async throws {
        guard !change.isEmpty else { return }
        let lost = change.fieldsNotCarried(by: capabilities)
        guard lost.isEmpty else { throw ClientError.notCarried(lost.joined(separator: ", "), generation, dialect) }
        switch dialect {
        case .guide:
            // The guide's item has one address field: the key of an account without id, the new address of one with it.
            guard change.newAddress == nil || key.id != nil else {
                throw ClientError(
                    .refused, "The address of \(key.address) cannot be changed without the account's id.",
                    remedy: "Read the account first.")
            }
            try await write(
                Endpoints.Guide.updateUser,
                GuideUser(
                    id: key.id, emailAddress: key.id == nil ? key.address : change.newAddress, name: change.name,
                    firstName: change.firstName, lastName: change.lastName, alias: change.aliases, adminRoles: change.adminRoles,
                    status: change.status?.rawValue))
        case .portal:
            try await write(
                Endpoints.Portal.updateUser,
                UserUpdate(emailAddress: key.address, name: change.name, accountDisabled: change.status.map { $0 == .disabled }))
        }
    }

    /// Deletes an account for good. Only the guide has such a call.
    public func delete(_ key: AccountKey) async throws {
        guard capabilities.canDelete else { throw ClientError.notCarried("A deletion", generation, dialect) }
        try await write(Endpoints.Guide.deleteUser, UserKey(id: key.id, emailAddress: key.id == nil ? key.address : nil))
    }

    public func addMember(_ address: String, toGroup id: String) async throws {
        let change = MemberChange(id: id, emailAddress: address)
        switch dialect {
        case .guide: try await write(Endpoints.Guide.addMember, change)
        case .portal: try await write(Endpoints.Portal.addMember, change)
        }
    }

    public func removeMember(_ address: String, fromGroup id: String) async throws {
        let change = MemberChange(id: id, emailAddress: address)
        switch dialect {
        case .guide: try await write(Endpoints.Guide.removeMember, change)
        case .portal: try await write(Endpoints.Portal.removeMember, change)
        }
    }

    /// One item, which is carried out or refused.
    private func write<Item, Row>(_ endpoint: Endpoint<Item, Row>, _ item: Item) async throws {
        let envelope = try await call(endpoint, items: [item])
        try envelope.throwIfRefused(endpoint.description)
        guard !envelope.data.isEmpty else { throw ClientError.empty(endpoint.description, writes: true) }
    }
}
