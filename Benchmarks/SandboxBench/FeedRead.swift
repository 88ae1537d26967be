import ArgumentParser
import Foundation
import GRDBSQLite

/// The floor of a feed: SQLite alone reads the rows that it is made of.
struct FeedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed", abstract: "Reads the rows of a store's events through SQLite alone, every column; prints seconds.")

    @Argument(help: "A store of Muster's.") var store: String

    func run() throws {
        var db: OpaquePointer?
        guard sqlite3_open_v2(store, &db, SQLITE_OPEN_READONLY, nil) == SQLITE_OK else {
            throw ValidationError("\(store) cannot be opened.")
        }
        defer { sqlite3_close(db) }
        let begin = ContinuousClock.now
        var statement: OpaquePointer?
        let text = """
            SELECT number, id, type, person, at, body, read, lane FROM events WHERE tenant = (SELECT min(tenant) FROM event_heads) ORDER BY number
            """
        guard sqlite3_prepare_v2(db, text, -1, &statement, nil) == SQLITE_OK else { throw ValidationError("\(store) has no events.") }
        defer { sqlite3_finalize(statement) }
        var (rows, bytes) = (0, 0)
        while sqlite3_step(statement) == SQLITE_ROW {
            rows += 1
            if sqlite3_column_blob(statement, 1) != nil { bytes += Int(sqlite3_column_bytes(statement, 1)) }
            for column in [0, 2, 3, 4, 5, 6, 7] as [Int32] {
                // The length alone would leave a long body on its pages.
                if let text = sqlite3_column_text(statement, column) {
                    bytes += strlen(UnsafeRawPointer(text).assumingMemoryBound(to: CChar.self))
                }
            }
        }
        let (seconds, attoseconds) = (ContinuousClock.now - begin).components
        FileHandle.standardError.write(Data("\(rows) rows, \(bytes) bytes\n".utf8))
        print(Double(seconds) + Double(attoseconds) / 1e18)
    }
}
