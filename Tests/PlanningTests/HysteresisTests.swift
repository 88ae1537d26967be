import Foundation
import Mimecast
import Testing

@testable import Planning

/// What flips back and forth is held, and nothing else is.
struct HysteresisTests {
    private static let now = Int(Scene.instant.timeIntervalSince1970)

    private func applied(_ attribute: String, _ values: [(value: String, hoursAgo: Int)]) -> [AppliedValue] {
        values.map {
            AppliedValue(
                subject: "id-ann", attribute: attribute, value: $0.value, at: Self.now - $0.hoursAgo * 3_600, plan: "p-\($0.hoursAgo)")
        }
    }

    private func scene(_ history: [AppliedValue], _ change: (inout Scene) -> Void) -> Plan {
        var scene = Scene()
        for local in ["ann", "bob"] { scene.settled(local) }
        scene.groups = [Group(id: "g1", name: "Staff", authority: .cloud)]
        change(&scene)
        var input = scene.planner.input
        input.applied = history
        return Planner(input).plan()
    }

    @Test(
        arguments: [
            // What was set when (hours ago), and whether one more disable is held.
            ([], false), ([("false", 3)], false), ([("false", 5), ("true", 3)], true), ([("false", 25), ("true", 3)], false),
            ([("false", 30), ("true", 25)], false), ([("true", 5), ("true", 3)], false), ([("false", 5), ("false", 3)], true),
            ([("false", 7), ("true", 5), ("false", 3), ("true", 1)], true),
        ] as [([(String, Int)], Bool)])
    func `The second flip within a day is held`(history: [(String, Int)], isHeld: Bool) {
        let plan = scene(applied("active", history.map { (value: $0.0, hoursAgo: $0.1) })) { $0.people[0].active = false }
        #expect(plan.changes.map(\.kind) == [isHeld ? .undecided : .disable])
        guard isHeld else { return }
        #expect(!plan.isEmpty && plan.work.isEmpty && !plan.isStopped && !ApprovalRules().needsApproval(plan))
        #expect(plan.result(.removals)?.value == 0, "what is held is no removal")
        #expect(plan.changes[0].reason.contains("active flips back and forth"))
        #expect(plan.changes[0].remedy?.contains("muster resolve \(at("ann")) --follow-source") == true)
    }

    @Test func `Only the field that flips stays behind`() {
        let history = applied("name", [("Ann", 5), ("Anna", 3)].map { (value: $0.0, hoursAgo: $0.1) })
        let plan = scene(history) {
            $0.accounts[0].name = "Anna"
            $0.people[0].name = "Ann"
            $0.people[0].firstName = "A"
            $0.people[1].name = "Bobby"
        }
        #expect(plan.changes.map(\.short) == ["update ann", "update bob", "undecided ann"])
        #expect(plan.changes[0].values?.name == nil && plan.changes[0].differences.map(\.field) == ["firstName"])
        #expect(plan.changes[0].reason == "differs in firstName")
    }

    @Test func `A value that was never set before is no flip`() {
        let history = applied("name", [("Ann", 5), ("Anna", 3)].map { (value: $0.0, hoursAgo: $0.1) })
        let plan = scene(history) {
            $0.accounts[0].name = "Anna"
            $0.people[0].name = "Annie"
        }
        #expect(plan.changes.map(\.short) == ["update ann"])
    }

    @Test func `Membership flips as fields do`() {
        let history = applied("group:g1", [("true", 5), ("false", 3)].map { (value: $0.0, hoursAgo: $0.1) })
        let plan = scene(history) {
            $0.people[0].groups = ["Staff"]
            $0.people[1].groups = ["Staff"]
        }
        #expect(plan.changes.map(\.short) == ["addMember bob Staff", "undecided ann Staff"])
        #expect(plan.changes[1].reason.contains("membership of Staff"))
    }

    @Test func `Whoever keeps an address joins no group under the next one`() {
        let history = applied("emailAddress", [(at("anna"), 5), (at("ann"), 3)].map { (value: $0.0, hoursAgo: $0.1) })
        let plan = scene(history) {
            $0.people[0].address = at("anna")
            $0.people[0].groups = ["Staff"]
        }
        #expect(plan.changes.map(\.short) == ["undecided ann"])
    }

    @Test func `By hand nothing is held`() {
        var scene = Scene()
        scene.settled("ann")
        scene.people[0].active = false
        var input = scene.planner.input
        input.applied = applied("active", [("false", 5), ("true", 3)].map { (value: $0.0, hoursAgo: $0.1) })
        input.isByHand = true
        #expect(Planner(input).plan().changes.map(\.kind) == [.disable])
    }

    @Test(arguments: Flavour.allCases)
    func `Without a past nothing changes, and what is held is no work`(flavour: Flavour) {
        for seed in 0..<100 {
            let scene = Scene.random(flavour, seed: seed)
            let plan = scene.plan
            var input = scene.planner.input
            input.hysteresis = nil
            #expect(Planner(input).plan() == plan, "seed \(seed)")
            // Everything that is planned flips already: nothing is left to do, and nothing trips.
            input.hysteresis = .standard
            input.applied = plan.work.flatMap { change in
                Hysteresis.values(of: change, at: Self.now - 60, plan: "p") + Hysteresis.values(of: change, at: Self.now - 30, plan: "p")
            }
            let held = Planner(input).plan()
            #expect(
                held.work.allSatisfy { [.create, .createGroup, .remove].contains($0.kind) || $0.kind == .addMember },
                "seed \(seed): \(held.work.map(\.short))")
        }
    }
}
