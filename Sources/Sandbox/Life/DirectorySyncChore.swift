import MusterStore

/// The sync of the company's directory: three times a day, and whenever it was asked for.
enum DirectorySyncChore: Chore {
    static let name = "Directory Sync"

    static func due(_ directory: TenantDirectory) throws -> Int? {
        try min(scheduled(directory), directory.askedSync() ?? .max)
    }

    static func carryOut(_ directory: TenantDirectory) throws {
        let scheduled = try scheduled(directory)
        if scheduled <= directory.now { try directory.setProgress(name, scheduled) }
        try directory.syncConnections()
        try directory.endAskedSync()
    }

    /// The next one by the clock.
    private static func scheduled(_ directory: TenantDirectory) throws -> Int {
        try SyncSchedule.next(after: directory.progress(name) ?? directory.facts.created)
    }
}
