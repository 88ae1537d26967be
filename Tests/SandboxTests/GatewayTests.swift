import Foundation
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

/// The cloud gateway's calls: plain objects, errors by the status.
@Suite(.serialized) struct GatewayTests {
    private static let groups = "/directory/cloud-gateway/v1/groups"
    private static let users = "/user/cloud-gateway/v1/users"

    private func get(_ box: SandboxHarness, _ path: String, _ app: App = .portal) async throws -> Reply {
        try await box.call(app, path, nil, method: .GET)
    }

    /// Every page of a list; the token stands in both places.
    private func all(_ box: SandboxHarness, _ path: String, _ name: String, size: Int, query: String = "") async throws -> [JSON] {
        var rows: [JSON] = []
        var token: String?
        for _ in 0..<100 {
            let next = token.map { "&pageToken=\($0)" } ?? ""
            // The token carries the query, so that it may be left out.
            let reply = try await get(box, "\(path)?pageSize=\(size)\(token == nil ? query : "")\(next)")
            #expect(reply.status == 200 && reply.json["data"] == nil && reply.json["fail"] == nil, "\(reply.text)")
            let page = try #require(reply.json[name]?.list)
            #expect(reply.pagination?["pageSize"]?.int == page.count && page.count <= size)
            rows += page
            token = reply.pagination?["next"]?.text
            #expect(reply.json["meta"]?["nextPageToken"]?.text == token)
            if token == nil { return rows }
        }
        Issue.record("the list does not end")
        return rows
    }

    @Test func usersAreCreated() async throws {
        try await SandboxHarness.run { box async throws in
            for app in [App.portal, .guide] {
                let address = "New.\(app.rawValue)@\(box.domain)"
                let made = try await box.call(app, Self.users, #"{"emailAddress":"\#(address)","name":"N"}"#)
                #expect(made.status == 200)
                #expect(
                    Set(made.json.members.keys) == [
                        "id", "emailAddress", "name", "domain", "type", "internal", "disabled", "createdDateTime", "updatedDateTime",
                        "addressType", "isAlias", "source",
                    ])
                #expect(made.json["emailAddress"]?.text == address && made.json["source"]?.text == "cloud")
                #expect(try await all(box, Self.users, "users", size: 50).contains(made.json))
                #expect(try await box.call(app, Self.users, #"{"emailAddress":"\#(address.lowercased())"}"#).status == 409)
            }
            for (body, status, code) in [
                (#"{"emailAddress":"a@elsewhere.example"}"#, 403, FailureCode.forbiddenForAddress),
                (#"{"emailAddress":"nobody"}"#, 400, FailureCode.invalidEmailAddress), ("{}", 400, FailureCode.validationNull),
                ("", 400, FailureCode.validationNull), (#"{"emailAddress":[]}"#, 400, FailureCode.deserialise),
                ("[]", 400, FailureCode.deserialise), ("<", 400, FailureCode.deserialise),
            ] {
                let reply = try await box.call(.portal, Self.users, body)
                #expect(reply.status == status && reply.code == code, "\(body) \(reply.text)")
            }
            #expect(try await box.call(.v1, Self.users, "{}").status == 404)
            let lines = try await box.log("?path=" + Self.users).compactMap { $0["effect"]?.text }.filter { $0 != "read" }
            #expect(lines == ["created", "refused", "created"] + Array(repeating: "refused", count: lines.count - 3))
        }
    }

    @Test func groupsAndTheirMembers() async throws {
        try await SandboxHarness.run { box async throws in
            let made = try await box.call(.portal, Self.groups, #"{"description":"Night shift"}"#)
            #expect(made.status == 200 && Set(made.json.members.keys) == ["id"])
            let id = try #require(made.json["id"]?.text)
            let path = "\(Self.groups)/\(id)"
            let child = try await box.call(.guide, Self.groups, #"{"description":"Late","parentId":"\#(id)"}"#)
            #expect(child.status == 200)
            for (body, status) in [
                ("{}", 400), (#"{"description":"late","parentId":"\#(id)"}"#, 409), (#"{"description":"x","parentId":"eNx"}"#, 404),
            ] {
                #expect(try await box.call(.portal, Self.groups, body).status == status, "\(body)")
            }
            let group = try await get(box, path).json
            #expect(Set(group.members.keys) == ["id", "description", "source", "parentId", "userCount", "groupCount"])
            #expect(group["groupCount"]?.int == 1 && group["userCount"]?.int == 0)

            let person = try SandboxHarness.person { _ in true }
            let wanted = [
                #"{"emailAddress":"\#(person.address)","note":"why"}"#, #"{"emailAddress":"nobody"}"#, #"{"domain":"x.example"}"#,
                #"{"emailAddress":"no.one@\#(box.domain)"}"#, #"{"emailAddress":"\#(person.address)"}"#, "{}",
            ].joined(separator: ",")
            let added = try await box.call(.portal, path + "/members", #"{"groupMembers":[\#(wanted)]}"#)
            #expect(added.status == 200 && Set(added.json.members.keys) == ["results"])
            #expect(added.json["results"]?.list.compactMap { $0["success"]?.bool } == [true, false, true, false, false, false])
            let members = try await all(box, path + "/members", "groupMembers", size: 1)
            #expect(members.compactMap { $0["domain"]?.text } == ["x.example", EmailAddress(person.address)?.domain])
            #expect(members.last?["note"]?.text == "why" && members.last?["emailAddress"]?.text == person.address)
            #expect(try await get(box, path).json["userCount"]?.int == 2)
            let removed = try await box.call(.portal, path + "/remove-members", #"{"groupMembers":[\#(wanted)]}"#)
            #expect(removed.json["results"]?.list.compactMap { $0["success"]?.bool } == [true, false, true, false, false, false])
            #expect(try await get(box, path).json["userCount"]?.int == 0)
            let lines = try await box.log("?path=\(Self.groups)/%7Bid%7D/members").compactMap { $0["effect"]?.text }.filter { $0 != "read" }
            #expect(lines == ["added", "refused", "added", "refused", "refused", "refused"])

            let tooMany = Array(repeating: #"{"domain":"y.example"}"#, count: 101).joined(separator: ",")
            for body in ["{}", "", #"{"groupMembers":[]}"#, #"{"groupMembers":[\#(tooMany)]}"#, #"{"groupMembers":[1]}"#] {
                #expect(try await box.call(.portal, path + "/members", body).status == 400, "\(body.prefix(30))")
            }
            let seeded = try await all(box, Self.groups, "groups", size: 5, query: "&source=ldap")
            #expect(seeded.compactMap { $0["description"]?.text } == ["Directory Synced Users", "Head Office"])
            let managed = try #require(seeded.first?["id"]?.text)
            for call in ["members", "remove-members"] {
                let reply = try await box.call(.portal, "\(Self.groups)/\(managed)/\(call)", #"{"groupMembers":[{"domain":"y.example"}]}"#)
                #expect(reply.status == 403 && reply.code == FailureCode.directoryManaged)
            }
            #expect(try await all(box, Self.groups, "groups", size: 3).count == 18)
            #expect(try await get(box, Self.groups + "?query=SHIFT").json["groups"]?.list.count == 1)
            #expect(try await get(box, Self.groups + "?source=moon").status == 400)
            // The envelope's calls change what the gateway made, as a public client does it.
            #expect(try await box.item(.portal, "/api/directory/update-group", #"{"id":"\#(id)","description":"Day"}"#).fail.isEmpty)
            #expect(try await get(box, path).json["description"]?.text == "Day")
        }
    }

    @Test func idsInPaths() async throws {
        try await SandboxHarness.run { box async throws in
            let group = try #require(try await get(box, Self.groups + "?query=VPN").json["groups"]?.list.first?["id"]?.text)
            let first = try #require(group.utf8.first)
            let encoded = "%" + String(first, radix: 16) + group.dropFirst()
            #expect(try await get(box, "\(Self.groups)/\(encoded)").json["id"]?.text == group)
            for (id, status) in [
                ("eNunknown", 404), ("%7Bid%7D", 400), ("a%2Fb", 400), ("%20", 400), ("a.b", 400), ("%00", 400),
                (String(repeating: "a", count: 2_000), 400), ("", 404), ("\(group)/", 404), ("\(group)/more", 404),
                ("\(group)/members/", 404), ("\(group)/members/more", 404),
            ] {
                let reply = try await get(box, "\(Self.groups)/\(id)")
                #expect(reply.status == status, "\(id.prefix(40)) \(reply.text)")
            }
            for path in ["%25%25", "%25%25/members"] {
                let malformed = try await get(box, "\(Self.groups)/\(path)")
                #expect(malformed.status == 400 && malformed.text.isEmpty)
            }
            for call in ["members", "remove-members"] {
                #expect(try await box.call(.portal, "\(Self.groups)/eNx/\(call)", #"{"groupMembers":[{}]}"#).status == 404)
                let malformed = try await box.call(.portal, "\(Self.groups)/a.b/\(call)", #"{"groupMembers":[{}]}"#)
                #expect(malformed.status == 400 && malformed.text.isEmpty)
            }
            #expect(try await box.call(.portal, "\(Self.groups)/\(group)", "{}").status == 405)
            #expect(try await get(box, "\(Self.groups)/\(group)/remove-members").status == 405)
            for query in ["pageSize=0", "pageSize=101", "pageSize=x", "pageToken=made-up"] {
                #expect(try await get(box, "\(Self.groups)?\(query)").status == 400, "\(query)")
            }
            // Another group's token continues no list of this one.
            let staff = try #require(try await get(box, Self.groups + "?query=All%20Staff").json["groups"]?.list.first?["id"]?.text)
            let token = try #require(try await get(box, "\(Self.groups)/\(staff)/members?pageSize=1").pagination?["next"]?.text)
            #expect(try await get(box, "\(Self.groups)/\(group)/members?pageToken=\(token)").status == 400)
        }
    }

    @Test func rolesDomainsAndWho() async throws {
        try await SandboxHarness.run({ $0.seed = .people(300) }) { box async throws in
            let roles = try await all(box, "/role/cloud-gateway/v1/roles", "roles", size: 2)
            #expect(roles.compactMap { $0["roleName"]?.text } == AdministratorRole.allCases.map(\.rawValue))
            #expect(Set(roles.compactMap { $0["id"]?.text }).count == roles.count)
            #expect(try await all(box, "/role/cloud-gateway/v1/roles", "roles", size: 100) == roles)

            let domains = "/domain/cloud-gateway/v1/"
            let own = try await all(box, domains + "internal-domains", "domains", size: 1)
            #expect(own.compactMap { $0["domain"]?.text } == ["quillhaven-cargo.example", "quillhaven.example"])
            #expect(own.allSatisfy { Set($0.members.keys) == ["id", "domain", "local", "sendOnly", "inboundType"] })
            let listed = try await box.call(.portal, "/api/domain/get-internal-domain").data
            #expect(listed.compactMap { $0["id"]?.text } == own.compactMap { $0["id"]?.text })
            let company = Company.generate(people: 300, domains: 2, seed: 1)
            let guests = Set(company.guests.compactMap { EmailAddress($0.address)?.domain })
            let foreign = try await all(box, domains + "external-domains", "domains", size: 1)
            #expect(foreign.compactMap { $0["domain"]?.text } == guests.sorted())
            #expect(try await all(box, domains + "pending-domains", "domains", size: 10).isEmpty)
            let change = #"{"pendingDomains":["new.example","later.example"]}"#
            #expect(try await box.send(.POST, "/control/tenants/\(box.value("ACCOUNT_CODE"))", body: change).status == 200)
            let pending = try await all(box, domains + "pending-domains", "domains", size: 1)
            #expect(pending.compactMap { $0["domain"]?.text } == ["later.example", "new.example"])
            #expect(try await all(box, domains + "internal-domains", "domains", size: 100) == own)

            for app in [App.portal, .guide] {
                let who = try await get(box, "/identity/whoami", app).json
                #expect(Set(who.members.keys) == ["version", "type", "account-codes", "home-account"])
                for key in ["account-codes", "home-account"] { #expect(who[key]?["cg"]?.text == box.value("ACCOUNT_CODE")) }
            }
            #expect(try await box.call(.v1, "/identity/whoami", nil, method: .GET).status == 404)
        }
    }

    @Test func anExternalDomainGoesWithItsLastAddress() async throws {
        try await SandboxHarness.run { box async throws in
            let group = try #require(try await get(box, Self.groups + "?query=VPN").json["groups"]?.list.first?["id"]?.text)
            let path = "/domain/cloud-gateway/v1/external-domains"
            let member = #"{"groupMembers":[{"emailAddress":"a@once.example"}]}"#
            #expect(try await box.call(.portal, "\(Self.groups)/\(group)/members", member).status == 200)
            #expect(try await all(box, path, "domains", size: 100).contains { $0["domain"]?.text == "once.example" })
            #expect(try await box.item(.guide, "/api/user/delete-managed-sender", #"{"emailAddress":"a@once.example"}"#).fail.isEmpty)
            #expect(try await !all(box, path, "domains", size: 100).contains { $0["domain"]?.text == "once.example" })
        }
    }
}
