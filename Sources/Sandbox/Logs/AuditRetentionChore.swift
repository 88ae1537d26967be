import MusterStore

/// Lets go of old audit events, a day's at a time.
enum AuditRetentionChore: Chore {
    static let name = "Audit Retention"

    /// Operators saw 60 to 90 days kept.
    private static let days = 90
    /// The newest stays, as numbers go on from it: a number that came again would give its id to another event. The plus keeps SQLite
    /// from going by number where time is meant.
    private static let condition = "tenant = $1 AND +number < (SELECT max(number) FROM sb_audit WHERE tenant = $1)"

    static func due(_ directory: TenantDirectory) throws -> Int? {
        let oldest = try directory.tx.first(
            "SELECT time FROM sb_audit WHERE \(condition) ORDER BY time LIMIT 1", [directory.tenant]
        ) { $0.int(0) }
        // Rounded up to a midnight, so that events go a day at a time.
        return oldest.map { ($0 / VendorTime.day + days + 1) * VendorTime.day }
    }

    static func carryOut(_ directory: TenantDirectory) throws {
        try directory.tx.execute(
            "DELETE FROM sb_audit WHERE time <= $2 AND \(condition)",
            [directory.tenant, .int(directory.now - days * VendorTime.day)])
    }
}
