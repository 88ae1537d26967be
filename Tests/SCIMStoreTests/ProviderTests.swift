import MusterStore
import SCIM
import Testing

@testable import SCIMStore

@Suite struct ProviderTests {
    private func text(_ entry: ResourceEntry?) -> String { String(decoding: entry?.body ?? [], as: UTF8.self) }

    private func patch(_ fixture: Fixture, _ id: String, _ body: JSONValue, _ type: ResourceType = .user) async throws -> ResourceEntry {
        let operations = try PatchOperation.list(#require(body.object), type: type)
        return try await fixture.provider.modify(type, id: id, .any, .patch(operations, PatchOptions()), Wanted())
    }

    @Test func makesReadsChangesAndDeletes() async throws {
        let fixture = try Fixture()
        let made = try await fixture.create(Fixture.user("Zoe@x.example", [("displayName", "Zoë"), ("nickName", "Z")]))
        #expect(made.id == "id-000001" && made.version == "1" && made.created == 1_000 && made.modified == 1_000)
        #expect(
            text(made)
                == #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"id-000001","userName":"Zoe@x.example","displayName":"Zoë","nickName":"Z"}"#
        )
        let read = try #require(try await fixture.get(made.id))
        #expect(read.body == made.body && read.version == "1" && read.groups.isEmpty && read.members == nil)
        #expect(try await fixture.get("id-9") == nil)
        #expect(try await fixture.get(made.id, .group) == nil)

        fixture.clock.now = 2_000
        let changed = try await fixture.provider.modify(
            .user, id: made.id, .exactly(["1"]), .replace(Fixture.user("zoe@x.example"), members: nil), Wanted())
        #expect(changed.version == "2" && changed.created == 1_000 && changed.modified == 2_000)
        #expect(!text(changed).contains("nickName"))
        await #expect(throws: SCIMError.versionMismatch) {
            try await fixture.provider.modify(
                .user, id: made.id, .exactly(["1"]), .replace(Fixture.user("other@x.example"), members: nil), Wanted())
        }
        await #expect(throws: SCIMError.versionMismatch) { try await fixture.provider.delete(.user, id: made.id, .exactly(["1"])) }
        try await fixture.provider.delete(.user, id: made.id, .exactly(["2"]))
        #expect(try await fixture.get(made.id) == nil)
        await #expect(throws: SCIMError.notFound("User", made.id)) { try await fixture.provider.delete(.user, id: made.id, .any) }
        await #expect(throws: SCIMError.notFound("User", made.id)) {
            try await fixture.provider.modify(.user, id: made.id, .any, .replace(Fixture.user("x"), members: nil), Wanted())
        }
        #expect(try await fixture.search().total == 0)
        // The name is free again.
        try await fixture.create(Fixture.user("ZOE@x.example"))
    }

    @Test func whatChangesNothingLeavesVersionAndDate() async throws {
        let fixture = try Fixture()
        let user = try await fixture.create(Fixture.user("a@x.example"))
        let group = try await fixture.createGroup("G", [user.id])
        fixture.clock.now = 5_000
        let same = try await fixture.provider.modify(
            .user, id: user.id, .any, .replace(Fixture.user("a@x.example", [("id", .string(user.id))]), members: nil), Wanted())
        #expect(same.version == "1" && same.modified == 1_000)
        let sameGroup = try await fixture.provider.modify(
            .group, id: group.id, .any, .replace(Fixture.group("G"), members: [Reference(user.id), Reference("nobody")]), Wanted())
        #expect(sameGroup.version == group.version && sameGroup.modified == 1_000 && sameGroup.members?.map(\.value) == [user.id])
        // Another spelling of the same letters is a change.
        let spelled = try await fixture.provider.modify(
            .group, id: group.id, .any, .replace(Fixture.group("E\u{301}"), members: nil), Wanted())
        let again = try await fixture.provider.modify(
            .group, id: group.id, .any, .replace(Fixture.group("\u{C9}"), members: nil), Wanted())
        #expect(spelled.version != again.version)
    }

    @Test func namesAreUniqueInAnyLetterCase() async throws {
        let fixture = try Fixture()
        try await fixture.create(Fixture.user("a@x.example"))
        let other = try await fixture.create(Fixture.user("b@x.example", [("externalId", "7")]))
        func isRefused(_ body: () async throws -> Void) async -> Bool {
            do {
                try await body()
                return false
            } catch {
                return (error as? SCIMError)?.status == 409 && (error as? SCIMError)?.kind == .uniqueness
            }
        }
        #expect(await isRefused { try await fixture.create(Fixture.user("A@X.example")) })
        #expect(
            await isRefused {
                _ = try await fixture.provider.modify(
                    .user, id: other.id, .any, .replace(Fixture.user("A@x.EXAMPLE"), members: nil), Wanted())
            })
        #expect(try await fixture.get(other.id)?.version == "1")
        // A client's own identifiers are its own business.
        try await fixture.create(Fixture.user("c@x.example", [("externalId", "7")]))
        #expect(try await fixture.search(#"externalId eq "7""#).total == 2)
    }

    @Test func oneOfManyConcurrentCreatesWins() async throws {
        let fixture = try Fixture()
        let outcomes = await withTaskGroup(of: Int.self) { group in
            for number in 0..<50 {
                group.addTask {
                    do {
                        try await fixture.create(Fixture.user(number % 2 == 0 ? "one@x.example" : "ONE@x.example"))
                        return 201
                    } catch {
                        return (error as? SCIMError)?.status ?? 0
                    }
                }
            }
            return await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(outcomes == [201: 1, 409: 49])
        #expect(try await fixture.search().total == 1)
    }

    @Test func concurrentChangesOfAGroupLoseNobody() async throws {
        let fixture = try Fixture()
        var ids: [String] = []
        for number in 0..<40 { ids.append(try await fixture.create(Fixture.user("u\(number)")).id) }
        let group = try await fixture.createGroup("G", Array(ids.prefix(20)))
        let (gone, come) = (Array(ids.prefix(20)), Array(ids.suffix(20)))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for (out, new) in zip(gone, come) {
                tasks.addTask {
                    let body: JSONValue = [
                        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                        "Operations": [
                            ["op": "remove", "path": .string("members[value eq \"\(out)\"]")],
                            ["op": "add", "path": "members", "value": [["value": .string(new)]]],
                        ],
                    ]
                    _ = try await self.patch(fixture, group.id, body, .group)
                }
            }
            try await tasks.waitForAll()
        }
        let read = try #require(try await fixture.get(group.id, .group))
        #expect(read.members?.map(\.value) == come.sorted() && read.version == "21")
        #expect(try await fixture.read { try $0.row(group.id)?.members } == 20)
    }

    @Test func aDeletedUserLeavesEveryGroup() async throws {
        let fixture = try Fixture()
        let user = try await fixture.create(Fixture.user("a@x.example", [("displayName", "A")]))
        let other = try await fixture.create(Fixture.user("b@x.example"))
        let group = try await fixture.createGroup("G", [user.id, other.id, "nobody", user.id])
        let outer = try await fixture.createGroup("H", [group.id])
        #expect(group.version == "1")
        #expect(
            group.members == [
                Reference(user.id, display: "A", type: "User", endpoint: "/Users"), Reference(other.id, type: "User", endpoint: "/Users"),
            ])
        #expect(outer.members == [Reference(group.id, display: "G", type: "Group", endpoint: "/Groups")])
        #expect(
            try await fixture.get(user.id)?.groups == [Reference(group.id, display: "G", type: "direct", endpoint: "/Groups")])
        try await fixture.provider.delete(.user, id: user.id, .any)
        let left = try #require(try await fixture.get(group.id, .group))
        #expect(left.members?.map(\.value) == [other.id] && left.version == "2")
        try await fixture.provider.delete(.group, id: group.id, .any)
        #expect(try await fixture.get(other.id)?.groups == [])
        #expect(try await fixture.get(outer.id, .group)?.members == [])
    }

    @Test func membersAreLoadedOnlyWhereTheyAreWanted() async throws {
        let fixture = try Fixture()
        var ids: [String] = []
        for number in 0..<5 { ids.append(try await fixture.create(Fixture.user("u\(number)")).id) }
        let group = try await fixture.createGroup("G", ids)
        try await fixture.createGroup("H")
        _ = fixture.store.take()
        let none = try await fixture.provider.get(.group, id: group.id, Wanted(members: .none))
        #expect(none?.members == nil)
        #expect(fixture.store.take().statements.allSatisfy { !$0.contains("scim_members") })
        let few = try await fixture.provider.get(.group, id: group.id, Wanted(members: .atMost(4)))
        #expect(few?.members == nil)
        #expect(fixture.store.take().statements.allSatisfy { !$0.contains("scim_members") })
        #expect(try await fixture.provider.get(.group, id: group.id, Wanted(members: .atMost(5)))?.members?.count == 5)
        _ = fixture.store.take()
        let listed = try await fixture.search(types: [.group], wanted: Wanted(members: .none))
        #expect(listed.total == 2 && listed.entries.allSatisfy { $0.members == nil })
        #expect(fixture.store.take().statements.allSatisfy { !$0.contains("scim_members") })
        let full = try await fixture.search(types: [.group])
        #expect(full.entries.map { $0.members?.count } == [5, 0])
        #expect(fixture.store.take().statements.count == 2)
        // A user's groups: not at all, or for the whole page at once.
        _ = try await fixture.search(wanted: Wanted(groups: false))
        #expect(fixture.store.take().statements.count == 1)
        let page = try await fixture.search()
        #expect(page.entries.allSatisfy { $0.groups.map(\.value) == [group.id] && $0.groups.first?.display == "G" })
        #expect(fixture.store.take().statements.count == 3)
        _ = try await fixture.get(ids[0])
        #expect(fixture.store.take().statements.count == 1)
    }

    @Test func changesOfMembersInOrder() async throws {
        let fixture = try Fixture()
        var ids: [String] = []
        for number in 0..<6 {
            ids.append(try await fixture.create(Fixture.user("u\(number)", [("displayName", .string("N\(number % 2)"))])).id)
        }
        let all = ids
        let group = try await fixture.createGroup("G", [ids[0], ids[1]])
        func apply(_ changes: [MembershipChange]) async throws -> [Int] {
            try await fixture.write { store in
                let endpoints = Endpoints(.standard)
                let delta = try MembershipDelta(changes, .group, of: group.id, store, endpoints)
                try store.insertMembers(delta.adding, group.id, now: 1)
                #expect(try store.removeMembers(delta.removing, group.id) == delta.removing.count)
                try store.touch(group.id, members: delta.adding.count - delta.removing.count, now: 1)
                #expect(try store.row(group.id)?.members == store.members(of: group.id, limit: 100).count)
                return try store.members(of: group.id, limit: 100).compactMap { all.firstIndex(of: $0) }
            }
        }
        func references(_ numbers: Int...) -> [Reference] { numbers.map { Reference(ids[$0]) } }
        #expect(try await apply([.add(references(1, 2, 2)), .remove([ids[0]])]) == [1, 2])
        #expect(try await apply([.remove([ids[1], ids[1], "nobody"]), .add(references(1))]) == [1, 2])
        #expect(try await apply([.add([Reference("nobody")])]) == [1, 2])
        #expect(try await apply([.removeAll, .add(references(3, 1))]) == [1, 3])
        #expect(try await apply([.replaceAll(references(4, 5)), .add(references(0)), .remove([ids[4]])]) == [0, 5])
        let one = try Filter.parse("value eq \"\(ids[0])\" or VALUE eq \"\(ids[5])\"", urns: [])
        #expect(try await apply([.add(references(1)), .removeMatching(one)]) == [1])
        let odd = try Filter.parse(#"display eq "n1""#, urns: [])
        #expect(try await apply([.add(references(2, 3)), .removeMatching(odd)]) == [2])
        #expect(try await apply([.replaceAll(references(0, 1)), .removeMatching(odd), .add(references(3))]) == [0, 3])
        #expect(try await apply([.removeAll]) == [])
    }

    @Test func aChangeOfOneMemberCostsOneMember() async throws {
        let fixture = try Fixture()
        let group = try await fixture.createGroup("G")
        try await fixture.write { store in
            let users = (0..<50_001).map { UserResource(id: "u\($0)", userName: "u\($0)") }
            try store.insert(users, now: 1)
            try store.add(users.dropLast().map(\.id), to: group.id, now: 1)
        }
        func cost(_ change: [MembershipChange]) async throws -> CountingStore.Counts {
            _ = fixture.store.take()
            try await fixture.write { store in
                let delta = try MembershipDelta(change, .group, of: group.id, store, Endpoints(.standard))
                #expect(delta.adding.count + delta.removing.count == 1)
            }
            return fixture.store.take()
        }
        let added = try await cost([.add([Reference("u50000"), Reference("u7")])])
        let removed = try await cost([.remove(["u7", "nobody"])])
        let matching = try await cost([.removeMatching(try Filter.parse(#"value eq "u7""#, urns: []))])
        for counts in [added, removed, matching] {
            #expect(counts.statements.count <= 2 && counts.rows <= 3)
        }
        // The whole way.
        _ = fixture.store.take()
        let operations = try PatchOperation.list(
            JSONObject([
                ("schemas", ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]),
                ("Operations", [["op": "add", "path": "members", "value": [["value": "u50000"]]]]),
            ]), type: .group)
        let entry = try await fixture.provider.modify(
            .group, id: group.id, .any, .patch(operations, PatchOptions()), Wanted(members: .atMost(100)))
        let counts = fixture.store.take()
        #expect(entry.members == nil && counts.statements.count <= 8 && counts.rows <= 8 && counts.changed == 2)
    }
}
