import HTTPTransport
import Mimecast
import Testing
import TestSupport

@testable import MimecastClient

struct RetryTests {
    private let createPath = "/api/user/create-user"
    private let created = #"{"meta":{"status":200},"data":[{"id":"1","emailAddress":"a@example.com"}],"fail":[]}"#

    private func create(_ transport: ScriptedTransport, clock: ManualClock = ManualClock(advancesItself: true)) async throws {
        try await Fixture.client(transport, clock: clock).create(NewAccount(address: "a@example.com", name: "A"))
    }

    @Test(arguments: [500, 502, 503, 504])
    func readsAreRepeatedOnServerTrouble(status: Int) async throws {
        let clock = ManualClock(advancesItself: true)
        let transport = ScriptedTransport([
            .token(), .expect(Fixture.accountPath, times: 2, status: status, headers: [("X-RateLimit-Reset", "5000")], "<html>"),
            .expect(Fixture.accountPath, Fixture.account),
        ])
        let client = Fixture.client(transport, clock: clock)
        #expect(try await client.tenant().accountCode == "CUSA1")
        // The reset stands on every answer and is not about this trouble.
        #expect(clock.sleeps == [.milliseconds(250), .milliseconds(500)])
        #expect(client.calls == 4)
        transport.assertDone()
    }

    @Test func aServerThatNamesAWaitIsObeyed() async throws {
        let clock = ManualClock(advancesItself: true)
        let transport = ScriptedTransport([
            .token(), .expect(Fixture.accountPath, status: 503, headers: [("retry-after", "9")], ""),
            .expect(Fixture.accountPath, Fixture.account),
        ])
        _ = try await Fixture.client(transport, clock: clock).tenant()
        #expect(clock.sleeps == [.seconds(9)])
    }

    @Test(arguments: [TransportError.refusedConnection, .lostConnection, .noAnswer])
    func readsAreRepeatedOnNetworkTrouble(trouble: TransportError) async throws {
        let transport = ScriptedTransport([
            .token(), .fail(Fixture.accountPath, trouble), .expect(Fixture.accountPath, Fixture.account),
        ])
        _ = try await Fixture.client(transport).tenant()
        transport.assertDone()
    }

    @Test func readsGiveUpAfterThePolicysTries() async throws {
        let transport = ScriptedTransport([.token(), .expect(Fixture.accountPath, times: 4, status: 500, "")])
        let error = try await clientError { try await Fixture.client(transport).tenant() }
        #expect(error.code == .server)
        #expect(error.status == 500)
        #expect(!error.outcomeUnknown)
        transport.assertDone()
    }

    @Test(arguments: [500, 501, 502, 503, 504])
    func writesAreNotRepeatedOnServerTrouble(status: Int) async throws {
        let transport = ScriptedTransport([.token(), .expect(createPath, status: status, "")])
        let error = try await clientError { try await create(transport) }
        #expect(error.code == .server)
        #expect(error.outcomeUnknown)
        transport.assertDone()
    }

    @Test(arguments: [TransportError.lostConnection, .noAnswer])
    func writesAreNotRepeatedOnceTheyMayHaveLeft(trouble: TransportError) async throws {
        let transport = ScriptedTransport([.token(), .fail(createPath, trouble)])
        let error = try await clientError { try await create(transport) }
        #expect(error.code == .unreachable)
        #expect(error.outcomeUnknown)
        transport.assertDone()
    }

    @Test func writesAreRepeatedWhereNothingLeft() async throws {
        let transport = ScriptedTransport([.token(), .fail(createPath, .refusedConnection), .expect(createPath, created)])
        try await create(transport)
        transport.assertDone()

        let closed = ScriptedTransport([.token(), .fail(createPath, times: 4, .refusedConnection)])
        let error = try await clientError { try await create(closed) }
        #expect(error.code == .unreachable)
        #expect(!error.outcomeUnknown)
        closed.assertDone()
    }

    @Test func writesAreRepeatedWhenTheQuotaRefusedThem() async throws {
        let clock = ManualClock(advancesItself: true)
        let transport = ScriptedTransport([
            .token(),
            .expect(createPath, status: 429, headers: [("X-RateLimit-Reset", "1500"), ("X-RateLimit-Remaining", "0")], ""),
            .expect(createPath, times: 6, status: 429, headers: [("Retry-After", "2")], ""),
            .expect(createPath, created),
        ])
        try await create(transport, clock: clock)
        #expect(clock.sleeps == [.milliseconds(1_500)] + Array(repeating: .seconds(2), count: 6))
        transport.assertDone()
    }

    @Test func aWaitBeyondPatienceIsToldAndNotTaken() async throws {
        let clock = ManualClock(advancesItself: true)
        let transport = ScriptedTransport([.token(), .expect(createPath, status: 429, headers: [("Retry-After", "900")], "")])
        let error = try await clientError { try await create(transport, clock: clock) }
        #expect(error.code == .rateLimited)
        #expect(error.remedy.contains("900 s"))
        #expect(!error.outcomeUnknown)
        #expect(clock.sleeps.isEmpty)
    }

    @Test func theQuotaEndsAfterItsOwnTries() async throws {
        let transport = ScriptedTransport([.token(), .expect(Fixture.accountPath, times: 20, status: 429, "")])
        let error = try await clientError { try await Fixture.client(transport).tenant() }
        #expect(error.code == .rateLimited)
        transport.assertDone()
    }

    @Test(arguments: [400, 403, 404, 405, 409, 418, 302])
    func otherAnswersAreFinal(status: Int) async throws {
        let transport = ScriptedTransport([.token(), .expect(Fixture.accountPath, status: status, "")])
        let error = try await clientError { try await Fixture.client(transport).tenant() }
        #expect(error.status == status)
        transport.assertDone()
    }

    @Test func cancellationEndsAWait() async throws {
        let clock = ManualClock()
        let transport = ScriptedTransport([.token(), .expect(createPath, status: 429, headers: [("Retry-After", "60")], "")])
        let task = Task { try await create(transport, clock: clock) }
        await clock.waitForSleepers()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(transport.requests(to: createPath).count == 1)
    }

    @Test func aCancelledTaskSendsNothing() async throws {
        let gate = Gate()
        let transport = ScriptedTransport([])
        let task = Task {
            await gate.pass()
            try await create(transport)
        }
        task.cancel()
        gate.open()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(transport.requests.isEmpty)
    }

    @Test(arguments: [(true, true), (true, false), (false, true)])
    func aCallCancelledInFlightIsOpenOnlyIfItWrites(writes: Bool, left: Bool) async throws {
        let path = writes ? createPath : Fixture.accountPath
        let cancelled = TransportError(.cancelled, mayHaveReachedServer: left, "cancelled")
        let transport = ScriptedTransport([.token(), .fail(path, cancelled)])
        if writes, left {
            let error = try await clientError { try await create(transport) }
            #expect(error.outcomeUnknown)
        } else {
            await #expect(throws: CancellationError.self) {
                if writes { try await create(transport) } else { _ = try await Fixture.client(transport).tenant() }
            }
        }
    }

    @Test func aRequestThatCannotBeSentIsNotRepeated() async throws {
        let invalid = TransportError(.invalid, mayHaveReachedServer: false, "no URL")
        let transport = ScriptedTransport([.fail("/oauth/token", invalid)])
        #expect(try await clientError { try await Fixture.client(transport).tenant() }.code == .misconfigured)
        transport.assertDone()
    }

    @Test func anAnswerTooLargeLeavesAWriteOpen() async throws {
        let large = TransportError(.replyTooLarge, mayHaveReachedServer: true, "too large")
        let transport = ScriptedTransport([.token(), .fail(createPath, large)])
        let error = try await clientError { try await create(transport) }
        #expect(error.code == .malformedReply)
        #expect(error.outcomeUnknown)
    }
}
