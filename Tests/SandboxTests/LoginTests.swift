import Foundation
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

/// v1: finding the region, logging in, signing, logging out.
@Suite(.serialized) struct LoginTests {
    private static let account = "/api/account/get-account"

    @Test func discovery() async throws {
        try await SandboxHarness.run({ $0.regions = [.us, .eu] }) { box async throws in
            let other = try await box.addTenant(#"{"region":"eu","seed":"demo"}"#)
            let synced = try SandboxHarness.person { $0.source == .ldap }.address
            for listener in [box.baseURL, other.baseURL] {
                let mine = try await box.discover(box.admin, at: listener)
                let row = try #require(mine.data.first)
                #expect(mine.status == 200 && mine.fail.isEmpty && mine.headers["x-ratelimit-limit"] == "5000")
                #expect(row["authenticate"]?.list.compactMap(\.text) == ["Basic-Cloud"])
                #expect(row["emailAddress"]?.text == box.admin && row["emailToken"]?.text?.isEmpty == false)
                #expect(row["region"]?["api"]?.text == box.baseURL && row["region"]?["code"]?.text == "us")
                #expect(try await box.discover(other.admin, at: listener).data.first?["region"]?["api"]?.text == other.baseURL)
            }
            let directory = try #require(try await box.discover(synced).data.first)
            #expect(directory["authenticate"]?.list.compactMap(\.text) == ["Basic-Cloud", "Basic-Ad"])
            let alias = try SandboxHarness.person { !$0.aliases.isEmpty }.aliases.first ?? ""
            #expect(try await box.discover(alias).data.first?["region"] != nil)
            for unknown in ["nobody@\(box.domain)", "nobody@elsewhere.example", "abuse@\(box.domain)"] {
                let row = try #require(try await box.discover(unknown).data.first)
                #expect(row["region"] == nil && row["emailAddress"]?.text == unknown)
            }
            #expect(try await box.discover("no address").code == FailureCode.invalidEmailAddress)
            let line = try #require(try await box.log("?path=/api/login/discover-authentication").first)
            #expect(line["effect"]?.text == "none" && line["target"]?.text == box.admin && line["application"]?.text == box.id(.v1))
        }
    }

    @Test func whatUnsignedCallsNeed() async throws {
        try await SandboxHarness.run { box async throws in
            let login = "/api/login/login"
            for path in [login, "/api/login/discover-authentication"] {
                for missing in ["x-mc-app-id", "x-mc-req-id"] {
                    let reply = try await box.send(
                        .POST, path, headers: box.loginHeaders("Basic-Cloud", box.admin, "x").filter { $0.0 != missing }, body: "{}")
                    #expect(reply.status == 400 && reply.message?.hasPrefix("0001 ") == true, "\(path) \(missing)")
                    #expect(reply.json["meta"]?["status"]?.int == 400 && reply.fail.first?["key"] == nil)
                }
                for unknown in ["nobody", box.id(.portal)] {
                    let reply = try await box.send(
                        .POST, path, headers: box.loginHeaders("Basic-Cloud", box.admin, "x", application: unknown), body: "{}")
                    #expect(reply.status == 200 && reply.code == FailureCode.developerKey)
                    #expect(reply.message == "App ID is invalid: \(unknown)" && reply.fail.first?["key"] == nil)
                }
                #expect(try await box.send(.GET, path).status == 405)
            }
            let bare = box.loginHeaders("Basic-Cloud", box.admin, "x").filter { $0.0 != "authorization" }
            let none = try await box.send(.POST, login, headers: bare)
            #expect(none.status == 400 && none.message?.hasPrefix("0001 ") == true)
            for kind in ["Basic", "Bearer", "MC", "Basic-Other"] {
                let reply = try await box.login(box.admin, box.adminPassword, kind: kind)
                #expect(reply.status == 401 && reply.message?.hasPrefix("0001 ") == true, "\(kind)")
            }
            // A cloud person has no password of the directory's.
            #expect(try await box.login(box.admin, box.adminPassword, kind: "Basic-Ad").message?.hasPrefix("0001 ") == true)
            // Calls that are signed tell the same of a missing signature.
            let unsigned = try await box.send(.POST, Self.account, headers: bare)
            #expect(unsigned.status == 400 && unsigned.message?.hasPrefix("0001 ") == true)
        }
    }

    @Test func aBindingSigns() async throws {
        try await SandboxHarness.run { box async throws in
            let before = try await box.audit().count
            let reply = try await box.login(box.admin, box.adminPassword)
            #expect(reply.status == 200 && reply.fail.isEmpty)
            let row = try #require(reply.data.first)
            #expect(row["duration"]?.int == 43_200_000 && row["bindingType"]?.text == "one_step")
            #expect(row["extendOnValidate"]?.bool == false && row["username"]?.text == box.admin)
            #expect(row["lastUserToken"]?.text?.isEmpty == false)
            let keys = try Keys(row)
            #expect(try await box.signed(keys).status == 200)
            let made = try await box.signed(keys, "/api/user/create-user", #"{"data":[{"emailAddress":"signed@\#(box.domain)"}]}"#)
            #expect(made.fail.isEmpty)
            let audit = try await box.audit(after: before)
            #expect(audit.contains { $0 == ("New User", box.admin) } && audit.contains { $0 == ("User Logged On", box.admin) })
            #expect(audit.contains { $0 == ("API Binding Created", box.admin) })
            // A secret of one binding does not sign for another.
            let second = try Keys(try #require(try await box.login(box.admin, box.adminPassword).data.first))
            #expect(second.access != keys.access)
            #expect(try await box.signed(Keys(access: keys.access, secret: second.secret)).code == FailureCode.invalidSignature)
            let line = try #require(try await box.log("?path=/api/login/login").first)
            #expect(line["target"]?.text == box.admin && line["effect"]?.text == "none" && line["status"]?.int == 200)
            // Twelve hours, by the sandbox's clock.
            try await box.advance(43_201)
            let expired = try await box.signed(keys, date: Date().addingTimeInterval(43_201))
            #expect(expired.status == 418 && expired.code == FailureCode.bindingExpired)
        }
    }

    @Test func spellings() async throws {
        try await SandboxHarness.run { box async throws in
            let bodies: [String?] = [
                #"{"data":[{"username":"\#(box.admin)"}]}"#, #"{"data":[{"userName":"\#(box.admin)"}]}"#, #"{"data":[]}"#, "{}", nil,
                "{'data': [{'username': u'\(box.admin)'}]}",
            ]
            for body in bodies {
                #expect(try await box.login(box.admin, box.adminPassword, body: body).data.count == 1, "\(body ?? "no body")")
            }
            for kind in ["basic-cloud", "BASIC-CLOUD"] {
                #expect(try await box.login(box.admin, box.adminPassword, kind: kind).status == 200)
            }
            let other = try await box.login(box.admin, box.adminPassword, body: #"{"data":[{"username":"other@\#(box.domain)"}]}"#)
            #expect(other.status == 401)
            let two = try await box.login(box.admin, box.adminPassword, body: #"{"data":[{},{}]}"#)
            #expect(two.status == 200 && two.code == FailureCode.deserialise && two.data.isEmpty)
            // A password may have colons in it.
            let visitor = try await box.makePerson()
            #expect(try await box.login(visitor, SandboxHarness.password).status == 200)
            let synced = try SandboxHarness.person { $0.source == .ldap }.address
            #expect(try await box.update(synced, #""password":"\#(SandboxHarness.password)""#).fail.isEmpty)
            for kind in ["Basic-Cloud", "Basic-Ad"] {
                #expect(try await box.login(synced, SandboxHarness.password, kind: kind).status == 200)
            }
        }
    }

    @Test func wrongPasswords() async throws {
        try await SandboxHarness.run({ $0.regions = [.us, .eu] }) { box async throws in
            let gone = try await box.makePerson()
            #expect(try await box.update(gone, #""accountDisabled":true"#).fail.isEmpty)
            let before = try await box.audit().count
            var seen: Set<String> = []
            for (address, password) in [
                (box.admin, "wrong"), (gone, SandboxHarness.password), ("nobody@\(box.domain)", "x"), ("", ""), ("x", "y"),
            ] {
                let reply = try await box.login(address, password)
                #expect(reply.status == 401 && reply.json["meta"]?["status"]?.int == 401 && reply.data.isEmpty)
                #expect(reply.fail.first?["key"]?["username"]?.text == address)
                seen.insert("\(reply.code ?? "") \(reply.message ?? "")")
            }
            #expect(seen == ["err_login_failed Invalid username or password"])
            let garbled = try await box.send(
                .POST, "/api/login/login",
                headers: [("x-mc-app-id", box.id(.v1)), ("x-mc-req-id", "1"), ("authorization", "Basic-Cloud ???")])
            #expect(garbled.status == 401)
            let other = try await box.addTenant(#"{"region":"eu","seed":"empty"}"#)
            // The wrong region is as wrong as a wrong password.
            let elsewhere = try await box.login(box.admin, box.adminPassword, at: other.baseURL)
            #expect(elsewhere.status == 401 && elsewhere.code == "err_login_failed")
            #expect(elsewhere.fail.first?["key"]?["username"]?.text == box.admin)
            #expect(try await box.login(other.admin, other.adminPassword).status == 401)
            let lines = try await box.log("?path=/api/login/login")
            #expect(
                lines.first?["target"]?.text == box.admin
                    && lines.allSatisfy { $0["effect"]?.text == "refused" && $0["status"]?.int == 401 })
            #expect(try await box.failedLogons(after: before) == [box.admin, gone, "nobody@\(box.domain)", other.admin])
            for _ in 0..<9 { _ = try await box.login(box.admin, "wrong") }
            let closed = try await box.login(box.admin, box.adminPassword)
            #expect(closed.status == 401 && closed.message == "Too many logins failed; try again later")
        }
    }

    @Test func renewing() async throws {
        try await SandboxHarness.run { box async throws in
            let visitor = try await box.makePerson()
            let (keys, theirs) = (
                try Keys(try #require(try await box.login(box.admin, box.adminPassword).data.first)),
                try Keys(try #require(try await box.login(visitor, SandboxHarness.password).data.first))
            )
            try await box.advance(43_201)
            let later = Date().addingTimeInterval(43_201)
            #expect(try await box.signed(keys, date: later).status == 418)
            func renew(_ access: String) async throws -> Reply {
                try await box.login(
                    box.admin, box.adminPassword, body: #"{"data":[{"userName":"\#(box.admin)","accessKey":"\#(access)"}]}"#)
            }
            for wrong in [theirs.access, "unknown"] {
                let reply = try await renew(wrong)
                #expect(reply.status == 401 && reply.data.isEmpty)
            }
            let renewed = try #require(try await renew(keys.access).data.first)
            #expect(renewed["accessKey"]?.text == keys.access && renewed["secretKey"]?.text == keys.secret)
            #expect(renewed["duration"]?.int == 43_200_000)
            #expect(try await box.signed(keys, date: later).status == 200)
            #expect(try await box.signed(theirs, date: later).status == 418)
            // Another application's login does not renew it.
            let (id, _) = try await box.register(#"{"generation":"v1"}"#)
            let foreign = try await box.login(
                box.admin, box.adminPassword, body: #"{"data":[{"accessKey":"\#(keys.access)"}]}"#, application: id)
            #expect(foreign.status == 401)
            // The binding that came with the application is its administrator's.
            try await box.script(#"{"match":{"path":"*"},"kind":"expire-tokens"}"#)
            let path = Self.account
            #expect(try await box.send(.POST, path, headers: box.signedHeaders(path, date: later)).status == 418)
            #expect(try await box.send(.POST, path, headers: box.signedHeaders(path, date: later)).status == 418)
            #expect(try await renew(box.value("ACCESS_KEY")).data.first?["secretKey"]?.text == box.value("SECRET_KEY"))
            #expect(try await box.send(.POST, path, headers: box.signedHeaders(path, date: later)).status == 200)
        }
    }

    @Test func loggingOut() async throws {
        try await SandboxHarness.run { box async throws in
            let path = "/api/login/logout"
            func bind(_ address: String, _ password: String) async throws -> Keys {
                try Keys(try #require(try await box.login(address, password).data.first))
            }
            for body in [nil, "", "{}", #"{"data":[]}"#, "username=x&password=y", #"{"data":[{}]}"#] {
                let keys = try await bind(box.admin, box.adminPassword)
                let reply = try await box.signed(keys, path, body)
                #expect(reply.status == 200 && reply.fail.isEmpty, "\(body ?? "no body")")
                #expect(reply.data.first?["accessKey"]?.text == keys.access)
                let after = try await box.signed(keys)
                #expect(after.status == 401 && after.code == FailureCode.invalidSignature)
            }
            let visitor = try await box.makePerson()
            let (mine, second, theirs) = (
                try await bind(box.admin, box.adminPassword), try await bind(box.admin, box.adminPassword),
                try await bind(visitor, SandboxHarness.password)
            )
            for wrong in [theirs.access, box.value("ACCESS_KEY"), "unknown"] {
                let reply = try await box.signed(mine, path, #"{"data":[{"accessKey":"\#(wrong)"}]}"#)
                #expect(reply.status == 200 && reply.code == FailureCode.forbidden && reply.data.isEmpty)
            }
            #expect(try await box.signed(mine, path, #"{"data":[{"accessKey":"\#(second.access)"}]}"#).fail.isEmpty)
            #expect(try await box.signed(second).status == 401)
            #expect(try await box.signed(mine).status == 200)
            #expect(try await box.signed(theirs).status == 403)
            #expect(try await box.send(.POST, path).status == 401)
            #expect(try await box.call(.portal, path).status == 404)
        }
    }

    @Test func bindingsFollowTheirPeople() async throws {
        try await SandboxHarness.run { box async throws in
            let basic = try SandboxHarness.person { $0.adminRoles == ["Basic Administrator"] }.address
            #expect(try await box.update(basic, #""password":"\#(SandboxHarness.password)""#).fail.isEmpty)
            let keys = try Keys(try #require(try await box.login(basic, SandboxHarness.password).data.first))
            #expect(try await box.signed(keys).status == 200)
            #expect(try await box.update(basic, #""accountDisabled":true"#).fail.isEmpty)
            #expect(try await box.signed(keys).code == FailureCode.invalidSignature)
            #expect(try await box.login(basic, SandboxHarness.password).status == 401)
            #expect(try await box.update(basic, #""accountDisabled":false"#).fail.isEmpty)
            #expect(try await box.signed(keys).status == 200)
            #expect(try await box.update(basic, #""password":"another""#).fail.isEmpty)
            #expect(try await box.signed(keys).code == FailureCode.invalidSignature)
            // The oldest of many bindings goes.
            let first = try Keys(try #require(try await box.login(basic, "another").data.first))
            for _ in 0..<Binding.most { #expect(try await box.login(basic, "another").status == 200) }
            #expect(try await box.signed(first).code == FailureCode.invalidSignature)
        }
    }

    @Test func applicationsThatMovedToV2() async throws {
        try await SandboxHarness.run { box async throws in
            let keys = try Keys(try #require(try await box.login(box.admin, box.adminPassword).data.first))
            let id = box.id(.v1)
            let moved = try await box.control(.POST, "/tenants/\(box.code)/applications/\(id)/move", "{}")
            #expect(moved.status == 201, "\(moved.text)")
            for reply in [
                try await box.signed(keys), try await box.send(.POST, Self.account, headers: box.signedHeaders(Self.account)),
            ] {
                #expect(reply.status == 401 && reply.code == FailureCode.invalidSignature && reply.message == "0004 Invalid Signature")
            }
            let login = try await box.login(box.admin, box.adminPassword)
            #expect(login.status == 401 && login.code == "err_login_failed" && login.message == "Invalid username or password")
            #expect(try await box.control(.POST, "/tenants/\(box.code)/applications/\(id)/move", "{}").status == 409)
            let browser = SignInBrowser(
                box, id: try #require(moved.json["id"]?.text),
                secret: try #require(moved.json["credentials"]?["MIMECAST_CLIENT_SECRET"]?.text))
            #expect(try await browser.call(browser.token(box.admin, box.adminPassword)).status == 200)
        }
    }

    @Test func signaturesAsClientsMakeThem() async throws {
        try await SandboxHarness.run { box async throws in
            let path = Self.account
            for zone in ["UTC", "GMT", "Z", "+0000", "utc"] {
                let (id, date) = (UUID().uuidString, RequestSignature.date(Date()).replacingOccurrences(of: "UTC", with: zone))
                let signature = try #require(
                    RequestSignature(
                        date: date, requestID: id, path: path + "?a=b", applicationKey: box.value("APP_KEY"),
                        accessKey: box.value("ACCESS_KEY"),
                        secretKey: box.value("SECRET_KEY")))
                for header in [signature.header, signature.header.replacingOccurrences(of: ":", with: ": ")] {
                    let once = [("X-MC-APP-ID", box.id(.v1)), ("X-Mc-Req-Id", id), ("x-mc-DATE", date), ("AUTHORIZATION", header)]
                    let reply = try await box.send(.POST, path + "?a=b", headers: once)
                    // The second one is the first one repeated.
                    #expect(reply.status == (header == signature.header ? 200 : 401), "\(zone)")
                }
                let unsignedQuery = [
                    ("x-mc-app-id", box.id(.v1)), ("x-mc-req-id", id), ("x-mc-date", date), ("authorization", signature.header),
                ]
                #expect(try await box.send(.POST, path, headers: unsignedQuery).status == 401)
            }
            for missing in ["x-mc-req-id", "x-mc-date"] {
                let reply = try await box.send(.POST, path, headers: box.signedHeaders(path).filter { $0.0 != missing })
                #expect(reply.status == 401 && reply.code == FailureCode.invalidSignature)
            }
        }
    }
}

/// A binding's two keys.
struct Keys: Sendable {
    let access: String
    let secret: String

    init(access: String, secret: String) {
        self.access = access
        self.secret = secret
    }

    init(_ row: JSON) throws {
        access = try #require(row["accessKey"]?.text)
        secret = try #require(row["secretKey"]?.text)
    }
}

extension Reply {
    /// The first reason's message, in either form.
    var message: String? { fail.first?["message"]?.text ?? fail.first?["errors"]?.list.first?["message"]?.text }
}

extension SandboxHarness {
    func loginHeaders(_ kind: String, _ address: String, _ password: String, application: String? = nil) -> [(String, String)] {
        [
            ("x-mc-app-id", application ?? id(.v1)), ("x-mc-req-id", UUID().uuidString),
            ("authorization", "\(kind) \(Data("\(address):\(password)".utf8).base64EncodedString())"),
        ]
    }

    func login(
        _ address: String, _ password: String, kind: String = "Basic-Cloud", body: String? = "{}", application: String? = nil,
        at listener: String? = nil
    ) async throws -> Reply {
        try await SignInBrowser(self, at: listener).send(
            .POST, "/api/login/login", headers: loginHeaders(kind, address, password, application: application), body: body)
    }

    func discover(_ address: String, at listener: String? = nil) async throws -> Reply {
        try await SignInBrowser(self, at: listener).send(
            .POST, "/api/login/discover-authentication", headers: [("x-mc-app-id", id(.v1)), ("x-mc-req-id", UUID().uuidString)],
            body: #"{"data":[{"emailAddress":"\#(address)"}]}"#)
    }

    /// Makes a call that a binding signs.
    func signed(_ keys: Keys, _ path: String = "/api/account/get-account", _ body: String? = "{}", date: Date = Date()) async throws
        -> Reply
    {
        try await send(
            .POST, path, headers: signedHeaders(path, date: date, accessKey: keys.access, secretKey: keys.secret), body: body)
    }
}
