import Foundation
import Mimecast
import MusterStore
import NIOHTTP1
import Testing

@testable import Sandbox

/// How passwords are set and kept, and what the token endpoint puts up with.
@Suite(.serialized) struct PasswordTests {
    @Test func hashes() throws {
        let (one, two) = (try PasswordHash("secret"), try PasswordHash("secret"))
        #expect(one.stored != two.stored && one.stamp != two.stamp)
        #expect(one.matches("secret") && two.matches("secret") && !one.matches("Secret") && !one.matches(""))
        #expect(PasswordHash(stored: one.stored) == one)
        #expect(PasswordHash(stored: []) == nil && PasswordHash(stored: Array(one.stored.dropLast())) == nil)
        #expect(PasswordHash(stored: [2] + one.stored.dropFirst()) == nil)
        #expect(!PasswordHash.nobodys.matches("") && !PasswordHash.nobodys.matches("secret"))
        // However a keyboard writes it.
        #expect(try PasswordHash("caf\u{E9}").matches("cafe\u{301}"))
        #expect(!one.matches(String(repeating: "s", count: 100_000)))
    }

    @Test func setting() async throws {
        try await SandboxHarness.run { box async throws in
            let create = "/api/user/create-user"
            let before = try await box.audit().count
            let address = "new@\(box.domain)"
            for wrong in ["", String(repeating: "p", count: 257), #"a\u0000b"#] {
                let reply = try await box.item(.portal, create, #"{"emailAddress":"\#(address)","password":"\#(wrong)"}"#)
                #expect(reply.fail.count == 1 && reply.field == "password", "\(wrong.prefix(9))")
                // The item is echoed without it.
                #expect(reply.fail.first?["key"]?["emailAddress"]?.text == address)
                #expect(reply.fail.first?["key"]?["password"] == nil)
                #expect(try await box.update(box.admin, #""password":"\#(wrong)""#).field == "password")
            }
            let made = try await box.item(
                .portal, create, #"{"emailAddress":"\#(address)","password":"hush-hush","forcePasswordChange":true}"#)
            #expect(made.fail.isEmpty && !made.text.contains("hush"))
            let state = try await box.item(.portal, "/api/user/update-user", #"{"emailAddress":"\#(address)"}"#)
            #expect(state.data.first?["forcePasswordChange"]?.bool == true)
            #expect(
                try await box.item(.portal, "/api/user/get-profile", #"{"emailAddress":"\#(address)"}"#).data.first?["localPassword"]?.bool
                    == true)
            let changed = try await box.update(address, #""password":"hush-again""#)
            #expect(changed.fail.isEmpty && !changed.text.contains("hush"))
            #expect(try await box.login(address, "hush-again").status == 200)
            #expect(try await box.login(address, "hush-hush").status == 401)
            let twice = try await box.item(.portal, create, #"{"emailAddress":"\#(address)","PassWord":"hush-hush"}"#)
            #expect(twice.code == FailureCode.userExists && !twice.text.contains("hush"))
            #expect(try await box.audit(after: before).filter { $0.type == AuditKind.passwordChanged.type }.count == 1)
            let line = try #require(try await box.log("?path=/api/user/update-user").last)
            #expect(line["effect"]?.text == "updated" && line["target"]?.text == address)
            #expect(try await box.send(.GET, "/control/requests").text.contains("hush") == false)
        }
    }

    @Test func theStoreKnowsNoPassword() async throws {
        let folder = try DataFolder()
        let path = folder.file()
        let secrets = try await SandboxHarness.run({ $0.dataPath = path }) { box async throws in
            let browser = SignInBrowser(box)
            let visitor = try await box.makePerson()
            let code = try await browser.code(visitor, SandboxHarness.password)
            let token = try #require(try await browser.exchange(code).json["access_token"]?.text)
            return [SandboxHarness.password, box.adminPassword, code, token, box.value("CLIENT_SECRET")]
        }
        let bytes = try folder.names.map { try Data(contentsOf: folder.url.appendingPathComponent($0)) }
        for secret in secrets { #expect(bytes.allSatisfy { $0.range(of: Data(secret.utf8)) == nil }) }
    }

    /// Data files from before people had passwords.
    @Test func theAdministratorGetsOne() async throws {
        let folder = try DataFolder()
        let path = folder.file()
        _ = try await SandboxHarness.run({ $0.dataPath = path }) { box async throws in box.admin }
        do {
            let store = try SQLiteStore(path: path, migrations: SandboxSchema.migrations)
            try await store.write("") { try $0.execute("UPDATE sb_accounts SET password = NULL") }
        }
        try await SandboxHarness.run({ $0.dataPath = path }) { box async throws in
            #expect(try await box.login(box.admin, box.adminPassword).status == 200)
            #expect(try await box.update(box.admin, #""password":"mine now""#).fail.isEmpty)
        }
        // One that was changed stays.
        try await SandboxHarness.run({ $0.dataPath = path }) { box async throws in
            #expect(try await box.login(box.admin, box.adminPassword).status == 401)
            #expect(try await box.login(box.admin, "mine now").status == 200)
            let other = try await box.addTenant(#"{"seed":"empty"}"#)
            #expect(try await other.login(other.admin, other.adminPassword).status == 200)
        }
    }

    @Test func tokenRequestsInEveryForm() async throws {
        try await SandboxHarness.run { box async throws in
            let (id, secret) = (box.id(.portal), box.value("CLIENT_SECRET"))
            let form = "grant_type=client_credentials&client_id=\(id)&client_secret=\(secret)"
            func ask(_ body: String?, _ headers: [(String, String)] = []) async throws -> Reply {
                try await box.send(.POST, "/oauth/token", headers: headers, body: body)
            }
            let basic = ("AUTHORIZATION", "basic " + Data("\(id):\(secret)".utf8).base64EncodedString())
            let json = #"{"grant_type":"client_credentials","client_id":"\#(id)","client_secret":"\#(secret)"}"#
            #expect(try await ask(form).status == 200)
            #expect(try await ask(form, [("CONTENT-TYPE", "application/x-www-form-urlencoded; charset=UTF-8")]).status == 200)
            #expect(try await ask(json).status == 200)
            #expect(try await ask(json, [("content-type", "application/json")]).status == 200)
            #expect(try await ask("grant_type=client_credentials", [basic]).status == 200)
            #expect(try await ask("grant_type=client_credentials&client_id=\(id)", [basic]).status == 200)
            #expect(try await ask(form + "&scope=").json["scope"]?.text == "")

            let wrong: [(body: String?, headers: [(String, String)], status: Int, code: String, error: String)] = [
                (nil, [], 400, "invalid_request", "invalid_request"), ("{", [], 400, "invalid_request", "invalid_request"),
                ("grant_type=password", [], 400, "unsupported_grant_type", "unsupported_grant_type"),
                ("grant_type=refresh_token&refresh_token=x", [], 400, "unsupported_grant_type", "unsupported_grant_type"),
                (form + "&scope=user/everything", [], 400, "invalid_scope", "invalid_scope"),
                (form + "&client_id=\(id)", [], 400, "invalid_request", "invalid_request"),
                ("grant_type=client_credentials&client_id=other", [basic], 400, "invalid_request", "invalid_request"),
                ("grant_type=client_credentials", [], 401, "unauthorized", "invalid_client"),
                ("grant_type=client_credentials&client_id=\(id)", [], 401, "unauthorized", "invalid_client"),
                (form + "x", [], 401, "unauthorized", "invalid_client"),
                ("grant_type=client_credentials&client_id=\(box.id(.v1))&client_secret=", [], 401, "unauthorized", "invalid_client"),
                ("grant_type=client_credentials", [("authorization", "Basic ???")], 401, "unauthorized", "invalid_client"),
                (form + "&x=" + String(repeating: "x", count: 16_384), [], 413, "invalid_request", "invalid_request"),
            ]
            for (body, headers, status, code, error) in wrong {
                let reply = try await ask(body, headers)
                #expect(reply.status == status && reply.code == code, "\(body?.prefix(60) ?? "none") \(reply.text)")
                #expect(reply.json["error"]?.text == error && reply.json["error_description"]?.text == reply.fail.first?["message"]?.text)
                #expect(reply.fail.first?["errors"] == nil && reply.headers["x-ratelimit-limit"] != nil)
                #expect((reply.headers["www-authenticate"] != nil) == (status == 401 && !headers.isEmpty))
                #expect(!reply.text.contains(secret))
            }
            #expect(try await box.send(.GET, "/oauth/token").json["error"]?.text == "invalid_request")
        }
    }
}
