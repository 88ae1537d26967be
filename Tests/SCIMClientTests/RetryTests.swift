import HTTPTransport
import SCIM
import SCIMClient
import Synchronization
import TestSupport
import Testing

/// What is made again, after which wait, and what never.
@Suite struct RetryTests {
    private static let user = #"{"id":"1"}"#

    private func read(
        _ server: ScriptedServer, _ clock: ManualClock = ManualClock(advancesItself: true), retry: RetryPolicy = .standard
    ) async throws {
        _ = try await server.client(retry: retry, clock: clock).get(.users, id: "1")
    }

    private func write(_ server: ScriptedServer, _ clock: ManualClock = ManualClock(advancesItself: true)) async throws {
        _ = try await server.client(clock: clock).create(.users, JSONObject())
    }

    @Test(arguments: [TransportError.refused, .lost, .late])
    func `A read is repeated after trouble on the way`(trouble: TransportError) async throws {
        let clock = ManualClock(advancesItself: true)
        let server = ScriptedServer([
            .fail("GET", "/Users/1", trouble), .fail("GET", "/Users/1", trouble), .on("GET", "/Users/1", Self.user),
        ])
        try await read(server, clock)
        #expect(clock.sleeps == [.milliseconds(250), .milliseconds(500)])
    }

    @Test(arguments: [500, 502, 503, 504])
    func `A read is repeated after trouble at the server, and given up after four tries`(status: Int) async throws {
        let server = ScriptedServer(Array(repeating: .on("GET", "/Users/1", status: status), count: 4))
        let error = try await scimError { try await read(server) }
        #expect(error.code == .server)
        #expect(!error.outcomeUnknown)
        #expect(server.left == 0)
    }

    @Test(arguments: [TransportError.lost, .late])
    func `A write that may have arrived is never sent again`(trouble: TransportError) async throws {
        let server = ScriptedServer([.fail("POST", "/Users", trouble)])
        let error = try await scimError { try await write(server) }
        #expect(error.code == .unreachable)
        #expect(error.outcomeUnknown)
    }

    @Test(arguments: [500, 502, 503, 504])
    func `A write that the server failed at is never sent again`(status: Int) async throws {
        let server = ScriptedServer([.on("POST", "/Users", status: status, headers: [("Retry-After", "1")])])
        #expect(try await scimError { try await write(server) }.outcomeUnknown)
    }

    @Test func `A write that surely did not arrive is sent again`() async throws {
        let server = ScriptedServer([
            .fail("POST", "/Users", .refused), .on("POST", "/Users", status: 429), .on("POST", "/Users", status: 201, Self.user),
        ])
        try await write(server)
        let down = ScriptedServer(Array(repeating: .fail("POST", "/Users", .refused), count: 4))
        let error = try await scimError { try await write(down) }
        #expect(error.code == .unreachable)
        #expect(!error.outcomeUnknown)
    }

    @Test(
        arguments: [
            ("7", nil, Duration.seconds(7)), ("0", nil, .milliseconds(250)), ("soon", nil, .milliseconds(250)),
            ("-3", nil, .milliseconds(250)),
            ("Thu, 01 Jan 2026 00:01:00 GMT", "Wed, 31 Dec 2025 23:59:30 GMT", .seconds(90)),
            ("Fri, 01 Mar 2024 00:00:00 GMT", "Wed, 28 Feb 2024 23:58:00 GMT", .milliseconds(250)),
            ("Thu, 01 Jan 2026 00:01:00 GMT", nil, .milliseconds(250)),
        ] as [(String, String?, Duration)])
    func `What the server says of the wait counts`(after: String, date: String?, wait: Duration) async throws {
        let clock = ManualClock(advancesItself: true)
        // A leap day lies between the dates of the sixth row: that wait is beyond all patience, and the call ends.
        let isTooLong = after.hasPrefix("Fri")
        let headers = [("retry-after", after)] + (date.map { [("date", $0)] } ?? [])
        let server = ScriptedServer(
            [.on("GET", "/Users/1", status: 429, headers: headers)] + (isTooLong ? [] : [.on("GET", "/Users/1", Self.user)]))
        if isTooLong {
            let error = try await scimError { try await read(server, clock) }
            #expect(error.code == .rateLimited)
            #expect(error.remedy.contains("86520 s"))
        } else {
            try await read(server, clock)
            #expect(clock.sleeps == [wait])
        }
    }

    @Test func `Limits have more patience than trouble, and an end`() async throws {
        let server = ScriptedServer(Array(repeating: .on("POST", "/Users", status: 429, headers: [("Retry-After", "1")]), count: 20))
        let error = try await scimError { try await write(server) }
        #expect(error.code == .rateLimited)
        #expect(!error.outcomeUnknown)
        #expect(server.left == 0)
    }

    @Test func `A wait beyond the policy's patience is not waited for`() async throws {
        let clock = ManualClock(advancesItself: true)
        let server = ScriptedServer([.on("GET", "/Users/1", status: 503, headers: [("Retry-After", "301")])])
        #expect(try await scimError { try await read(server, clock) }.code == .server)
        #expect(clock.sleeps.isEmpty)
    }

    @Test func `Waits double up to the cap, less what chance takes away`() {
        let policy = RetryPolicy(base: .seconds(1), cap: .seconds(10), jitter: 0.5)
        #expect((1...6).map { policy.delay(attempt: $0, told: nil, random: 0) } == [1, 2, 4, 8, 10, 10].map { Duration.seconds($0) })
        #expect(policy.delay(attempt: 3, told: nil, random: 1) == .seconds(2))
        #expect(policy.delay(attempt: 3, told: .seconds(7), random: 1) == .milliseconds(7_500), "never before the server's time")
        #expect(RetryPolicy(attempts: 0, limitedAttempts: -1, jitter: 9) == RetryPolicy(attempts: 1, limitedAttempts: 1, jitter: 1))
    }

    @Test(arguments: ["GET", "POST"])
    func `A refused token is renewed once, for writes too`(method: String) async throws {
        let asked = Mutex<[String]>([])
        let source = SCIMTokenSource {
            "old"
        } renewed: { refused in
            asked.withLock { $0.append(refused) }
            return "new"
        }
        let path = method == "GET" ? "/Users/1" : "/Users"
        let server = ScriptedServer([.on(method, path, status: 401), .on(method, path, status: 200, Self.user)])
        let client = server.client(token: source)
        if method == "GET" { _ = try await client.get(.users, id: "1") } else { _ = try await client.create(.users, JSONObject()) }
        #expect(server.requests.map { $0.header("Authorization") } == ["Bearer old", "Bearer new"])
        #expect(asked.withLock { $0 } == ["old"])
        let closed = ScriptedServer([.on("GET", "/Users/1", status: 401), .on("GET", "/Users/1", status: 401)])
        #expect(try await scimError { try await closed.client(token: source).get(.users, id: "1") }.code == .unauthorized)
    }

    @Test func `Without another token a refusal is final`() async throws {
        let server = ScriptedServer([.on("GET", "/Users/1", status: 401), .on("GET", "/Users/1", status: 401)])
        #expect(try await scimError { try await read(server) }.code == .unauthorized)
        let same = SCIMTokenSource {
            "t"
        } renewed: {
            $0
        }
        #expect(try await scimError { try await server.client(token: same).get(.users, id: "1") }.code == .unauthorized)
    }

    @Test func `Where there is no token nothing is sent, and the reason is handed on`() async throws {
        struct NoToken: Error {}
        let server = ScriptedServer([])
        await #expect(throws: NoToken.self) {
            try await server.client(token: SCIMTokenSource { throw NoToken() }).create(.users, JSONObject())
        }
    }

    @Test(arguments: [false, true])
    func `A call that is cancelled leaves a write unknown only where it had left`(hadLeft: Bool) async throws {
        let error = TransportError(.cancelled, mayHaveReachedServer: hadLeft, "cancelled")
        let server = ScriptedServer([.fail("POST", "/Users", error)])
        if hadLeft {
            #expect(try await scimError { try await write(server) }.outcomeUnknown)
        } else {
            await #expect(throws: CancellationError.self) { try await write(server) }
        }
    }

    @Test func `Calls are counted and told of, without their queries`() async throws {
        let told = Mutex<[String]>([])
        let server = ScriptedServer([
            .fail("GET", "/Users", .lost), .on("GET", "/Users", #"{"totalResults":0}"#),
        ])
        let client = SCIMClient(
            baseURL: ScriptedServer.base, token: SCIMTokenSource(fixed: "t"), transport: server, clock: ManualClock(advancesItself: true),
            observe: { call in told.withLock { $0.append("\(call.method) \(call.path) \(call.outcome)") } })
        _ = try await client.find(userName: "ann")
        #expect(told.withLock { $0 } == ["GET /Users connectionLost", "GET /Users 200"])
        #expect(client.calls == 2)
    }
}
