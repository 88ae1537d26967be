/// What can be read on one consistent view: a store, or a copy of one.
public protocol ReadableStore: Sendable {
    /// Runs `body` on one consistent view. Group reads into one call; never one `await` per row.
    func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T
}

/// A database with transactions: many readers, one writer a tenant.
public protocol Store: ReadableStore {
    /// How many commits there were through this store. What was read after this number was taken is still what would be read, as long as
    /// the number is the same and nobody else writes to the database.
    var commits: UInt64 { get }

    /// Runs `body` in a durable transaction: when this returns, the change outlives a crash of process or machine.
    ///
    /// The body is synchronous, has no effect but its statements, and may run more than once. Bodies that wait together share
    /// one commit; one that throws takes back its own changes alone.
    ///
    /// - Parameter tenant: whose work it is; writers of one tenant are serialised.
    @discardableResult
    func write<T: Sendable>(_ tenant: String, _ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T

    /// The same for what nobody waits to read: those who read may go on with what they see, and ``commits`` need not rise. What was
    /// written so is seen after the next ``write(_:_:)`` at the latest.
    func writeAside(_ body: @escaping @Sendable (any Transaction) throws -> Void) async throws
}

extension Store {
    public func writeAside(_ body: @escaping @Sendable (any Transaction) throws -> Void) async throws { try await write("", body) }
}

/// A step of a schema, in the database's own language. Never edited once shipped.
public struct Migration: Sendable {
    public let name: String
    public let statements: [String]

    public init(_ name: String, _ statements: [String]) {
        self.name = name
        self.statements = statements
    }

    /// Tells SQLite how many rows an index finds, where its guess is wrong before there are any: with no figures it takes `tenant = …`
    /// for ten rows, and reads a tenant from end to end instead of using an index.
    ///
    /// - Parameter rows: `sqlite_stat1` figures by table and index: all rows, then rows for each further column that is given. The
    ///   primary key of a table without row ids has the table's own name.
    public static func figures(_ rows: [(table: String, index: String, rows: String)]) -> [String] {
        let values = rows.map { "('\($0.table)', '\($0.index)', '\($0.rows)')" }.joined(separator: ", ")
        return [
            "ANALYZE", "DELETE FROM sqlite_stat1", "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES \(values)", "ANALYZE sqlite_schema",
        ]
    }

    /// The same of tables that came later: the figures of all others stay.
    public static func addedFigures(_ rows: [(table: String, index: String, rows: String)]) -> [String] {
        rows.map { "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('\($0.table)', '\($0.index)', '\($0.rows)')" }
            + ["ANALYZE sqlite_schema"]
    }
}
