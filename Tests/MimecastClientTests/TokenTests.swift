import HTTPTransport
import Mimecast
import Testing
import TestSupport

@testable import MimecastClient

struct TokenTests {
    private static let expired = #"{"fail":[{"code":"token_expired","message":"Token is expired"}]}"#
    private static let unauthorized = #"{"fail":[{"code":"unauthorized","message":"no"}]}"#

    @Test func theTokenCallIsAForm() async throws {
        let transport = ScriptedTransport([.token("tok", times: 1), .expect(Fixture.accountPath, Fixture.account)])
        let client = Fixture.client(transport, credentials: .v2(clientID: "a b", clientSecret: "x&y=+ü"))
        _ = try await client.tenant()
        let request = try #require(transport.requests.first)
        #expect(request.header("content-type") == "application/x-www-form-urlencoded")
        #expect(request.text == "grant_type=client_credentials&client_id=a%20b&client_secret=x%26y%3D%2B%C3%BC")
        #expect(request.header("authorization") == nil)
        let call = try #require(transport.requests.last)
        #expect(call.header("authorization") == "Bearer tok")
        #expect(call.header("content-type") == "application/json")
        #expect(client.calls == 2)
        transport.assertDone()
    }

    @Test func concurrentCallsShareOneTokenCall() async throws {
        let gate = Gate()
        let transport = ScriptedTransport(
            [
                Step("/oauth/token") { _ throws(TransportError) in
                    await gate.pass()
                    return WireReply(status: 200, body: Array(#"{"access_token":"t","expires_in":1799}"#.utf8))
                },
                .expect(Fixture.accountPath, times: 32, Fixture.account),
            ], order: .any)
        let client = Fixture.client(transport)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<32 { group.addTask { _ = try await client.tenant() } }
            await gate.waitForArrivals()
            for _ in 0..<200 { await Task.yield() }
            gate.open()
            try await group.waitForAll()
        }
        #expect(transport.requests(to: "/oauth/token").count == 1)
        #expect(client.calls == 33)
        transport.assertDone()
    }

    @Test func concurrentRefusalsShareOneRenewal() async throws {
        let transport = ScriptedTransport(
            [
                .token("old", times: 1), .expect(Fixture.accountPath, Fixture.account),
                .expect(
                    Fixture.accountPath, times: 16, where: { $0.header("authorization") == "Bearer old" }, status: 401, Self.unauthorized),
                .token("new", times: 1),
                .expect(Fixture.accountPath, times: 16, where: { $0.header("authorization") == "Bearer new" }, Fixture.account),
            ], order: .any)
        let client = Fixture.client(transport)
        _ = try await client.tenant()
        try await withThrowingTaskGroup(of: Void.self) { group in
            let gate = Gate()
            for _ in 0..<16 {
                group.addTask {
                    await gate.pass()
                    _ = try await client.tenant()
                }
            }
            await gate.waitForArrivals(16)
            gate.open()
            try await group.waitForAll()
        }
        #expect(transport.requests(to: "/oauth/token").count == 2)
    }

    @Test(
        arguments: [
            // Life in seconds, nil where the answer does not say; the seconds for which it is used.
            (1_799, 1_739), (3_600, 3_540), (nil, 1_740), (120, 60), (119, 59), (100, 50), (30, 15), (2, 1),
        ] as [(Int?, Int)])
    func renewsEarly(life: Int?, use: Int) async throws {
        let clock = ManualClock()
        let gate = Gate()
        let expiry = life.map { #","expires_in":\#($0)"# } ?? ""
        let transport = ScriptedTransport(
            [
                .token("old", life: life, times: 1),
                Step("/oauth/token", times: nil) { _ throws(TransportError) in
                    await gate.pass()
                    return WireReply(status: 200, body: Array(#"{"access_token":"new"\#(expiry)}"#.utf8))
                },
                .expect(Fixture.accountPath, times: nil, Fixture.account),
            ], order: .any)
        let client = Fixture.client(transport, clock: clock)
        _ = try await client.tenant()
        clock.advance(by: .seconds(use) - .milliseconds(1))
        _ = try await client.tenant()
        #expect(transport.requests(to: "/oauth/token").count == 1)
        clock.advance(by: .milliseconds(501))
        _ = try await client.tenant()
        #expect(transport.requests(to: Fixture.accountPath).last?.header("authorization") == "Bearer old", "the old one still serves")
        await gate.waitForArrivals()
        // Its time is over while the new one is fetched: now calls wait for that one.
        clock.advance(by: .seconds(4_000))
        async let late = client.tenant()
        gate.open()
        _ = try await late
        #expect(transport.requests(to: Fixture.accountPath).last?.header("authorization") == "Bearer new")
        // One more where the call came only after the new one had: its life counts from when it was asked for, and is over as well.
        #expect([2, 3].contains(transport.requests(to: "/oauth/token").count))
    }

    @Test func aRenewalThatFailsInTheBackgroundIsNobodysAffair() async throws {
        let clock = ManualClock(advancesItself: true)
        let transport = ScriptedTransport(
            [
                .token("old", life: 1_799, times: 1), .fail("/oauth/token", .refusedConnection), .token("new", times: 1),
                .expect(Fixture.accountPath, times: nil, Fixture.account),
            ], order: .any)
        let client = Fixture.client(transport, clock: clock)
        _ = try await client.tenant()
        clock.advance(by: .seconds(1_745))
        for _ in 0..<3 {
            _ = try await client.tenant()
            for _ in 0..<200 { await Task.yield() }
        }
        #expect(transport.requests(to: "/oauth/token").count <= 2, "not again at once")
        clock.advance(by: .seconds(55))
        _ = try await client.tenant()
        #expect(transport.requests.last?.header("authorization") == "Bearer new")
        transport.assertDone()
    }

    @Test func aLifeMayBeText() async throws {
        let clock = ManualClock()
        let transport = ScriptedTransport([
            .expect("/oauth/token", times: nil, #"{"access_token":"t","expires_in":"30"}"#),
            .expect(Fixture.accountPath, times: nil, Fixture.account),
        ])
        let client = Fixture.client(transport, clock: clock)
        _ = try await client.tenant()
        clock.advance(by: .seconds(29))
        _ = try await client.tenant()
        #expect(transport.requests(to: "/oauth/token").count == 2)
    }

    @Test func aFailedRenewalDoesNotStick() async throws {
        let transport = ScriptedTransport([
            .expect("/oauth/token", times: 4, status: 503, ""), .token(times: 1), .expect(Fixture.accountPath, Fixture.account),
        ])
        let client = Fixture.client(transport)
        #expect(try await clientError { try await client.tenant() }.code == .server)
        _ = try await client.tenant()
        transport.assertDone()
    }

    @Test func theTokenCallIsRepeatedEvenForAWrite() async throws {
        let clock = ManualClock(advancesItself: true)
        let transport = ScriptedTransport([
            .fail("/oauth/token", .noAnswer), .expect("/oauth/token", status: 429, headers: [("Retry-After", "3")], ""),
            .expect("/oauth/token", status: 502, ""), .token(times: 1),
            .expect("/api/user/create-user", #"{"data":[{"id":"1","emailAddress":"a@example.com"}],"fail":[]}"#),
        ])
        try await Fixture.client(transport, clock: clock).create(NewAccount(address: "a@example.com", name: "A"))
        #expect(clock.sleeps == [.milliseconds(250), .seconds(3), .milliseconds(500)])
        transport.assertDone()
    }

    @Test func aTokenCallWithoutAnswerLeavesNoWriteOpen() async throws {
        let transport = ScriptedTransport([.fail("/oauth/token", times: 4, .noAnswer)])
        let error = try await clientError { try await Fixture.client(transport).create(NewAccount(address: "a@example.com", name: "A")) }
        #expect(error.code == .unreachable)
        #expect(!error.outcomeUnknown)
    }

    @Test(arguments: [TokenTests.expired, TokenTests.unauthorized, "<html>", ""])
    func aCachedTokenThatIsRefusedIsRenewedOnce(body: String) async throws {
        let transport = ScriptedTransport([
            .token("old", times: 1), .expect(Fixture.accountPath, Fixture.account),
            .expect(Fixture.accountPath, where: { $0.header("authorization") == "Bearer old" }, status: 401, body),
            .token("new", times: 1),
            .expect(Fixture.accountPath, where: { $0.header("authorization") == "Bearer new" }, Fixture.account),
        ])
        let client = Fixture.client(transport)
        _ = try await client.tenant()
        _ = try await client.tenant()
        transport.assertDone()
    }

    @Test func aWriteIsRepeatedAfterTheRenewal() async throws {
        let path = "/api/user/create-user"
        let transport = ScriptedTransport([
            .token("old", times: 1), .expect(path, status: 401, Self.expired), .token("new", times: 1),
            .expect(path, #"{"data":[{"id":"1","emailAddress":"a@example.com"}],"fail":[]}"#),
        ])
        try await Fixture.client(transport).create(NewAccount(address: "a@example.com", name: "A"))
        transport.assertDone()
    }

    @Test func aFreshTokenThatIsExpiredIsRenewedOnceAndThenFails() async throws {
        let transport = ScriptedTransport([
            .token(times: 1), .expect(Fixture.accountPath, status: 401, Self.expired), .token(times: 1),
            .expect(Fixture.accountPath, status: 401, Self.expired),
        ])
        let error = try await clientError { try await Fixture.client(transport).tenant() }
        #expect(error.code == .unauthorized)
        for word in ["secret", "region", "generation"] { #expect(error.remedy.contains(word)) }
        #expect(error.has(FailureCode.tokenExpired))
        transport.assertDone()
    }

    @Test func aFreshTokenThatIsRefusedFailsAtOnce() async throws {
        let transport = ScriptedTransport([.token(times: 1), .expect(Fixture.accountPath, status: 401, Self.unauthorized)])
        #expect(try await clientError { try await Fixture.client(transport).tenant() }.code == .unauthorized)
        transport.assertDone()
    }

    @Test(arguments: [
        (401, #"{"fail":[{"code":"unauthorized","message":"bad client"}]}"#),
        (400, #"{"error":"invalid_client","error_description":"bad client"}"#), (401, "<html>"), (401, ""),
    ])
    func aWrongSecretIsNotTriedAgain(status: Int, body: String) async throws {
        let transport = ScriptedTransport([.expect("/oauth/token", status: status, body)])
        let error = try await clientError { try await Fixture.client(transport).tenant() }
        #expect(error.code == .unauthorized)
        #expect(error.status == status)
        #expect(error.remedy.contains("region"))
        transport.assertDone()
    }

    @Test(arguments: ["{}", #"{"access_token":""}"#, "token", #"{"access_token":"t","expires_in":"soon"}"#])
    func anAnswerWithoutATokenIsMalformed(body: String) async throws {
        let transport = ScriptedTransport([.expect("/oauth/token", body)])
        #expect(try await clientError { try await Fixture.client(transport).tenant() }.code == .malformedReply)
        transport.assertDone()
    }

    @Test func theTokenIsSharedWithOtherServices() async throws {
        let transport = ScriptedTransport([
            .token("one", times: 1), .expect(Fixture.accountPath, Fixture.account), .fail("/oauth/token", .refusedConnection),
            .token("two", times: 1),
        ])
        let client = Fixture.client(transport)
        #expect(try await client.bearerToken() == "one")
        _ = try await client.tenant()
        #expect(try await client.bearerToken(inPlaceOf: "another") == "one", "somebody else renewed it already")
        #expect(try await client.bearerToken(inPlaceOf: "one") == "two", "after trouble, as ever")
        transport.assertDone()
        let v1 = Fixture.client(transport, credentials: Fixture.v1)
        #expect(try await clientError { try await v1.bearerToken() }.code == .misconfigured)
    }
}
