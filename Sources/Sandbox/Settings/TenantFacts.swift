import MusterStore

/// The tenant that a sandbox plays.
struct TenantFacts: Sendable {
    var code: String
    var company: String
    var region: String
    var seats: Int
    /// People beyond the seats are refused.
    var seatsEnforced = false
    var adminAddress: String
    /// Milliseconds since 1970.
    var created: Int
    /// Folded, the main one first.
    var domains: [String]

    static func load(_ tx: any Transaction, code: String) throws -> TenantFacts? {
        guard
            var facts = try tx.first(
                "SELECT company, region, seats, admin_address, created FROM sb_tenants WHERE tenant = $1", [.text(code)],
                {
                    TenantFacts(
                        code: code, company: $0.text(0), region: $0.text(1), seats: $0.int(2), adminAddress: $0.text(3),
                        created: $0.int(4), domains: [])
                })
        else { return nil }
        facts.domains = try tx.all("SELECT domain FROM sb_domains WHERE tenant = $1 ORDER BY position", [.text(code)]) { $0.text(0) }
        return facts
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
