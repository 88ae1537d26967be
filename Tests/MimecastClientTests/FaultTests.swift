import HTTPTransport
import Foundation
import Logging
import Mimecast
import Synchronization
import Testing
import TestSupport

@testable import MimecastClient

struct FaultTests {
    @Test(arguments: [
        (401, ClientError.Code.unauthorized), (403, .forbidden), (404, .notFound), (405, .notFound), (418, .expiredBinding),
        (400, .refused), (409, .refused), (302, .wrongAnswer), (501, .server),
    ])
    func statusesAreMapped(status: Int, code: ClientError.Code) async throws {
        let transport = ScriptedTransport([.token(), .expect(Fixture.accountPath, status: status, "")])
        let error = try await clientError { try await Fixture.client(transport).tenant() }
        #expect(error.code == code)
        #expect(error.status == status)
        #expect(!error.remedy.isEmpty)
        #expect(!error.outcomeUnknown)
    }

    @Test(arguments: [
        (#"{"fail":[{"code":"app_forbidden","message":"no product"}]}"#, ["app_forbidden"]),
        (#"{"meta":{"status":403},"data":[],"fail":[{"errors":[{"code":"a","message":"x"},{"code":"b","message":"y"}]}]}"#, ["a", "b"]),
        (#"{"error":"access_denied","error_description":"why"}"#, ["access_denied"]),
        (#"{"error":"access_denied"}"#, ["access_denied"]),
        (#"{"errors":[{"code":"limit","message":"slow"}]}"#, ["limit"]),
        ("<html>Forbidden</html>", []), ("", []), ("[]", []), ("{}", []), (#"{"fail":"no"}"#, []), ("null", []),
    ])
    func everyFormOfAnErrorIsRead(body: String, codes: [String]) async throws {
        let transport = ScriptedTransport([.token(), .expect(Fixture.accountPath, status: 403, body)])
        let error = try await clientError { try await Fixture.client(transport).tenant() }
        #expect(error.code == .forbidden)
        #expect(error.reasons.map(\.code) == codes)
        for code in codes { #expect(error.message.contains(code)) }
        #expect(!error.message.contains("<html>"))
    }

    @Test(arguments: [
        (FailureCode.developerKey, ClientError.Code.unauthorized), (FailureCode.invalidSignature, .unauthorized),
        (FailureCode.bindingExpired, .expiredBinding), (FailureCode.appForbidden, .forbidden), (FailureCode.rateLimited, .rateLimited),
        (FailureCode.deserialise, .refused), (FailureCode.validationNull, .refused),
    ])
    func aFailedCallWithStatus200IsAFailure(code: String, mapped: ClientError.Code) async throws {
        let transport = ScriptedTransport([.token(), .expect(Fixture.accountPath, Fixture.refusal(code, key: nil))])
        let error = try await clientError { try await Fixture.client(transport).call(Endpoints.Portal.account, items: []) }
        #expect(error.code == mapped)
        #expect(error.status == 200)
        #expect(error.has(code))
    }

    @Test func failedItemsAreHandedOverByCall() async throws {
        let body = """
            {"meta":{"status":200},"data":[{"emailAddress":"b@example.com","accountDisabled":true}],\
            "fail":[{"key":{"emailAddress":"a@example.com"},"errors":[{"code":"err_x","message":"m"}]}]}
            """
        let transport = ScriptedTransport([.token(), .expect("/api/user/update-user", body)])
        let envelope = try await Fixture.client(transport).call(
            Endpoints.Portal.updateUser, items: [UserUpdate(emailAddress: "a@example.com"), UserUpdate(emailAddress: "b@example.com")])
        #expect(envelope.data.map(\.emailAddress) == ["b@example.com"])
        #expect(envelope.fail.first?.key?["emailAddress"]?.text == "a@example.com")
        #expect(envelope.fail.flatMap(\.reasons).map(\.code) == ["err_x"])
    }

    @Test func aMetaStatusCountsWhereNothingElseSpeaks() async throws {
        let transport = ScriptedTransport([.token(), .expect(Fixture.accountPath, #"{"meta":{"status":403},"data":[],"fail":[]}"#)])
        #expect(try await clientError { try await Fixture.client(transport).tenant() }.code == .forbidden)
    }

    @Test(arguments: ["", "<html>", "[]", #"{"data":{}}"#, #"{"data":[{"name":"no code"}]}"#, #"{"data":[{"accountCode":"#])
    func whatCannotBeReadIsMalformed(body: String) async throws {
        let transport = ScriptedTransport([.token(), .expect(Fixture.accountPath, body)])
        let error = try await clientError { try await Fixture.client(transport).tenant() }
        #expect(error.code == .malformedReply)
        #expect(!error.outcomeUnknown)
    }

    @Test func anUnreadableAnswerLeavesAWriteOpen() async throws {
        let transport = ScriptedTransport([.token(), .expect("/api/user/create-user", times: 1, "<html>")])
        let error = try await clientError { try await Fixture.client(transport).create(NewAccount(address: "a@example.com", name: "A")) }
        #expect(error.code == .malformedReply)
        #expect(error.outcomeUnknown)
        transport.assertDone()
    }

    @Test func anEmptyAnswerLeavesAWriteOpen() async throws {
        let transport = ScriptedTransport([.token(), .expect("/api/user/create-user", Fixture.empty)])
        let error = try await clientError { try await Fixture.client(transport).create(NewAccount(address: "a@example.com", name: "A")) }
        #expect(error.code == .wrongAnswer)
        #expect(error.outcomeUnknown)
    }

    @Test func aServerThatEchoesSecretsDoesNotSpreadThem() async throws {
        let echo = #"{"error":"invalid_client","error_description":"secret \#(Fixture.secret) is wrong"}"#
        let atToken = ScriptedTransport([.expect("/oauth/token", status: 401, echo)])
        let first = try await clientError { try await Fixture.client(atToken).tenant() }
        #expect(first.reasons.map(\.message) == ["secret ••• is wrong"])
        #expect(!first.description.contains(Fixture.secret))

        let body = #"{"fail":[{"code":"unauthorized","message":"token tok-abc is bad"}]}"#
        let atCall = ScriptedTransport([.token("tok-abc"), .expect(Fixture.accountPath, status: 403, body)])
        let second = try await clientError { try await Fixture.client(atCall).tenant() }
        #expect(!"\(second) \(second.reasons)".contains("tok-abc"))

        let flat = Fixture.refusal("err_x", message: "token tok-abc")
        let inFail = ScriptedTransport([.token("tok-abc"), .expect("/api/user/create-user", flat)])
        let third = try await clientError { try await Fixture.client(inFail).create(NewAccount(address: "a@example.com", name: "A")) }
        #expect(third.code == .refused)
        #expect(!"\(third) \(third.reasons)".contains("tok-abc"))
    }

    @Test func logsHavePathStatusAndTimeButNoSecretAndNoBody() async throws {
        let log = RecordingLog()
        var logger = Logger(label: "test", factory: { _ in log })
        logger.logLevel = .trace
        let transport = ScriptedTransport([
            .token("tok-abc"),
            .expect("/api/user/get-internal-users", method: "GET", #"{"data":[{"emailAddress":"private@example.com"}]}"#),
        ])
        let client = Fixture.client(transport, dialect: .guide, logger: logger)
        _ = try await client.internalAccounts(domain: nil).all()
        let lines = log.lines
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.hasPrefix("debug") && $0.contains("status=200") && $0.contains("ms=") })
        #expect(lines.last?.contains("path=/api/user/get-internal-users") == true)
        for secret in [Fixture.secret, "tok-abc", "private", "pageSize"] { #expect(!lines.joined().contains(secret)) }
    }

    @Test func aCallTheApplicationIsNotServedIsNotMade() async throws {
        let transport = ScriptedTransport([])
        let error = try await clientError { try await Fixture.client(transport).call(Endpoints.Guide.listUsers, items: []) }
        #expect(error.code == .refused)
        #expect(error.status == nil)
        let tooMany = Array(repeating: UserUpdate(emailAddress: "a@example.com"), count: 6)
        #expect(
            try await clientError { try await Fixture.client(transport).call(Endpoints.Portal.updateUser, items: tooMany) }.code == .refused
        )
        #expect(transport.requests.isEmpty)
    }
}

/// Keeps what is logged.
private struct RecordingLog: LogHandler {
    private final class Store: Sendable {
        let lines = Mutex<[String]>([])
    }

    private let store = Store()
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    var lines: [String] { store.lines.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let pairs = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let line = "\(event.level) \(event.message) " + pairs.joined(separator: " ")
        store.lines.withLock { $0.append(line) }
    }
}
