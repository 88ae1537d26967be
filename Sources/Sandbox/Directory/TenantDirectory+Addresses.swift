import Mimecast
import MusterStore

/// Where a kept count of addresses belongs.
struct CountKey: Hashable {
    let isInternal: Bool
    let domain: String
    let kind: String
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

    func insertAddress(_ address: EmailAddress, _ kind: AddressKind, account: String?, _ counts: inout [CountKey: Int]) throws {
        let isInternal = isInternal(domain: address.domain)
        try tx.execute(
            """
            INSERT INTO sb_addresses (tenant, address_folded, address, internal, domain, kind, account_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                tenant, .text(address.folded), .text(address.text), .bool(isInternal), .text(address.domain), .text(kind.rawValue),
                .string(account),
            ])
        counts[CountKey(isInternal: isInternal, domain: address.domain, kind: kind.rawValue), default: 0] += 1
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
