import Mimecast
import MusterStore
import SCIMStore

/// One row of an address list, with what lists show of its account.
struct AddressRow: Sendable {
    let folded: String
    let address: String
    let isInternal: Bool
    let domain: String
    let kind: AddressKind
    /// A system row has none.
    let account: String?
    let listed: ListedFacts

    /// The columns, in the order that ``init(_:)`` reads them; the table is to be named `d`.
    static let columns =
        "d.address_folded, d.address, d.internal, d.domain, d.kind, d.account_id, d.name, d.given_name, d.family_name, d.active, "
        + "d.source, d.address_type, d.admin_roles, d.created, d.modified"

    init(_ row: any SQLRow) {
        folded = row.text(0)
        address = row.text(1)
        isInternal = row.bool(2)
        domain = row.text(3)
        kind = AddressKind(rawValue: row.text(4)) ?? .system
        account = row.textOrNil(5)
        listed = ListedFacts(
            name: row.textOrNil(6), givenName: row.textOrNil(7), familyName: row.textOrNil(8), isActive: row.bool(9),
            source: Authority(rawValue: row.text(10)) ?? .cloud, addressType: row.text(11), adminRoles: StringList.decode(row.text(12)),
            created: row.int(13), modified: row.int(14))
    }
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
            "SELECT \(AddressRow.columns) FROM sb_addresses d WHERE \(conditions) ORDER BY d.address_folded LIMIT $\(arguments.count)",
            arguments
        ) { AddressRow($0) }
    }

    /// Aliases and group ids of all accounts on a page of primary addresses: two queries a page instead of two a row.
    ///
    /// CROSS JOIN, which SQLite never reorders: it would begin with all memberships, to have them in order. In the page's order nothing is
    /// sorted.
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
            ORDER BY d.address_folded, x.address_folded
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
            ORDER BY d.address_folded, m.group_id
            """, arguments
        ) { row in
            groups[row.text(0), default: []].append(row.text(1))
            return true
        }
        return (aliases, groups)
    }
}
