import Mimecast
import MusterStore

/// Where a kept count of addresses belongs.
struct CountKey: Hashable {
    let isInternal: Bool
    let domain: String
    let kind: String
}

/// What lists show of an account, kept beside each of its addresses.
struct ListedFacts: Sendable {
    var name: String?
    var givenName: String?
    var familyName: String?
    var isActive = true
    var source = Authority.cloud
    var addressType = "created_manually"
    var adminRoles: [String] = []
    /// Milliseconds since 1970.
    var created = 0
    /// Milliseconds since 1970.
    var modified = 0

    /// Takes the facts of every address over from its account.
    static let copying = """
        UPDATE sb_addresses SET (name, given_name, family_name, active, source, address_type, admin_roles, created, modified) = (
            SELECT r.display_name, r.given_name, r.family_name, r.active, a.source, a.address_type, a.admin_roles, r.created, r.modified
            FROM scim_resources r JOIN sb_accounts a ON a.tenant = r.tenant AND a.id = r.id
            WHERE r.tenant = sb_addresses.tenant AND r.id = sb_addresses.account_id)
        """
}

extension TenantDirectory {
    /// Adds rows of a domain that are nobody's account.
    func insertSystemAddresses() throws {
        var counts: [CountKey: Int] = [:]
        for domain in facts.domains {
            for local in ["abuse", "postmaster"] {
                guard let address = EmailAddress("\(local)@\(domain)") else { continue }
                try insertAddress(address, .system, account: nil, &counts)
            }
        }
        try addToCounts(counts)
    }

    func insertAddress(
        _ address: EmailAddress, _ kind: AddressKind, account: String?, _ counts: inout [CountKey: Int],
        _ listed: ListedFacts = ListedFacts()
    ) throws {
        let isInternal = isInternal(domain: address.domain)
        try tx.execute(
            """
            INSERT INTO sb_addresses (tenant, address_folded, address, internal, domain, kind, account_id,
                name, given_name, family_name, active, source, address_type, admin_roles, created, modified)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            """,
            [
                tenant, .text(address.folded), .text(address.text), .bool(isInternal), .text(address.domain), .text(kind.rawValue),
                .string(account), .string(listed.name), .string(listed.givenName), .string(listed.familyName), .bool(listed.isActive),
                .text(listed.source.rawValue), .text(listed.addressType), .text(StringList.encode(listed.adminRoles)),
                .int(listed.created), .int(listed.modified),
            ])
        counts[CountKey(isInternal: isInternal, domain: address.domain, kind: kind.rawValue), default: 0] += 1
    }

    /// Has the lists show what an account has become; called after every change of it.
    func relist(_ id: String) throws {
        try tx.execute(ListedFacts.copying + " WHERE tenant = $1 AND account_id = $2", [tenant, .text(id)])
    }

    private func removeAddress(_ folded: String, _ kind: AddressKind, _ counts: inout [CountKey: Int]) throws {
        try tx.execute("DELETE FROM sb_addresses WHERE tenant = $1 AND address_folded = $2", [tenant, .text(folded)])
        let domain = EmailAddress.domain(ofFolded: folded)
        counts[CountKey(isInternal: isInternal(domain: domain), domain: domain, kind: kind.rawValue), default: 0] -= 1
    }

    func move(_ account: AccountRecord, to address: EmailAddress, _ counts: inout [CountKey: Int]) throws {
        try removeAddress(account.addressFolded, .primary, &counts)
        // An own alias may become the address.
        if try self.aliases(of: account.id).contains(where: { EmailAddress($0) == address }) {
            try removeAddress(address.folded, .alias, &counts)
        }
        try insertAddress(address, .primary, account: account.id, &counts)
        try tx.execute(
            "UPDATE sb_accounts SET address = $3, address_folded = $4, internal = $5 WHERE tenant = $1 AND id = $2",
            [
                tenant, .text(account.id), .text(address.text), .text(address.folded),
                .bool(isInternal(domain: address.domain)),
            ])
    }

    /// - Returns: whether anything changed.
    func replaceAliases(of id: String, with wanted: [EmailAddress], _ counts: inout [CountKey: Int]) throws -> Bool {
        let current = Set(try aliases(of: id).compactMap { EmailAddress($0) })
        let gone = current.subtracting(wanted)
        let new = Set(wanted).subtracting(current)
        for alias in gone { try removeAddress(alias.folded, .alias, &counts) }
        for alias in new { try insertAddress(alias, .alias, account: id, &counts) }
        return !gone.isEmpty || !new.isEmpty
    }

    func addToCounts(_ changes: [CountKey: Int]) throws {
        for (key, change) in changes where change != 0 {
            try tx.execute(
                """
                INSERT INTO sb_address_counts (tenant, internal, domain, kind, rows) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (tenant, internal, domain, kind) DO UPDATE SET rows = sb_address_counts.rows + excluded.rows
                """, [tenant, .bool(key.isInternal), .text(key.domain), .text(key.kind), .integer(Int64(change))])
        }
    }
}
