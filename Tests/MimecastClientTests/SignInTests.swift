import HTTPTransport
import Foundation
import Mimecast
import Synchronization
import Testing
import TestSupport

@testable import MimecastClient

struct SignInTests {
    private func request(port: Int = 4711, scopes: Set<Scope> = []) throws -> AuthorizationCodeRequest {
        try AuthorizationCodeRequest(
            baseURL: Fixture.base + "/base", clientID: "client 1", port: port, scopes: scopes, random: { Array(repeating: 7, count: $0) })
    }

    private static let state = CodeVerifier.base64URL(Array(repeating: 7, count: 32))

    @Test func theQuestionIsTheRFCs() throws {
        let request = try request(scopes: [.userRead, .accountRead])
        let url = try #require(URLComponents(string: request.url))
        #expect(request.url.hasPrefix("https://api.example.com/base/oauth/authorize?"))
        let query = Dictionary(uniqueKeysWithValues: (url.queryItems ?? []).map { ($0.name, $0.value ?? "") })
        #expect(
            query == [
                "response_type": "code", "client_id": "client 1", "redirect_uri": "http://127.0.0.1:4711/callback", "state": Self.state,
                "code_challenge": CodeVerifier(random: Array(repeating: 7, count: 32)).challenge, "code_challenge_method": "S256",
                "scope": "account/read user/read",
            ])
        #expect(!request.url.contains(CodeVerifier(random: Array(repeating: 7, count: 32)).text.dropFirst(1) + "&code_verifier"))
    }

    @Test func anUnusableBaseIsTold() {
        #expect(throws: ClientError.self) {
            try AuthorizationCodeRequest(baseURL: "http://example.com", clientID: "c", port: 1, random: { Array(repeating: 0, count: $0) })
        }
    }

    @Test(arguments: ["a/b+c=", "mc-code", "ü"])
    func theCodeIsRead(code: String) throws {
        let target = "/callback?code=\(ServiceURL.encode(code))&state=\(Self.state)"
        #expect(try request().code(fromCallback: target) == code)
    }

    @Test(arguments: [
        "/callback", "/callback?code=c", "/callback?code=c&state=", "/callback?code=c&state=other", "/callback?state=\(state)",
        "/callback?code=&state=\(state)", "/callback?code=c&state=\(state)x", "/callback?code=c&state=\(state)&state=\(state)",
        "/callback?code=c&code=d&state=\(state)", "/callback?error=access_denied&state=other", "", "?", "%",
    ])
    func whatIsNotThisSignInIsRefused(target: String) throws {
        let request = try request()
        let error = #expect(throws: ClientError.self) { try request.code(fromCallback: target) }
        #expect(error?.code == .refused)
        #expect(error?.cause == .signInRefused)
    }

    @Test(arguments: [
        ("access_denied", ClientError.Code.forbidden, ClientError.Cause.accessDenied), ("invalid_scope", .refused, .signInRefused),
        ("server_error", .refused, .signInRefused),
    ])
    func theServersErrorsAreShown(name: String, code: ClientError.Code, cause: ClientError.Cause) throws {
        let request = try request()
        let target = "/callback?error=\(name)&error_description=The+request%20was%1B%5B31m+denied&state=\(Self.state)"
        let error = #expect(throws: ClientError.self) { try request.code(fromCallback: target) }
        #expect(error?.code == code)
        #expect(error?.cause == cause)
        #expect(error?.message.contains("\(name): The request was[31m denied") == true, "without what a terminal obeys")
    }

    // MARK: The whole way

    private func signIn(_ transport: ScriptedTransport, clock: any Clock<Duration> = ContinuousClock()) -> AuthorizationCodeSignIn {
        AuthorizationCodeSignIn(
            baseURL: Fixture.base, clientID: "c", clientSecret: Fixture.secret, transport: transport, listener: LoopbackListener(),
            clock: clock, now: { Fixture.instant })
    }

    /// What a browser does after the sign-in.
    private static func come(back url: String, _ answer: String, wrongState: Bool = false) async throws -> WireReply {
        let query = URLComponents(string: url)?.queryItems ?? []
        let redirect = try #require(query.first { $0.name == "redirect_uri" }?.value)
        let state = try #require(query.first { $0.name == "state" }?.value)
        let browser = AsyncHTTPTransport()
        let favicon = try await browser.send(
            WireRequest(method: "GET", url: redirect.replacing("/callback", with: "/favicon.ico")), timeout: .seconds(20))
        #expect(favicon.status == 404)
        let target = "\(redirect)?\(answer)&state=\(wrongState ? "x" : state)"
        return try await browser.send(WireRequest(method: "GET", url: target), timeout: .seconds(20))
    }

    @Test func aPersonSignsIn() async throws {
        let transport = ScriptedTransport([.token("mc-1", life: 1_799, times: 1)])
        let page = Mutex<WireReply?>(nil)
        let shown = Mutex("")
        let token = try await signIn(transport).token { url in
            shown.withLock { $0 = url }
            let reply = try await Self.come(back: url, "code=the%2Bcode")
            page.withLock { $0 = reply }
        }
        #expect(token == PersonToken(accessToken: "mc-1", expires: Fixture.instant.addingTimeInterval(1_799)))
        let reply = try #require(page.withLock { $0 })
        #expect(reply.status == 200 && String(decoding: reply.body, as: UTF8.self).contains("signed in"))
        #expect(reply.header("Content-Security-Policy") == "default-src 'none'")
        let form = try #require(URLComponents(string: "?" + (transport.requests.first?.text ?? ""))?.queryItems)
        let fields = Dictionary(uniqueKeysWithValues: form.map { ($0.name, $0.value ?? "") })
        #expect(fields["grant_type"] == "authorization_code" && fields["code"] == "the+code")
        let query = Dictionary(
            uniqueKeysWithValues: (URLComponents(string: shown.withLock { $0 })?.queryItems ?? []).map { ($0.name, $0.value ?? "") })
        #expect(fields["redirect_uri"] == query["redirect_uri"])
        #expect((fields["code_verifier"] ?? "").utf8.count == 43)
        #expect(!shown.withLock { $0 }.contains(Fixture.secret))
        transport.assertDone()
    }

    @Test func aWrongStateEndsIt() async throws {
        let transport = ScriptedTransport([])
        let error = try await clientError {
            try await signIn(transport).token { url in
                let page = try await Self.come(back: url, "code=c", wrongState: true)
                #expect(page.status == 400)
            }
        }
        #expect(error.cause == .signInRefused)
    }

    @Test func aCodeThatIsRefusedIsTold() async throws {
        let body =
            #"{"error":"invalid_grant","error_description":"secret \#(Fixture.secret)","fail":[{"code":"invalid_grant","message":"used"}]}"#
        let transport = ScriptedTransport([.expect("/oauth/token", status: 400, body)])
        let error = try await clientError { try await signIn(transport).token { _ = try await Self.come(back: $0, "code=c") } }
        #expect(error.code == .unauthorized && error.cause == .signInRefused)
        #expect(!"\(error) \(error.reasons)".contains(Fixture.secret))
        transport.assertDone()
    }

    @Test func nobodyHasForEver() async throws {
        let clock = ManualClock()
        let task = Task { try await signIn(ScriptedTransport([]), clock: clock).token(timeout: .seconds(90)) { _ in } }
        await clock.waitForSleepers()
        clock.advance(by: .seconds(90))
        let error = try await clientError { try await task.value }
        #expect(error.code == .unreachable)
        #expect(error.message.contains("90 s"))
    }

    @Test func itCanBeGivenUp() async throws {
        let clock = ManualClock()
        let task = Task { try await signIn(ScriptedTransport([]), clock: clock).token { _ in } }
        await clock.waitForSleepers()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func aPortThatIsTakenIsTold() async throws {
        let open = try await LoopbackListener().open(port: nil)
        let error = try await clientError { try await LoopbackListener().open(port: open.port) }
        #expect(error.code == .misconfigured)
        await open.close()
    }

    @Test func aPageHoldsNoMarkup() {
        let page = RedirectPage(status: 400, text: "<script>alert('&')</script>")
        #expect(page.html.contains("&lt;script>alert('&amp;')&lt;/script>"))
        #expect(!page.html.contains("<script"))
    }

    // MARK: The token

    private func person(until seconds: Double) -> Credentials {
        .v2Person(clientID: "c", token: PersonToken(accessToken: "mc-1", expires: Fixture.instant.addingTimeInterval(seconds)))
    }

    @Test func theTokenServesUntilItsEnd() async throws {
        let good = ScriptedTransport([
            .expect(Fixture.accountPath, where: { $0.header("Authorization") == "Bearer mc-1" }, Fixture.account)
        ])
        _ = try await Fixture.client(good, credentials: person(until: 1)).tenant()
        let late = ScriptedTransport([])
        let error = try await clientError { try await Fixture.client(late, credentials: person(until: 0)).tenant() }
        #expect(error.code == .unauthorized && error.cause == .signInExpired)
        #expect(error.remedy.lowercased().contains("sign in again"))
    }

    @Test func aTokenThatIsRefusedIsOver() async throws {
        let body = #"{"fail":[{"code":"token_expired","message":"mc-1 is expired"}]}"#
        let transport = ScriptedTransport([.expect(Fixture.accountPath, status: 401, body)])
        let client = Fixture.client(transport, credentials: person(until: 60))
        for _ in 1...2 {
            let error = try await clientError { try await client.tenant() }
            #expect(error.cause == .signInExpired)
            #expect(!"\(error)".contains("mc-1"))
        }
        transport.assertDone()
    }

    @Test func theTokenIsNotShown() {
        let token = PersonToken(accessToken: "mc-secret", expires: Fixture.instant)
        var dumped = ""
        dump((token, Credentials.v2Person(clientID: "c", token: token)), to: &dumped)
        #expect(!"\(dumped)\(token)\(String(reflecting: token))".contains("mc-secret"))
    }
}
