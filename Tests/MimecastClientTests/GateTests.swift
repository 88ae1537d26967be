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

        func ended(_ ticket: CallTicket, _ outcome: CallOutcome) async {
            let end =
                switch outcome {
                case .answered(let status, let limit): "\(status) \(limit.remaining.map(String.init) ?? "-")"
                case .noAnswer: "no answer"
                case .notSent: "not sent"
                }
            lines.withLock { $0.append("\(ticket.category) \(end)") }
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
                "admit account urgent", "account 429 0", "admit account urgent", "account no answer", "admit account urgent",
                "account 200 7",
            ])
    }

    @Test func whatNeverLeftIsToldAsThat() async throws {
        let notes = Notes()
        let transport = ScriptedTransport([
            .fail("/oauth/token", .noAnswer), .token(), .fail(Fixture.accountPath, .refusedConnection),
            .expect(Fixture.accountPath, Fixture.account),
        ])
        _ = try await client(transport, notes).tenant()
        let told = notes.lines.withLock { $0.filter { !$0.hasPrefix("admit") } }
        #expect(told == ["account not sent", "account not sent", "account 200 -"])
    }

    @Test func requestsBesideTheCataloguePassTheGate() async throws {
        let notes = Notes()
        let transport = ScriptedTransport([
            .expect("/scim/v2/Users", method: "GET", status: 429, headers: [("X-RateLimit-Remaining", "0")], ""),
            .fail("/scim/v2/Users", method: "GET", .noAnswer), .fail("/scim/v2/Users", method: "GET", .refusedConnection),
        ])
        let gated = GatedTransport(transport, gate: notes, category: .user, now: { Fixture.instant })
        let request = WireRequest(method: "GET", url: Fixture.base + "/scim/v2/Users")
        #expect(try await gated.send(request, timeout: .seconds(1)).status == 429)
        for _ in 1...2 { await #expect(throws: TransportError.self) { try await gated.send(request, timeout: .seconds(1)) } }
        #expect(
            notes.lines.withLock { $0 } == [
                "admit user", "user 429 0", "admit user", "user no answer", "admit user", "user not sent",
            ])
    }

    @Test func aRequestWithoutATurnIsNotSent() async throws {
        let gated = GatedTransport(ScriptedTransport([]), gate: Notes(refuses: true), category: .user)
        let request = WireRequest(method: "POST", url: Fixture.base + "/scim/v2/Users")
        let error = await #expect(throws: TransportError.self) { try await gated.send(request, timeout: .seconds(1)) }
        #expect(error?.kind == .invalid && error?.mayHaveReachedServer == false)
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
