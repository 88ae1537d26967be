import Foundation
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

/// Answers have the shapes that were recorded, or that the guide prints.
@Suite(.serialized) struct ShapeTests {
    @Test func portalListIsOneObject() async throws {
        try await SandboxHarness.run { box async throws in
            for app in [App.portal, .v1] {
                let reply = try await box.call(app, "/api/user/get-internal-users", #"{"meta":{"pagination":{"pageSize":7}},"data":[]}"#)
                #expect(reply.status == 200)
                #expect(reply.data.count == 1)
                let users = reply.data[0]["users"]?.list ?? []
                #expect(users.count == 7)
                #expect(users.allSatisfy { Set($0.members.keys) == ["name", "emailAddress", "domain", "alias", "addressType", "source"] })
                #expect(reply.json["fail"] == .array([]))
                #expect(reply.json["meta"]?["status"]?.int == 200)
                #expect(Set(reply.pagination?.members.keys ?? [:].keys) == ["pageSize", "next"])
                let addresses = users.compactMap { $0["emailAddress"]?.text }
                #expect(addresses == addresses.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            }
        }
    }

    @Test func guideListHasFlatRows() async throws {
        try await SandboxHarness.run { box async throws in
            let reply = try await box.call(.guide, "/api/user/get-internal-users?pageSize=5", nil, method: .GET)
            #expect(reply.status == 200)
            #expect(reply.data.count == 5)
            #expect(reply.pagination?["totalCount"]?.int == 60)
            #expect(reply.pagination?["pageToken"]?.text != nil)
            // Clients of the portal look for the other name.
            #expect(reply.pagination?["next"] == reply.pagination?["pageToken"])
            let row = reply.data[0].members
            for key in [
                "id", "emailAddress", "name", "firstName", "lastName", "accountCode", "domain", "alias", "userType", "adminRoles", "groups",
                "status", "source",
            ] {
                #expect(row[key] != nil, "\(key)")
            }
        }
    }

    @Test func accounts() async throws {
        try await SandboxHarness.run { box async throws in
            for body in [#"{"data":[{}]}"#, #"{"data":[]}"#, "{}", ""] {
                let portal = try await box.call(.portal, "/api/account/get-account", body)
                #expect(portal.data.first?.members.count == 27)
                #expect(portal.json["meta"]?.members.count == 1)
                let account = portal.data[0]
                for flag in [
                    "searchReason", "policyInheritance", "exgestAllowQuery", "archive", "gateway", "exportApi", "automatedSegmentPurge",
                ] {
                    #expect(account[flag]?.bool != nil, "\(flag)")
                }
                for number in ["maxRetention", "adminSessionTimeout", "userCount"] { #expect(account[number]?.int != nil, "\(number)") }
                #expect(account["packages"]?.list.first?.text != nil)
                #expect(account["accountCode"]?.text == box.value("ACCOUNT_CODE"))
                #expect(account["userCount"]?.int == 60)
            }
            let guide = try await box.item(.guide, "/api/account/get-account", #"{}"#)
            #expect(Set(guide.data[0].members.keys) == ["accountCode", "companyName", "maxUsers"])
            #expect(guide.data[0]["maxUsers"]?.int == 120)
            let null = try await box.call(.portal, "/api/account/get-account", #"{"data":null}"#)
            #expect(null.code == FailureCode.deserialise)
        }
    }

    @Test func groupsAndMembers() async throws {
        try await SandboxHarness.run { box async throws in
            let portal = try await box.item(.portal, "/api/directory/find-groups", #"{"source":"cloud","query":"vpn"}"#)
            #expect(portal.data.count == 1)
            #expect(portal.data[0]["query"]?.text == "vpn")
            #expect(portal.data[0]["source"]?.text == "cloud")
            let folder = portal.data[0]["folders"]?.list.first?.members ?? [:]
            #expect(Set(folder.keys) == ["id", "description", "source", "parentId", "userCount", "folderCount"])
            #expect(folder["description"]?.text == "VPN Users")
            let none = try await box.item(.portal, "/api/directory/find-groups", #"{"query":"no such"}"#)
            #expect(none.data[0]["folders"] == .array([]))
            #expect(none.pagination?["pageSize"]?.int == 0)
            let guide = try await box.item(.guide, "/api/directory/find-groups", #"{"source":"ldap"}"#)
            #expect(guide.data.compactMap { $0["description"]?.text } == ["Directory Synced Users", "Head Office"])
            #expect(guide.data.allSatisfy { Set($0.members.keys) == ["id", "description", "source"] })

            let id = folder["id"]?.text ?? ""
            let members = try await box.item(.portal, "/api/directory/get-group-members", #"{"id":"\#(id)"}"#)
            #expect(members.data.count == 1)
            #expect(members.data[0]["groupMembers"]?.list.count == folder["userCount"]?.int)
            let flat = try await box.item(.guide, "/api/directory/get-group-members", #"{"id":"\#(id)"}"#)
            #expect(flat.data.count == folder["userCount"]?.int)
            let unknown = try await box.item(.guide, "/api/directory/get-group-members", #"{"id":"nobody"}"#)
            #expect(unknown.code == FailureCode.folderNotFound)
            let foreign = try await box.item(.portal, "/api/directory/get-group-members", #"{"id":"nobody"}"#)
            #expect(foreign.status == 400 && foreign.text.isEmpty)
            let prefixed = try await box.item(.portal, "/api/directory/get-group-members", #"{"id":"MTOKEN:\#(id)"}"#)
            #expect(prefixed.data == members.data)
            let malformed = try await box.item(.guide, "/api/directory/get-group-members", #"{"id":"%%%"}"#)
            #expect(malformed.status == 400 && malformed.text.isEmpty)
        }
    }

    @Test func gatewayAndDomains() async throws {
        try await SandboxHarness.run { box async throws in
            for app in [App.portal, .guide] {
                let reply = try await box.call(app, "/user/cloud-gateway/v1/users?pageSize=3", nil, method: .GET)
                #expect(reply.json["users"]?.list.count == 3)
                #expect(reply.json["data"] == nil)
                #expect(reply.json["users"]?.list[0]["disabled"]?.bool == false)
                #expect(reply.pagination?["next"]?.text != nil)
                #expect(try await box.call(app, "/user/cloud-gateway/v1/users?pageSize=101", nil, method: .GET).status == 400)
            }
            #expect(try await box.call(.v1, "/user/cloud-gateway/v1/users", nil, method: .GET).status == 404)
            for app in App.allCases {
                let reply = try await box.call(app, "/api/domain/get-internal-domain")
                #expect(Set(reply.data.compactMap { $0["domain"]?.text }) == ["quillhaven.example", "quillhaven-cargo.example"])
                #expect(reply.json["meta"]?.members.count == 1)
                #expect(Set(reply.data[0].members.keys) == ["id", "domain", "sendOnly", "local", "inboundType"])
            }
        }
    }

    @Test func guideApplicationsGetPortalShapesOnPortalPaths() async throws {
        try await SandboxHarness.run { box async throws in
            let address = "new.person@\(box.domain)"
            let reply = try await box.item(.guide, "/api/user/create-user", #"{"emailAddress":"\#(address)"}"#)
            #expect(Set(reply.data[0].members.keys) == ["id", "emailAddress"])
            let state = try await box.item(.guide, "/api/user/update-user", #"{"emailAddress":"\#(address)"}"#)
            #expect(state.data[0]["accountDisabled"]?.bool == false)
        }
    }
}
