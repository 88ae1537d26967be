import HTTPTransport
import Mimecast
import Synchronization
import Testing
import TestSupport

@testable import MimecastClient

struct GateTests {
    /// Notes what it is asked and told.
    private final class Notes: CallGate {
        struct Refusal: Error {}

        let lines = Mutex<[String]>([])
        let refuses: Bool

        init(refuses: Bool = false) { self.refuses = refuses }

        func admit(category: EndpointDescription.Category, urgent: Bool) async throws -> CallTicket {
            if refuses { throw Refusal() }
            let number = lines.withLock { lines in
                lines.append("admit \(category)\(urgent ? " urgent" : "")")
                return UInt64(lines.count)
            }
            return CallTicket(category: category, urgent: urgent, number: number)
        }

        func answered(_ ticket: CallTicket, status: Int?, limit: RateLimit) async {
            let line = "\(ticket.category) \(status.map(String.init) ?? "-") \(limit.remaining.map(String.init) ?? "-")"
            lines.withLock { $0.append(line) }
        }
    }

    private func client(_ transport: ScriptedTransport, _ gate: any CallGate) -> TenantClient {
        TenantClient(
            baseURL: Fixture.base, dialect: .portal, credentials: Fixture.v2, transport: transport, gate: gate,
            clock: ManualClock(advancesItself: true), now: { Fixture.instant }, random: { 0 })
    }

    @Test func everyTryIsAskedForAndTold() async throws {
        let notes = Notes()
        let transport = ScriptedTransport([
            .token(), .expect(Fixture.accountPath, status: 429, headers: [("X-RateLimit-Remaining", "0")], ""),
            .fail(Fixture.accountPath, .noAnswer),
            .expect(Fixture.accountPath, headers: [("X-RateLimit-Remaining", "7")], Fixture.account),
        ])
        _ = try await client(transport, notes).urgent.tenant()
        #expect(
            notes.lines.withLock { $0 } == [
                "admit account urgent", "account 429 0", "admit account urgent", "account - -", "admit account urgent", "account 200 7",
            ])
    }

    @Test func urgencySharesTokenAndCount() async throws {
        let transport = ScriptedTransport([.token(times: 1), .expect(Fixture.accountPath, times: 2, Fixture.account)])
        let client = client(transport, OpenGate())
        _ = try await client.tenant()
        _ = try await client.urgent.urgent.tenant()
        #expect(client.calls == 3)
        transport.assertDone()
    }

    @Test func whatIsNotAdmittedIsNotSent() async throws {
        let transport = ScriptedTransport([.token()])
        await #expect(throws: Notes.Refusal.self) { try await client(transport, Notes(refuses: true)).tenant() }
        #expect(transport.requests(to: Fixture.accountPath).isEmpty)
    }

    @Test func aResetThatWasWrongOnceIsNotBelievedAlone() async throws {
        let clock = ManualClock(advancesItself: true)
        let transport = ScriptedTransport([
            .token(), .expect(Fixture.accountPath, times: 3, status: 429, headers: [("X-RateLimit-Reset", "5")], ""),
            .expect(Fixture.accountPath, Fixture.account),
        ])
        _ = try await Fixture.client(transport, clock: clock).tenant()
        #expect(clock.sleeps == [.milliseconds(5), .milliseconds(500), .seconds(1)])
    }

    @Test func aDateToWaitForIsObeyed() async throws {
        let clock = ManualClock(advancesItself: true)
        let transport = ScriptedTransport([
            .token(), .expect(Fixture.accountPath, status: 429, headers: [("Retry-After", "Sun, 21 Aug 2022 13:49:45 GMT")], ""),
            .expect(Fixture.accountPath, Fixture.account),
        ])
        _ = try await Fixture.client(transport, clock: clock).tenant()
        #expect(clock.sleeps == [.seconds(5)])
    }

    @Test func aWriteIsRepeatedWhereTheCallerSaysSo() async throws {
        let path = "/api/directory/add-group-member"
        let item = MemberChange(id: "g", emailAddress: "a@example.com")
        let added = #"{"data":[{"id":"m","folderId":"g","emailAddress":"a@example.com","internal":true}],"fail":[]}"#
        let transport = ScriptedTransport([
            .token(), .fail(path, .noAnswer), .expect(path, status: 503, ""), .expect(path, added),
        ])
        let reply = try await Fixture.client(transport).exchange(Endpoints.Portal.addMember, items: [item], mayRepeat: true)
        #expect(reply.envelope.data.count == 1)
        let lasting = ScriptedTransport([.token(), .fail(path, times: 4, .noAnswer)])
        let error = try await clientError {
            try await Fixture.client(lasting).exchange(Endpoints.Portal.addMember, items: [item], mayRepeat: true)
        }
        #expect(error.outcomeUnknown, "it may have been carried out all the same")
        lasting.assertDone()
    }

    @Test func anEarlierTryThatMayHaveHappenedIsNotForgotten() async throws {
        let path = "/api/directory/add-group-member"
        let item = MemberChange(id: "g", emailAddress: "a@example.com")
        for first in [Step.fail(path, .noAnswer), .expect(path, status: 502, "")] {
            let transport = ScriptedTransport([.token(), first, .expect(path, status: 403, "")])
            let error = try await clientError {
                try await Fixture.client(transport).exchange(Endpoints.Portal.addMember, items: [item], mayRepeat: true)
            }
            #expect(error.code == .forbidden && error.outcomeUnknown)
            transport.assertDone()
        }
    }

    @Test func aWriteCancelledBetweenTwoTriesIsOpen() async throws {
        let path = "/api/directory/add-group-member"
        let clock = ManualClock()
        let transport = ScriptedTransport([.token(), .fail(path, .noAnswer)])
        let task = Task {
            try await Fixture.client(transport, clock: clock).exchange(
                Endpoints.Portal.addMember, items: [MemberChange(id: "g", emailAddress: "a@example.com")], mayRepeat: true)
        }
        await clock.waitForSleepers()
        task.cancel()
        let error = try await clientError { try await task.value }
        #expect(error.outcomeUnknown)
    }
}
