import Dispatch
import GRDB
import GRDBSQLite
import Synchronization

/// Connections that read, each lent to one thread at a time. A read waits for no writer and changes no thread.
///
/// GRDB's pool does the same; what it does besides (observations, snapshots, names of savepoints) costs more than a look-up.
final class Readers: Sendable {
    private let free: Mutex<[Reader]>
    private let isFree: DispatchSemaphore
    private let all: [Reader]
    private let commits: CommitCount
    private let isOursAlone: Bool

    /// Opens every connection, with all files that it will need.
    ///
    /// - Parameter isOursAlone: nobody else writes to the file, so that what a connection saw is the present until `commits` rises.
    init(path: String, count: Int, _ configuration: GRDB.Configuration, commits: CommitCount, isOursAlone: Bool) throws {
        var configuration = configuration
        configuration.readonly = true
        // A view stays open from read to read; GRDB is asked for nothing in between but to prepare statements.
        configuration.allowsUnsafeTransactions = true
        let readers = try (0..<count).map { _ in try Reader(DatabaseQueue(path: path, configuration: configuration)) }
        all = readers
        free = Mutex(readers)
        isFree = DispatchSemaphore(value: count)
        self.commits = commits
        self.isOursAlone = isOursAlone
    }

    /// Runs `body` on one consistent view, on the calling thread.
    func read<T>(_ body: (any Transaction) throws -> T) throws -> T {
        isFree.wait()
        defer { isFree.signal() }
        guard let reader = free.withLock({ $0.popLast() }) else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
        defer { giveBack(reader) }
        try reader.begin(seeing: commits.value)
        return try body(SQLiteTransaction(reader, reader.statements, commits: isOursAlone ? reader.seen : nil))
    }

    private func giveBack(_ reader: Reader) {
        if !isOursAlone { reader.end() }
        free.withLock { free in
            // Under the lock: a commit of this very moment either raised the count by now, or will find the connection here.
            if reader.seen != commits.value { reader.end() }
            free.append(reader)
        }
    }

    /// Ends the views that nobody uses: whoever writes asks for it before and after, since the write-ahead log can begin anew only when
    /// nobody looks at it.
    func settle() {
        free.withLock { for reader in $0 { reader.end() } }
    }

    func close() throws {
        settle()
        for reader in all { try reader.close() }
    }
}

/// A connection that reads.
///
/// `@unchecked Sendable`: ``Readers`` lends it to one thread at a time.
private final class Reader: Connection, @unchecked Sendable {
    private let queue: DatabaseQueue
    private let pointer: OpaquePointer
    let statements = PreparedStatements()
    /// How many commits there were at least when the view that is open was opened; nil where none is.
    private(set) var seen: UInt64?

    init(_ queue: DatabaseQueue) throws {
        self.queue = queue
        pointer = try queue.read { db in
            _ = try db.tableExists("sqlite_master")
            guard let pointer = db.sqliteConnection else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
            return pointer
        }
    }

    /// Opens a view, unless the one that is open shows the present.
    func begin(seeing commits: UInt64) throws {
        // An error may have ended it.
        if seen == commits, isInsideTransaction { return }
        end()
        try statements.statement("BEGIN", self).run([]) { _ in true }
        seen = commits
    }

    /// Nothing was written, so that to end is all that there is to do, whatever became of the reading.
    func end() {
        guard seen != nil else { return }
        seen = nil
        try? statements.statement("COMMIT", self).run([]) { _ in true }
    }

    func prepare(_ sql: String) throws -> PreparedStatement { try queue.unsafeRead { db in try PreparedStatement(sql, db) } }
    var isInsideTransaction: Bool { sqlite3_get_autocommit(pointer) == 0 }
    /// A connection that reads changes nothing.
    var changes: Int { 0 }

    func close() throws {
        queue.unsafeRead { _ in statements.forget() }
        try queue.close()
    }
}
