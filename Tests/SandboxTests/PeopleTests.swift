import Foundation
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

/// What may be written, and what is refused.
@Suite(.serialized) struct PeopleTests {
    @Test func portalCreateRefusals() async throws {
        try await SandboxHarness.run { box async throws in
            let existing = try SandboxHarness.person { $0.aliases.count == 1 }
            let table: [(String, String, String)] = [
                ("{}", FailureCode.validationNull, "emailAddress"),
                (#"{"emailAddress":" "}"#, FailureCode.validationBlank, "emailAddress"),
                (#"{"emailAddress":"nobody"}"#, FailureCode.invalidEmailAddress, "emailAddress"),
                (#"{"emailAddress":"\#(existing.address.uppercased())"}"#, FailureCode.userExists, "emailAddress"),
                (#"{"emailAddress":"\#(existing.aliases[0])"}"#, FailureCode.userExists, "emailAddress"),
                (#"{"emailAddress":"abuse@\#(box.domain)"}"#, FailureCode.userExists, "emailAddress"),
                (#"{"emailAddress":"a@elsewhere.example"}"#, FailureCode.forbiddenForAddress, "emailAddress"),
                (#"{"emailAddress":"a@\#(box.domain)","accountCode":"CUSA1A1"}"#, FailureCode.validationInvalid, "accountCode"),
                (#"{"emailAddress":"a@\#(box.domain)","name":"a\u0000b"}"#, FailureCode.validationInvalid, "name"),
            ]
            for (item, code, field) in table {
                let reply = try await box.call(.portal, "/api/user/create-user", #"{"data":[\#(item)]}"#)
                #expect(reply.status == 200 && reply.json["meta"]?["status"]?.int == 200, "\(item)")
                #expect(reply.data.isEmpty)
                #expect(reply.code == code && reply.field == field, "\(item) \(reply.text)")
                let echo = try JSONDecoder().decode(JSON.self, from: Data(item.utf8))
                #expect(reply.fail.first?["key"] == echo, "\(item)")
            }
            #expect(try await box.log("?path=/api/user/create-user").allSatisfy { $0["effect"]?.text == "refused" })
        }
    }

    @Test func portalUpdate() async throws {
        try await SandboxHarness.run { box async throws in
            let person = try SandboxHarness.person { $0.source == .cloud && $0.adminRoles.isEmpty }
            let path = "/api/user/update-user"
            func update(_ fields: String) async throws -> Reply {
                try await box.item(.portal, path, #"{"emailAddress":"\#(person.address)"\#(fields)}"#)
            }
            #expect(try await update("").data[0]["name"]?.text == person.displayName)
            #expect(try await update(#","accountDisabled":true"#).data[0]["accountDisabled"]?.bool == true)
            #expect(try await update(#","accountDisabled":true"#).data[0]["accountDisabled"]?.bool == true)
            #expect(try await update(#","allowPop":true"#).data[0]["allowPop"]?.bool == true)
            let state = try await update("").data[0]
            #expect(state["accountDisabled"]?.bool == true && state["allowPop"]?.bool == true)
            #expect(try await update(#","accountDisabled":false,"name":"Zoë 王""#).data[0]["name"]?.text == "Zoë 王")
            #expect(
                try await box.log("?path=\(path)").compactMap { $0["effect"]?.text }
                    == ["read", "disabled", "none", "updated", "read", "enabled"])
            let six = Array(repeating: #"{"emailAddress":"\#(person.address)"}"#, count: 6).joined(separator: ",")
            let tooMany = try await box.call(.portal, path, #"{"data":[\#(six)]}"#)
            #expect(tooMany.status == 200 && tooMany.fail.count == 6 && tooMany.code == FailureCode.tooManyItems)
            let partial = try await box.item(
                .portal, path, #"{"emailAddress":"\#(person.address)","name":"A"},{"emailAddress":"no.one@\#(box.domain)"}"#)
            #expect(partial.data.count == 1 && partial.fail.count == 1)
            #expect(partial.code == FailureCode.forbiddenForAddress)
            #expect(partial.fail[0]["key"]?["emailAddress"]?.text == "no.one@\(box.domain)")
        }
    }

    @Test func guideLifeCycle() async throws {
        try await SandboxHarness.run { box async throws in
            let base = "/api/user/"
            func guide(_ call: String, _ item: String) async throws -> Reply {
                try await box.call(.guide, base + call, #"{"data":[\#(item)]}"#)
            }
            let address = "ana.lucia@\(box.domain)"
            #expect(try await guide("create-managed-sender", #"{"emailAddress":"\#(address)"}"#).field == "name")
            let created = try await guide(
                "create-managed-sender",
                #"{"emailAddress":"\#(address)","name":"Ana Lúcia","firstName":"Ana","alias":["ana@\#(box.domain)"],"adminRoles":["Basic Administrator"]}"#
            )
            let user = created.data[0]
            #expect(user["status"]?.text == "active" && user["accountCode"]?.text == box.value("ACCOUNT_CODE"))
            let id = user["id"]?.text ?? ""
            #expect(try await guide("get-internal-users", #"{"emailAddress":"\#(address.uppercased())"}"#).data == [user])
            #expect(try await guide("get-internal-users", #"{"id":"\#(id)"}"#).data == [user])

            let renamed = try await guide("update-managed-sender", #"{"id":"\#(id)","emailAddress":"ana.l@quillhaven-cargo.example"}"#)
                .data[0]
            #expect(
                renamed["id"]?.text == id && renamed["firstName"]?.text == "Ana" && renamed["domain"]?.text == "quillhaven-cargo.example")
            #expect(renamed["alias"]?.list.count == 1)
            #expect(try await guide("get-internal-users", #"{"emailAddress":"\#(address)"}"#).code == FailureCode.forbiddenForAddress)
            for (field, code) in [
                (#""accountCode":"X""#, FailureCode.validationInvalid), (#""domain":"x.example""#, FailureCode.validationInvalid),
                (#""status":"gone""#, FailureCode.validationInvalid), (#""adminRoles":["King"]"#, FailureCode.validationInvalid),
                (#""emailAddress":"abuse@\#(box.domain)""#, FailureCode.userExists),
                (#""emailAddress":"a@elsewhere.example""#, FailureCode.forbiddenForAddress),
                (#""groups":["nothing"]"#, FailureCode.folderNotFound),
            ] {
                #expect(try await guide("update-managed-sender", #"{"id":"\#(id)",\#(field)}"#).code == code, "\(field)")
            }
            #expect(try await guide("update-managed-sender", #"{"id":"unknown","name":"x"}"#).code == FailureCode.forbiddenForAddress)
            let whole = try await guide("update-managed-sender", String(decoding: JSONEncoder().encode(renamed), as: UTF8.self))
            #expect(whole.data == [renamed])
            let disabled = try await guide(
                "update-managed-sender", #"{"emailAddress":"ana.l@quillhaven-cargo.example","status":"disabled"}"#)
            #expect(disabled.data[0]["status"]?.text == "disabled")
            let two = try await guide("delete-managed-sender", #"{"id":"\#(id)"},{"id":"\#(id)"}"#)
            #expect(two.data.isEmpty && two.fail.count == 2 && two.code == FailureCode.tooManyItems)

            let group = try await box.item(.guide, "/api/directory/find-groups", #"{"query":"VPN"}"#).data[0]["id"]?.text ?? ""
            let member = #"{"data":[{"id":"\#(group)","emailAddress":"ana@\#(box.domain)"}]}"#
            let added = try await box.call(.guide, "/api/directory/add-group-member", member)
            #expect(added.data[0]["status"]?.text == "added" && added.data[0]["id"]?.text == group)
            #expect(try await guide("get-internal-users", #"{"id":"\#(id)"}"#).data[0]["groups"]?.list == [.string(group)])
            #expect(
                try await guide("delete-managed-sender", #"{"id":"\#(id)"}"#).data == [
                    .object(["id": .string(id), "status": .string("deleted")])
                ])
            #expect(try await guide("get-internal-users", #"{"id":"\#(id)"}"#).code == FailureCode.forbiddenForAddress)
            #expect(try await guide("create-managed-sender", #"{"emailAddress":"ana@\#(box.domain)","name":"Again"}"#).fail.isEmpty)
            let effects = try await box.log().compactMap { $0["effect"]?.text }.filter { !["refused", "read"].contains($0) }
            #expect(effects == ["none", "created", "renamed", "none", "disabled", "added", "deleted", "created"])
        }
    }

    @Test func directoryManagedIsRefused() async throws {
        try await SandboxHarness.run { box async throws in
            let synced = try SandboxHarness.person { $0.source == .ldap }
            let guideItems = [
                #""name":"Other""#, #""status":"disabled""#, #""emailAddress":"other@\#(box.domain)""#,
                #""alias":["other@\#(box.domain)"]"#,
            ]
            let row = try await box.item(.guide, "/api/user/get-internal-users", #"{"emailAddress":"\#(synced.address)"}"#).data[0]
            #expect(row["source"]?.text == "ldap")
            let id = row["id"]?.text ?? ""
            for item in guideItems {
                let reply = try await box.item(.guide, "/api/user/update-managed-sender", #"{"id":"\#(id)",\#(item)}"#)
                #expect(reply.code == FailureCode.directoryManaged, "\(item)")
            }
            let delete = try await box.item(.guide, "/api/user/delete-managed-sender", #"{"id":"\#(id)"}"#)
            #expect(delete.code == FailureCode.directoryManaged)
            for item in [#""name":"Other""#, #""accountDisabled":true"#] {
                let reply = try await box.item(.portal, "/api/user/update-user", #"{"emailAddress":"\#(synced.address)",\#(item)}"#)
                #expect(reply.code == FailureCode.directoryManaged, "\(item)")
            }
            let group = try await box.item(.guide, "/api/directory/find-groups", #"{"source":"ldap"}"#).data[0]["id"]?.text ?? ""
            for call in ["add", "remove"] {
                let reply = try await box.item(
                    .guide, "/api/directory/\(call)-group-member", #"{"id":"\#(group)","emailAddress":"\#(synced.address)"}"#)
                #expect(reply.code == FailureCode.directoryManaged)
            }
            let operations =
                #"{"operations":[{"op":"disable","emailAddress":"\#(synced.address)"},{"op":"rename","emailAddress":"\#(synced.address)","newAddress":"renamed@\#(box.domain)"},{"op":"setSource","emailAddress":"renamed@\#(box.domain)","source":"cloud"}]}"#
            #expect(try await box.send(.POST, "/control/directory", body: operations).json["done"]?.int == 3)
            let after = try await box.item(.guide, "/api/user/get-internal-users", #"{"id":"\#(id)"}"#).data[0]
            #expect(
                after["status"]?.text == "disabled" && after["source"]?.text == "cloud"
                    && after["emailAddress"]?.text == "renamed@\(box.domain)")
        }
    }

    @Test func members() async throws {
        try await SandboxHarness.run { box async throws in
            let outsider = try SandboxHarness.person { !$0.groups.contains("Finance Approvers") }
            let group =
                try await box.item(.portal, "/api/directory/find-groups", #"{"query":"approvers"}"#).data[0]["folders"]?.list[0]["id"]?.text
                ?? ""
            func change(_ call: String, _ address: String) async throws -> Reply {
                try await box.item(
                    .portal, "/api/directory/\(call)-group-member", #"{"id":"\#(group)","emailAddress":"\#(address)","notes":"why"}"#)
            }
            let added = try await change("add", outsider.address)
            #expect(Set(added.data[0].members.keys) == ["id", "folderId", "emailAddress", "internal"])
            #expect(added.data[0]["folderId"]?.text == group)
            #expect(try await change("add", outsider.address).code == FailureCode.memberAlreadyExists)
            #expect(try await change("add", "no.one@\(box.domain)").code == FailureCode.addressNotFound)
            #expect(try await change("add", "abuse@\(box.domain)").code == FailureCode.addressNotFound)
            let before = try await box.call(.portal, "/api/user/get-external-users").data[0]["userCount"]?.int ?? 0
            #expect(try await change("add", "new.friend@elsewhere.example").data[0]["internal"]?.bool == false)
            #expect(try await box.call(.portal, "/api/user/get-external-users").data[0]["userCount"]?.int == before + 1)
            let list =
                try await box.item(.portal, "/api/directory/get-group-members", #"{"id":"\#(group)"}"#).data[0]["groupMembers"]?.list ?? []
            #expect(list.first { $0["emailAddress"]?.text == outsider.address }?["notes"]?.text == "why")
            #expect(try await change("remove", outsider.address).fail.isEmpty)
            #expect(try await change("remove", outsider.address).code == FailureCode.addressNotFound)
            let counted = try await box.item(.portal, "/api/directory/find-groups", #"{"query":"approvers"}"#).data[0]["folders"]?.list[0][
                "userCount"]?.int
            #expect(counted == list.count - 1)
        }
    }

    @Test func seatsAreEnforcedWhereAsked() async throws {
        for enforced in [true, false] {
            try await SandboxHarness.run({
                $0.seats = 60
                $0.seatsEnforced = enforced
            }) { box async throws in
                let reply = try await box.item(.portal, "/api/user/create-user", #"{"emailAddress":"one.more@\#(box.domain)"}"#)
                #expect(reply.fail.isEmpty == !enforced)
            }
        }
    }
}
