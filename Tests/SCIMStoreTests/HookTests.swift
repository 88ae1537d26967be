import MusterStore
import SCIM
import Synchronization
import Testing

@testable import SCIMStore

@Suite struct HookTests {
    /// Writes down what it is told, and does what it is asked to.
    final class Script: ResourceHooks {
        let log = Mutex<[String]>([])
        let revives = Mutex<String?>(nil)
        let deletes = Mutex(Deletion.remove)
        let keepsOut = Mutex<String?>(nil)
        let refusal = Mutex<SCIMError?>(nil)

        func note(_ text: String) { log.withLock { $0.append(text) } }
        func take() -> [String] {
            log.withLock { log in
                defer { log = [] }
                return log
            }
        }
        private func refuse() throws { if let error = refusal.withLock({ $0 }) { throw error } }

        func willCreate(_ type: ResourceType, _ resource: inout Resource, _ store: ResourceStore) throws -> Creation {
            note("willCreate")
            resource.object["nickName"] = "hooked"
            return revives.withLock { $0 }.map { .revive(id: $0) } ?? .insert(id: nil)
        }
        func didCreate(_ type: ResourceType, _ resource: Resource, _ store: ResourceStore) throws {
            note("didCreate \(resource.id) \(try store.row(resource.id) != nil)")
            try refuse()
        }
        func willChange(
            _ type: ResourceType, _ before: Resource, _ after: inout Resource, _ row: StoredRow, _ store: ResourceStore
        ) throws {
            note("willChange \(row.version)")
            after.object["title"] = "hooked"
        }
        func didChange(
            _ type: ResourceType, _ before: Resource, _ after: Resource, _ row: StoredRow, _ store: ResourceStore
        ) throws {
            note("didChange \(try store.row(after.id)?.version ?? 0)")
            try refuse()
        }
        func willChangeMembers(
            _ group: StoredRow, adding: inout [String], removing: inout [String], _ store: ResourceStore
        ) throws {
            note("willChangeMembers +\(adding.count) -\(removing.count)")
            let out = keepsOut.withLock { $0 }
            adding.removeAll { $0 == out }
        }
        func didChangeMembers(_ group: StoredRow, added: [String], removed: [String], _ store: ResourceStore) throws {
            note("didChangeMembers +\(added.count) -\(removed.count)")
            try refuse()
        }
        func willDelete(_ type: ResourceType, _ row: StoredRow, _ resource: Resource, _ store: ResourceStore) throws -> Deletion {
            note("willDelete")
            return deletes.withLock { $0 }
        }
        func didDelete(_ type: ResourceType, _ row: StoredRow, _ store: ResourceStore) throws { note("didDelete") }
    }

    @Test func areCalledWithWhatHappens() async throws {
        let script = Script()
        let fixture = try Fixture(hooks: script)
        let user = try await fixture.create(Fixture.user("a"))
        #expect(script.take() == ["willCreate", "didCreate id-000001 true"])
        #expect(String(decoding: user.body, as: UTF8.self).contains(#""nickName":"hooked""#))
        let changed = try await fixture.provider.modify(.user, id: user.id, .any, .replace(Fixture.user("b"), members: nil), Wanted())
        #expect(script.take() == ["willChange 1", "didChange 2"])
        #expect(String(decoding: changed.body, as: UTF8.self).contains(#""title":"hooked""#))
        // Nothing changes: nobody is told.
        let resource = Resource(JSONObject(members: try #require(try JSONValue.parse(changed.body).object).members.reversed()))
        let same = try await fixture.provider.modify(.user, id: user.id, .any, .replace(resource, members: nil), Wanted())
        #expect(same.version == "2" && same.body == changed.body && script.take() == [])
        let group = try await fixture.createGroup("G", [user.id, "nobody"])
        #expect(
            script.take() == ["willCreate", "didCreate \(group.id) true", "willChangeMembers +1 -0", "didChangeMembers +1 -0"])
        try await fixture.provider.delete(.user, id: user.id, .any)
        #expect(script.take() == ["willDelete", "didDelete"])
    }

    @Test func keepMembersOut() async throws {
        let script = Script()
        let fixture = try Fixture(hooks: script)
        let user = try await fixture.create(Fixture.user("a"))
        let group = try await fixture.createGroup("G")
        script.keepsOut.withLock { $0 = user.id }
        _ = script.take()
        let after = try await fixture.provider.modify(
            .group, id: group.id, .any,
            .replace(
                Resource(JSONObject(try #require(try JSONValue.parse(group.body).object).members.map { ($0.name, $0.value) })),
                members: [Reference(user.id)]),
            Wanted())
        #expect(script.take() == ["willChangeMembers +1 -0"])
        #expect(after.members == [] && after.version == group.version)
    }

    @Test func takeEverythingBackWhenTheyThrow() async throws {
        let script = Script()
        let fixture = try Fixture(hooks: script)
        let user = try await fixture.create(Fixture.user("a"))
        let group = try await fixture.createGroup("G")
        let refusal = SCIMError(403, nil, "No.")
        script.refusal.withLock { $0 = refusal }
        await #expect(throws: refusal) { try await fixture.create(Fixture.user("b")) }
        await #expect(throws: refusal) {
            try await fixture.provider.modify(.user, id: user.id, .any, .replace(Fixture.user("c"), members: nil), Wanted())
        }
        await #expect(throws: refusal) {
            try await fixture.provider.modify(
                .group, id: group.id, .any, .replace(Fixture.group("G"), members: [Reference(user.id)]), Wanted())
        }
        #expect(try await fixture.search().entries.map(\.body) == [user.body])
        let read = try #require(try await fixture.get(group.id, .group))
        #expect(read.version == group.version && read.members == [])
        #expect(try await fixture.read { try $0.row(group.id)?.members } == 0)
    }

    @Test func hiddenOnesAreNotFoundAndKeepTheirName() async throws {
        let script = Script()
        let fixture = try Fixture(hooks: script)
        let user = try await fixture.create(Fixture.user("a@x.example", [("emails", [["value": "a@x.example"]]), ("active", true)]))
        let other = try await fixture.create(Fixture.user("b@x.example"))
        let group = try await fixture.createGroup("G", [user.id, other.id])
        script.deletes.withLock { $0 = .hide }
        try await fixture.provider.delete(.user, id: user.id, .any)
        let id = user.id
        #expect(try await fixture.get(id) == nil)
        let filters = [
            nil, #"userName eq "a@x.example""#, #"id eq "\#(id)""#, #"emails.value eq "a@x.example""#, "active eq true",
            #"userName sw "a""#, #"title pr or userName co "a@x""#, #"groups.value eq "\#(group.id)""#,
        ]
        for filter in filters {
            let page = try await fixture.search(filter)
            #expect(!page.entries.contains { $0.id == id } && page.total == page.entries.count, "\(filter ?? "")")
            #expect(try await fixture.search(filter, count: 0).total == page.total)
        }
        #expect(try await fixture.search(types: [.user, .group], sort: ("displayName", true)).total == 2)
        #expect(try await fixture.search(start: .index(2)).entries.isEmpty)
        #expect(try await fixture.search().total == 1)
        #expect(try await fixture.get(group.id, .group)?.members?.map(\.value) == [other.id])
        #expect(try await fixture.search(#"members.value eq "\#(id)""#, types: [.group]).total == 0)
        await #expect(throws: SCIMError.notFound("User", id)) { try await fixture.provider.delete(.user, id: id, .any) }
        await #expect(throws: SCIMError.notFound("User", id)) {
            try await fixture.provider.modify(.user, id: id, .any, .replace(Fixture.user("x"), members: nil), Wanted())
        }
        // Members that nobody sees are not made.
        let late = try await fixture.createGroup("H", [id])
        #expect(late.members == [])
        // Others know it, and its name is taken.
        #expect(try await fixture.read { try $0.isHidden(id) && $0.user(id) != nil && $0.count("User") == 2 })
        await #expect {
            try await fixture.create(Fixture.user("A@x.example"))
        } throws: {
            ($0 as? SCIMError)?.status == 409
        }
        // Revived, it is as new but for its id.
        script.revives.withLock { $0 = id }
        let revived = try await fixture.create(Fixture.user("A@x.example", [("title", "T")]))
        #expect(revived.id == id && revived.groups.isEmpty && Int(revived.version) ?? 0 > 1)
        #expect(!String(decoding: revived.body, as: UTF8.self).contains("emails"))
        #expect(try await fixture.search(#"userName eq "a@x.example""#).total == 1)
        #expect(try await fixture.search().total == 2)
        #expect(try await fixture.search(#"emails.value eq "a@x.example""#).total == 0)
        #expect(try await fixture.write { try $0.unhide(id, now: 5) } == false)
        // A hidden one that goes for good is not counted twice.
        script.revives.withLock { $0 = nil }
        try await fixture.provider.delete(.user, id: id, .any)
        #expect(try await fixture.write { try $0.deleteUser(id, now: 1) })
        #expect(try await fixture.read { try $0.counts("User") } == (1, 0))
        #expect(try await fixture.search().total == 1)
    }

    @Test func deletionMayBeAChange() async throws {
        let script = Script()
        let fixture = try Fixture(hooks: script)
        let user = try await fixture.create(Fixture.user("a", [("active", true)]))
        script.deletes.withLock { $0 = .keep(Fixture.user("a", [("active", false)])) }
        try await fixture.provider.delete(.user, id: user.id, .any)
        let kept = try #require(try await fixture.get(user.id))
        #expect(kept.version == "2" && String(decoding: kept.body, as: UTF8.self).contains(#""active":false"#))
        #expect(try await fixture.search("active eq false").total == 1)
        try await fixture.provider.delete(.user, id: user.id, .any)
        #expect(try await fixture.get(user.id)?.version == "2")
    }
}
