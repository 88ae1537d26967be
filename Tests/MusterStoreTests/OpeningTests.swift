import Foundation
import MusterStore
import Testing

@Suite struct OpeningTests {
    @Test func whatWasWrittenIsThereAfterReopening() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.file(), migrations: [noteMigration])
        try await store.add("x")
        // Not closed: as after a crash, the change has to be in the file and its log already.
        let other = try SQLiteStore(path: folder.file(), migrations: [noteMigration])
        #expect(try await other.notes() == ["x"])
        try store.close()
        try other.close()
        #expect(try await SQLiteStore(path: folder.file(), migrations: [noteMigration]).notes() == ["x"])
    }

    @Test func aCommitIsFlushedToTheDisk() async throws {
        let store = try SQLiteStore.temporary(migrations: [])
        #expect(try await store.write("t") { tx in try tx.first("PRAGMA synchronous") { $0.int(0) } } == 2)
        #expect(try await store.write("t") { tx in try tx.first("PRAGMA journal_mode") { $0.text(0) } } == "wal")
        #expect(try await store.write("t") { tx in try tx.first("PRAGMA foreign_keys") { $0.int(0) } } == 1)
    }

    @Test func anotherProgramsDatabaseIsLeftAlone() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.file(), migrations: [noteMigration])
        try await store.add("x")
        // What is left looks as any other program's database does.
        try await store.write("t") { tx in try tx.execute("DROP TABLE grdb_migrations") }
        try store.close()
        let error = await storeError { _ = try SQLiteStore(path: folder.file(), migrations: [noteMigration]) }
        #expect(error?.code == .notADatabase)
        #expect(error?.message.contains("another program") == true)
    }

    @Test func furtherMigrationsRunOnce() async throws {
        let folder = try TemporaryFolder()
        try await SQLiteStore(path: folder.file(), migrations: [noteMigration]).add("x")
        let more = Migration("002-colour", ["ALTER TABLE note ADD COLUMN colour TEXT", "UPDATE note SET colour = 'red'"])
        for _ in 0..<2 {
            let store = try SQLiteStore(path: folder.file(), migrations: [noteMigration, more])
            #expect(try await store.read { tx in try tx.first("SELECT colour FROM note") { $0.text(0) } } == "red")
        }
    }

    @Test func aBrokenMigrationLeavesNothingBehind() async throws {
        let folder = try TemporaryFolder()
        let broken = Migration("002-broken", ["CREATE TABLE half (id INTEGER)", "CREATE TABEL"])
        let error = await storeError { _ = try SQLiteStore(path: folder.file(), migrations: [noteMigration, broken]) }
        #expect(error?.code == .failed)
        let store = try SQLiteStore(path: folder.file(), migrations: [noteMigration])
        #expect(try await store.read { tx in try tx.first("SELECT count(*) FROM sqlite_master WHERE name = 'half'") { $0.int(0) } } == 0)
    }

    @Test func aNewerStoreIsRefused() async throws {
        let folder = try TemporaryFolder()
        _ = try SQLiteStore(path: folder.file(), migrations: [noteMigration, Migration("002-later", ["CREATE TABLE later (id INTEGER)"])])
        let error = await storeError { _ = try SQLiteStore(path: folder.file(), migrations: [noteMigration]) }
        #expect(error?.code == .newer)
        #expect(error?.description.contains(folder.file()) == true)
    }

    @Test func aMissingFolderCannotBeOpened() async throws {
        let folder = try TemporaryFolder()
        let missing = folder.url.appendingPathComponent("no/such/store.db").path
        #expect(await storeError { _ = try SQLiteStore(path: missing, migrations: []) }?.code == .cannotOpen)
        #expect(await storeError { _ = try SQLiteStore(path: folder.url.path, migrations: []) }?.code == .cannotOpen)
    }

    @Test func anotherFileIsNoStoreAndStaysAsItIs() async throws {
        let folder = try TemporaryFolder()
        let text = "email,name\n" + String(repeating: "a@acme.example,Anna\n", count: 100)
        try text.write(toFile: folder.file("people.csv"), atomically: false, encoding: .utf8)
        let error = await storeError { _ = try SQLiteStore(path: folder.file("people.csv"), migrations: [noteMigration]) }
        #expect(error?.code == .notADatabase)
        #expect(try String(contentsOfFile: folder.file("people.csv"), encoding: .utf8) == text)
    }

    @Test func theFilesAreTheOwnersAlone() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.file(), migrations: [noteMigration])
        try await store.add("x")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.url.path) {
            let mode = try FileManager.default.attributesOfItem(atPath: folder.file(name))[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
        }
        try store.close()
    }

    @Test func aStoreWrittenByAnotherForTooLongIsLocked() async throws {
        let folder = try TemporaryFolder()
        let first = try SQLiteStore(path: folder.file(), migrations: [noteMigration])
        let second = try SQLiteStore(path: folder.file(), migrations: [noteMigration])
        let gate = DispatchSemaphore(value: 0)
        let (started, hasStarted) = AsyncStream<Void>.makeStream()
        async let held: Void = first.write("t") { tx in
            _ = try tx.execute("INSERT INTO note (text) VALUES ('held')")
            hasStarted.finish()
            _ = gate.wait(timeout: .now() + 60)
        }
        for await _ in started {}
        let error = await storeError { try await second.add("late") }
        #expect(error?.code == .locked)
        // Readers do not wait for the writer.
        #expect(try await second.notes().isEmpty)
        gate.signal()
        try await held
        try await second.add("later")
        #expect(try await first.notes() == ["held", "later"])
    }

    @Test func aFullDiskLeavesNothingHalfDone() async throws {
        let store = try SQLiteStore.temporary(migrations: [noteMigration])
        try await store.add("kept")
        let pages = try await store.write("t") { tx in try tx.first("PRAGMA page_count") { $0.int(0) } ?? 0 }
        try await store.write("t") { tx in try tx.each("PRAGMA max_page_count = \(pages + 2)", []) { _ in true } }
        let error = await storeError {
            try await store.write("t") { tx in
                _ = try tx.execute("INSERT INTO extra (id) VALUES (1)")
                for number in 0..<100 {
                    _ = try tx.execute("INSERT INTO note (text, body) VALUES ($1, zeroblob(4000))", [.text("n\(number)")])
                }
            }
        }
        #expect(error?.code == .diskFull)
        #expect(try await store.notes() == ["kept"])
        #expect(try await store.read { tx in try tx.first("SELECT count(*) FROM extra") { $0.int(0) } } == 0)
        try await store.write("t") { tx in try tx.each("PRAGMA max_page_count = 100000", []) { _ in true } }
        try await store.add("after")
        #expect(try await store.notes() == ["kept", "after"])
    }

    @Test func aBodyThatGoesOnAfterAFullDiskChangesNothing() async throws {
        let store = try SQLiteStore.temporary(migrations: [noteMigration])
        let pages = try await store.write("t") { tx in try tx.first("PRAGMA page_count") { $0.int(0) } ?? 0 }
        try await store.write("t") { tx in try tx.each("PRAGMA max_page_count = \(pages)", []) { _ in true } }
        let error = await storeError {
            try await store.write("t") { tx in
                _ = try? tx.execute("INSERT INTO note (text, body) VALUES ('big', zeroblob(400000))")
                _ = try? tx.execute("INSERT INTO extra (id) VALUES (1)")
            }
        }
        let extras = try await store.read { tx in try tx.first("SELECT count(*) FROM extra") { $0.int(0) } }
        // Either the first statement alone was taken back, or everything with an error: never a half without one.
        #expect(error == nil ? extras == 1 : extras == 0)
        #expect(try await store.notes().isEmpty)
    }

    @Test func aTemporaryStoreLeavesNothingBehind() async throws {
        let store = try SQLiteStore.temporary(migrations: [noteMigration])
        let path = try await store.read { tx in try tx.first("PRAGMA database_list") { $0.text(2) } }
        let file = try #require(path)
        // Not even while it is used: a killed process cannot clean up.
        #expect(!FileManager.default.fileExists(atPath: file))
        #expect(!FileManager.default.fileExists(atPath: (file as NSString).deletingLastPathComponent))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask { try await store.add("\(number)") }
                group.addTask { _ = try await store.notes() }
            }
            try await group.waitForAll()
        }
        #expect(try await store.notes().count == 20)
        try store.close()
        #expect(await storeError { try await store.add("x") } != nil)
    }
}
