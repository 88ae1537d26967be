import Mimecast
import MusterStore
import SCIMStore

/// One row of an address list with the account that it belongs to; a system row has none.
struct AddressRow: Sendable {
    let folded: String
    let address: String
    let domain: String
    let kind: AddressKind
    let account: AccountRecord?
}

extension TenantDirectory {
    /// Which rows a list has.
    struct ListQuery: Sendable {
        /// nil is both.
        var isInternal: Bool?
        /// Folded; nil is all.
        var domain: String?
        var kinds: Set<AddressKind>
    }

    /// A page of addresses, ascending by folded address.
    ///
    /// - Parameters:
    ///   - after: the folded address of the last row seen; "" for the first page.
    ///   - limit: most rows to return.
    func addresses(_ query: ListQuery, after: String, limit: Int) throws -> [AddressRow] {
        var conditions = "d.tenant = $1 AND d.address_folded > $2"
        var arguments: [SQLValue] = [tenant, .text(after)]
        if let isInternal = query.isInternal {
            arguments.append(.bool(isInternal))
            conditions += " AND d.internal = $\(arguments.count)"
        }
        if let domain = query.domain {
            arguments.append(.text(domain))
            conditions += " AND d.domain = $\(arguments.count)"
        }
        // Kinds are few and known: their names in the text keep one statement per combination.
        conditions += " AND d.kind IN (\(query.kinds.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")))"
        arguments.append(.integer(Int64(limit)))
        return try tx.all(
            """
            SELECT d.address_folded, d.address, d.domain, d.kind, d.account_id, \(AccountRecord.columns)
            FROM sb_addresses d
            LEFT JOIN sb_accounts a ON a.tenant = d.tenant AND a.id = d.account_id
            LEFT JOIN scim_resources r ON r.tenant = d.tenant AND r.id = d.account_id
            WHERE \(conditions) ORDER BY d.address_folded LIMIT $\(arguments.count)
            """, arguments
        ) { row in
            AddressRow(
                folded: row.text(0), address: row.text(1), domain: row.text(2), kind: AddressKind(rawValue: row.text(3)) ?? .system,
                account: row.isNull(4) ? nil : AccountRecord(row, at: 5))
        }
    }

    /// Aliases and group ids of all accounts on a page of primary addresses: two queries a page instead of two a row.
    ///
    /// CROSS JOIN, which SQLite never reorders: it would begin with all memberships, to have them in order.
    ///
    /// - Parameters:
    ///   - after: the folded address before the page's first.
    ///   - last: the folded address of the page's last row.
    func belongings(isInternal: Bool, after: String, last: String) throws -> (aliases: [String: [String]], groups: [String: [String]]) {
        let page = "d.tenant = $1 AND d.internal = $2 AND d.kind = 'primary' AND d.address_folded > $3 AND d.address_folded <= $4"
        let arguments: [SQLValue] = [tenant, .bool(isInternal), .text(after), .text(last)]
        var aliases: [String: [String]] = [:]
        try tx.each(
            """
            SELECT x.account_id, x.address FROM sb_addresses d CROSS JOIN sb_addresses x
            WHERE \(page) AND x.tenant = d.tenant AND x.account_id = d.account_id AND x.kind = 'alias'
            ORDER BY x.account_id, x.address_folded
            """, arguments
        ) { row in
            aliases[row.text(0), default: []].append(row.text(1))
            return true
        }
        var groups: [String: [String]] = [:]
        try tx.each(
            """
            SELECT m.member_id, m.group_id FROM sb_addresses d CROSS JOIN scim_members m
            WHERE \(page) AND m.tenant = d.tenant AND m.member_id = d.account_id
            ORDER BY m.member_id, m.group_id
            """, arguments
        ) { row in
            groups[row.text(0), default: []].append(row.text(1))
            return true
        }
        return (aliases, groups)
    }

    /// One member of a group.
    struct MemberRow: Sendable {
        let account: AccountRecord
        let notes: String?
    }

    /// A page of a group's members, ascending by account id.
    func members(of group: String, after: String, limit: Int) throws -> [MemberRow] {
        try tx.all(
            """
            SELECT n.notes, \(AccountRecord.columns)
            FROM scim_members m
            JOIN sb_accounts a ON a.tenant = m.tenant AND a.id = m.member_id
            JOIN scim_resources r ON r.tenant = m.tenant AND r.id = m.member_id
            LEFT JOIN sb_member_notes n ON n.tenant = m.tenant AND n.group_id = m.group_id AND n.member_id = m.member_id
            WHERE m.tenant = $1 AND m.group_id = $2 AND m.member_id > $3 ORDER BY m.member_id LIMIT $4
            """, [tenant, .text(group), .text(after), .integer(Int64(limit))]
        ) { MemberRow(account: AccountRecord($0, at: 1), notes: $0.textOrNil(0)) }
    }
}
