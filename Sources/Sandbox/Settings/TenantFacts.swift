import Mimecast
import MusterStore

/// What a tenant is, beside its people.
struct TenantFacts: Sendable {
    var code: String
    var company: String
    /// Where its credentials are good.
    var region: Region
    var seats: Int
    /// People beyond the seats are refused.
    var seatsEnforced = false
    var adminAddress: String
    /// Milliseconds since 1970.
    var created: Int
    /// Folded, the main one first.
    var domains: [String]
    /// Mail of people who are gone is kept.
    var archive = true
    /// For how many days it is kept.
    var retention = 365
    var plan = Plan.enterprise
    var sso = SSOState.active

    static func load(_ tx: any Transaction, code: String) throws -> TenantFacts? {
        guard
            var facts = try tx.first(
                """
                SELECT company, region, seats, admin_address, created, seats_enforced, archive, retention, plan, sso
                FROM sb_tenants
                WHERE tenant = $1
                """, [.text(code)],
                {
                    TenantFacts(
                        code: code, company: $0.text(0), region: Region(rawValue: $0.text(1)) ?? .global, seats: $0.int(2),
                        seatsEnforced: $0.bool(5), adminAddress: $0.text(3), created: $0.int(4), domains: [], archive: $0.bool(6),
                        retention: $0.int(7), plan: Plan(rawValue: $0.text(8)) ?? .enterprise,
                        sso: SSOState(rawValue: $0.text(9)) ?? .active)
                })
        else { return nil }
        facts.domains = try tx.all(
            "SELECT domain FROM sb_domains WHERE tenant = $1 AND state = 'internal' ORDER BY position", [.text(code)]
        ) { $0.text(0) }
        return facts
    }

    /// - Parameter domain: folded.
    /// - Throws: ``CallRefusal`` 409 where a domain is another tenant's, proved or not.
    static func requireFree(_ tx: any Transaction, domain: String, tenant: String) throws {
        let owner = try tx.first("SELECT tenant FROM sb_domains WHERE domain = $1 AND tenant <> $2", [.text(domain), .text(tenant)]) {
            $0.text(0)
        }
        if let owner { throw CallRefusal(409, "domain_taken", "The domain \(domain) is the tenant \(owner)'s") }
    }

    /// The codes of all tenants, oldest first.
    static func codes(_ tx: any Transaction) throws -> [String] {
        try tx.all("SELECT tenant FROM sb_tenants ORDER BY created, tenant") { $0.text(0) }
    }
}

/// Named values of the data file.
enum SettingsTable {
    static func value(_ tx: any Transaction, _ name: String) throws -> [UInt8]? {
        try tx.first("SELECT value FROM sb_settings WHERE name = $1", [.text(name)]) { $0.blob(0) }
    }

    static func set(_ tx: any Transaction, _ name: String, _ value: [UInt8]) throws {
        try tx.execute(
            "INSERT INTO sb_settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [.text(name), .blob(value)])
    }
}
