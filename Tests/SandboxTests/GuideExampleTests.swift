import Foundation
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

/// The guide's own requests, in its own order: what it shows is what comes back.
@Suite(.serialized) struct GuideExampleTests {
    private func call(_ box: SandboxHarness, _ path: String, _ body: String) async throws -> JSON {
        let token = try await box.token(.guide)
        let reply = try await box.send(
            .POST, path, headers: [("Authorization", "Bearer \(token)"), ("Content-Type", "application/json")], body: body)
        #expect(reply.status == 200 && reply.fail.isEmpty, "\(path) \(reply.text)")
        return try #require(reply.data.first)
    }

    @Test func listByQuery() async throws {
        try await SandboxHarness.run({ $0.seed = .people(250) }) { box async throws in
            let token = try await box.token(.guide)
            let reply = try await box.send(
                .GET, "/api/user/get-internal-users?pageSize=100",
                headers: [("Authorization", "Bearer \(token)"), ("Content-Type", "application/json")])
            #expect(reply.data.count == 100 && reply.pagination?["totalCount"]?.int == 250)
            let next = try #require(reply.pagination?["pageToken"]?.text)
            let second = try await box.send(
                .GET, "/api/user/get-internal-users?pageSize=100&pageToken=\(next)", headers: [("Authorization", "Bearer \(token)")])
            let third = try await box.send(
                .GET, "/api/user/get-internal-users?pageSize=100&pageToken=\(second.pagination?["pageToken"]?.text ?? "")",
                headers: [("Authorization", "Bearer \(token)")])
            #expect(second.data.count == 100 && third.data.count == 50 && third.pagination?["pageToken"] == nil)
            let ids = (reply.data + second.data + third.data).compactMap { $0["id"]?.text }
            #expect(Set(ids).count == 250)
            // The default is 100, the most is 500.
            let usual = try await box.send(.GET, "/api/user/get-internal-users", headers: [("Authorization", "Bearer \(token)")])
            #expect(usual.data.count == 100)
            let most = try await box.send(
                .GET, "/api/user/get-internal-users?pageSize=500", headers: [("Authorization", "Bearer \(token)")])
            #expect(most.data.count == 250)
            let more = try await box.send(
                .GET, "/api/user/get-internal-users?pageSize=501", headers: [("Authorization", "Bearer \(token)")])
            #expect(more.status == 400)
        }
    }

    @Test func createGetUpdateDelete() async throws {
        try await SandboxHarness.run { box async throws in
            let address = "newuser@\(box.domain)"
            let created = try await call(
                box, "/api/user/create-managed-sender", #"{"data":[{"emailAddress":"\#(address)","name":"New User"}]}"#)
            #expect(created["emailAddress"]?.text == address && created["status"]?.text == "active")
            let id = try #require(created["id"]?.text)
            let got = try await call(box, "/api/user/get-internal-users", #"{"data":[{"emailAddress":"\#(address)"}]}"#)
            #expect(got["id"]?.text == id && got["name"]?.text == "New User" && got["status"]?.text == "active")
            let updated = try await call(
                box, "/api/user/update-managed-sender", #"{"data":[{"id":"\#(id)","name":"Updated Name"}]}"#)
            #expect(updated["id"]?.text == id && updated["emailAddress"]?.text == address && updated["name"]?.text == "Updated Name")
            let deleted = try await call(box, "/api/user/delete-managed-sender", #"{"data":[{"id":"\#(id)"}]}"#)
            #expect(deleted == .object(["id": .string(id), "status": .string("deleted")]))
        }
    }

    @Test func groupsAndMembership() async throws {
        try await SandboxHarness.run { box async throws in
            let person = try SandboxHarness.person { !$0.groups.contains("VPN Users") }
            let token = try await box.token(.guide)
            let groups = try await box.send(
                .POST, "/api/directory/find-groups", headers: [("Authorization", "Bearer \(token)")],
                body: #"{"data":[{"source":"cloud"}]}"#)
            #expect(groups.data.allSatisfy { Set($0.members.keys) == ["id", "description", "source"] && $0["source"]?.text == "cloud" })
            let id = try #require(groups.data.first { $0["description"]?.text == "VPN Users" }?["id"]?.text)
            let added = try await call(
                box, "/api/directory/add-group-member", #"{"data":[{"id":"\#(id)","emailAddress":"\#(person.address)"}]}"#)
            #expect(added["id"]?.text == id && added["emailAddress"]?.text == person.address && added["status"]?.text == "added")
            let members = try await box.send(
                .POST, "/api/directory/get-group-members", headers: [("Authorization", "Bearer \(token)")],
                body: #"{"data":[{"id":"\#(id)"}]}"#)
            #expect(members.data.contains { $0["emailAddress"]?.text == person.address })
        }
    }

    @Test func accountOfTheApplication() async throws {
        try await SandboxHarness.run({ $0.seats = 500 }) { box async throws in
            let account = try await call(box, "/api/account/get-account", #"{"data":[{}]}"#)
            #expect(account["accountCode"]?.text == box.value("ACCOUNT_CODE"))
            #expect(account["companyName"]?.text?.isEmpty == false && account["maxUsers"]?.int == 500)
        }
    }

    /// Whoever leaves is disabled, which is confirmed by reading; deleting cannot be taken back.
    @Test func leaver() async throws {
        try await SandboxHarness.run { box async throws in
            let person = try SandboxHarness.person { $0.source == .cloud && $0.adminRoles.isEmpty }
            let row = try await call(box, "/api/user/get-internal-users", #"{"data":[{"emailAddress":"\#(person.address)"}]}"#)
            let id = try #require(row["id"]?.text)
            _ = try await call(box, "/api/user/update-managed-sender", #"{"data":[{"id":"\#(id)","status":"disabled"}]}"#)
            let after = try await call(box, "/api/user/get-internal-users", #"{"data":[{"id":"\#(id)"}]}"#)
            #expect(after["status"]?.text == "disabled")
            _ = try await call(box, "/api/user/delete-managed-sender", #"{"data":[{"id":"\#(id)"}]}"#)
            for call in ["get-internal-users", "update-managed-sender", "delete-managed-sender"] {
                let reply = try await box.item(.guide, "/api/user/\(call)", #"{"id":"\#(id)"}"#)
                #expect(reply.code == FailureCode.forbiddenForAddress, "\(call)")
            }
        }
    }

    /// Nothing to subscribe to: changes are found by reading.
    @Test func thereAreNoWebhooks() async throws {
        try await SandboxHarness.run { box async throws in
            for path in ["/webhooks", "/api/webhooks", "/api/events/subscribe", "/api/account/create-webhook"] {
                #expect(try await box.call(.guide, path).status == 404)
            }
        }
    }

    /// A v2 token in a v1 signature's place and a v1 signature with a v2 application: both fail by authentication.
    @Test func generationsAreNotMixedUp() async throws {
        try await SandboxHarness.run { box async throws in
            let path = "/api/account/get-account"
            let token = try await box.token(.portal)
            let mixed = try await box.send(
                .POST, path, headers: box.signedHeaders(path).map { $0.0 == "authorization" ? ($0.0, "MC \(token)") : $0 })
            #expect(mixed.status == 401)
            let signed = try await box.send(.POST, path, headers: box.signedHeaders(path, appID: box.value("CLIENT_ID")))
            #expect(signed.code == FailureCode.developerKey)
            let basic = Data("\(box.value("ACCESS_KEY")):\(box.value("SECRET_KEY"))".utf8).base64EncodedString()
            #expect(try await box.send(.POST, path, headers: [("authorization", "Basic \(basic)")]).status == 401)
            let form = "grant_type=client_credentials&client_id=\(box.value("APP_ID"))&client_secret=\(box.value("APP_KEY"))"
            #expect(try await box.send(.POST, "/oauth/token", body: form).status == 401)
        }
    }
}
