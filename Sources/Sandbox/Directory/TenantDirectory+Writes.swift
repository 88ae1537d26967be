import Mimecast
import MusterStore
import SCIM
import SCIMStore

extension TenantDirectory {
    /// Makes accounts whose addresses are known to be free. Counts are kept once for all of them.
    @discardableResult
    func create(_ drafts: [NewAccount], ids: [String]) throws -> [String] {
        var users: [UserResource] = []
        var counts: [CountKey: Int] = [:]
        for (draft, id) in zip(drafts, ids) {
            users.append(
                UserResource(
                    id: id, externalId: draft.externalID, userName: draft.address.text,
                    name: draft.firstName == nil && draft.lastName == nil
                        ? nil : PersonName(familyName: draft.lastName, givenName: draft.firstName),
                    displayName: draft.name, title: draft.title, active: draft.isActive,
                    emails: [MultiValue(value: draft.address.text, type: "work", primary: true)],
                    enterprise: draft.department.map { EnterpriseUser(employeeNumber: draft.externalID, department: $0) }))
            let isInternal = isInternal(domain: draft.address.domain)
            try tx.execute(
                """
                INSERT INTO sb_accounts (tenant, id, address, address_folded, internal, source, address_type, admin_roles)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                """,
                [
                    tenant, .text(id), .text(draft.address.text), .text(draft.address.folded), .bool(isInternal),
                    .text(draft.source.rawValue), .text(draft.source == .ldap ? "created_by_ldap_sync" : "created_manually"),
                    .text(StringList.encode(draft.adminRoles)),
                ])
            try insertAddress(draft.address, .primary, account: id, &counts)
            for alias in draft.aliases { try insertAddress(alias, .alias, account: id, &counts) }
        }
        try resources.insert(users, now: now)
        try addToCounts(counts)
        return ids
    }

    func create(_ draft: NewAccount) throws -> AccountRecord? {
        let id = KeyRing.newID()
        try create([draft], ids: [id])
        return try account(id: id)
    }

    /// Changes an account. What is asked for has been checked; what is the same already is left alone.
    ///
    /// - Returns: what changed, by the most telling part of it.
    func update(_ account: AccountRecord, _ change: AccountChange) throws -> Effect {
        guard var user = try resources.user(account.id) else { return .none }
        let before = user
        var counts: [CountKey: Int] = [:]
        if let address = change.address, address.text != account.address {
            user.userName = address.text
            user.emails = [MultiValue(value: address.text, type: "work", primary: true)]
            try move(account, to: address, &counts)
        }
        if let name = change.name { user.displayName = name }
        if change.firstName != nil || change.lastName != nil {
            var name = user.name ?? PersonName()
            name.givenName = change.firstName ?? name.givenName
            name.familyName = change.lastName ?? name.familyName
            user.name = name
        }
        if let isActive = change.isActive { user.active = isActive }
        var changed = user != before
        if changed { try resources.replace(user, now: now) }
        if let aliases = change.aliases, try replaceAliases(of: account.id, with: aliases, &counts) { changed = true }
        try addToCounts(counts)
        if try updateFacts(account, change) { changed = true }
        return effect(before, user, changed: changed)
    }

    /// Removes an account with its addresses and memberships.
    func delete(_ account: AccountRecord) throws {
        var counts: [CountKey: Int] = [:]
        try tx.each(
            "SELECT domain, kind FROM sb_addresses WHERE tenant = $1 AND account_id = $2", [tenant, .text(account.id)]
        ) { row in
            counts[CountKey(isInternal: isInternal(domain: row.text(0)), domain: row.text(0), kind: row.text(1)), default: 0] -= 1
            return true
        }
        try tx.execute("DELETE FROM sb_addresses WHERE tenant = $1 AND account_id = $2", [tenant, .text(account.id)])
        try tx.execute("DELETE FROM sb_member_notes WHERE tenant = $1 AND member_id = $2", [tenant, .text(account.id)])
        try tx.execute("DELETE FROM sb_accounts WHERE tenant = $1 AND id = $2", [tenant, .text(account.id)])
        try resources.deleteUser(account.id)
        try addToCounts(counts)
    }

    private func effect(_ before: UserResource, _ after: UserResource, changed: Bool) -> Effect {
        if before.userName != after.userName { return .renamed }
        if before.active != after.active { return after.active == false ? .disabled : .enabled }
        return changed ? .updated : .none
    }

    private func updateFacts(_ account: AccountRecord, _ change: AccountChange) throws -> Bool {
        let roles = change.adminRoles ?? account.adminRoles
        let flags = change.flags ?? account.flags
        let source = change.source ?? account.source
        guard roles != account.adminRoles || flags != account.flags || source != account.source else { return false }
        try tx.execute(
            """
            UPDATE sb_accounts SET admin_roles = $3, force_password_change = $4, password_never_expires = $5, locked = $6,
                allow_pop = $7, allow_smtp = $8, source = $9, address_type = $10
            WHERE tenant = $1 AND id = $2
            """,
            [
                tenant, .text(account.id), .text(StringList.encode(roles)), .bool(flags.forcePasswordChange),
                .bool(flags.passwordNeverExpires), .bool(flags.locked), .bool(flags.allowPop), .bool(flags.allowSmtp),
                .text(source.rawValue),
                .text(source == account.source ? account.addressType : source == .ldap ? "created_by_ldap_sync" : "created_manually"),
            ])
        return true
    }
}
