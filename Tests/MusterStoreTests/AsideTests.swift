import MusterStore
import Testing

@Suite struct AsideTests {
    private func store() throws -> SQLiteStore {
        try SQLiteStore.temporary(migrations: [Migration("numbers", ["CREATE TABLE numbers (number INTEGER NOT NULL) STRICT"])])
    }

    private func count(_ store: SQLiteStore) async throws -> Int {
        try await store.read { try $0.first("SELECT count(*) FROM numbers") { $0.int(0) } ?? 0 }
    }

    /// What is written aside is there, durable, and seen after the next write at the latest; nobody's view ends for it.
    @Test func whoReadsMayGoOnWithTheirView() async throws {
        let store = try store()
        #expect(try await count(store) == 0)
        let commits = store.commits
        try await store.writeAside { try $0.execute("INSERT INTO numbers VALUES (1)") }
        #expect(store.commits == commits)
        // Who writes sees it.
        let inside = try await store.write("") { tx in
            let seen = try tx.first("SELECT count(*) FROM numbers") { $0.int(0) } ?? 0
            try tx.execute("INSERT INTO numbers VALUES (2)")
            return seen
        }
        #expect(inside == 1)
        #expect(store.commits > commits)
        #expect(try await count(store) == 2)
    }

    /// The log of writes could not begin anew if views stayed open for ever.
    @Test func afterManyOfThemViewsEndAllTheSame() async throws {
        let store = try store()
        let commits = store.commits
        for number in 0..<100 {
            #expect(try await count(store) <= number)
            try await store.writeAside { try $0.execute("INSERT INTO numbers VALUES (1)") }
        }
        #expect((1...10).contains(store.commits - commits))
        #expect(try await count(store) > 60)
    }

    @Test func oneThatThrowsLeavesNothing() async throws {
        struct Refused: Error {}
        let store = try store()
        await #expect(throws: Refused.self) {
            try await store.writeAside { tx in
                try tx.execute("INSERT INTO numbers VALUES (1)")
                throw Refused()
            }
        }
        try await store.write("") { try $0.execute("INSERT INTO numbers VALUES (2)") }
        #expect(try await count(store) == 1)
    }
}
