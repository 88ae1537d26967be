import HTTPTransport
import Foundation
import Mimecast
import Testing
import TestSupport

@testable import MimecastClient

struct SignatureTests {
    @Test func signsLikeTheKnownVector() async throws {
        guard case .v1(let id, let key, let access, let secret) = Fixture.v1 else { return }
        let authorization = SignatureAuthorization(
            applicationID: id, applicationKey: key, accessKey: access, secretKey: secret, now: { Fixture.instant },
            requestID: { "3d796b76-4180-40e5-8f7c-6e0fd643b1a9" })
        let headers = try await authorization.sign(target: "/api/test/some-url").headers
        #expect(headers.map(\.0) == ["x-mc-app-id", "x-mc-req-id", "x-mc-date", "Authorization"])
        #expect(
            headers.map(\.1) == [
                "app-1", "3d796b76-4180-40e5-8f7c-6e0fd643b1a9", "Sun, 21 Aug 2022 13:49:40 UTC",
                "MC AccessKey:WOywLsnZlsE+D6bp/ug6uch5kxc=",
            ])
    }

    @Test func eachTryHasAnIDOfItsOwnAndSignsItsTarget() async throws {
        let transport = ScriptedTransport([
            .expect("/base" + Fixture.accountPath, status: 503, ""), .expect("/base" + Fixture.accountPath, times: 2, Fixture.account),
        ])
        let client = Fixture.client(transport, credentials: Fixture.v1, base: "https://h/base")
        _ = try await client.tenant()
        _ = try await client.tenant()
        let ids = transport.requests.compactMap { $0.header("x-mc-req-id") }
        #expect(Set(ids).count == 3)
        for request in transport.requests {
            let date = try #require(request.header("x-mc-date"))
            let id = try #require(request.header("x-mc-req-id"))
            let expected = try #require(
                RequestSignature(
                    date: date, requestID: id, path: "/base" + Fixture.accountPath, applicationKey: "ApplicationKey",
                    accessKey: "AccessKey",
                    secretKey: Data("SecretKey".utf8).base64EncodedString()))
            #expect(request.header("authorization") == expected.header)
            #expect(UUID(uuidString: id) != nil)
        }
        #expect(client.calls == 3)
    }

    @Test func theQueryIsSigned() async throws {
        let url = try ServiceURL("https://h", example: "https://h")
        guard case .v1(let id, let key, let access, let secret) = Fixture.v1 else { return }
        let authorization = SignatureAuthorization(
            applicationID: id, applicationKey: key, accessKey: access, secretKey: secret, now: { Fixture.instant }, requestID: { "1" })
        let plain = try await authorization.sign(target: url.target("/p")).headers.last?.1
        let queried = try await authorization.sign(target: url.target("/p", query: [("a", "b")])).headers.last?.1
        let expected = RequestSignature(
            date: "Sun, 21 Aug 2022 13:49:40 UTC", requestID: "1", path: "/p?a=b", applicationKey: key, accessKey: access, secretKey: secret
        )
        #expect(queried == expected?.header)
        #expect(plain != queried)
    }

    @Test func aSecretKeyThatIsNotBase64IsToldBeforeAnyCall() async throws {
        let transport = ScriptedTransport([])
        let credentials = Credentials.v1(applicationID: "a", applicationKey: "b", accessKey: "c", secretKey: "§§not-base64§§")
        let error = try await clientError { try await Fixture.client(transport, credentials: credentials).tenant() }
        #expect(error.code == .misconfigured)
        #expect(!error.description.contains("not-base64§"))
    }

    @Test func aDoubtedApplicationIsTriedOnceMore() async throws {
        let doubt = Fixture.refusal(FailureCode.developerKey, key: nil, message: "App ID is invalid: app-1")
        let passing = ScriptedTransport([.expect(Fixture.accountPath, doubt), .expect(Fixture.accountPath, Fixture.account)])
        _ = try await Fixture.client(passing, credentials: Fixture.v1).tenant()
        passing.assertDone()

        let lasting = ScriptedTransport([.expect(Fixture.accountPath, times: 2, doubt)])
        let error = try await clientError { try await Fixture.client(lasting, credentials: Fixture.v1).tenant() }
        #expect(error.code == .unauthorized)
        #expect(error.has(FailureCode.developerKey))
        lasting.assertDone()
    }

    @Test func aBindingThatRanOutSaysSo() async throws {
        let transport = ScriptedTransport([
            .expect(Fixture.accountPath, status: 418, Fixture.refusal(FailureCode.bindingExpired, key: nil))
        ])
        let error = try await clientError { try await Fixture.client(transport, credentials: Fixture.v1).tenant() }
        #expect(error.code == .expiredBinding)
        #expect(error.remedy.contains("keys"))
    }

    @Test func aWrongSignatureIsFinal() async throws {
        let body = Fixture.refusal(FailureCode.invalidSignature, key: nil, message: "0004 Invalid Signature")
        let transport = ScriptedTransport([.expect(Fixture.accountPath, status: 401, body)])
        let error = try await clientError { try await Fixture.client(transport, credentials: Fixture.v1).tenant() }
        #expect(error.code == .unauthorized)
        for word in ["keys", "region", "clock", "generation"] { #expect(error.remedy.contains(word)) }
        transport.assertDone()
    }

    @Test func v1SpeaksThePortal() {
        let client = Fixture.client(ScriptedTransport([]), dialect: .guide, credentials: Fixture.v1)
        #expect(client.dialect == .portal)
        #expect(client.generation == .v1)
        #expect(!client.capabilities.hasAccountIDs)
    }
}
