import MusterStore
import Testing

@Suite struct CommitCountTests {
    private struct Refused: Error {}

    @Test func growsWithWhatIsCommittedAndWithNothingElse() async throws {
        let store = try SQLiteStore.temporary(migrations: [Migration("1", ["CREATE TABLE t (n INTEGER NOT NULL) STRICT"])])
        let start = store.commits
        _ = try await store.read { tx in try tx.first("SELECT count(*) FROM t") { $0.int(0) } }
        #expect(store.commits == start)
        try await store.write("a") { tx in _ = try tx.execute("INSERT INTO t (n) VALUES (1)") }
        let after = store.commits
        #expect(after > start)
        await #expect(throws: Refused.self) { try await store.write("a") { _ in throw Refused() } }
        // Whoever remembered something by this number still sees the same.
        #expect(try await store.read { tx in try tx.first("SELECT count(*) FROM t") { $0.int(0) } } == 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let seen = store.commits
                    try await store.write("a") { tx in _ = try tx.execute("INSERT INTO t (n) VALUES ($1)", [.integer(Int64(number))]) }
                    #expect(store.commits > seen)
                }
            }
            try await group.waitForAll()
        }
    }
}
