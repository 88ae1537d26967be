import Mimecast
import Testing

@testable import Planning

/// Who is said to want a new group, and what stays behind with a purge that is held.
struct NewGroupAndPurgeTests {
    @Test func `A new group says who names it: the source, or a rule of the configuration`() throws {
        func reason(_ cells: [String]?, _ ruled: [RuledGroup]) throws -> String {
            var scene = Scene(.portal)
            scene.account("ann")
            scene.account("bob")
            var ann = Person(address: at("ann"))
            ann.ruled = ruled
            scene.people = [ann, Person(address: at("bob"), groups: cells)]
            return try #require(scene.plan.change(.createGroup)).reason
        }
        let rule = RuledGroup(name: "New Crew", rule: 3)
        #expect(try reason(nil, [rule]) == "rule 3 of the configuration's groups names the group, and the tenant has none of this name")
        #expect(try reason(["new crew"], []) == "the source names the group, and the tenant has none of this name")
        #expect(try reason(["new crew"], [rule]) == "the source names the group, and the tenant has none of this name")
    }

    @Test func `Whoever is not purged keeps the rights that end for the purge's sake`() throws {
        var scene = Scene(.portal)
        for name in ["gone", "left", "p1", "p2"] { scene.account(name, status: name.hasPrefix("p") ? .active : .disabled) }
        var plan = scene.plan
        func right(of delegate: String, _ mailbox: String) -> Change {
            var change = Change(kind: .removeDelegate, person: at(delegate), account: at(mailbox), reason: "", evidence: "")
            change.counterpart = at(delegate)
            return change
        }
        func purge(_ name: String) -> Change {
            Change(kind: .purge, person: at(name), account: at(name), reason: "", evidence: "", removal: true)
        }
        plan.changes = Plan.ordered([
            right(of: "gone", "p1"), right(of: "left", "p2"), right(of: "p1", "p2"), purge("gone"), purge("left"),
        ])
        func short(_ lines: Set<Int>) -> [String] { plan.work.filter { lines.contains($0.line) }.map { "\($0.kind) \($0.person)" } }
        #expect(
            short(plan.held(without: [.removals])) == [
                "removeDelegate \(at("gone"))", "removeDelegate \(at("left"))", "purge \(at("gone"))", "purge \(at("left"))",
            ])
        // One rejected line holds back its own rights alone.
        let gone = try #require(plan.work.first { $0.kind == .purge })
        #expect(short(plan.held(without: [], lines: [gone.line])) == ["removeDelegate \(at("gone"))", "purge \(at("gone"))"])
        #expect(plan.held(without: [.additions, .privilege]).isEmpty)
    }
}
