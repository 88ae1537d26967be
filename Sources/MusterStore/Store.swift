/// A database with transactions: many readers, one writer a tenant.
public protocol Store: Sendable {
    /// Runs `body` on one consistent view. Group reads into one call; never one `await` per row.
    func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T

    /// Runs `body` in a durable transaction: when this returns, the change outlives a crash of process or machine.
    ///
    /// The body is synchronous, has no effect but its statements, and may run more than once. Bodies that wait together share
    /// one commit; one that throws takes back its own changes alone.
    ///
    /// - Parameter tenant: whose work it is; writers of one tenant are serialised.
    @discardableResult
    func write<T: Sendable>(_ tenant: String, _ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T
}

/// A step of a schema, in the database's own language. Never edited once shipped.
public struct Migration: Sendable {
    public let name: String
    public let statements: [String]

    public init(_ name: String, _ statements: [String]) {
        self.name = name
        self.statements = statements
    }
}
