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
            let listed = ListedFacts(
                name: draft.name, givenName: draft.firstName, familyName: draft.lastName, isActive: draft.isActive, source: draft.source,
                addressType: draft.source == .ldap ? "created_by_ldap_sync" : "created_manually", adminRoles: draft.adminRoles,
                created: now, modified: now)
            try tx.execute(
                """
                INSERT INTO sb_accounts (tenant, id, address, address_folded, internal, source, address_type, admin_roles)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                """,
                [
                    tenant, .text(id), .text(draft.address.text), .text(draft.address.folded), .bool(isInternal),
                    .text(listed.source.rawValue), .text(listed.addressType), .text(StringList.encode(draft.adminRoles)),
                ])
            try insertAddress(draft.address, .primary, account: id, &counts, listed)
            for alias in draft.aliases { try insertAddress(alias, .alias, account: id, &counts, listed) }
        }
        try resources.insert(users, now: now)
        try addToCounts(counts)
        return ids
    }

    func create(_ draft: NewAccount) throws -> AccountRecord? {
        let id = KeyRing.newID()
        try create([draft], ids: [id])
        if let password = draft.password { try setFirstPassword(password, of: id) }
        if draft.forcePasswordChange {
            try tx.execute("UPDATE sb_accounts SET force_password_change = 1 WHERE tenant = $1 AND id = $2", [tenant, .text(id)])
        }
        try record(.userCreated, "User \(draft.address.text) created")
        if !draft.adminRoles.isEmpty { try recordRoles(draft.address.text, draft.adminRoles) }
        return try account(id: id)
    }

    private func recordRoles(_ address: String, _ roles: [String]) throws {
        let list = roles.isEmpty ? "none" : roles.joined(separator: " and ")
        try record(.roleChanged, "Administrator roles of \(address) set to \(list)")
    }

    /// Changes an account. What is asked for has been checked; what is the same already is left alone.
    ///
    /// - Returns: what changed, by the most telling part of it.
    func update(_ account: AccountRecord, _ change: AccountChange) throws -> Effect {
        guard var user = try resources.user(account.id) else { return .none }
        let before = user
        var counts: [CountKey: Int] = [:]
        var newAddress: String?
        if let address = change.address, address.text != account.address {
            newAddress = address.text
            // A user name that is no address is SCIM's, and stays.
            if foldedKey(user.userName) == foldedKey(account.address) { user.userName = address.text }
            user.moveEmail(from: account.address, to: address.text)
            try move(account, to: address, &counts)
        }
        if let name = change.name { user.displayName = name }
        if change.firstName != nil || change.lastName != nil {
            var name = user.name ?? PersonName()
            name.givenName = change.firstName ?? name.givenName
            name.familyName = change.lastName ?? name.familyName
            user.name = name
        }
        if let isActive = change.isActive {
            user.active = isActive
            // Whoever SCIM deleted was disabled by that, and is back.
            if isActive { try resources.unhide(account.id, now: now) }
        }
        // What the directory has is seen by everybody.
        if change.source == .ldap { try resources.unhide(account.id, now: now) }
        var changed = user != before
        if changed { try resources.replace(user, now: now) }
        if let aliases = change.aliases, try replaceAliases(of: account.id, with: aliases, &counts) { changed = true }
        try addToCounts(counts)
        if try updateFacts(account, change) { changed = true }
        if changed { try relist(account.id) }
        let effect = newAddress == nil ? effect(before, user, changed: changed) : .renamed
        try record(effect, account, newAddress)
        // The effect is a rename then, but whoever looks for leavers must find the other change too.
        if effect == .renamed, before.active != user.active {
            try record(user.active == false ? .disabled : .enabled, account, newAddress)
        }
        if let roles = change.adminRoles, roles != account.adminRoles { try recordRoles(newAddress ?? account.address, roles) }
        guard let password = change.password else { return effect }
        try changePassword(password, of: account)
        return effect == .none ? .updated : effect
    }

    private func record(_ effect: Effect, _ account: AccountRecord, _ newAddress: String?) throws {
        switch effect {
        case .renamed: try record(.userChanged, "User \(account.address) renamed to \(newAddress ?? account.address)")
        case .disabled: try record(.userDisabled, "User \(account.address) disabled")
        case .enabled: try record(.userEnabled, "User \(account.address) enabled")
        case .updated: try record(.userChanged, "User \(account.address) changed")
        case .created, .deleted, .added, .removed, .read, .refused, .none: break
        }
    }

    /// Removes an account with its addresses, memberships and delegations. Where the tenant archives, what was kept of it stays.
    ///
    /// - Parameter reason: through which door it went, for the archive's list.
    func delete(_ account: AccountRecord, reason: String) throws {
        var counts: [CountKey: Int] = [:]
        try tx.each(
            "SELECT domain, kind FROM sb_addresses WHERE tenant = $1 AND account_id = $2", [tenant, .text(account.id)]
        ) { row in
            counts[CountKey(isInternal: isInternal(domain: row.text(0)), domain: row.text(0), kind: row.text(1)), default: 0] -= 1
            return true
        }
        try tx.execute("DELETE FROM sb_addresses WHERE tenant = $1 AND account_id = $2", [tenant, .text(account.id)])
        try tx.execute("DELETE FROM sb_member_notes WHERE tenant = $1 AND member_id = $2", [tenant, .text(account.id)])
        try tx.execute("DELETE FROM sb_attributes WHERE tenant = $1 AND account_id = $2", [tenant, .text(account.id)])
        try tx.execute("DELETE FROM sb_delegates WHERE tenant = $1 AND account_id = $2", [tenant, .text(account.id)])
        try tx.execute("DELETE FROM sb_delegates WHERE tenant = $1 AND delegate_id = $2", [tenant, .text(account.id)])
        try tx.execute("DELETE FROM sb_accounts WHERE tenant = $1 AND id = $2", [tenant, .text(account.id)])
        try resources.deleteUser(account.id, now: now)
        try addToCounts(counts)
        try archive(account, reason)
        try record(.userDeleted, "User \(account.address) deleted")
    }

    /// Mail of internal people is kept for the tenant's retention, however they went (guide).
    private func archive(_ account: AccountRecord, _ reason: String) throws {
        guard facts.archive, account.isInternal else { return }
        try tx.execute(
            """
            INSERT INTO sb_archive (tenant, account_id, address, name, deleted, kept_until, reason)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                tenant, .text(account.id), .text(account.address), .string(account.resource.displayName), .int(now),
                .int(now + facts.retention * 86_400_000), .text(reason),
            ])
    }

    private func effect(_ before: UserResource, _ after: UserResource, changed: Bool) -> Effect {
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
