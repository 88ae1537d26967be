import Foundation
import Mimecast
import MusterStore
import NIOHTTP1
import SCIM
import SCIMStore
import Testing

@testable import Sandbox

/// Groups are made, renamed, moved and removed; kept counts stay right.
@Suite(.serialized) struct NestedGroupTests {
    private static let base = "/api/directory/"

    private func change(_ box: SandboxHarness, _ app: App, _ call: String, _ item: String) async throws -> Reply {
        try await box.item(app, Self.base + call, item)
    }

    private func create(_ box: SandboxHarness, _ app: App, _ name: String, in parent: String? = nil) async throws -> JSON {
        let place = parent.map { #","parentId":"\#($0)""# } ?? ""
        let reply = try await change(box, app, "create-group", #"{"description":"\#(name)"\#(place)}"#)
        #expect(reply.status == 200 && reply.fail.isEmpty, "\(reply.text)")
        return try #require(reply.data.first)
    }

    private func folder(_ box: SandboxHarness, _ name: String) async throws -> JSON? {
        let reply = try await change(box, .portal, "find-groups", #"{"query":"\#(name)"}"#)
        return reply.data.first?["folders"]?.list.first { $0["description"]?.text == name }
    }

    @Test(arguments: App.allCases) func lifeOfAGroup(app: App) async throws {
        try await SandboxHarness.run { box async throws in
            let known = try #require(try await folder(box, "VPN Users"))
            let root = try #require(known["parentId"]?.text)
            let group = try await create(box, app, "Überstunden 王")
            #expect(Set(group.members.keys) == ["id", "description", "source", "parentId", "userCount", "folderCount"])
            #expect(group["source"]?.text == "cloud" && group["parentId"]?.text == root)
            #expect(group["userCount"]?.int == 0 && group["folderCount"]?.int == 0)
            let id = try #require(group["id"]?.text)
            let child = try #require(try await create(box, app, "Night", in: id)["id"]?.text)
            // A root can be named, though it is no listed group.
            let other = try #require(try await create(box, app, "Other", in: root)["id"]?.text)
            #expect(try await folder(box, "Überstunden 王")?["folderCount"]?.int == 1)

            let renamed = try await change(box, app, "update-group", #"{"id":"\#(id)","description":"Overtime"}"#)
            #expect(renamed.data.first?["description"]?.text == "Overtime" && renamed.data.first?["folderCount"]?.int == 1)
            let moved = try await change(box, app, "update-group", #"{"id":"\#(child)","parentId":"\#(other)"}"#)
            #expect(moved.data.first?["parentId"]?.text == other)
            #expect(try await folder(box, "Overtime")?["folderCount"]?.int == 0)
            #expect(try await folder(box, "Other")?["folderCount"]?.int == 1)
            #expect(
                try await change(box, app, "update-group", #"{"id":"\#(child)","parentId":"\#(other)","description":"Night"}"#).fail.isEmpty
            )
            #expect(try await change(box, app, "update-group", #"{"id":"\#(child)"}"#).data.first?["description"]?.text == "Night")

            for call in ["delete-group", "delete-group"] {
                let full = try await change(box, app, call, #"{"id":"\#(other)"}"#)
                #expect(full.code == FailureCode.folderNotEmpty && full.fail.first?["key"]?["id"]?.text == other)
            }
            let deleted = try await change(box, app, "delete-group", #"{"id":"\#(child)"},{"id":"\#(other)"},{"id":"\#(id)"}"#)
            #expect(deleted.data.compactMap { $0["id"]?.text } == [child, other, id])
            #expect(try await change(box, app, "delete-group", #"{"id":"\#(id)"}"#).code == FailureCode.folderNotFound)
            #expect(try await folder(box, "Overtime") == nil)
            let effects = try await box.log().filter { $0["path"]?.text?.hasSuffix("-group") == true }.compactMap { $0["effect"]?.text }
            #expect(
                effects == [
                    "created", "created", "created", "renamed", "updated", "none", "read", "refused", "refused", "deleted", "deleted",
                    "deleted", "refused",
                ])
            #expect(try await box.log("?path=/api/directory/create-group").last?["target"]?.text == "Other")
        }
    }

    @Test func refusals() async throws {
        try await SandboxHarness.run { box async throws in
            let synced = try #require(try await folder(box, "Head Office"))
            let directoryID = try #require(synced["id"]?.text)
            let directoryRoot = try #require(synced["parentId"]?.text)
            let staff = try #require(try await folder(box, "All Staff")?["id"]?.text)
            let long = String(repeating: "a", count: 401)
            let table: [(call: String, item: String, code: String, field: String?)] = [
                ("create-group", "{}", FailureCode.validationNull, "description"),
                ("create-group", #"{"description":" "}"#, FailureCode.validationBlank, "description"),
                ("create-group", #"{"description":"\#(long)"}"#, FailureCode.validationInvalid, "description"),
                ("create-group", #"{"description":"a\u0000"}"#, FailureCode.validationInvalid, "description"),
                ("create-group", #"{"description":"a\u001bb"}"#, FailureCode.validationInvalid, "description"),
                ("create-group", #"{"description":"all STAFF"}"#, ItemFailure.folderExistsCode, "description"),
                ("create-group", #"{"description":"A","parentId":""}"#, FailureCode.validationBlank, "parentId"),
                ("create-group", #"{"description":"A","parentId":"eNnothing"}"#, FailureCode.folderNotFound, "parentId"),
                ("create-group", #"{"description":"A","parentId":"\#(directoryID)"}"#, FailureCode.directoryManaged, nil),
                ("create-group", #"{"description":"A","parentId":"\#(directoryRoot)"}"#, FailureCode.directoryManaged, nil),
                ("update-group", #"{"description":"A"}"#, FailureCode.validationNull, "id"),
                ("update-group", #"{"id":"eNnothing","description":"A"}"#, FailureCode.folderNotFound, "id"),
                ("update-group", #"{"id":"\#(directoryID)","description":"A"}"#, FailureCode.directoryManaged, nil),
                ("update-group", #"{"id":"\#(directoryRoot)","description":"A"}"#, FailureCode.folderNotFound, "id"),
                ("update-group", #"{"id":"\#(staff)","parentId":"\#(directoryRoot)"}"#, FailureCode.directoryManaged, nil),
                ("update-group", #"{"id":"\#(staff)","parentId":"\#(staff)"}"#, FailureCode.validationInvalid, "parentId"),
                ("update-group", #"{"id":"\#(staff)","description":"Vpn users"}"#, ItemFailure.folderExistsCode, "description"),
                ("delete-group", "{}", FailureCode.validationNull, "id"),
                ("delete-group", #"{"id":"\#(staff)"}"#, FailureCode.folderNotEmpty, "id"),
                ("delete-group", #"{"id":"\#(directoryID)"}"#, FailureCode.directoryManaged, nil),
            ]
            for (call, item, code, field) in table {
                let reply = try await change(box, .v1, call, item)
                #expect(reply.status == 200 && reply.data.isEmpty && reply.code == code && reply.field == field, "\(call) \(item)")
            }
            for call in ["update-group", "delete-group", "add-group-member"] {
                let malformed = try await change(box, .portal, call, #"{"id":"%%%"}"#)
                #expect(malformed.status == 400 && malformed.text.isEmpty)
            }
            let eleven = (0..<11).map { #"{"description":"G\#($0)"}"# }.joined(separator: ",")
            let tooMany = try await change(box, .portal, "create-group", eleven)
            #expect(tooMany.fail.count == 11 && tooMany.code == FailureCode.tooManyItems)
            #expect(try await folder(box, "G1") == nil)
            let partial = try await change(box, .portal, "create-group", #"{"description":"Good"},{"description":"good"}"#)
            #expect(partial.data.count == 1 && partial.fail.count == 1)
            #expect(try await change(box, .portal, "update-group", #"{"id":"\#(staff)","description":"ALL staff"}"#).fail.isEmpty)
        }
    }

    @Test func depthAndCycles() async throws {
        try await SandboxHarness.run { box async throws in
            var ids: [String] = []
            for level in 1...TenantDirectory.deepest {
                ids.append(try #require(try await create(box, .portal, "L\(level)", in: ids.last)["id"]?.text))
            }
            let deepest = try #require(ids.last)
            let tooDeep = try await change(box, .portal, "create-group", #"{"description":"L","parentId":"\#(deepest)"}"#)
            #expect(tooDeep.code == FailureCode.validationInvalid && tooDeep.field == "parentId")
            for target in [ids[0], ids[1], deepest] {
                let cycle = try await change(box, .portal, "update-group", #"{"id":"\#(ids[0])","parentId":"\#(target)"}"#)
                #expect(cycle.code == FailureCode.validationInvalid && cycle.field == "parentId")
            }
            // A group moves with all that is below it, which counts.
            let side = try #require(try await create(box, .portal, "Side")["id"]?.text)
            _ = try await create(box, .portal, "Side below", in: side)
            let almost = try await change(box, .portal, "update-group", #"{"id":"\#(side)","parentId":"\#(ids[18])"}"#)
            #expect(almost.code == FailureCode.validationInvalid)
            let fits = try await change(box, .portal, "update-group", #"{"id":"\#(side)","parentId":"\#(ids[17])"}"#)
            #expect(fits.data.first?["parentId"]?.text == ids[17])
            #expect(try await folder(box, "L18")?["folderCount"]?.int == 2)
            let again = try await change(box, .portal, "update-group", #"{"id":"\#(side)","description":"l19"}"#)
            #expect(again.code == ItemFailure.folderExistsCode)
            let (groups, _) = try await box.pages(.portal, Self.base + "find-groups", item: #"{"query":"side"}"#, size: 1) {
                $0.data.first?["folders"]?.list ?? []
            }
            #expect(groups.compactMap { $0["description"]?.text } == ["Side", "Side below"])
        }
    }

    @Test func fiveHundredAddsInOneCall() async throws {
        try await SandboxHarness.run({ $0.seed = .people(520) }) { box async throws in
            let company = Company.generate(people: 520, domains: 2, seed: 1)
            let id = try #require(try await create(box, .portal, "Everybody")["id"]?.text)
            func items(_ people: some Sequence<Employee>) -> String {
                people.map { #"{"id":"\#(id)","emailAddress":"\#($0.address)"}"# }.joined(separator: ",")
            }
            let added = try await change(box, .portal, "add-group-member", items(company.people.prefix(500)))
            #expect(added.data.count == 500 && added.fail.isEmpty)
            #expect(added.data.compactMap { $0["emailAddress"]?.text } == company.people.prefix(500).map(\.address))
            let mixed = try await change(box, .v1, "add-group-member", items(company.people.suffix(30)))
            #expect(mixed.data.count == 20 && mixed.fail.count == 10 && mixed.code == FailureCode.memberAlreadyExists)
            #expect(try await change(box, .portal, "add-group-member", items(company.people.prefix(501))).fail.count == 501)
            #expect(try await folder(box, "Everybody")?["userCount"]?.int == 520)
            let eleven = try await change(box, .portal, "remove-group-member", items(company.people.prefix(11)))
            #expect(eleven.data.isEmpty && eleven.code == FailureCode.tooManyItems)
            #expect(try await change(box, .portal, "remove-group-member", items(company.people.prefix(10))).data.count == 10)
            #expect(try await folder(box, "Everybody")?["userCount"]?.int == 510)
            let lines = try await box.log("?path=/api/directory/add-group-member").compactMap { $0["effect"]?.text }
            #expect(lines.count { $0 == "added" } == 520 && lines.count { $0 == "refused" } == 511)
        }
    }

    @Test func aLargeGroupCloses() async throws {
        try await SandboxHarness.run({ $0.seed = .people(3_000) }) { box async throws in
            let id = try #require(try await folder(box, "All Staff")?["id"]?.text)
            let item = #"{"id":"\#(id)"}"#
            let (rows, last) = try await box.pages(.guide, Self.base + "get-group-members", item: item, size: 500) { $0.data }
            #expect(rows.count == 3_000 && Set(rows.compactMap { $0["emailAddress"]?.text }).count == 3_000)
            #expect(last.pagination?["totalCount"]?.int == 3_000)
        }
    }

    @Test func thereIsAnEnd() async throws {
        let tenant = try await LivingTenant(people: 5)
        let made = try await tenant.write { directory in
            let root = try #require(try directory.groups(query: "VPN", source: .cloud, after: nil, limit: 1).first?.parentID)
            let count = try TenantDirectory.mostGroups - directory.resources.count(GroupResource.resourceType)
            let groups = (0..<count).map { GroupResource(id: "eNg\($0)", displayName: "Made \($0)") }
            try directory.resources.insert(groups, now: directory.now)
            for group in groups {
                try directory.tx.execute(
                    "INSERT INTO sb_groups (tenant, id, source, parent_id) VALUES ($1, $2, 'cloud', $3)",
                    [directory.tenant, .text(group.id), .text(root)])
            }
            return count
        }
        let found = try await tenant.read { try $0.groups(query: "no such name", source: nil, after: nil, limit: 100) }
        #expect(found.isEmpty)
        let last = try await tenant.read { try $0.groups(query: "made \(made - 1)", source: .cloud, after: nil, limit: 100) }
        #expect(last.map(\.name) == ["Made \(made - 1)"])
        await #expect(throws: ItemFailure.self) {
            try await tenant.write { _ = try $0.create($0.checked(new: NewGroup(description: "One more"))) }
        }
        _ = try await tenant.write { try $0.deleteGroup("eNg0") }
        let group = try await tenant.write { try $0.create($0.checked(new: NewGroup(description: "One more"))) }
        #expect(group.name == "One more")
    }
}
