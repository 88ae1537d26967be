import Mimecast

extension TenantClient {
    /// The accounts in the tenant's own domains.
    ///
    /// - Parameter domain: portal and v1: one of ``domains()``, or nil for all, which v1 may refuse. Guide: nil, for its list is whole.
    public func internalAccounts(domain: String?) -> Pages<AccountPage> {
        switch dialect {
        case .guide:
            guard domain == nil else {
                return noPages(
                    Endpoints.Guide.listUsers.description.path,
                    ClientError(
                        .refused, "The guide's list cannot be asked for one domain.", remedy: "Read the whole list once, without a domain.")
                )
            }
            return pages(Endpoints.Guide.listUsers, items: []) { envelope, place in
                try AccountPage(envelope.data, claimed: envelope.meta?.pagination?.totalCount, at: place, isInternal: true)
            }
        case .portal:
            return portalAccounts(Endpoints.Portal.internalUsers, DomainKey(domain: domain), isInternal: true)
        }
    }

    /// The people outside the tenant's domains whom it knows: the internal list leaves them out without saying so.
    public func externalAccounts() -> Pages<AccountPage> {
        switch dialect {
        case .guide:
            pages(Endpoints.Guide.externalUsers, items: [UserKey()]) { envelope, place in
                try AccountPage(envelope.data, claimed: envelope.meta?.pagination?.totalCount, at: place, isInternal: false)
            }
        case .portal:
            portalAccounts(Endpoints.Portal.externalUsers, DomainKey(), isInternal: false)
        }
    }

    /// All groups, of every source.
    public func groups() -> Pages<GroupPage> {
        switch dialect {
        case .guide:
            groups(Endpoints.Guide.findGroups) { rows in
                rows.map { Group(id: $0.id, name: $0.description, authority: Authority(source: $0.source)) }
            }
        case .portal:
            groups(Endpoints.Portal.findGroups) { rows in
                rows.flatMap(\.folders).map { Group(id: $0.id, name: $0.description, authority: Authority(source: $0.source)) }
            }
        }
    }

    /// The members of one group.
    public func members(ofGroup id: String) -> Pages<MemberPage> {
        switch dialect {
        case .guide:
            pages(Endpoints.Guide.groupMembers, items: [GroupKey(id: id)]) { envelope, place in
                MemberPage(envelope.data, claimed: envelope.meta?.pagination?.totalCount, at: place)
            }
        case .portal:
            pages(Endpoints.Portal.groupMembers, items: [GroupKey(id: id)]) { envelope, place in
                MemberPage(envelope.data.flatMap(\.groupMembers), claimed: envelope.meta?.pagination?.totalCount, at: place)
            }
        }
    }

    private func portalAccounts(
        _ endpoint: Endpoint<DomainKey, UserList>, _ key: DomainKey, isInternal: Bool
    ) -> Pages<AccountPage> {
        pages(endpoint, items: [key]) { envelope, place in
            let claimed = envelope.data.compactMap(\.userCount).first ?? envelope.meta?.pagination?.totalCount
            return AccountPage(envelope.data.flatMap(\.users), claimed: claimed, at: place, isInternal: isInternal)
        }
    }

    private func groups<Row>(
        _ endpoint: Endpoint<GroupQuery, Row>, _ read: @escaping @Sendable ([Row]) -> [Group]
    ) -> Pages<GroupPage> {
        pages(endpoint, items: [GroupQuery()]) { envelope, place in
            let groups = read(envelope.data)
            return GroupPage(
                number: place.number, groups: groups, rows: groups.count, claimed: envelope.meta?.pagination?.totalCount,
                isLast: place.isLast, announced: place.announced)
        }
    }
}
