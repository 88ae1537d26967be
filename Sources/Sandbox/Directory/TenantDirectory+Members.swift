import Mimecast
import MusterStore
import SCIMStore

/// Who is in a group.
extension TenantDirectory {
    /// Puts an address or a domain into a group. An unknown address of another company becomes an external account; any domain may be a
    /// member, the tenant's own or not.
    func addMember(_ change: MemberChange, to group: GroupRecord) throws -> MemberRecord {
        let target = try MemberTarget(change)
        let notes = try checked(notes: change.notes)
        switch target {
        case .domain(let domain):
            guard try !isMember(domain: domain, of: group) else { throw Self.memberExists }
            return .domain(try join(domain: domain, group, notes: notes))
        case .address(let address):
            var account = try account(address, byAlias: true)
            if let account {
                guard try !resources.isMember(account.id, of: group.id) else { throw Self.memberExists }
            } else {
                guard !isInternal(domain: address.domain), try !isTaken(address) else { throw Self.addressNotFound("emailAddress") }
                account = try create(NewAccount(address: address, name: nil))
            }
            guard let account else { throw Self.addressNotFound("emailAddress") }
            try join(account, group)
            if let notes {
                try tx.execute(
                    "INSERT INTO sb_member_notes (tenant, group_id, member_id, notes) VALUES ($1, $2, $3, $4)",
                    [tenant, .text(group.id), .text(account.id), .text(notes)])
            }
            return .account(account, notes: notes)
        }
    }

    /// Takes an address or a domain out of a group.
    func removeMember(_ change: MemberChange, from group: GroupRecord) throws -> MemberRecord {
        switch try MemberTarget(change) {
        case .domain(let domain):
            guard let member = try leave(domain: domain, group) else { throw Self.addressNotFound("domain") }
            return .domain(member)
        case .address(let address):
            guard let account = try account(address, byAlias: true), try leave(account, group) else {
                throw Self.addressNotFound("emailAddress")
            }
            return .account(account, notes: nil)
        }
    }

    /// Puts an account into a group that it is known not to be in.
    func join(_ account: AccountRecord, _ group: GroupRecord) throws {
        try resources.add([account.id], to: group.id, now: now)
        try record(.memberAdded, "\(account.address) added to group \(group.name)")
    }

    /// Takes an account out of a group, with what was noted about it.
    ///
    /// - Returns: false where it was not in the group.
    @discardableResult
    func leave(_ account: AccountRecord, _ group: GroupRecord) throws -> Bool {
        guard try resources.remove(account.id, from: group.id, now: now) else { return false }
        try tx.execute(
            "DELETE FROM sb_member_notes WHERE tenant = $1 AND group_id = $2 AND member_id = $3",
            [tenant, .text(group.id), .text(account.id)])
        try record(.memberRemoved, "\(account.address) removed from group \(group.name)")
        return true
    }

    /// A page of a group's members: domains by name, then accounts by id.
    ///
    /// - Parameter after: the ``MemberRecord/place`` of the last member seen; empty is the first page.
    func members(of group: GroupRecord, after: [String], limit: Int) throws -> [MemberRecord] {
        var found: [MemberRecord] = []
        let kind = after.count == 2 ? after[0] : "domain"
        let last = after.last ?? ""
        if kind == "domain", group.domains > 0 {
            found = try tx.all(
                """
                SELECT id, domain, notes FROM sb_group_domains WHERE tenant = $1 AND group_id = $2 AND domain > $3
                ORDER BY domain LIMIT $4
                """, [tenant, .text(group.id), .text(last), .integer(Int64(limit))]
            ) { .domain(domainMember($0)) }
        }
        guard found.count < limit else { return found }
        return try found
            + tx.all(
                """
                SELECT n.notes, \(AccountRecord.columns)
                FROM scim_members m
                JOIN sb_accounts a ON a.tenant = m.tenant AND a.id = m.member_id
                JOIN scim_resources r ON r.tenant = m.tenant AND r.id = m.member_id
                LEFT JOIN sb_member_notes n ON n.tenant = m.tenant AND n.group_id = m.group_id AND n.member_id = m.member_id
                WHERE m.tenant = $1 AND m.group_id = $2 AND m.member_id > $3 ORDER BY m.member_id LIMIT $4
                """, [tenant, .text(group.id), .text(kind == "domain" ? "" : last), .integer(Int64(limit - found.count))]
            ) { .account(AccountRecord($0, at: 1), notes: $0.textOrNil(0)) }
    }

    private func isMember(domain: String, of group: GroupRecord) throws -> Bool {
        try tx.first(
            "SELECT 1 FROM sb_group_domains WHERE tenant = $1 AND group_id = $2 AND domain = $3",
            [tenant, .text(group.id), .text(domain)]
        ) { _ in true } ?? false
    }

    private func join(domain: String, _ group: GroupRecord, notes: String?) throws -> DomainMember {
        let member = DomainMember(id: domainID(domain), domain: domain, isInternal: isInternal(domain: domain), notes: notes)
        try tx.execute(
            "INSERT INTO sb_group_domains (tenant, group_id, domain, id, notes) VALUES ($1, $2, $3, $4, $5)",
            [tenant, .text(group.id), .text(domain), .text(member.id), .string(notes)])
        try tx.execute("UPDATE sb_groups SET domains = domains + 1 WHERE tenant = $1 AND id = $2", [tenant, .text(group.id)])
        try record(.memberAdded, "Domain \(domain) added to group \(group.name)")
        return member
    }

    func leave(domain: String, _ group: GroupRecord) throws -> DomainMember? {
        let member = try tx.first(
            "SELECT id, domain, notes FROM sb_group_domains WHERE tenant = $1 AND group_id = $2 AND domain = $3",
            [tenant, .text(group.id), .text(domain)]
        ) { domainMember($0) }
        guard let member else { return nil }
        try tx.execute(
            "DELETE FROM sb_group_domains WHERE tenant = $1 AND group_id = $2 AND domain = $3",
            [tenant, .text(group.id), .text(domain)])
        try tx.execute("UPDATE sb_groups SET domains = domains - 1 WHERE tenant = $1 AND id = $2", [tenant, .text(group.id)])
        try record(.memberRemoved, "Domain \(domain) removed from group \(group.name)")
        return member
    }

    private func domainMember(_ row: any SQLRow) -> DomainMember {
        DomainMember(id: row.text(0), domain: row.text(1), isInternal: isInternal(domain: row.text(1)), notes: row.textOrNil(2))
    }

    /// - Returns: nil for none.
    private func checked(notes: String?) throws -> String? {
        guard let notes, !notes.isEmpty else { return nil }
        guard try FieldCheck.plain(notes, "notes", most: 400).count <= 100 else {
            throw ItemFailure.invalid("notes", "At most 100 characters are allowed")
        }
        return notes
    }

    private static var memberExists: ItemFailure { ItemFailure(FailureCode.memberAlreadyExists, "Group member already exists") }

    private static func addressNotFound(_ field: String) -> ItemFailure {
        ItemFailure(FailureCode.addressNotFound, "Error email address not found", field: field)
    }
}
