import Mimecast
import MusterStore
import SCIM
import SCIMStore

/// How accounts and groups follow the resources that SCIM writes.
extension TenantDirectory {
    /// Whose account has an address, as its own or as an alias; "" where it is taken and nobody's.
    func owner(of address: EmailAddress) throws -> String? {
        try tx.first(
            "SELECT account_id FROM sb_addresses WHERE tenant = $1 AND address_folded = $2", [tenant, .text(address.folded)]
        ) { $0.textOrNil(0) ?? "" }
    }

    /// - Throws: ``ItemFailure`` where an internal person more would outnumber seats that are enforced.
    func checkSeats(for address: EmailAddress) throws {
        if isInternal(domain: address.domain) { try checkSeats() }
    }

    /// Makes the account of a user who is there already.
    func makeAccount(_ user: UserResource, at address: EmailAddress) throws {
        var counts: [CountKey: Int] = [:]
        try tx.execute(
            """
            INSERT INTO sb_accounts (tenant, id, address, address_folded, internal, source, address_type, admin_roles)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            [
                tenant, .text(user.id), .text(address.text), .text(address.folded), .bool(isInternal(domain: address.domain)),
                .text(Authority.cloud.rawValue), .text("created_manually"), .text(StringList.encode([])),
            ])
        let listed = ListedFacts(
            name: user.displayName, givenName: user.name?.givenName, familyName: user.name?.familyName,
            isActive: try resources.row(user.id)?.active ?? true,
            created: now, modified: now)
        try insertAddress(address, .primary, account: user.id, &counts, listed)
        try addToCounts(counts)
    }

    /// Has an account become what its user has become. An account keeps its address where the user has none any more.
    ///
    /// - Parameter account: read after the change of the user's resource.
    /// - Parameter wasActive: before the change.
    /// - Returns: what changed, by the most telling part of it.
    @discardableResult
    func follow(_ account: AccountRecord, _ user: UserResource, wasActive: Bool) throws -> Effect {
        let isMoved = try user.accountAddress.map { address in
            guard address.text != account.address else { return false }
            var counts: [CountKey: Int] = [:]
            try move(account, to: address, &counts)
            try addToCounts(counts)
            return true
        }
        try relist(account.id)
        if isMoved == true { return .renamed }
        let isActive = account.resource.active
        return isActive == wasActive ? .updated : isActive ? .enabled : .disabled
    }

    /// - Throws: ``ItemFailure`` where there may be no new group of that name at the top of the tree.
    func checkNewGroup(named name: String) throws { _ = try checked(new: NewGroup(description: name)) }

    /// - Throws: ``ItemFailure``.
    func checkName(_ name: String, of group: GroupRecord) throws {
        try checkSiblings(Self.groupName(name), in: group.parentID, except: group.id)
    }

    /// Puts a group that is there already at the top of the tree.
    func placeGroup(id: String) throws {
        let root = try cloudRoot()
        try tx.execute(
            "INSERT INTO sb_groups (tenant, id, source, parent_id) VALUES ($1, $2, $3, $4)",
            [tenant, .text(id), .text(Authority.cloud.rawValue), .text(root)])
        try addToFolders(root, 1)
    }

    /// Takes away what is kept beside a group that is about to go.
    func forgetGroup(_ group: GroupRecord) throws {
        let key = [tenant, .text(group.id)]
        try tx.execute("DELETE FROM sb_member_notes WHERE tenant = $1 AND group_id = $2", key)
        try tx.execute("DELETE FROM sb_group_domains WHERE tenant = $1 AND group_id = $2", key)
        try tx.execute("DELETE FROM sb_groups WHERE tenant = $1 AND id = $2", key)
        try addToFolders(group.parentID, -1)
    }
}
