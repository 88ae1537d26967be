import Mimecast
import SCIMStore

/// What the reading calls of both dialects share.
extension TenantDirectory {
    /// The portal's and v1's list. Aliases and system addresses are rows of their own.
    func portalList(isInternal: Bool, domain: String?, _ slice: PageSlice) throws -> Reading<UserList> {
        let kinds: Set<AddressKind> = [.primary, .alias, .system]
        let fetched = try addresses(
            ListQuery(isInternal: isInternal, domain: domain, kinds: kinds), after: slice.after.first ?? "", limit: slice.fetch)
        let (rows, next) = slice.page(fetched) { [$0.folded] }
        let users = rows.map { row in
            PortalUser(
                name: row.account?.resource.displayName ?? "", emailAddress: row.address, domain: row.domain, alias: row.kind == .alias,
                addressType: row.account?.addressType ?? "created_manually", source: (row.account?.source ?? .cloud).rawValue)
        }
        let list = UserList(users: users, userCount: try count(kinds, isInternal: isInternal, domain: domain))
        return Reading(rows: [list], shown: users.count, total: nil, next: next)
    }

    /// The guide's list: accounts alone, each with all of its fields.
    func guideList(isInternal: Bool, _ slice: PageSlice) throws -> Reading<GuideUser> {
        let fetched = try addresses(
            ListQuery(isInternal: isInternal, domain: nil, kinds: [.primary]), after: slice.after.first ?? "", limit: slice.fetch)
        let (rows, next) = slice.page(fetched) { [$0.folded] }
        let more = try belongings(isInternal: isInternal, after: slice.after.first ?? "", last: rows.last?.folded ?? "")
        let users = rows.compactMap(\.account).map { guideRow($0, aliases: more.aliases[$0.id] ?? [], groups: more.groups[$0.id] ?? []) }
        return Reading(rows: users, shown: users.count, total: try count([.primary], isInternal: isInternal), next: next)
    }

    /// One account by id or address; nil where the item names nobody and the list is meant.
    func guideLookup(_ key: UserKey, isInternal: Bool) throws -> Reading<GuideUser>? {
        guard key.id != nil || key.emailAddress != nil else { return nil }
        let account = try account(guideKey: key)
        guard account.isInternal == isInternal else { throw ItemFailure.forbiddenForAddress() }
        return .single(try guideRow(account), target: account.address)
    }

    /// The account that an item names: by id, or by address where it has no id.
    func account(guideKey key: UserKey) throws -> AccountRecord {
        if let id = key.id {
            _ = try FieldCheck.required(id, "id")
            // Recorded: an id that is malformed is 400 with an empty body.
            guard Base64URL.isPlausible(id) else { throw CallRefusal(400, "", "", form: .empty) }
            guard let account = try account(id: id) else { throw ItemFailure.forbiddenForAddress("id") }
            if let address = key.emailAddress, try FieldCheck.requiredAddress(address).folded != account.addressFolded {
                throw ItemFailure.invalid("emailAddress", "The id belongs to another address")
            }
            return account
        }
        let address = try FieldCheck.requiredAddress(key.emailAddress)
        guard let account = try account(address) else { throw ItemFailure.forbiddenForAddress() }
        return account
    }

    func guideRow(_ account: AccountRecord) throws -> GuideUser {
        guideRow(account, aliases: try aliases(of: account.id), groups: try resources.groups(of: account.id))
    }

    private func guideRow(_ account: AccountRecord, aliases: [String], groups: [String]) -> GuideUser {
        GuideUser(
            id: account.id, emailAddress: account.address, name: account.resource.displayName, firstName: account.resource.givenName,
            lastName: account.resource.familyName, accountCode: facts.code, domain: account.domain, alias: aliases,
            userType: account.isInternal ? "internal" : "external", adminRoles: account.adminRoles, groups: groups,
            status: account.resource.active ? "active" : "disabled", source: account.source.rawValue)
    }

    /// The cloud gateway's list: accounts and aliases, internal and external. System addresses are nobody's, so they are not in it.
    func gatewayList(_ slice: PageSlice) throws -> Reading<GatewayUser> {
        let kinds: Set<AddressKind> = [.primary, .alias]
        let fetched = try addresses(
            ListQuery(isInternal: nil, domain: nil, kinds: kinds), after: slice.after.first ?? "", limit: slice.fetch)
        let (rows, next) = slice.page(fetched) { [$0.folded] }
        let users = rows.compactMap { row -> GatewayUser? in
            guard let account = row.account else { return nil }
            // An alias has an id of its own, or two rows of one page would share one.
            let id = row.kind == .alias ? KeyRing.id("alias \(account.id) \(row.folded)") : account.id
            return GatewayUser(
                id: id, emailAddress: row.address, name: account.resource.displayName, domain: row.domain,
                type: account.isInternal ? "internal" : "external", internal: account.isInternal, disabled: !account.resource.active,
                createdDateTime: vendorDate(milliseconds: account.resource.created),
                updatedDateTime: vendorDate(milliseconds: account.resource.modified), addressType: account.addressType,
                isAlias: row.kind == .alias, source: account.source.rawValue)
        }
        let total = try count(kinds, isInternal: true) + count(kinds, isInternal: false)
        return Reading(rows: users, shown: users.count, total: total, next: next)
    }

    func find(_ query: GroupQuery, _ slice: PageSlice) throws -> (groups: [GroupRecord], next: [String]?) {
        var source: Authority?
        if let text = query.source, !text.isEmpty {
            guard let known = Authority(rawValue: text.lowercased()) else {
                throw ItemFailure.invalid("source", "The source is cloud or ldap")
            }
            source = known
        }
        let after = slice.after.count == 2 ? (name: slice.after[0], id: slice.after[1]) : nil
        let wanted = query.query.flatMap { $0.isEmpty ? nil : $0 }
        let fetched = try groups(query: wanted, source: source, after: after, limit: slice.fetch)
        let (rows, next) = slice.page(fetched) { [$0.resource.displayNameFolded ?? "", $0.id] }
        return (rows, next)
    }

    func list(membersOf key: GroupKey, _ slice: PageSlice) throws -> (group: GroupRecord, members: [GroupMember], next: [String]?) {
        let id = try FieldCheck.required(key.id, "id")
        guard Base64URL.isPlausible(id) else { throw CallRefusal(400, "", "", form: .empty) }
        guard let group = try group(id: id) else { throw ItemFailure(FailureCode.folderNotFound, "Group not found", field: "id") }
        let fetched = try members(of: id, after: slice.after.first ?? "", limit: slice.fetch)
        let (rows, next) = slice.page(fetched) { [$0.account.id] }
        let members = rows.map { row in
            GroupMember(
                name: row.account.resource.displayName ?? "", emailAddress: row.account.address, domain: row.account.domain,
                internal: row.account.isInternal, type: row.account.addressType, notes: row.notes)
        }
        return (group, members, next)
    }
}
