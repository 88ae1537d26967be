import Mimecast
import MusterStore

/// Which domains a tenant knows. All lists go by domain, bytewise.
extension TenantDirectory {
    enum DomainKind: String, Sendable {
        /// The tenant's own.
        case `internal`
        /// Not yet proved to be the tenant's.
        case pending
    }

    /// An id that belongs to a domain for ever, whatever the tenant has to do with it.
    func domainID(_ domain: String) -> String { KeyRing.id("domain \(facts.code) \(domain)") }

    /// - Parameters:
    ///   - only: folded; nil is all.
    ///   - after: the last domain seen; "" for the first page.
    func domains(_ kind: DomainKind, only: String? = nil, after: String, limit: Int) throws -> [String] {
        if let only {
            return try tx.all(
                "SELECT domain FROM sb_domains WHERE tenant = $1 AND domain = $2 AND state = $3 AND domain > $4",
                [tenant, .text(only), .text(kind.rawValue), .text(after)]
            ) { $0.text(0) }
        }
        return try tx.all(
            "SELECT domain FROM sb_domains WHERE tenant = $1 AND state = $2 AND domain > $3 ORDER BY domain LIMIT $4",
            [tenant, .text(kind.rawValue), .text(after), .int(limit)]
        ) { $0.text(0) }
    }

    /// The domains of external accounts, from the kept counts.
    func externalDomains(after: String, limit: Int) throws -> [String] {
        try tx.all(
            """
            SELECT domain FROM sb_address_counts
            WHERE tenant = $1 AND internal = $2 AND domain > $3 AND kind = $4 AND rows > 0 ORDER BY domain LIMIT $5
            """, [tenant, .bool(false), .text(after), .text(AddressKind.primary.rawValue), .int(limit)]
        ) { $0.text(0) }
    }
}
