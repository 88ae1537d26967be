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
                name: row.listed.name ?? "", emailAddress: row.address, domain: row.domain, alias: row.kind == .alias,
                addressType: row.listed.addressType, source: row.listed.source.rawValue)
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
        let users = rows.map { row in
            GuideUser(
                id: row.account, emailAddress: row.address, name: row.listed.name, firstName: row.listed.givenName,
                lastName: row.listed.familyName, accountCode: facts.code, domain: row.domain,
                alias: row.account.flatMap { more.aliases[$0] } ?? [], userType: row.isInternal ? "internal" : "external",
                adminRoles: row.listed.adminRoles, groups: row.account.flatMap { more.groups[$0] } ?? [],
                status: row.listed.isActive ? "active" : "disabled", source: row.listed.source.rawValue)
        }
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
            guard Base64URL.isPlausible(id) else { throw CallRefusal.malformedID }
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
        GuideUser(
            id: account.id, emailAddress: account.address, name: account.resource.displayName, firstName: account.resource.givenName,
            lastName: account.resource.familyName, accountCode: facts.code, domain: account.domain, alias: try aliases(of: account.id),
            userType: account.isInternal ? "internal" : "external", adminRoles: account.adminRoles,
            groups: try resources.groups(of: account.id), status: account.resource.active ? "active" : "disabled",
            source: account.source.rawValue)
    }

    /// The cloud gateway's list: accounts and aliases, internal and external. System addresses are nobody's, so they are not in it.
    func gatewayList(_ slice: PageSlice) throws -> Reading<GatewayUser> {
        let kinds: Set<AddressKind> = [.primary, .alias]
        let fetched = try addresses(
            ListQuery(isInternal: nil, domain: nil, kinds: kinds), after: slice.after.first ?? "", limit: slice.fetch)
        let (rows, next) = slice.page(fetched) { [$0.folded] }
        var dates: [Int: String] = [:]
        let users = rows.compactMap { GatewayUser($0, &dates) }
        let total = try count(kinds, isInternal: true) + count(kinds, isInternal: false)
        return Reading(rows: users, shown: users.count, total: total, next: next)
    }
}
