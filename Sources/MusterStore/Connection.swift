import GRDB

/// A connection to SQLite, as statements see it.
protocol Connection {
    func prepare(_ sql: String) throws -> PreparedStatement
    var isInsideTransaction: Bool { get }
    /// How many rows the last statement changed.
    var changes: Int { get }
}

extension Database: Connection {
    func prepare(_ sql: String) throws -> PreparedStatement { try PreparedStatement(sql, self) }
    var changes: Int { changesCount }
}
