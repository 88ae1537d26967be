import Foundation
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

/// The authorization-code flow: somebody signs in, consents, and the application gets a token of theirs.
@Suite(.serialized) struct AuthorizationCodeTests {
    @Test func aPersonGivesLeave() async throws {
        try await SandboxHarness.run { box async throws in
            let browser = SignInBrowser(box)
            let before = try await box.audit().count
            let page = try await browser.open()
            #expect(page.status == 200 && page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(page.headers["x-ratelimit-limit"] != nil)
            #expect(page.text.contains("Portal application asks for access"))
            let consent = try await browser.signIn(box.admin, box.adminPassword)
            #expect(consent.status == 200)
            #expect(consent.text.contains("as \(box.admin)") && consent.text.contains("Create and change people"))
            let back = try await browser.decide(consent)
            #expect(back.status == 303)
            #expect(back.headers["location"]?.hasPrefix(SignInBrowser.redirect + "?code=") == true)
            #expect(SignInBrowser.answer(back)["state"] == "a b&c=d")
            let code = try #require(SignInBrowser.answer(back)["code"])
            let given = try await browser.exchange(code)
            #expect(given.status == 200 && given.headers["cache-control"] == "no-store")
            #expect(given.json["token_type"]?.text == "Bearer" && given.json["expires_in"]?.int == 1_799)
            #expect(given.json["scope"]?.text == Scope.format(Set(Scope.allCases)))
            #expect(given.json["refresh_token"] == nil)
            let token = try #require(given.json["access_token"]?.text)
            #expect(try await browser.call(token).status == 200)
            let made = try await browser.call(token, "/api/user/create-user", #"{"data":[{"emailAddress":"by.person@\#(box.domain)"}]}"#)
            #expect(made.fail.isEmpty)
            let audit = try await box.audit(after: before)
            #expect(audit.contains { $0 == ("User Logged On", box.admin) })
            #expect(audit.contains { $0 == ("New User", box.admin) })
            let lines = try await box.log().filter { $0["path"]?.text?.hasPrefix("/oauth") == true }
            #expect(lines.map { $0["target"]?.text } == [nil, box.admin, box.admin, box.admin])
            #expect(lines.allSatisfy { $0["effect"]?.text == "none" && $0["application"]?.text == browser.clientID })
        }
    }

    @Test func pagesAreSealedOff() async throws {
        try await SandboxHarness.run { box async throws in
            let browser = SignInBrowser(box)
            let pages = [
                try await browser.open(), try await browser.signIn(box.admin, box.adminPassword), try await browser.signIn(box.admin, "no"),
                try await browser.open(["client_id": "nobody"]),
            ]
            for page in pages {
                let policy = try #require(page.headers["content-security-policy"])
                #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
                #expect(!policy.contains("unsafe") && policy.contains("style-src 'sha256-"))
                #expect(page.headers["referrer-policy"] == "no-referrer" && page.headers["cache-control"] == "no-store")
                #expect(page.headers["set-cookie"] == nil && !page.text.contains("<script"))
            }
            let policies = pages.compactMap { $0.headers["content-security-policy"] }
            #expect(policies[0].contains("form-action 'self' http://127.0.0.1:53682;"))
            #expect(policies[3].contains("form-action 'self';"))
        }
    }

    @Test func whoeverSaysNo() async throws {
        try await SandboxHarness.run { box async throws in
            let browser = SignInBrowser(box)
            let back = try await browser.decide(browser.signIn(box.admin, box.adminPassword), "deny")
            #expect(back.status == 303)
            let answer = SignInBrowser.answer(back)
            #expect(answer["error"] == "access_denied" && answer["state"] == "a b&c=d" && answer["code"] == nil)
            #expect(try await browser.decide(browser.signIn(box.admin, box.adminPassword), "perhaps").status == 400)
        }
    }

    @Test func theApplicationIsToldWhatIsWrong() async throws {
        try await SandboxHarness.run { box async throws in
            let browser = SignInBrowser(box)
            let wrong: [(changes: [String: String?], error: String)] = [
                (["response_type": nil], "invalid_request"), (["response_type": "token"], "unsupported_response_type"),
                (["code_challenge": nil], "invalid_request"), (["code_challenge": "short"], "invalid_request"),
                (["code_challenge_method": nil], "invalid_request"), (["code_challenge_method": "plain"], "invalid_request"),
                (["scope": "user/everything"], "invalid_scope"), (["state": "a\u{0}b"], "invalid_request"),
            ]
            for (changes, error) in wrong {
                let reply = try await browser.open(changes)
                #expect(reply.status == 302, "\(changes)")
                #expect(SignInBrowser.answer(reply)["error"] == error, "\(changes)")
                #expect(SignInBrowser.answer(reply)["error_description"]?.isEmpty == false)
                #expect(SignInBrowser.answer(reply)["state"] == (changes["state"] ?? "a b&c=d"))
                #expect(try await browser.signIn(box.admin, box.adminPassword, changes).status == 303)
            }
            let twice = try await browser.send(.GET, "/oauth/authorize?\(SignInBrowser.form(browser.request()))&scope=a&scope=b")
            #expect(SignInBrowser.answer(twice)["error"] == "invalid_request")
            let states = try await browser.send(.GET, "/oauth/authorize?\(SignInBrowser.form(browser.request()))&state=other")
            #expect(SignInBrowser.answer(states)["error"] == "invalid_request" && SignInBrowser.answer(states)["state"] == nil)
        }
    }

    @Test func strangersAreSentNowhere() async throws {
        try await SandboxHarness.run { box async throws in
            let browser = SignInBrowser(box)
            let strange: [[String: String?]] = [
                ["client_id": nil], ["client_id": "nobody"], ["client_id": box.id(.v1)], ["redirect_uri": nil],
                ["redirect_uri": "https://evil.example/callback"], ["redirect_uri": "http://127.0.0.1:1/other"],
                ["redirect_uri": "http://127.0.0.1:80@evil.example/callback"], ["redirect_uri": "http://127.0.0.1.evil.example/callback"],
                ["redirect_uri": "http://127.0.0.1/callback#x"], ["redirect_uri": "http://127.0.0.1/callback\r\nX: y"],
            ]
            for changes in strange {
                for reply in [try await browser.open(changes), try await browser.signIn(box.admin, box.adminPassword, changes)] {
                    #expect(reply.status == 400 && reply.headers["location"] == nil, "\(changes)")
                    #expect(reply.headers["content-type"] == "text/html; charset=utf-8")
                }
            }
            let query = SignInBrowser.form(browser.request())
            for more in ["client_id=other", "redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback"] {
                #expect(try await browser.send(.GET, "/oauth/authorize?\(query)&\(more)").status == 400)
            }
            #expect(try await browser.send(.PUT, "/oauth/authorize").status == 405)
            let large = String(repeating: "x", count: 70_000)
            #expect(try await browser.post(["username": large]).status == 413)
        }
    }

    /// RFC 8252, section 7.3.
    @Test func redirects() {
        let registered = ["https://app.example/cb?x=1", "http://127.0.0.1/callback", "http://[::1]/callback", "com.example.app:/cb"]
        func found(_ text: String) -> RedirectAddress? { RedirectAddress(text, registered: registered) }
        for good in registered + ["http://127.0.0.1:1/callback", "http://127.0.0.1:65535/callback", "http://[::1]:8080/callback"] {
            #expect(found(good) != nil, "\(good)")
        }
        for bad in [
            "https://app.example/cb", "https://app.example:443/cb?x=1", "http://localhost/callback", "http://127.0.0.1:0/callback",
            "http://127.0.0.1:65536/callback", "http://127.0.0.1:/callback", "http://127.0.0.1/Callback", "https://127.0.0.1/callback",
            "http://127.0.0.1:8080/callback?y=2", "http://127.0.0.1:+80/callback", "", ":",
        ] {
            #expect(found(bad) == nil, "\(bad)")
        }
        #expect(RedirectAddress("javascript:alert(1)", registered: ["javascript:alert(1)"]) == nil)
        #expect(found("https://app.example/cb?x=1")?.with([("a", "b c")]) == "https://app.example/cb?x=1&a=b%20c")
        #expect(found("https://app.example/cb?x=1")?.policySource == "https://app.example")
        #expect(found("http://[::1]:8080/callback")?.policySource == "http:")
        #expect(found("com.example.app:/cb")?.policySource == "com.example.app:")
        #expect(RedirectAddress("https://a;b.example/", registered: ["https://a;b.example/"])?.policySource == "https:")
    }

    /// RFC 7636, appendix B.
    @Test func proofKey() {
        #expect(PKCE.challenge(SignInBrowser.verifier) == SignInBrowser.challenge)
        #expect(PKCE.challenge(String(repeating: "a", count: 42)) == nil && PKCE.challenge(String(repeating: "a", count: 129)) == nil)
        #expect(PKCE.challenge(String(repeating: "a", count: 43)) != nil && PKCE.challenge(String(repeating: "a", count: 128)) != nil)
        #expect(PKCE.challenge(String(repeating: "ä", count: 43)) == nil)
    }

    @Test func aCodeIsGoodOnce() async throws {
        try await SandboxHarness.run { box async throws in
            let browser = SignInBrowser(box)
            let code = try await browser.code(box.admin, box.adminPassword)
            let token = try #require(try await browser.exchange(code).json["access_token"]?.text)
            #expect(try await browser.call(token).status == 200)
            let again = try await browser.exchange(code)
            #expect(again.status == 400 && again.code == "invalid_grant" && again.json["error"]?.text == "invalid_grant")
            // Whoever has the code may have the token, too.
            let ended = try await browser.call(token)
            #expect(ended.status == 401 && ended.code == FailureCode.tokenVerificationFailed)
        }
    }

    @Test func aCodeBelongsToItsRequest() async throws {
        try await SandboxHarness.run { box async throws in
            let browser = SignInBrowser(box)
            let code = try await browser.code(box.admin, box.adminPassword)
            let other = String(repeating: "v", count: 43)
            let wrong: [(changes: [String: String?], code: String)] = [
                (["code_verifier": other], "invalid_grant"), (["redirect_uri": "http://127.0.0.1:1/callback"], "invalid_grant"),
                (["code": "unknown"], "invalid_grant"),
                (["client_id": box.id(.guide), "client_secret": box.value("GUIDE_CLIENT_SECRET")], "invalid_grant"),
                (["code_verifier": nil], "invalid_request"), (["code_verifier": "short"], "invalid_request"),
                (["redirect_uri": nil], "invalid_request"), (["code": nil], "invalid_request"),
            ]
            for (changes, error) in wrong {
                let reply = try await browser.exchange(code, changes)
                #expect(reply.status == 400 && reply.code == error, "\(changes) \(reply.text)")
                #expect(reply.json["error"]?.text == error)
            }
            for changes: [String: String?] in [["client_secret": nil], ["client_secret": "wrong"]] {
                let reply = try await browser.exchange(code, changes)
                #expect(reply.status == 401 && reply.json["error"]?.text == "invalid_client")
            }
            #expect(try await browser.exchange(code).status == 200)
            let late = try await browser.code(box.admin, box.adminPassword)
            try await box.advance(301)
            #expect(try await browser.exchange(late).code == "invalid_grant")
        }
    }

    @Test func consentCannotBeMade() async throws {
        try await SandboxHarness.run { box async throws in
            let browser = SignInBrowser(box)
            let page = try await browser.signIn(box.admin, box.adminPassword)
            let sealed = try SignInBrowser.consent(page)
            let bytes = try #require(Base64URL.decode(sealed))
            for place in [0, 15, 16, bytes.count / 2, bytes.count - 1] {
                var changed = bytes
                changed[place] ^= 1
                let reply = try await browser.post(["consent": Base64URL.encode(changed), "decision": "allow"])
                #expect(reply.status == 400 && reply.headers["location"] == nil)
            }
            for made in ["x", "", String(sealed.dropLast(4)), sealed + "AAAA"] {
                let reply = try await browser.post(["consent": made, "decision": "allow"])
                #expect(reply.status == 400 && reply.headers["location"] == nil)
            }
            // A page token is sealed by the same key, and yet no consent.
            let list = try await box.call(.portal, "/api/user/get-internal-users", #"{"meta":{"pagination":{"pageSize":1}},"data":[]}"#)
            let pageToken = try #require(list.pagination?["next"]?.text)
            #expect(try await browser.post(["consent": pageToken, "decision": "allow"]).status == 400)
            #expect(try await browser.decide(page).status == 303)
            let old = try await browser.signIn(box.admin, box.adminPassword)
            try await box.advance(301)
            #expect(try await browser.decide(old).status == 400)
        }
    }

    @Test func rightsAreThosePeopleHave() async throws {
        try await SandboxHarness.run { box async throws in
            let browser = SignInBrowser(box)
            let visitor = try await box.makePerson()
            let page = try await browser.signIn(visitor, SandboxHarness.password)
            #expect(page.text.contains("no administrator role") && !page.text.contains("<li>"))
            let given = try await browser.exchange(browser.code(visitor, SandboxHarness.password))
            #expect(given.status == 200 && given.json["scope"]?.text == "")
            let token = try #require(given.json["access_token"]?.text)
            let refused = try await browser.call(token)
            #expect(refused.status == 403 && refused.code == FailureCode.appForbidden)
            // Fewer than an administrator has, where fewer were asked for.
            let few = try await browser.exchange(browser.code(box.admin, box.adminPassword, ["scope": "user/read"]))
            #expect(few.json["scope"]?.text == "user/read")
            let reader = try #require(few.json["access_token"]?.text)
            #expect(try await browser.call(reader, "/api/user/get-internal-users").status == 200)
            #expect(try await browser.call(reader).status == 403)
            // Basic administrators may not delete, whatever the application may.
            let basic = try SandboxHarness.person { $0.adminRoles == ["Basic Administrator"] }.address
            #expect(try await box.update(basic, #""password":"\#(SandboxHarness.password)""#).fail.isEmpty)
            let some = try await browser.exchange(browser.code(basic, SandboxHarness.password))
            #expect(some.json["scope"]?.text == "account/read user/read user/write")
        }
    }

    @Test func whoeverIsDisabledIsOut() async throws {
        try await SandboxHarness.run { box async throws in
            let browser = SignInBrowser(box)
            let visitor = try await box.makePerson()
            for (off, on) in [
                (#""accountDisabled":true"#, #""accountDisabled":false"#), (#""accountLocked":true"#, #""accountLocked":false"#),
            ] {
                let token = try await browser.token(visitor, SandboxHarness.password)
                let code = try await browser.code(visitor, SandboxHarness.password)
                let page = try await browser.signIn(visitor, SandboxHarness.password)
                #expect(try await browser.call(token).status == 403)
                #expect(try await box.update(visitor, off).fail.isEmpty)
                let call = try await browser.call(token)
                #expect(call.status == 401 && call.code == FailureCode.tokenVerificationFailed)
                #expect(try await browser.exchange(code).code == "invalid_grant")
                #expect(try await browser.decide(page).status == 400)
                #expect(try await browser.signIn(visitor, SandboxHarness.password).status == 403)
                #expect(try await box.update(visitor, on).fail.isEmpty)
                #expect(try await browser.call(token).status == 403)
            }
        }
    }

    @Test func nobodyIsToldWhatIsWrong() async throws {
        try await SandboxHarness.run { box async throws in
            let browser = SignInBrowser(box)
            let visitor = try await box.makePerson()
            let gone = try await box.makePerson("gone")
            #expect(try await box.update(gone, #""accountDisabled":true"#).fail.isEmpty)
            let other = try await box.addTenant(#"{"seed":"empty"}"#)
            let before = try await box.audit().count
            let tries = [
                (visitor, "wrong"), (visitor, ""), (gone, SandboxHarness.password), ("nobody@\(box.domain)", "x"), ("no address", "x"),
                ("abuse@\(box.domain)", "x"), (other.admin, other.adminPassword),
            ]
            for (address, password) in tries {
                let reply = try await browser.signIn(address, password)
                #expect(reply.status == 403 && reply.text.contains("The address or the password is wrong."), "\(address)")
            }
            let failures = try await box.failedLogons(after: before)
            #expect(failures == tries.map(\.0).filter { $0 != "no address" })
            // Capitals and blanks around an address make no other one.
            #expect(try await browser.signIn(" \(visitor.uppercased()) ", SandboxHarness.password).status == 200)
        }
    }

    @Test func guessingEnds() async throws {
        try await SandboxHarness.run { box async throws in
            let browser = SignInBrowser(box)
            let visitor = try await box.makePerson()
            let before = try await box.audit().count
            for address in [visitor, "nobody@\(box.domain)"] {
                for _ in 0..<10 { #expect(try await browser.signIn(address, "wrong").status == 403) }
                let closed = try await browser.signIn(address, SandboxHarness.password)
                #expect(closed.status == 429 && closed.headers["retry-after"] != nil, "\(address)")
            }
            #expect(try await browser.signIn(box.admin, box.adminPassword).status == 200)
            try await box.advance(16 * 60)
            #expect(try await browser.signIn(visitor, SandboxHarness.password).status == 200)
            #expect(try await box.failedLogons(after: before).count == 20)
        }
    }

    @Test func attemptsAreCounted() {
        var book = AttemptBook()
        for index in 0..<10 { #expect(book.begin("a", now: index) == nil) }
        #expect(book.begin("a", now: 10) == 9 + AttemptBook.span - 10)
        #expect(book.begin("b", now: 10) == nil)
        #expect(book.begin("a", now: 8 + AttemptBook.span) == 1)
        #expect(book.begin("a", now: 9 + AttemptBook.span) == nil)
        // Failures that are far apart do not add up, and a success forgives.
        for index in 1..<30 { #expect(book.begin("c", now: index * AttemptBook.span / 9) == nil) }
        for _ in 0..<30 {
            #expect(book.begin("d", now: 0) == nil)
            book.succeed("d")
        }
        for index in 0..<30_000 { _ = book.begin("x\(index)", now: 0) }
    }

    @Test func markupStaysText() async throws {
        try await SandboxHarness.run { box async throws in
            let name = #"<script>alert(1)</script> \"' & \u0022\u0301 onfocus=x"#
            let (id, credentials) = try await box.register(#"{"name":"\#(name)"}"#)
            let browser = SignInBrowser(box, id: id, secret: credentials["MIMECAST_CLIENT_SECRET"]?.text)
            let attack = "\"><script>alert(2)</script><input value='"
            let pages = [
                try await browser.open(["state": attack]), try await browser.signIn(attack + "\"\u{301}@x", "no", ["state": attack]),
                try await browser.signIn(box.admin, box.adminPassword, ["state": attack]),
                try await browser.open(["redirect_uri": "https://evil.example/"]),
            ]
            for page in pages {
                #expect(!page.text.contains("<script"), "\(page.text)")
                // A quote inside a character is a quote to a browser.
                #expect(!page.text.unicodeScalars.contains("\u{301}") || !page.text.utf8.contains(Array("\"\u{301}".utf8)))
                #expect(page.text.contains("&lt;script&gt;alert(1)"))
            }
            let back = try await browser.decide(pages[2])
            #expect(SignInBrowser.answer(back)["state"] == attack)
        }
    }

    @Test func passwordsEndWhatTheyBegan() async throws {
        try await SandboxHarness.run { box async throws in
            let browser = SignInBrowser(box)
            let visitor = try await box.makePerson()
            let token = try await browser.token(visitor, SandboxHarness.password)
            let code = try await browser.code(visitor, SandboxHarness.password)
            let page = try await browser.signIn(visitor, SandboxHarness.password)
            let admins = try await browser.token(box.admin, box.adminPassword)
            #expect(try await box.update(visitor, #""password":"another one""#).fail.isEmpty)
            #expect(try await browser.call(token).code == FailureCode.tokenVerificationFailed)
            #expect(try await browser.exchange(code).code == "invalid_grant")
            #expect(try await browser.decide(page).status == 400)
            #expect(try await browser.signIn(visitor, SandboxHarness.password).status == 403)
            #expect(try await browser.signIn(visitor, "another one").status == 200)
            #expect(try await browser.call(admins).status == 200)
        }
    }

    @Test func applicationsThatGoTakeTheirPagesAlong() async throws {
        try await SandboxHarness.run { box async throws in
            let (id, credentials) = try await box.register(#"{"name":"Brief","redirects":["https://app.example/cb"],"dialect":"guide"}"#)
            let browser = SignInBrowser(box, id: id, secret: credentials["MIMECAST_GUIDE_CLIENT_SECRET"]?.text)
            let address = ["redirect_uri": Optional("https://app.example/cb")]
            let page = try await browser.signIn(box.admin, box.adminPassword, address)
            let back = try await browser.decide(page)
            #expect(back.headers["location"]?.hasPrefix("https://app.example/cb?code=") == true)
            let code = try #require(SignInBrowser.answer(back)["code"])
            let given = try await browser.exchange(code, address)
            #expect(given.json["expires_in"]?.int == 3_600)
            #expect(try await box.control(.DELETE, "/tenants/\(box.code)/applications/\(id)").status == 204)
            #expect(try await browser.decide(page).status == 400)
            #expect(try await browser.exchange(code, address).status == 401)
        }
    }
}

extension Collection where Element: Equatable {
    /// Whether the elements stand somewhere in it, in this order and side by side.
    func contains(_ other: [Element]) -> Bool {
        indices.contains { self[$0...].starts(with: other) }
    }
}
