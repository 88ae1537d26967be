import HTTPTransport
import Foundation
import Mimecast
import Testing
import TestSupport

@testable import MimecastClient

struct BindingTests {
    private static let password = "pässword:1"
    private static let login = "/api/login/login"

    private func credentials(_ binding: PersonLogin.Binding? = nil) -> Credentials {
        .v1Person(
            applicationID: "app-1", applicationKey: "ApplicationKey",
            login: PersonLogin(username: "a@example.com", password: Self.password, binding: binding))
    }

    private static func answer(_ accessKey: String, duration: Int64 = 43_200_000) -> String {
        """
        {"meta":{"status":200},"data":[{"accessKey":"\(accessKey)","secretKey":"U2VjcmV0S2V5","duration":\(duration),\
        "bindingType":"one_step","extendOnValidate":false,"username":"a@example.com"}],"fail":[]}
        """
    }

    private func account(_ accessKey: String, times: Int? = 1, status: Int = 200, _ body: String = Fixture.account) -> Step {
        .expect(
            Fixture.accountPath, times: times, where: { $0.header("authorization")?.hasPrefix("MC \(accessKey):") == true }, status: status,
            body)
    }

    private static let ranOut = Fixture.refusal(FailureCode.bindingExpired, key: nil)

    @Test func theFirstCallSignsIn() async throws {
        let transport = ScriptedTransport([.expect(Self.login, Self.answer("one")), account("one", times: 2)])
        let client = Fixture.client(transport, credentials: credentials())
        _ = try await client.tenant()
        _ = try await client.tenant()
        let request = try #require(transport.requests.first)
        #expect(request.header("Authorization") == "Basic-Cloud " + Data("a@example.com:\(Self.password)".utf8).base64EncodedString())
        #expect(request.header("x-mc-app-id") == "app-1")
        #expect(request.items == [.object(["username": .string("a@example.com")])])
        transport.assertDone()
    }

    @Test func aBindingThatRanOutIsRenewedWithItsKey() async throws {
        let transport = ScriptedTransport([
            account("old", status: 418, Self.ranOut),
            .expect(Self.login, where: { $0.items.first?["accessKey"]?.text == "old" }, Self.answer("old")), account("old"),
        ])
        let binding = PersonLogin.Binding(accessKey: "old", secretKey: "U2VjcmV0S2V5")
        _ = try await Fixture.client(transport, credentials: credentials(binding)).tenant()
        transport.assertDone()
    }

    @Test func aBindingThatIsRefusedIsReplaced() async throws {
        let transport = ScriptedTransport([
            account("old", status: 401, Fixture.refusal(FailureCode.invalidSignature, key: nil)),
            .expect(Self.login, where: { $0.items.first?["accessKey"] == nil }, Self.answer("new")), account("new"),
        ])
        let binding = PersonLogin.Binding(accessKey: "old", secretKey: "U2VjcmV0S2V5")
        _ = try await Fixture.client(transport, credentials: credentials(binding)).tenant()
        transport.assertDone()
    }

    @Test func aBindingThatCannotBeRenewedIsReplacedByTheNextCall() async throws {
        let transport = ScriptedTransport([
            account("old", status: 418, Self.ranOut),
            .expect(Self.login, where: { $0.items.first?["accessKey"]?.text == "old" }, status: 401, ""),
            .expect(Self.login, where: { $0.items.first?["accessKey"] == nil }, Self.answer("new")), account("new"),
        ])
        let binding = PersonLogin.Binding(accessKey: "old", secretKey: "U2VjcmV0S2V5")
        let client = Fixture.client(transport, credentials: credentials(binding))
        #expect(try await clientError { try await client.tenant() }.code == .unauthorized)
        _ = try await client.tenant()
        transport.assertDone()
    }

    @Test func aRenewalHelpsOnce() async throws {
        let transport = ScriptedTransport([
            .expect(Self.login, Self.answer("one")), account("one"), account("one", status: 418, Self.ranOut),
            .expect(Self.login, Self.answer("one")), account("one", status: 418, Self.ranOut),
        ])
        let client = Fixture.client(transport, credentials: credentials())
        _ = try await client.tenant()
        let error = try await clientError { try await client.tenant() }
        #expect(error.code == .expiredBinding)
        transport.assertDone()
    }

    @Test func itIsRenewedBeforeItsEnd() async throws {
        let clock = ManualClock()
        let transport = ScriptedTransport([
            .expect(Self.login, Self.answer("one", duration: 60_000)), account("one"),
            .expect(Self.login, where: { $0.items.first?["accessKey"]?.text == "one" }, Self.answer("one")), account("one"),
        ])
        let client = Fixture.client(transport, credentials: credentials(), clock: clock)
        _ = try await client.tenant()
        clock.advance(by: .seconds(56))
        _ = try await client.tenant()
        transport.assertDone()
    }

    @Test(arguments: [401, 200])
    func aWrongPasswordIsTold(status: Int) async throws {
        let body = #"{"data":[],"fail":[{"key":{"username":"a@example.com"},"errors":[{"code":"err_login_failed","message":"no"}]}]}"#
        let transport = ScriptedTransport([.expect(Self.login, status: status, body)])
        let error = try await clientError { try await Fixture.client(transport, credentials: credentials()).tenant() }
        #expect(error.code == .unauthorized)
        #expect(error.cause == .loginFailed)
        transport.assertDone()
    }

    @Test func aV2GatewayHasNoLogin() async throws {
        let transport = ScriptedTransport([.expect(Self.login, status: 404, "")])
        let error = try await clientError { try await Fixture.client(transport, credentials: credentials()).tenant() }
        #expect(error.code == .misconfigured)
        #expect(error.remedy.contains("v1 host"))
    }

    @Test func descriptionsShowNoSecret() {
        let binding = PersonLogin.Binding(accessKey: "the-access-key", secretKey: "the-secret-key")
        let all = credentials(binding)
        guard case .v1Person(_, _, let login) = all else { return }
        var dumped = ""
        dump((all, login, binding), to: &dumped)
        for text in [dumped, "\(all)", String(reflecting: login), "\(binding)"] {
            for secret in all.secrets { #expect(!text.contains(secret)) }
        }
    }

    @Test func aServerThatEchoesThePasswordDoesNotSpreadIt() async throws {
        let body = Fixture.refusal(FailureCode.loginFailed, message: "not \(Self.password)")
        for client in [
            Fixture.client(ScriptedTransport([.expect(Self.login, status: 401, body)]), credentials: Fixture.v1),
            Fixture.client(ScriptedTransport([.expect(Self.login, body)]), credentials: credentials()),
        ] {
            let error = try await clientError {
                try await client.logIn(PersonLogin(username: "a@example.com", password: Self.password))
            }
            #expect(error.cause == .loginFailed)
            #expect(!"\(error) \(error.reasons)".contains(Self.password))
        }
    }

    @Test func aV2ApplicationHasNoLogin() async throws {
        let error = try await clientError {
            try await Fixture.client(ScriptedTransport([])).logIn(PersonLogin(username: "a", password: "b"))
        }
        #expect(error.code == .misconfigured || error.code == .refused)
    }
}
