import MusterStore

/// A thing that a tenant does by itself when its time has come.
protocol Chore: Sendable {
    /// When it is due next; milliseconds since 1970, possibly past. nil where there is nothing to do.
    static func due(_ directory: TenantDirectory) throws -> Int?
    /// Does what was due. Afterwards ``due(_:)`` lies later or is nil.
    ///
    /// - Parameter directory: its `now` is the moment at which it was due, its actor the sandbox.
    static func carryOut(_ directory: TenantDirectory) throws
    /// By which name the audit record knows it.
    static var name: String { get }
}

/// The things that a tenant does by itself, in the order in which they are due.
enum TenantChores {
    static let all: [any Chore.Type] = [
        DirectorySyncChore.self, ImportChore.self, PurgeChore.self, RetentionChore.self, AuditRetentionChore.self,
    ]

    /// Where nothing is due, it is looked at again after this long (a day, in milliseconds).
    private static let longest = 86_400_000

    /// Most doings in one transaction, so that a clock moved by years neither makes one huge commit nor keeps other writers out.
    private static let most = 1_000

    /// Carries out what is due by the directory's `now`, each thing at its own time.
    ///
    /// - Returns: when something is due next; milliseconds since 1970. Not after `now` where that was not all yet.
    static func carryOut(_ directory: TenantDirectory) throws -> Int {
        for _ in 0..<most {
            var next: (chore: any Chore.Type, due: Int)?
            for chore in all {
                if let due = try chore.due(directory), due < next?.due ?? .max { next = (chore, due) }
            }
            guard let next, next.due <= directory.now else { return min(next?.due ?? .max, directory.now + longest) }
            try next.chore.carryOut(
                TenantDirectory(directory.tx, facts: directory.facts, actor: .service(next.chore.name), now: next.due))
        }
        return directory.now
    }
}

/// Up to when a tenant's own doings have been carried out.
extension TenantDirectory {
    /// Milliseconds since 1970; nil where nothing was noted under this name.
    func progress(_ name: String) throws -> Int? {
        try tx.first("SELECT until FROM sb_progress WHERE tenant = $1 AND name = $2", [tenant, .text(name)]) { $0.int(0) }
    }

    func setProgress(_ name: String, _ until: Int) throws {
        try tx.execute(
            """
            INSERT INTO sb_progress (tenant, name, until) VALUES ($1, $2, $3)
            ON CONFLICT (tenant, name) DO UPDATE SET until = excluded.until
            """, [tenant, .text(name), .int(until)])
    }
}
