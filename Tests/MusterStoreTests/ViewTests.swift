import Foundation
import MusterStore
import Testing

/// Views that stay open from read to read, where the store is the only one who writes.
struct ViewTests {
    @Test(arguments: [true, false]) func whoReadsAfterAWriteSeesIt(_ isOursAlone: Bool) async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.file(), migrations: numbers, isOursAlone: isOursAlone)
        defer { try? store.close() }
        // Several readers and one writer, each connection used again and again.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    var last = 0
                    for _ in 0..<200 {
                        let count = try await store.read { tx in
                            let first = try tx.first("SELECT count(*) FROM numbers", []) { $0.int(0) } ?? -1
                            let second = try tx.first("SELECT count(*) FROM numbers", []) { $0.int(0) } ?? -1
                            #expect(first == second)
                            return first
                        }
                        #expect(count >= last)
                        last = count
                    }
                }
            }
            group.addTask {
                for number in 1...100 {
                    try await store.write("t") { tx in _ = try tx.execute("INSERT INTO numbers VALUES ($1)", [.integer(Int64(number))]) }
                    let count = try await store.read { try $0.first("SELECT count(*) FROM numbers", []) { $0.int(0) } }
                    #expect(count == number)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func anotherProcessIsSeenByAStoreThatIsNotAlone() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.file(), migrations: numbers)
        let other = try SQLiteStore(path: folder.file(), migrations: numbers)
        defer {
            try? store.close()
            try? other.close()
        }
        for number in 1...10 {
            try await other.write("t") { tx in _ = try tx.execute("INSERT INTO numbers VALUES ($1)", [.integer(Int64(number))]) }
            #expect(try await store.read { try $0.first("SELECT count(*) FROM numbers", []) { $0.int(0) } } == number)
        }
    }

    @Test func aReadThatFailsLeavesItsConnectionUsable() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.file(), migrations: numbers, isOursAlone: true)
        defer { try? store.close() }
        for _ in 0..<10 {
            await #expect(throws: StoreError.self) {
                try await store.read { try $0.first("SELECT nothing FROM numbers", []) { $0.int(0) } }
            }
            #expect(try await store.read { try $0.first("SELECT count(*) FROM numbers", []) { $0.int(0) } } == 0)
        }
    }

    /// A view that nobody ends would keep the log from beginning anew: it would grow by every write.
    @Test func theLogBeginsAnewAlthoughSomebodyReadsBetweenAllWrites() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file()
        let store = try SQLiteStore(path: path, migrations: numbers, isOursAlone: true)
        defer { try? store.close() }
        for number in 1...3_000 {
            try await store.write("t") { tx in _ = try tx.execute("INSERT INTO numbers VALUES ($1)", [.integer(Int64(number))]) }
            _ = try await store.read { try $0.first("SELECT max(n) FROM numbers", []) { $0.int(0) } }
        }
        // A page and its header a commit: 12 MB and more without a fresh start; SQLite starts anew after 1,000 pages.
        let bytes = try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
        #expect(try #require(bytes) < 6_000_000)
    }
}

private let numbers = [Migration("numbers-1", ["CREATE TABLE numbers (n INTEGER PRIMARY KEY)"])]
