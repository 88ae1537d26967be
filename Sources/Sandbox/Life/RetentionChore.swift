import MusterStore

/// Lets go of what was kept of people who are gone, when the time for which it is kept is over.
enum RetentionChore: Chore {
    static let name = "Retention"

    static func due(_ directory: TenantDirectory) throws -> Int? {
        try directory.tx.first("SELECT min(kept_until) FROM sb_archive WHERE tenant = $1", [directory.tenant]) { $0.intOrNil(0) } ?? nil
    }

    static func carryOut(_ directory: TenantDirectory) throws {
        try directory.tx.execute(
            "DELETE FROM sb_archive WHERE tenant = $1 AND kept_until <= $2", [directory.tenant, .int(directory.now)])
    }
}
