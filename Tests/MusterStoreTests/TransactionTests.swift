import MusterStore
import Testing

@Suite struct TransactionTests {
    @Test func writesAndReadsEveryKindOfValue() async throws {
        let store = try SQLiteStore.temporary(migrations: [noteMigration])
        let changed = try await store.write("t") { tx in
            try tx.execute(
                "INSERT INTO note (id, text, body) VALUES ($1, $2, $3), ($4, $5, $6)",
                [.integer(.max), "漢 👩‍👩‍👧", .blob([0, 255]), .integer(.min), "", nil])
        }
        #expect(changed == 2)
        let rows = try await store.read { tx in
            try tx.all("SELECT id, text, body FROM note ORDER BY id DESC") { row in
                "\(row.integer(0)) \(row.text(1)) \(row.blob(2)) \(row.isNull(2)) \(row.textOrNil(2) == nil)"
            }
        }
        #expect(rows == ["\(Int64.max) 漢 👩‍👩‍👧 [0, 255] false false", "\(Int64.min)  [] true true"])
    }

    @Test func placeholdersGoByNumberNotByOrder() async throws {
        let store = try SQLiteStore.temporary(migrations: [])
        let texts = try await store.read { tx in
            try tx.all("SELECT $2, $1, $2, $11", (1...11).map { .text("v\($0)") }) { row in (0..<4).map { row.text($0) } }
        }
        #expect(texts == [["v2", "v1", "v2", "v11"]])
    }

    @Test func firstStopsAndAllMaps() async throws {
        let store = try SQLiteStore.temporary(migrations: [noteMigration])
        for text in ["a", "b", "c"] { try await store.add(text) }
        let (first, none, count, truth) = try await store.read { tx in
            (
                try tx.first("SELECT text FROM note ORDER BY id") { $0.text(0) },
                try tx.first("SELECT text FROM note WHERE id < $1", [0]) { $0.text(0) },
                try tx.first("SELECT count(*) FROM note") { $0.int(0) },
                try tx.first("SELECT $1, $2, $3", [.bool(true), .bool(false), .bool(nil)]) {
                    [$0.boolOrNil(0), $0.boolOrNil(1), $0.boolOrNil(2)]
                }
            )
        }
        #expect(first == "a")
        #expect(none == nil)
        #expect(count == 3)
        #expect(truth == [true, false, nil])
    }

    @Test func aReadCannotWrite() async throws {
        let store = try SQLiteStore.temporary(migrations: [noteMigration])
        let error = await storeError { try await store.read { tx in _ = try tx.execute("INSERT INTO note (text) VALUES ('x')") } }
        #expect(error != nil)
        #expect(try await store.notes().isEmpty)
    }

    @Test func aThrowingBodyTakesBackItsOwnChanges() async throws {
        let store = try SQLiteStore.temporary(migrations: [noteMigration])
        await #expect(throws: Refusal(number: 7)) {
            try await store.write("t") { tx in
                _ = try tx.execute("INSERT INTO note (text) VALUES ('x')")
                throw Refusal(number: 7)
            }
        }
        #expect(try await store.notes().isEmpty)
        try await store.add("x")
        #expect(try await store.notes() == ["x"])
    }

    /// Bodies that wait together share one commit, and each answers for itself alone.
    @Test func concurrentBodiesSucceedAndFailOnTheirOwn() async throws {
        let store = try SQLiteStore.temporary(migrations: [noteMigration])
        let kept = try await withThrowingTaskGroup(of: Int?.self) { group in
            for number in 0..<200 {
                group.addTask {
                    do {
                        return try await store.write("t") { tx in
                            _ = try tx.execute("INSERT INTO note (id, text) VALUES ($1, $2)", [.int(number), .text("n\(number)")])
                            _ = try tx.execute("INSERT INTO extra (id) VALUES ($1)", [.int(number)])
                            if number % 3 == 0 { throw Refusal(number: number) }
                            return number
                        }
                    } catch let refusal as Refusal {
                        #expect(refusal.number == number)
                        return nil
                    }
                }
            }
            return try await group.reduce(into: Set<Int>()) { if let number = $1 { $0.insert(number) } }
        }
        #expect(kept == Set((0..<200).filter { $0 % 3 != 0 }))
        let (notes, extras) = try await store.read { tx in
            (
                try tx.all("SELECT id FROM note") { $0.int(0) },
                try tx.all("SELECT id FROM extra") { $0.int(0) }
            )
        }
        #expect(Set(notes) == kept)
        #expect(Set(extras) == kept)
        #expect(extras.count == kept.count)
    }

    @Test func aBrokenRuleIsAConstraintAndSparesTheOthers() async throws {
        let store = try SQLiteStore.temporary(migrations: [noteMigration])
        try await store.add("a")
        async let good: Void = store.add("b")
        async let bad = storeError { try await store.add("a") }
        try await good
        #expect(await bad?.code == .constraint)
        #expect(try await store.notes() == ["a", "b"])
    }

    @Test func aBodySeesItsOwnChangesAndAReaderOnlyCommittedOnes() async throws {
        let store = try SQLiteStore.temporary(migrations: [noteMigration])
        let seen = try await store.write("t") { tx in
            _ = try tx.execute("INSERT INTO note (text) VALUES ('x')")
            return try tx.all("SELECT text FROM note") { $0.text(0) }
        }
        #expect(seen == ["x"])
        #expect(try await store.notes() == ["x"])
    }

    @Test func aWrongStatementNamesTheStore() async throws {
        let store = try SQLiteStore.temporary(migrations: [])
        let error = await storeError { try await store.read { tx in try tx.each("SELEKT", []) { _ in true } } }
        #expect(error?.code == .failed)
    }
}
