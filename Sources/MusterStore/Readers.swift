import Dispatch
import GRDB
import Synchronization

/// Connections that read, each lent to one thread at a time. A read waits for no writer and changes no thread.
///
/// GRDB's pool does the same; what it does besides (observations, snapshots, names of savepoints) costs more than a look-up.
final class Readers: Sendable {
    private let free: Mutex<[DatabaseQueue]>
    private let isFree: DispatchSemaphore
    private let all: [DatabaseQueue]

    /// Opens every connection, with all files that it will need.
    init(path: String, count: Int, _ configuration: GRDB.Configuration) throws {
        var configuration = configuration
        configuration.readonly = true
        let queues = try (0..<count).map { _ in try DatabaseQueue(path: path, configuration: configuration) }
        for queue in queues { try queue.read { db in _ = try db.tableExists("sqlite_master") } }
        all = queues
        free = Mutex(queues)
        isFree = DispatchSemaphore(value: count)
    }

    /// Runs `body` on one consistent view, on the calling thread.
    func read<T>(_ body: (Database) throws -> T) throws -> T {
        isFree.wait()
        defer { isFree.signal() }
        guard let queue = free.withLock({ $0.popLast() }) else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
        defer { free.withLock { $0.append(queue) } }
        return try queue.unsafeRead { db in
            try db.cachedStatement(sql: "BEGIN").execute()
            // Nothing was written, so that to end is all that there is to do, whatever became of the body.
            defer { try? db.cachedStatement(sql: "COMMIT").execute() }
            return try body(db)
        }
    }

    func close() throws { for queue in all { try queue.close() } }
}
