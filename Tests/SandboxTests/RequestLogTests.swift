import MusterStore
import Testing

@testable import Sandbox

@Suite struct RequestLogTests {
    private func store() throws -> SQLiteStore { try SQLiteStore.temporary(migrations: SandboxSchema.migrations) }

    private func line(_ path: String) -> RequestLine {
        RequestLine(time: 1, method: "GET", path: path, application: nil, status: 200, effect: .read)
    }

    /// By a transaction that writes: readers need not see yet what was written aside.
    private func kept(_ store: any Store) async throws -> [String] {
        try await store.write("") { try $0.all("SELECT path FROM sb_requests ORDER BY id") { $0.text(0) } }
    }

    /// Until so many lines are in the table, or for minutes: a loaded machine takes its time for thousands of them.
    private func wait(for count: Int, _ store: any Store) async throws -> Int {
        for _ in 0..<10_000 {
            let now = try await kept(store).count
            if now >= count { return now }
            try await Task.sleep(for: .milliseconds(10))
        }
        return try await kept(store).count
    }

    @Test func manyLinesAreKeptBesideTheCalls() async throws {
        let store = try store()
        let log = try await store.read { try RequestLog($0) }
        let keeper = Task { await log.keep(store) }
        let most = RequestLog.mostWaiting
        for number in 1..<most { log.append(line("/\(number)")) }
        try await log.flushIfFull(store)
        #expect(try await kept(store).isEmpty)
        log.append(line("/\(most)"))
        // Returns at once; the keeper does it.
        try await log.flushIfFull(store)
        #expect(try await wait(for: most, store) == most)
        #expect(try await kept(store) == (1...most).map { "/\($0)" })
        keeper.cancel()
        await keeper.value
    }

    @Test func withoutAKeeperWhoeverBringsTooManyWaits() async throws {
        let store = try store()
        let log = try await store.read { try RequestLog($0) }
        let tooMany = 2 * RequestLog.mostWaiting
        for number in 1..<tooMany { log.append(line("/\(number)")) }
        try await log.flushIfFull(store)
        #expect(try await kept(store).isEmpty)
        log.append(line("/\(tooMany)"))
        try await log.flushIfFull(store)
        #expect(try await kept(store).count == tooMany)
    }

    /// Portions of any size keep every line, in order.
    @Test(arguments: [0, 1, 49, 50, 51, 100, 149])
    func everyLineIsKept(count: Int) async throws {
        let store = try store()
        let log = try await store.read { try RequestLog($0) }
        for number in 0..<count { log.append(line("/\(number)")) }
        try await log.write(store, tenant: "") { _, log in try log(line("/change")) }
        #expect(try await kept(store) == (0..<count).map { "/\($0)" } + ["/change"])
    }
}
