import MusterStore
import SCIM
import Testing

@testable import SCIMStore

@Suite struct RememberedGroupsTests {
    private func displays(
        _ groups: RememberedGroups, of tenant: String = "t", _ ids: [String], _ commits: UInt64?, asked: inout [String]
    ) -> [String?] {
        var loaded: [String] = []
        let references = groups.references(tenant, ids, commits: commits) { ids in
            loaded += ids
            // In another order than they were asked for.
            return ids.reversed().filter { !$0.hasPrefix("x") }.map { Reference($0, display: "\($0) at \(commits ?? 0)") }
        }
        asked = loaded
        return references.map { $0?.display }
    }

    @Test func whatWasReadIsNotReadAgainUntilACommit() {
        let groups = RememberedGroups()
        var asked: [String] = []
        #expect(displays(groups, ["a", "x", "b"], 1, asked: &asked) == ["a at 1", nil, "b at 1"])
        #expect(asked == ["a", "x", "b"])
        // What is not there is remembered, too.
        #expect(displays(groups, ["c", "x", "a"], 1, asked: &asked) == ["c at 1", nil, "a at 1"])
        #expect(asked == ["c"])
        #expect(displays(groups, ["a"], 2, asked: &asked) == ["a at 2"])
        #expect(asked == ["a"])
    }

    @Test func aViewOfThePastNeitherFindsNorLeavesAnything() {
        let groups = RememberedGroups()
        var asked: [String] = []
        #expect(displays(groups, ["a"], 2, asked: &asked) == ["a at 2"])
        #expect(displays(groups, ["a"], 1, asked: &asked) == ["a at 1"])
        #expect(asked == ["a"])
        #expect(displays(groups, ["a"], 2, asked: &asked) == ["a at 2"])
        #expect(asked.isEmpty)
    }

    @Test func whereNobodyKnowsWhatAViewShowsNothingIsRemembered() {
        let groups = RememberedGroups()
        var asked: [String] = []
        for _ in 0..<2 {
            #expect(displays(groups, ["a"], nil, asked: &asked) == ["a at 0"])
            #expect(asked == ["a"])
        }
    }

    @Test func tenantsAreApart() {
        let groups = RememberedGroups()
        var asked: [String] = []
        _ = displays(groups, of: "t", ["a"], 1, asked: &asked)
        _ = displays(groups, of: "u", ["a"], 1, asked: &asked)
        #expect(asked == ["a"])
    }

    @Test func itIsBounded() {
        let groups = RememberedGroups(most: 3)
        var asked: [String] = []
        _ = displays(groups, ["a", "b", "c"], 1, asked: &asked)
        #expect(displays(groups, ["d", "e", "f", "g"], 1, asked: &asked) == ["d at 1", "e at 1", "f at 1", "g at 1"])
        // The first three of them took the place of the others.
        _ = displays(groups, ["d", "e", "f"], 1, asked: &asked)
        #expect(asked.isEmpty)
        _ = displays(groups, ["a", "g"], 1, asked: &asked)
        #expect(asked == ["a", "g"])
    }

    /// Look-ups, single reads and pages show what a group is called now, whoever asked before.
    @Test func aGroupIsShownAsItIs() async throws {
        let fixture = try Fixture()
        var people: [String] = []
        for name in ["ada", "bob", "cyd", "dan", "eve"] { people.append(try await fixture.create(Fixture.user(name)).id) }
        let group = try await fixture.createGroup("Sales", people).id
        let other = try await fixture.createGroup("Staff", Array(people.prefix(2))).id
        func shown() async throws -> [[String?]] {
            let single = try await fixture.get(people[0])?.groups.map(\.display) ?? []
            let found = try await fixture.search("userName eq \"ada\"").entries.first?.groups.map(\.display) ?? []
            let page = try await fixture.search().entries.first { $0.id == people[0] }?.groups.map(\.display) ?? []
            return [single, found, page]
        }
        #expect(try await shown() == Array(repeating: ["Sales", "Staff"], count: 3))
        _ = fixture.store.take()
        #expect(try await shown() == Array(repeating: ["Sales", "Staff"], count: 3))
        #expect(!fixture.store.take().statements.contains { ResourceStore.displays.texts.contains($0) })

        let rename = try PatchOperation.list(
            JSONObject([
                ("schemas", [.string("urn:ietf:params:scim:api:messages:2.0:PatchOp")]),
                (
                    "Operations",
                    [.object(JSONObject([("op", "replace"), ("path", "displayName"), ("value", "Selling")]))]
                ),
            ]), type: .group)
        _ = try await fixture.provider.modify(.group, id: group, .any, .patch(rename, PatchOptions()), Wanted())
        #expect(try await shown() == Array(repeating: ["Selling", "Staff"], count: 3))
        try await fixture.provider.delete(.group, id: other, .any)
        #expect(try await shown() == Array(repeating: ["Selling"], count: 3))
    }
}
