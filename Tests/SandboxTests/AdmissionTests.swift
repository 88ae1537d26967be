import Foundation
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

/// Who is let in, and what the others are told.
@Suite(.serialized) struct AdmissionTests {
    @Test func tokens() async throws {
        try await SandboxHarness.run { box async throws in
            let portal = try await box.askToken(.portal)
            #expect(portal.status == 200)
            #expect(portal.json["token_type"]?.text == "Bearer")
            #expect(portal.json["expires_in"]?.int == 1_799)
            #expect(portal.json["scope"]?.text == "")
            #expect(try await box.askToken(.guide).json["expires_in"]?.int == 3_600)
            #expect(try await box.askToken(.guide, scope: "user/read").json["scope"]?.text == "user/read")
            #expect(try await box.askToken(.guide, scope: "user/everything").status == 400)
            let form = [("content-type", "application/x-www-form-urlencoded")]
            let grant = try await box.send(.POST, "/oauth/token", headers: form, body: "grant_type=password")
            #expect(grant.status == 400)
            let wrong = try await box.send(
                .POST, "/oauth/token", headers: form,
                body: "grant_type=client_credentials&client_id=\(box.id(.portal))&client_secret=no")
            #expect(wrong.status == 401)
            #expect(wrong.fail.first?["code"]?.text == FailureCode.unauthorized)
            #expect(wrong.fail.first?["errors"] == nil)
            let basic = Data("\(box.id(.portal)):\(box.value("CLIENT_SECRET"))".utf8).base64EncodedString()
            let byHeader = try await box.send(
                .POST, "/oauth/token", headers: form + [("authorization", "Basic \(basic)")], body: "grant_type=client_credentials")
            #expect(byHeader.status == 200)
            #expect(try await box.send(.GET, "/oauth/token").status == 405)
        }
    }

    @Test func expiredAndForeignTokens() async throws {
        try await SandboxHarness.run { box async throws in
            let path = "/api/account/get-account"
            #expect(try await box.call(.portal, path).status == 200)
            _ = try await box.send(.POST, "/control/clock", body: #"{"advance":1750}"#)
            #expect(try await box.call(.portal, path).status == 200)
            _ = try await box.send(.POST, "/control/clock", body: #"{"advance":50}"#)
            let expired = try await box.call(.portal, path)
            #expect(expired.status == 401)
            #expect(expired.code == FailureCode.tokenExpired)
            let token = try await box.token(.portal)
            let twice = [("authorization", "Bearer \(token)"), ("authorization", "Bearer nonsense")]
            let refused = try await box.send(.POST, path, headers: twice)
            #expect(refused.status == 401 && refused.text.contains("sent twice"), "\(refused)")
            let foreign = try await box.send(.POST, path, headers: [("authorization", "Bearer nonsense")])
            #expect(foreign.status == 401)
            #expect(foreign.code == FailureCode.tokenVerificationFailed)
            let none = try await box.send(.POST, path)
            #expect(none.status == 401)
            #expect(none.code == FailureCode.unauthorized)
            #expect(none.headers["x-ratelimit-limit"] != nil)
        }
    }

    @Test func signatures() async throws {
        try await SandboxHarness.run { box async throws in
            let path = "/api/account/get-account"
            func status(_ headers: [(String, String)]) async throws -> Reply { try await box.send(.POST, path, headers: headers) }
            #expect(try await status(box.signedHeaders(path)).status == 200)
            let secret = Data("other".utf8).base64EncodedString()
            for headers in [
                try box.signedHeaders(path, appKey: "other"), try box.signedHeaders(path, accessKey: "other"),
                try box.signedHeaders(path, secretKey: secret), try box.signedHeaders("/other/path"),
            ] {
                let reply = try await status(headers)
                #expect(reply.status == 401)
                #expect(reply.json["meta"]?["status"]?.int == 401)
                #expect(reply.code == FailureCode.invalidSignature)
                #expect(reply.fail.first?["key"] == nil)
            }
            let unknown = try await status(box.signedHeaders(path, appID: "nobody"))
            #expect(unknown.status == 200)
            #expect(unknown.code == FailureCode.developerKey)
            #expect(unknown.fail.first?["errors"]?.list.first?["message"]?.text == "App ID is invalid: nobody")
            #expect(unknown.fail.first?["key"] == nil)
            let now = Date()
            #expect(try await status(box.signedHeaders(path, date: now.addingTimeInterval(-16 * 60))).status == 401)
            #expect(try await status(box.signedHeaders(path, date: now.addingTimeInterval(16 * 60))).status == 401)
            #expect(try await status(box.signedHeaders(path, date: now.addingTimeInterval(-14 * 60))).status == 200)
            let once = try box.signedHeaders(path)
            #expect(try await status(once).status == 200)
            #expect(try await status(once).status == 401)
            // A space after the colon is put up with, and a query is signed with the path.
            var spaced = try box.signedHeaders(path + "?a=b")
            spaced[3].1 = spaced[3].1.replacingOccurrences(of: ":", with: ": ")
            #expect(try await box.send(.POST, path + "?a=b", headers: spaced).status == 200)
        }
    }

    /// A signature that a client in production was tested with.
    @Test func knownSignature() {
        let signature = RequestSignature(
            date: "Sun, 21 Aug 2022 13:49:40 UTC", requestID: "3d796b76-4180-40e5-8f7c-6e0fd643b1a9", path: "/api/test/some-url",
            applicationKey: "ApplicationKey", accessKey: "AccessKey", secretKey: Data("SecretKey".utf8).base64EncodedString())
        #expect(signature?.header == "MC AccessKey:WOywLsnZlsE+D6bp/ug6uch5kxc=")
    }

    @Test func pathsMethodsAndDialects() async throws {
        try await SandboxHarness.run { box async throws in
            #expect(try await box.call(.portal, "/api/user/delete-user").status == 404)
            #expect(try await box.call(.guide, "/api/user/get-internal-users", method: .PUT).status == 405)
            for path in ["create", "update", "delete"].map({ "/api/user/\($0)-managed-sender" }) {
                for app in [App.portal, .v1] { #expect(try await box.call(app, path).status == 404, "\(app) \(path)") }
                #expect(try await box.call(.guide, path, method: .GET).status == 405)
            }
            #expect(try await box.call(.portal, "/api/user/get-internal-users", nil, method: .GET).status == 404)
            #expect(try await box.send(.GET, "/nowhere").status == 404)
            #expect(try await box.send(.GET, "/ping").status == 200)
        }
    }

    @Test func everyDescribedCallHasARoute() {
        let served = SandboxRoutes.all.map(\.description.name)
        #expect(served.sorted() == Endpoints.all.map(\.name).sorted())
    }

    @Test func bodies() async throws {
        try await SandboxHarness.run { box async throws in
            let path = "/api/user/create-user"
            #expect(try await box.call(.portal, path, #"{"data":["#).status == 400)
            #expect(try await box.call(.portal, path, "[]").status == 400)
            let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
            #expect(try await box.call(.portal, path, #"{"data":\#(deep)}"#).status == 400)
            #expect(try await box.item(.portal, path, #"{"name":""# + String(repeating: "x", count: 3 << 20) + #""}"#).status == 413)
            let wrong = try await box.item(.portal, path, #"{"emailAddress":17}"#)
            #expect(wrong.status == 200 && wrong.code == FailureCode.deserialise)
            #expect(try await box.call(.portal, path, #"{"data":[]}"#).code == FailureCode.validationNull)
        }
    }
}
