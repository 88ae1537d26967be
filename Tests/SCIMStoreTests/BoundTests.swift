import MusterStore
import SCIM
import Testing

@testable import SCIMStore

/// What an answer may cost, and what earlier answers leave behind.
@Suite struct BoundTests {
    private func isTooMany(_ error: any Error) -> Bool {
        (error as? SCIMError)?.kind == .tooMany && (error as? SCIMError)?.status == 400
    }

    private func insert(_ fixture: Fixture, _ numbers: Range<Int>) async throws {
        try await fixture.write { store in
            try store.insert(
                numbers.map {
                    UserResource(
                        id: "u\(10_000 + $0)", userName: "n\(10_000 + $0)", displayName: "D\($0 % 3)", title: $0 % 2 == 0 ? "T" : nil)
                }, now: 1)
        }
    }

    /// Whoever comes while a client pages is on its last pages.
    @Test(arguments: [nil, #"userName sw "n""#, #"displayName eq "d1" or displayName ne "d1""#])
    func peopleWhoComeDuringAPassAreNotCutOff(_ filter: String?) async throws {
        let fixture = try Fixture()
        try await insert(fixture, 0..<1_500)
        for start in [1, 501, 1_001] { _ = try await fixture.search(filter, start: .index(start), count: 500) }
        try await insert(fixture, 1_500..<1_600)
        let last = try await fixture.search(filter, start: .index(1_501), count: 500)
        #expect(last.total == 1_600 && last.entries.count == 100)
    }

    @Test func positionsGoWithTheirPassAndWithTheCounts() async throws {
        let fixture = try Fixture()
        try await insert(fixture, 0..<2_000)
        func isKnown(_ start: Int) async throws -> Bool {
            _ = fixture.store.take()
            _ = try await fixture.search(start: .index(start), count: 10)
            return fixture.store.take().statements.allSatisfy { !$0.contains("OFFSET") }
        }
        #expect(try await !isKnown(1_501))
        #expect(try await isKnown(1_511))
        // One goes: the place is another now.
        try await fixture.provider.delete(.user, id: "u10000", .any)
        let page = try await fixture.search(start: .index(1_521), count: 2)
        #expect(page.total == 1_999 && page.entries.map(\.id) == ["u11521", "u11522"])
        #expect(try await isKnown(1_523))
        // A hidden one changes no count of rows.
        try await fixture.write { _ = try $0.hide("u10001", now: 2) }
        #expect(try await !isKnown(1_525))
        #expect(try await isKnown(1_535))
        _ = try await fixture.search(start: .index(1), count: 10)
        #expect(try await !isKnown(1_545))
        #expect(try await isKnown(1_555))
        fixture.remembered.forget()
        #expect(try await !isKnown(1_565))
    }

    private func patch(_ fixture: Fixture, _ id: String, _ paths: [String], _ wanted: Wanted = Wanted()) async throws -> ResourceEntry {
        let operations = JSONValue.array(paths.map { .object(JSONObject([("op", .string("remove")), ("path", .string($0))])) })
        let body = JSONObject([
            ("schemas", .array([.string("urn:ietf:params:scim:api:messages:2.0:PatchOp")])), ("Operations", operations),
        ])
        let list = try PatchOperation.list(body, type: .group)
        return try await fixture.provider.modify(.group, id: id, .any, .patch(list, PatchOptions()), wanted)
    }

    @Test func filtersOnMembersReadTheGroupOnce() async throws {
        let fixture = try Fixture()
        try await insert(fixture, 0..<300)
        let group = try await fixture.createGroup("G", (0..<300).map { "u\(10_000 + $0)" })
        _ = fixture.store.take()
        let paths = (0..<1_000).map { #"members[display eq "D\#($0 % 3 == 0 ? "0" : "none\($0)")"]"# }
        let changed = try await patch(fixture, group.id, paths, Wanted(members: .none))
        #expect(fixture.store.take().rows < 1_000)
        #expect(changed.members == nil)
        let left = try #require(try await fixture.get(group.id, .group)?.members)
        #expect(left.map(\.value) == (0..<300).filter { $0 % 3 != 0 }.map { "u\(10_000 + $0)" })
    }

    @Test func filtersOnMembersHaveABudget() async throws {
        let fixture = try Fixture()
        try await insert(fixture, 0..<20)
        let group = try await fixture.createGroup("G", (0..<20).map { "u\(10_000 + $0)" }).id
        func removing(_ filters: [String], budget: Int) async throws -> Int {
            let changes = try filters.map { MembershipChange.removeMatching(try Filter.parse($0, urns: [])) }
            return try await fixture.read {
                try MembershipDelta(changes, .group, of: group, $0, Endpoints(.standard), budget: budget).removing.count
            }
        }
        let filters = [#"display eq "x""#, #"display eq "y" or not (display pr)"#, #"display eq "D0""#]
        #expect(try await removing(filters, budget: 80) == 7)
        for (few, budget) in [(filters, 79), (Array(filters.prefix(1)), 19), (Array(filters.prefix(2)), 59)] {
            await #expect {
                _ = try await removing(few, budget: budget)
            } throws: {
                isTooMany($0)
            }
        }
        // Those who are added by the same request count as well.
        await #expect {
            let added = MembershipChange.replaceAll((0..<20).map { Reference("u\(10_000 + $0)") })
            _ = try await fixture.read {
                let filter = try Filter.parse(#"display eq "x""#, urns: [])
                _ = try MembershipDelta([added, .removeMatching(filter)], .group, of: group, $0, Endpoints(.standard), budget: 19)
            }
        } throws: {
            isTooMany($0)
        }
        // A large group is refused before it is read.
        try await fixture.write { try $0.touch(group, members: MembershipDelta.mostComparisons, now: 1) }
        _ = fixture.store.take()
        await #expect {
            _ = try await patch(fixture, group, [#"members[display eq "x"]"#])
        } throws: {
            isTooMany($0)
        }
        #expect(fixture.store.take().rows < 10)
    }

    /// 200,001 memberships in two groups, 200,000 in one; most of them are in the kept count alone.
    @Test func membersOnAPageAreBounded() async throws {
        let fixture = try Fixture()
        try await fixture.write { store in
            try store.insert([GroupResource(id: "a", displayName: "A"), GroupResource(id: "b", displayName: "B")], now: 1)
            try store.insert([UserResource(id: "u", userName: "u")], now: 1)
            try store.add(["u"], to: "b", now: 1)
            // The count is what is believed before anything is read.
            try store.touch("a", members: 200_000, now: 1)
        }
        await #expect {
            _ = try await fixture.search(types: [.group])
        } throws: {
            isTooMany($0)
        }
        #expect(try await fixture.search(types: [.group], wanted: Wanted(members: .none)).entries.count == 2)
        #expect(try await fixture.search(types: [.group], wanted: Wanted(members: .atMost(10))).entries.count == 2)
        #expect(try await fixture.search(types: [.group], count: 1).entries.count == 1)
        // The same budget for types that follow one another on a page.
        await #expect {
            _ = try await fixture.search(#"id eq "a" or id eq "u""#, types: [.group, .user])
        } throws: {
            isTooMany($0)
        }
        #expect(try await fixture.get("a", .group) != nil)
        try await fixture.write { try $0.touch("a", members: 1, now: 2) }
        await #expect {
            _ = try await fixture.get("a", .group)
        } throws: {
            isTooMany($0)
        }
    }

    @Test func cursorsHoldNoLongTexts() async throws {
        let fixture = try Fixture()
        let long = String(repeating: "x", count: 60_000)
        try await fixture.write { store in
            try store.insert(
                (0..<9).map { UserResource(id: "u\($0)", userName: "n\($0)", displayName: long + "\($0 / 2)") }, now: 1)
        }
        let sort = ("displayName", true)
        #expect(try await fixture.scan(sort: sort, count: 2) == (0..<9).map { "u\($0)" })
        #expect(try await fixture.scan(sort: ("displayName", false), count: 2) == (0..<9).reversed().map { "u\($0)" })
        let next = try #require(try await fixture.search(sort: sort, start: .after(nil), count: 2).next)
        #expect(next.utf8.count < 100)
        try await fixture.provider.delete(.user, id: "u1", .any)
        await #expect {
            _ = try await fixture.search(sort: sort, start: .after(next), count: 2)
        } throws: {
            ($0 as? SCIMError)?.kind == .invalidCursor
        }
    }

    /// Makes rows that the schema refuses.
    private struct Refused: ResourceHooks {
        let name: String

        func willCreate(_ type: ResourceType, _ resource: inout Resource, _ store: ResourceStore) throws -> Creation {
            .insert(id: name == "id" ? "u10000" : nil)
        }

        func didCreate(_ type: ResourceType, _ resource: Resource, _ store: ResourceStore) throws {
            try store.insert([UserResource(id: "other", userName: resource.object["userName"]?.text ?? "")], now: 1)
        }
    }

    @Test func onlyUserNamesAreTheClientsFault() async throws {
        let named = try Fixture(hooks: Refused(name: "name"))
        await #expect {
            _ = try await named.create(Fixture.user("a"))
        } throws: {
            ($0 as? SCIMError)?.status == 409 && ($0 as? SCIMError)?.kind == .uniqueness
        }
        let identified = try Fixture(hooks: Refused(name: "id"))
        try await insert(identified, 0..<1)
        await #expect {
            _ = try await identified.create(Fixture.user("a"))
        } throws: {
            ($0 as? StoreError)?.code == .constraint
        }
    }

    @Test func tooManyIsSaidBeforeAnythingIsRead() async throws {
        let fixture = try Fixture()
        try await insert(fixture, 0..<20_001)
        for (filter, sort) in [
            ("title pr", nil), (#"userName sw "n" and title pr"#, nil), (nil, ("title", true)), ("title pr", ("displayName", true)),
        ] {
            _ = fixture.store.take()
            await #expect {
                _ = try await fixture.search(filter, sort: sort)
            } throws: {
                isTooMany($0)
            }
            #expect(fixture.store.take().rows < 10)
        }
    }

    /// Cancels its own task between the first statement and the rows.
    @Test func aSearchThatNobodyWaitsForEnds() async throws {
        let fixture = try Fixture()
        try await insert(fixture, 0..<2_000)
        let query = ResourceQuery(types: [.user], filter: try Filter.parse("title pr", urns: ResourceType.user.urns))
        _ = fixture.store.take()
        let task = Task {
            try await fixture.read { store in
                withUnsafeCurrentTask { $0?.cancel() }
                var search = try ResourceSearch(query, store, Endpoints(.standard), RememberedPositions(), now: 1)
                _ = try search.page()
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(fixture.store.take().rows < 1_000)
    }
}
