import Dispatch
import GRDB
import Synchronization

/// Connections that read, each lent to one thread at a time. A read waits for no writer and changes no thread.
///
/// GRDB's pool does the same; what it does besides (observations, snapshots, names of savepoints) costs more than a look-up.
final class Readers: Sendable {
    private struct Reader: Sendable {
        let queue: DatabaseQueue
        let statements = PreparedStatements()
    }

    private let free: Mutex<[Reader]>
    private let isFree: DispatchSemaphore
    private let all: [Reader]

    /// Opens every connection, with all files that it will need.
    init(path: String, count: Int, _ configuration: GRDB.Configuration) throws {
        var configuration = configuration
        configuration.readonly = true
        let readers = try (0..<count).map { _ in Reader(queue: try DatabaseQueue(path: path, configuration: configuration)) }
        for reader in readers { try reader.queue.read { db in _ = try db.tableExists("sqlite_master") } }
        all = readers
        free = Mutex(readers)
        isFree = DispatchSemaphore(value: count)
    }

    /// Runs `body` on one consistent view, on the calling thread.
    func read<T>(_ body: (any Transaction) throws -> T) throws -> T {
        isFree.wait()
        defer { isFree.signal() }
        guard let reader = free.withLock({ $0.popLast() }) else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
        defer { free.withLock { $0.append(reader) } }
        return try reader.queue.unsafeRead { db in
            try reader.statements.statement("BEGIN", db).run([]) { _ in true }
            // Nothing was written, so that to end is all that there is to do, whatever became of the body.
            defer { try? reader.statements.statement("COMMIT", db).run([]) { _ in true } }
            return try body(SQLiteTransaction(db, reader.statements))
        }
    }

    func close() throws {
        for reader in all {
            reader.queue.unsafeRead { _ in reader.statements.forget() }
            try reader.queue.close()
        }
    }
}
