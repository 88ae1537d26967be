import Foundation
import GRDB
import Synchronization

/// SQLite by GRDB, the embedded default: a writer with `synchronous=FULL`, readers beside it (WAL).
public final class SQLiteStore: Store {
    /// Writes, migrates and copies.
    let pool: DatabasePool
    let readers: Readers
    private let queue: CommitQueue
    let count = CommitCount()
    /// Of the writer.
    let statements = PreparedStatements()
    let path: String

    /// A store without a name: its file is unlinked as soon as every connection is open, so that nothing stays behind, however the
    /// process ends. The same code path as a lasting one.
    public static func temporary(migrations: [Migration], mapsFile: Bool = false) throws -> SQLiteStore {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("muster-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StoreError(
                .cannotOpen, "No temporary folder could be made at \(folder.path).",
                remedy: "Point TMPDIR at a folder that can be written.")
        }
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try SQLiteStore(
            path: folder.appendingPathComponent("store.db").path, migrations: migrations, mapsFile: mapsFile, isOursAlone: true)
        // A copy is made through the pool, whose own reader has to know its files by then.
        try store.pool.read { db in _ = try db.tableExists("sqlite_master") }
        return store
    }

    private static let readerCount = 4

    /// Opens or creates the file and brings its schema up to date.
    ///
    /// - Parameters:
    ///   - path: the database file; its folder must exist.
    ///   - migrations: all steps, oldest first.
    ///   - mapsFile: reads take pages out of the system's cache instead of copying each: for a file that is much larger than what a
    ///     connection keeps. A disk that fails under such a read ends the process.
    ///   - isOursAlone: no other process writes to the file, which the caller sees to. Reads then go on with the view that they have for as
    ///     long as nothing was committed here.
    /// - Throws: ``StoreError``, with the remedy in it.
    public init(path: String, migrations: [Migration], mapsFile: Bool = false, isOursAlone: Bool = false) throws {
        self.path = path
        do {
            try Self.createPrivately(path)
            var configuration = GRDB.Configuration()
            configuration.busyMode = .timeout(5)
            configuration.maximumReaderCount = 1
            if mapsFile {
                configuration.prepareDatabase { db in
                    guard db.configuration.readonly else { return }
                    try db.execute(sql: "PRAGMA mmap_size = \(Int32.max)")
                    // SQLite maps no more than that. Of what lies behind it, up to 64 MB are kept by each connection.
                    try db.execute(sql: "PRAGMA cache_size = -65536")
                }
            }
            pool = try DatabasePool(path: path, configuration: configuration)
            // Not in `prepareDatabase`: the pool sets NORMAL after that, with which a commit may be lost when the power goes.
            try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
            var migrator = DatabaseMigrator()
            for migration in migrations {
                migrator.registerMigration(migration.name) { db in
                    for statement in migration.statements { try db.execute(sql: statement) }
                }
            }
            let (isForeign, isSuperseded) = try pool.read { db in
                let isForeign = try Bool.fetchOne(
                    db, sql: "SELECT count(*) > 0 AND sum(name = 'grdb_migrations') = 0 FROM sqlite_master WHERE type = 'table'")
                return (isForeign ?? false, try migrator.hasBeenSuperseded(db))
            }
            guard !isForeign else {
                throw StoreError(
                    .notADatabase, "The database \(path) belongs to another program.",
                    remedy: "Name another file with --store sqlite:FILE.")
            }
            guard !isSuperseded else {
                throw StoreError(
                    .newer, "The store \(path) was written by a newer Muster, or is a sandbox's.",
                    remedy: "Use that version, or name another store with --store sqlite:FILE.")
            }
            try migrator.migrate(pool)
            readers = try Readers(path: path, count: Self.readerCount, configuration, commits: count, isOursAlone: isOursAlone)
        } catch {
            throw StoreError.wrap(error, path: path)
        }
        queue = CommitQueue(pool: pool, statements: statements, readers: readers, commits: count)
    }

    /// Closes the file. Later calls fail.
    public func close() throws {
        try readers.close()
        pool.unsafeReentrantWrite { _ in statements.forget() }
        try pool.close()
    }

    public var commits: UInt64 { count.value }

    public func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        do {
            try Task.checkCancellation()
            return try readHere(body)
        } catch {
            throw StoreError.wrap(error, path: path)
        }
    }

    /// On the calling thread: to change threads for it and back costs as much as ten look-ups.
    private func readHere<T>(_ body: (any Transaction) throws -> T) throws -> T {
        try readers.read(body)
    }

    @discardableResult
    public func write<T: Sendable>(_ tenant: String, _ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        do {
            return try await queue.commit(body)
        } catch {
            throw StoreError.wrap(error, path: path)
        }
    }

    public func writeAside(_ body: @escaping @Sendable (any Transaction) throws -> Void) async throws {
        do {
            try await queue.commit(isAside: true, body)
        } catch {
            throw StoreError.wrap(error, path: path)
        }
    }

    /// The file holds people's names and addresses: it is made readable to its owner alone.
    static func createPrivately(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        // Where it cannot be made, opening it says why.
        _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
    }
}

extension StoreError {
    /// Names the cause and the remedy of a database error; other errors pass as they are.
    static func wrap(_ error: any Error, path: String) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        switch error.resultCode {
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            return readOnly(path)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return StoreError(
                .locked, "The store \(path) is locked by another process.", remedy: "Wait until that process has finished, then repeat.")
        case .SQLITE_FULL:
            return StoreError(
                .diskFull, "The disk that holds \(path) is full; the last change was taken back whole.",
                remedy: "Free some space, then repeat: nothing half done is in the store.")
        case .SQLITE_IOERR:
            return StoreError(
                .diskFull, "The store \(path) cannot be read or written (\(error.message ?? "input/output error")).",
                remedy: "Look at the disk (space, quota, errors), then repeat.")
        case .SQLITE_CANTOPEN:
            // A file in WAL mode cannot even be read where its log beside it cannot be made.
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            if FileManager.default.fileExists(atPath: path),
                !FileManager.default.isWritableFile(atPath: path) || !FileManager.default.isWritableFile(atPath: folder)
            {
                return readOnly(path)
            }
            return StoreError(
                .cannotOpen, "The store \(path) cannot be opened or created.",
                remedy: "Make its folder, or name another store with --store sqlite:FILE.")
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            return StoreError(
                .notADatabase, "The file \(path) is no Muster store.", remedy: "Name another file with --store sqlite:FILE.")
        case .SQLITE_CONSTRAINT:
            return StoreError(.constraint, "The store refused a change (\(error.message ?? "constraint")).", remedy: "Report this.")
        default:
            return StoreError(.failed, "The store \(path) failed (\(error.message ?? "\(error.resultCode)")).", remedy: "Report this.")
        }
    }

    private static func readOnly(_ path: String) -> StoreError {
        StoreError(
            .readOnly, "The store \(path) cannot be written.",
            remedy: "Give yourself the right to write the file and its folder, or name another store with --store sqlite:FILE.")
    }
}

final class SQLiteTransaction<C: Connection>: Transaction {
    private let connection: C
    private let statements: PreparedStatements
    let commits: UInt64?

    /// - Parameter statements: the connection's.
    init(_ connection: C, _ statements: PreparedStatements, commits: UInt64? = nil) {
        self.connection = connection
        self.statements = statements
        self.commits = commits
    }

    func each(_ sql: String, _ arguments: [SQLValue], _ row: (any SQLRow) throws -> Bool) throws {
        try check()
        try statements.statement(sql, connection).run(arguments) { try row($0) }
    }

    func eachOnce(_ sql: String, _ arguments: [SQLValue], _ row: (any SQLRow) throws -> Bool) throws {
        try check()
        try connection.prepare(sql).run(arguments) { try row($0) }
    }

    func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
        try check()
        try statements.statement(sql, connection).run(arguments) { _ in true }
        return connection.changes
    }

    /// A full disk takes the whole transaction back by itself: what came after that would be outside of any.
    private func check() throws {
        guard connection.isInsideTransaction else {
            throw DatabaseError(resultCode: .SQLITE_ABORT, message: "the transaction was taken back by the database")
        }
    }
}
