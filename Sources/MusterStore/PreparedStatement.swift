import Foundation
import GRDB
import GRDBSQLite

/// The statements of one connection, prepared once and kept.
///
/// `@unchecked Sendable`: whoever has the connection has these; GRDB lends it to one thread at a time.
final class PreparedStatements: @unchecked Sendable {
    private var known: [StatementText: PreparedStatement] = [:]

    /// - Parameter sql: with `$1` placeholders.
    func statement(_ sql: String, _ connection: some Connection) throws -> PreparedStatement {
        let text = StatementText(sql)
        if let statement = known[text] {
            // Somebody who walks its rows asks it again.
            return statement.isRunning ? try connection.prepare(sql) : statement
        }
        let statement = try connection.prepare(sql)
        known[text] = statement
        return statement
    }

    /// A connection is closed only after its statements are gone.
    func forget() { known = [:] }
}

/// A statement's text as a key. Most of these texts are long, and their length and their end tell them apart.
private struct StatementText: Hashable {
    private let text: String

    init(_ text: String) { self.text = text }

    func hash(into hasher: inout Hasher) {
        hasher.combine(text.utf8.count)
        for byte in text.utf8.suffix(16) { hasher.combine(byte) }
    }
}

/// A prepared statement, run on SQLite's own interface: GRDB's rows and arguments cost more than a look-up itself.
final class PreparedStatement {
    /// Keeps it.
    private let statement: Statement
    private let pointer: OpaquePointer
    /// Where each argument goes: `$1` is a name to SQLite, numbered by its first appearance. 0 is an argument that nobody asks for.
    private let places: [Int32]
    private(set) var isRunning = false

    init(_ sql: String, _ db: Database) throws {
        statement = try db.makeStatement(sql: sql)
        pointer = statement.sqliteStatement
        var places: [Int32] = []
        for index in 1...max(1, sqlite3_bind_parameter_count(pointer)) {
            guard let name = sqlite3_bind_parameter_name(pointer, index), let number = Int(String(cString: name).dropFirst()),
                (1...1_000).contains(number)
            else { continue }
            while places.count < number { places.append(0) }
            places[number - 1] = index
        }
        self.places = places
    }

    /// Runs it and hands over each row until `row` returns false.
    func run(_ arguments: [SQLValue], _ row: (SQLiteRow) throws -> Bool) throws {
        isRunning = true
        defer {
            sqlite3_reset(pointer)
            isRunning = false
        }
        try bind(arguments)
        while true {
            switch sqlite3_step(pointer) {
            case SQLITE_ROW: if try !row(SQLiteRow(pointer: pointer)) { return }
            case SQLITE_DONE: return
            case let code: throw failure(code)
            }
        }
    }

    private func bind(_ arguments: [SQLValue]) throws {
        guard arguments.count == places.count else { throw failure(SQLITE_MISUSE) }
        for (argument, place) in zip(arguments, places) where place > 0 {
            let code =
                switch argument {
                case .null: sqlite3_bind_null(pointer, place)
                case .integer(let value): sqlite3_bind_int64(pointer, place, value)
                // Nothing at an address that is nil would be NULL.
                case .text(let text) where text.isEmpty: sqlite3_bind_text(pointer, place, "", 0, Self.isCopied)
                case .text(var text):
                    text.withUTF8 { bytes in
                        bytes.withMemoryRebound(to: CChar.self) {
                            sqlite3_bind_text64(
                                pointer, place, $0.baseAddress, UInt64($0.count), Self.isCopied, UInt8(SQLITE_UTF8))
                        }
                    }
                case .blob(let bytes) where bytes.isEmpty: sqlite3_bind_zeroblob(pointer, place, 0)
                case .blob(let bytes):
                    bytes.withUnsafeBytes { sqlite3_bind_blob64(pointer, place, $0.baseAddress, UInt64($0.count), Self.isCopied) }
                }
            guard code == SQLITE_OK else { throw failure(code) }
        }
    }

    /// SQLITE_TRANSIENT.
    private static let isCopied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    private func failure(_ code: Int32) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: code), message: sqlite3_db_handle(pointer).flatMap { String(cString: sqlite3_errmsg($0)) },
            sql: sqlite3_sql(pointer).map { String(cString: $0) })
    }
}

/// A row while its statement stands at it.
struct SQLiteRow: SQLRow {
    fileprivate let pointer: OpaquePointer

    func isNull(_ column: Int) -> Bool { sqlite3_column_type(pointer, Int32(column)) == SQLITE_NULL }
    func integer(_ column: Int) -> Int64 { sqlite3_column_int64(pointer, Int32(column)) }
    func text(_ column: Int) -> String { textOrNil(column) ?? "" }

    func textOrNil(_ column: Int) -> String? {
        guard let bytes = sqlite3_column_text(pointer, Int32(column)) else { return nil }
        return String(decoding: UnsafeBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(pointer, Int32(column)))), as: UTF8.self)
    }

    func holds(_ text: String, _ column: Int) -> Bool {
        guard let bytes = sqlite3_column_text(pointer, Int32(column)) else { return false }
        let count = Int(sqlite3_column_bytes(pointer, Int32(column)))
        var text = text
        return text.withUTF8 { text in text.count == count && (text.baseAddress.map { memcmp($0, bytes, count) == 0 } ?? true) }
    }

    func lend(_ column: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
        // Of a text these are its bytes, in UTF-8.
        let start = sqlite3_column_blob(pointer, Int32(column))
        body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(pointer, Int32(column)))))
    }

    // Copied once, out of SQLite's own memory.
    func blob(_ column: Int) -> [UInt8] {
        guard let bytes = sqlite3_column_blob(pointer, Int32(column)) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(pointer, Int32(column)))))
    }
}
