import Foundation
import GRDB

/// A store as it was at one moment, for reading. Its file has no name any more, so that nothing stays behind, however the process ends.
///
/// A copy instead of a pinned read transaction: that would keep the write-ahead log of the store growing for as long as it is held.
public final class StoreCopy: ReadableStore {
    let queue: DatabaseQueue
    /// How large the file is.
    public let bytes: Int
    private let statements = PreparedStatements()

    fileprivate init(queue: DatabaseQueue, bytes: Int) {
        self.queue = queue
        self.bytes = bytes
    }

    public func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        do {
            return try await queue.read { [statements] db in try body(SQLiteTransaction(db, statements)) }
        } catch {
            throw StoreError.wrap(error, path: "of the past")
        }
    }
}

extension SQLiteStore {
    /// Copies everything, as of one moment, into a file that has no name. Writers go on meanwhile.
    public func copy() async throws -> StoreCopy {
        let folder = try PrivateFolder()
        defer { folder.remove() }
        let file = folder.file("copy.db")
        do {
            let queue = try await Self.fill(file, from: pool)
            return StoreCopy(queue: queue, bytes: Self.size(file))
        } catch {
            throw StoreError.wrap(error, path: file)
        }
    }

    /// Copies everything, as of one moment, into a file. It appears whole or not at all, and takes the place of one of that name.
    ///
    /// A process that is killed at it leaves `PATH.part` behind.
    public func copy(to path: String) async throws {
        let part = path + ".part"
        do {
            try? FileManager.default.removeItem(atPath: part)
            try Self.createPrivately(part)
            // SQLite has flushed the content when this returns; then the name is made durable, too.
            try await Self.fill(part, from: pool).close()
            guard part.withCString({ from in path.withCString { rename(from, $0) } }) == 0 else {
                throw DatabaseError(resultCode: .SQLITE_CANTOPEN)
            }
            flush(folder: URL(fileURLWithPath: path).deletingLastPathComponent().path)
        } catch {
            try? FileManager.default.removeItem(atPath: part)
            throw StoreError.wrap(error, path: path)
        }
    }

    /// Puts everything back as a file has it, in one durable transaction: who reads sees all of it or nothing, and so does who
    /// starts again after a kill.
    ///
    /// Rows are copied rather than pages: a table may be left out, and connections that are open keep their schema.
    ///
    /// - Parameters:
    ///   - path: a file that ``copy(to:)`` made.
    ///   - keeping: tables that stay as they are.
    ///   - check: looks at the result before it is committed; what it throws takes everything back.
    /// - Throws: ``StoreError`` of code `newer` where the file has another schema.
    public func restore(
        from path: String, keeping: Set<String> = [], check: @escaping @Sendable (any Transaction) throws -> Void = { _ in }
    ) async throws {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreError(.cannotOpen, "There is no file \(path).", remedy: "Name one that is there.")
        }
        do {
            try await pool.writeWithoutTransaction { [statements] db in
                try db.execute(sql: "ATTACH DATABASE ? AS copy", arguments: [path])
                defer { try? db.execute(sql: "DETACH DATABASE copy") }
                let tables = try Self.commonTables(db, path)
                try db.inTransaction(.immediate) {
                    for table in tables where !keeping.contains(table) {
                        try db.execute(sql: "DELETE FROM main.\"\(table)\"")
                        try db.execute(sql: "INSERT INTO main.\"\(table)\" SELECT * FROM copy.\"\(table)\"")
                    }
                    try check(SQLiteTransaction(db, statements))
                    return .commit
                }
            }
            count.raise()
            readers.settle()
        } catch {
            throw StoreError.wrap(error, path: path)
        }
    }

    /// The same, from a copy without a name.
    public func restore(
        from copy: StoreCopy, keeping: Set<String> = [], check: @escaping @Sendable (any Transaction) throws -> Void = { _ in }
    ) async throws {
        // A database is attached by its name, so it gets one for as long as that takes.
        let folder = try PrivateFolder()
        defer { folder.remove() }
        let file = folder.file("copy.db")
        do {
            try await Self.fill(file, from: copy.queue).close()
        } catch {
            throw StoreError.wrap(error, path: file)
        }
        try await restore(from: file, keeping: keeping, check: check)
    }

    /// The tables of both, which have to be the same.
    private static func commonTables(_ db: Database, _ path: String) throws -> [String] {
        func schema(_ name: String) throws -> [String] {
            try String.fetchAll(
                db, sql: "SELECT sql FROM \(name).sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
        }
        guard try schema("copy") == schema("main") else {
            throw StoreError(.newer, "The copy \(path) was made by another version.", remedy: "Use that version.")
        }
        return try String.fetchAll(
            db,
            sql: """
                SELECT name FROM main.sqlite_master
                WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'grdb_migrations' ORDER BY name
                """)
    }

    private static func fill(_ path: String, from source: some DatabaseReader) async throws -> DatabaseQueue {
        let queue = try DatabaseQueue(path: path)
        try await source.read { source in
            try queue.writeWithoutTransaction { copy in
                try source.backup(to: copy)
                // The copied header says that there is a log beside the file. There is none, and one file is easier to handle.
                try copy.execute(sql: "PRAGMA journal_mode = DELETE")
            }
        }
        return queue
    }

    private static func size(_ path: String) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }
}

/// Makes a rename durable. Where the system cannot, nothing is lost but the last name before a power cut.
private func flush(folder: String) {
    let descriptor = open(folder, O_RDONLY)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
}

/// A folder for its maker alone.
struct PrivateFolder: Sendable {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("muster-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StoreError(
                .cannotOpen, "No temporary folder could be made at \(url.path).",
                remedy: "Point TMPDIR at a folder that can be written.")
        }
    }

    func remove() { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> String { url.appendingPathComponent(name).path }
}
