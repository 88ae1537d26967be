/// Statements inside one transaction. Valid only in the closure that received it.
///
/// One text per query, valid on every database: `$1` placeholders, no `INSERT OR IGNORE`, truth values as integers.
public protocol Transaction: AnyObject {
    /// How many commits (``Store/commits``) this view shows at least: what was read at this number is still what would be read as long as
    /// the number stays. Nil where nobody can say: for a writer, for a copy, and for a file that others write to.
    var commits: UInt64? { get }
    /// Runs a query and hands over each row until `row` returns false.
    func each(_ sql: String, _ arguments: [SQLValue], _ row: (any SQLRow) throws -> Bool) throws
    /// Runs a query whose text is unlikely to come again: nothing of it is kept, so that whoever makes up texts fills no memory.
    func eachOnce(_ sql: String, _ arguments: [SQLValue], _ row: (any SQLRow) throws -> Bool) throws
    /// Runs a statement.
    ///
    /// - Returns: the number of rows it changed.
    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int
}

extension Transaction {
    public var commits: UInt64? { nil }

    public func eachOnce(_ sql: String, _ arguments: [SQLValue], _ row: (any SQLRow) throws -> Bool) throws {
        try each(sql, arguments, row)
    }

    /// All rows, mapped.
    public func all<T>(_ sql: String, _ arguments: [SQLValue] = [], _ map: (any SQLRow) throws -> T) throws -> [T] {
        var rows: [T] = []
        try each(sql, arguments) {
            rows.append(try map($0))
            return true
        }
        return rows
    }

    /// The first row, mapped, or nil.
    public func first<T>(_ sql: String, _ arguments: [SQLValue] = [], _ map: (any SQLRow) throws -> T) throws -> T? {
        var found: T?
        try each(sql, arguments) {
            found = try map($0)
            return false
        }
        return found
    }

    @discardableResult
    public func execute(_ sql: String) throws -> Int { try execute(sql, []) }
}
