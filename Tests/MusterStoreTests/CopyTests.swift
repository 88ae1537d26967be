import Foundation
import Synchronization
import Testing

@testable import MusterStore

/// Copies of a whole store, and the way back.
@Suite struct CopyTests {
    @Test(arguments: [true, false]) func aCopyStaysAsItWas(_ isTemporary: Bool) async throws {
        let folder = try TemporaryFolder()
        let store =
            try isTemporary
            ? SQLiteStore.temporary(migrations: [noteMigration]) : SQLiteStore(path: folder.file(), migrations: [noteMigration])
        try await store.add("one")
        let copy = try await store.copy()
        #expect(copy.bytes > 4_096)
        try await store.add("two")
        #expect(try await copy.read { tx in try tx.all("SELECT text FROM note") { $0.text(0) } } == ["one"])
        #expect(try await store.notes() == ["one", "two"])
        try await store.restore(from: copy)
        #expect(try await store.notes() == ["one"])
        try await store.add("three")
        #expect(try await store.notes() == ["one", "three"])
        // A copy serves more than once.
        try await store.restore(from: copy)
        #expect(try await store.notes() == ["one"])
    }

    @Test func aCopyIsOnePlainFile() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.file(), migrations: [noteMigration])
        try await store.add("one")
        try Data("something else".utf8).write(to: URL(fileURLWithPath: folder.file("copy.db")))
        try await store.copy(to: folder.file("copy.db"))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(Set(names) == ["store.db", "store.db-wal", "store.db-shm", "copy.db"])
        let header = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file("copy.db"))).prefix(20))
        // File format of SQLite, section 1.3.3: 1 is without a write-ahead log.
        #expect(header.suffix(2) == [1, 1])
        let mode = try FileManager.default.attributesOfItem(atPath: folder.file("copy.db"))[.posixPermissions] as? Int
        #expect(mode == 0o600)
        try await store.add("two")
        try await store.restore(from: folder.file("copy.db"))
        #expect(try await store.notes() == ["one"])
        let opened = try SQLiteStore(path: folder.file("copy.db"), migrations: [noteMigration])
        #expect(try await opened.notes() == ["one"])
    }

    @Test func aRestoreIsAllOrNothing() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.file(), migrations: [noteMigration])
        try await store.add("one")
        try await store.copy(to: folder.file("copy.db"))
        try await store.add("two")
        let seen = Mutex<Int?>(nil)
        await #expect(throws: Refusal.self) {
            try await store.restore(from: folder.file("copy.db")) { tx in
                let count = try tx.first("SELECT count(*) FROM note", []) { $0.int(0) }
                seen.withLock { $0 = count }
                throw Refusal()
            }
        }
        #expect(seen.withLock { $0 } == 1)
        #expect(try await store.notes() == ["one", "two"])
        try await store.restore(from: folder.file("copy.db"), keeping: ["note"])
        #expect(try await store.notes() == ["one", "two"])
    }

    @Test func whoReadsMeanwhileSeesAllOrNothing() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.file(), migrations: [noteMigration])
        try await store.write("t") { tx in
            for number in 0..<500 { _ = try tx.execute("INSERT INTO note (text) VALUES ($1)", [.text("a\(number)")]) }
        }
        let file = folder.file("copy.db")
        try await store.copy(to: file)
        try await store.write("t") { tx in _ = try tx.execute("UPDATE note SET text = 'b' || text") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<50 {
                        let counts = try await store.read { tx in
                            try tx.all("SELECT substr(text, 1, 1), count(*) FROM note GROUP BY 1") { ($0.text(0), $0.int(1)) }
                        }
                        #expect(counts.count == 1 && counts.first?.1 == 500)
                    }
                }
            }
            group.addTask {
                for _ in 0..<10 {
                    try await store.restore(from: file)
                    try await store.write("t") { tx in _ = try tx.execute("UPDATE note SET text = 'b' || text") }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func whatIsNoCopyIsRefused() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.file(), migrations: [noteMigration])
        try await store.add("one")
        #expect(await storeError { try await store.restore(from: folder.file("nowhere.db")) }?.code == .cannotOpen)
        try Data(repeating: 7, count: 8_192).write(to: URL(fileURLWithPath: folder.file("junk.db")))
        #expect(await storeError { try await store.restore(from: folder.file("junk.db")) }?.code == .notADatabase)
        let other = try SQLiteStore(
            path: folder.file("other.db"), migrations: [noteMigration, Migration("002", ["CREATE TABLE more (id INTEGER) STRICT"])])
        try await other.copy(to: folder.file("newer.db"))
        #expect(await storeError { try await store.restore(from: folder.file("newer.db")) }?.code == .newer)
        #expect(await storeError { try await store.copy(to: folder.file("nowhere/copy.db")) } != nil)
        #expect(try await store.notes() == ["one"])
        try await store.add("two")
    }
}
