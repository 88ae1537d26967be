import Foundation
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

/// A domain is a member of a group as a whole, through every door.
@Suite(.serialized) struct DomainMemberTests {
    private static let base = "/api/directory/"

    private func folder(_ box: SandboxHarness, _ name: String) async throws -> JSON {
        let reply = try await box.item(.portal, Self.base + "find-groups", #"{"query":"\#(name)"}"#)
        return try #require(reply.data.first?["folders"]?.list.first)
    }

    @Test func everyDoor() async throws {
        try await SandboxHarness.run { box async throws in
            let before = try await folder(box, "VPN Users")
            let (id, count) = (try #require(before["id"]?.text), try #require(before["userCount"]?.int))
            func change(_ app: App, _ call: String, _ domain: String, _ more: String = "") async throws -> Reply {
                try await box.item(app, Self.base + "\(call)-group-member", #"{"id":"\#(id)","domain":"\#(domain)"\#(more)}"#)
            }
            let portal = try #require(try await change(.portal, "add", "Partner.Example", #","notes":"why""#).data.first)
            #expect(Set(portal.members.keys) == ["id", "folderId", "domain", "internal"])
            #expect(portal["folderId"]?.text == id && portal["domain"]?.text == "partner.example" && portal["internal"]?.bool == false)
            // What the vendor shows of a domain can be sent back: an empty address is none.
            let own = try #require(try await change(.v1, "add", box.domain, #","emailAddress":"""#).data.first)
            #expect(own["internal"]?.bool == true && own["emailAddress"] == nil)
            let guide = try #require(try await change(.guide, "add", "third.example").data.first)
            #expect(guide == .object(["id": .string(id), "domain": .string("third.example"), "status": .string("added")]))
            for app in App.allCases { #expect(try await change(app, "add", "PARTNER.example").code == FailureCode.memberAlreadyExists) }

            let list = try await box.item(.portal, Self.base + "get-group-members", #"{"id":"\#(id)"}"#).data.first?["groupMembers"]?.list
            let rows = try #require(list)
            #expect(rows.count == count + 3)
            #expect(rows.prefix(3).compactMap { $0["domain"]?.text } == ["partner.example", box.domain, "third.example"])
            let first = try #require(rows.first)
            #expect(
                first
                    == .object([
                        "name": .string(""), "emailAddress": .string(""), "domain": .string("partner.example"), "internal": .bool(false),
                        "type": .string("domain"), "notes": .string("why"),
                    ]))
            #expect(try await folder(box, "VPN Users")["userCount"]?.int == count + 3)

            // The pages close over both kinds, wherever they are cut.
            for size in [1, 2, 3, 4, 100] {
                let (rows, last) = try await box.pages(.guide, Self.base + "get-group-members", item: #"{"id":"\#(id)"}"#, size: size) {
                    $0.data
                }
                #expect(rows.count == count + 3 && Set(rows).count == rows.count, "\(size)")
                #expect(last.pagination?["totalCount"]?.int == rows.count)
            }
            let path = "/directory/cloud-gateway/v1/groups/\(id)"
            let gateway = try await box.call(.guide, path + "/members?pageSize=2", nil, method: .GET).json["groupMembers"]?.list
            #expect(
                gateway?.first
                    == .object([
                        "domain": .string("partner.example"), "internal": .bool(false), "type": .string("domain"), "note": .string("why"),
                    ]))

            #expect(try await change(.guide, "remove", "third.example").data.first?["status"]?.text == "removed")
            #expect(try await change(.portal, "remove", "partner.example").data.first?["id"] == portal["id"])
            let gone = try await change(.v1, "remove", "partner.example")
            #expect(gone.code == FailureCode.addressNotFound && gone.field == "domain")
            let body = #"{"groupMembers":[{"domain":"\#(box.domain)"}]}"#
            #expect(try await box.call(.portal, path + "/remove-members", body).json["results"]?.list.first?["success"]?.bool == true)
            #expect(try await folder(box, "VPN Users")["userCount"]?.int == count)
            let lines = try await box.log("?path=/api/directory/add-group-member")
            #expect(lines.compactMap { $0["target"]?.text }.prefix(3) == ["partner.example", box.domain, "third.example"])
        }
    }

    @Test func refusals() async throws {
        try await SandboxHarness.run { box async throws in
            let id = try #require(try await folder(box, "VPN Users")["id"]?.text)
            let table: [(fields: String, code: String, field: String?)] = [
                ("", FailureCode.validationNull, "emailAddress"),
                (#","emailAddress":"","domain":"""#, FailureCode.validationBlank, "emailAddress"),
                (#","domain":"""#, FailureCode.validationBlank, "emailAddress"),
                (#","domain":" ""#, FailureCode.validationBlank, "domain"),
                (#","emailAddress":"a@\#(box.domain)","domain":"x.example""#, FailureCode.validationInvalid, "domain"),
                (#","domain":"one""#, FailureCode.validationInvalid, "domain"),
                (#","domain":"a@b.example""#, FailureCode.validationInvalid, "domain"),
                (#","domain":"*.example""#, FailureCode.validationInvalid, "domain"),
                (#","domain":"a.example\u0000""#, FailureCode.validationInvalid, "domain"),
                (#","domain":"\#(String(repeating: "abc.", count: 300))example""#, FailureCode.validationInvalid, "domain"),
                (#","domain":"a.example","notes":"\#(String(repeating: "n", count: 101))""#, FailureCode.validationInvalid, "notes"),
            ]
            for app in App.allCases {
                for (fields, code, field) in table {
                    let reply = try await box.item(app, Self.base + "add-group-member", #"{"id":"\#(id)"\#(fields)}"#)
                    #expect(reply.status == 200 && reply.data.isEmpty && reply.code == code && reply.field == field, "\(fields)")
                }
            }
            let synced = try #require(try await folder(box, "Head Office")["id"]?.text)
            for call in ["add", "remove"] {
                let reply = try await box.item(.portal, Self.base + "\(call)-group-member", #"{"id":"\#(synced)","domain":"x.example"}"#)
                #expect(reply.code == FailureCode.directoryManaged)
            }
        }
    }

    @Test func aGroupWithADomainIsNotEmpty() async throws {
        try await SandboxHarness.run { box async throws in
            let id = try #require(try await box.item(.portal, Self.base + "create-group", #"{"description":"D"}"#).data.first?["id"]?.text)
            let member = #"{"id":"\#(id)","domain":"bücher.example"}"#
            #expect(try await box.item(.portal, Self.base + "add-group-member", member).fail.isEmpty)
            #expect(try await box.item(.portal, Self.base + "delete-group", #"{"id":"\#(id)"}"#).code == FailureCode.folderNotEmpty)
            let punycode = #"{"id":"\#(id)","domain":"xn--bcher-kva.example"}"#
            #expect(try await box.item(.portal, Self.base + "add-group-member", punycode).code == FailureCode.memberAlreadyExists)
            #expect(try await box.item(.portal, Self.base + "remove-group-member", punycode).fail.isEmpty)
            #expect(try await box.item(.portal, Self.base + "delete-group", #"{"id":"\#(id)"}"#).fail.isEmpty)
        }
    }

    @Test func whoIsDeletedLeavesTheirGroups() async throws {
        try await SandboxHarness.run { box async throws in
            let address = "short.stay@\(box.domain)"
            let made = try await box.item(.guide, "/api/user/create-managed-sender", #"{"emailAddress":"\#(address)","name":"S"}"#)
            let account = try #require(made.data.first?["id"]?.text)
            let before = try await folder(box, "VPN Users")
            let id = try #require(before["id"]?.text)
            for member in [#""emailAddress":"\#(address)","notes":"n""#, #""domain":"x.example""#] {
                #expect(try await box.item(.portal, Self.base + "add-group-member", #"{"id":"\#(id)",\#(member)}"#).fail.isEmpty)
            }
            #expect(try await box.item(.guide, "/api/user/delete-managed-sender", #"{"id":"\#(account)"}"#).fail.isEmpty)
            let after = try await folder(box, "VPN Users")
            #expect(after["userCount"]?.int == before["userCount"]?.int.map { $0 + 1 } && after["folderCount"]?.int == 0)
        }
    }
}
