import Mimecast
import Testing

@testable import Planning

/// What scope and rules make of a plan.
@Suite struct ScopePlanTests {
    private func planner(_ scene: Scene, _ change: (inout DesiredState) -> Void = { _ in }) -> Planner {
        var input = scene.planner.input
        change(&input.desired)
        return Planner(input)
    }

    private func lines(_ scene: Scene, _ change: (inout DesiredState) -> Void) -> [String] {
        planner(scene, change).plan().changes.map(\.short)
    }

    private func out(_ locals: [String], _ leaving: DesiredPolicy.Leaving = .leave) -> ScopedOut {
        var out = ScopedOut(leaving: leaving)
        for (index, local) in locals.enumerated() { out.add(externalID: local, address: at(local), line: index + 10) }
        return out
    }

    /// Ann and Bea with links, Cy without one, Dee in the source and in scope.
    private func scene(people: [String]) -> Scene {
        var scene = Scene()
        for local in ["ann", "bea", "dee"] { scene.settled(local) }
        scene.account("cy")
        scene.people = scene.people.filter { person in people.contains { at($0) == person.address } }
        return scene
    }

    @Test func whoLeavesTheScopeIsLeftAloneAndReported() {
        let planner = planner(scene(people: ["dee"])) { $0.scopedOut = out(["ann", "bea", "cy"]) }
        let plan = planner.plan()
        #expect(plan.changes.isEmpty)
        #expect(plan.orphans.isEmpty)
        #expect(plan.outOfScope == 3)
        #expect(plan.notices.contains { $0.hasPrefix("2 accounts of people who were in scope before") && $0.contains(at("ann")) })
        #expect(planner.correlation.links.filter(\.outOfScope).map(\.person) == [at("ann"), at("bea")])
    }

    @Test func leavingMayDisableAndIsARemoval() {
        let plan = planner(scene(people: ["dee"])) { $0.scopedOut = out(["ann", "cy"], .disable) }.plan()
        // Bea is in neither: she has left the source.
        #expect(plan.changes.map(\.short) == ["disable ann", "disable bea"])
        #expect(plan.changes.filter { !$0.removal }.isEmpty)
        #expect(plan.changes[0].reason.hasPrefix("out of scope now"))
        #expect(plan.changes[0].evidence == "line 10 of people.csv")
        #expect(plan.changes[1].reason.hasPrefix("no longer in the source"))
        #expect(plan.orphans.isEmpty)
        #expect(plan.result(.removals)?.value == 2)
    }

    /// Who was out of scope when last seen is not looked after: to vanish from the source then is no leaving.
    @Test func whoVanishesOutOfScopeIsLeftAlone() {
        var scene = scene(people: ["dee"])
        for index in scene.links.indices where scene.links[index].account == at("ann") { scene.links[index].outOfScope = true }
        #expect(lines(scene) { $0.scopedOut = ScopedOut() } == ["disable bea"])
        #expect(lines(scene) { $0.scopedOut = out(["bea"]) } == [])
        // Once the scope's rule is to disable, and they are still there, it holds for them, too.
        #expect(lines(scene) { $0.scopedOut = out(["ann", "bea"], .disable) } == ["disable ann", "disable bea"])
    }

    @Test func whoComesBackIsLookedAfterAgain() {
        var scene = scene(people: ["ann", "bea", "dee"])
        for index in scene.links.indices { scene.links[index].outOfScope = true }
        #expect(planner(scene).correlation.links.allSatisfy { !$0.outOfScope })
        #expect(lines(scene) { _ in } == [])
    }

    @Test func guestsAreNoOrphans() {
        let plan = planner(scene(people: ["ann", "bea", "dee"])) { $0.leftOut = [at("cy")] }.plan()
        #expect(plan.orphans.isEmpty)
    }

    struct Rules: Sendable, CustomTestStringConvertible {
        /// The source's cell, what rules add, the groups ann is in before; then the lines.
        var cell: [String]?
        var ruled: [String]?
        var isIn: [String]
        var lines: [String]
        var testDescription: String { "\(cell ?? ["-"]) \(ruled ?? ["-"]) in \(isIn)" }
    }

    /// Staff was named by the source before, Sales and Support are named by rules, Other by nobody.
    @Test(arguments: [
        Rules(cell: nil, ruled: ["Sales"], isIn: [], lines: ["addMember ann Sales"]),
        Rules(cell: nil, ruled: ["Sales"], isIn: ["Sales", "Support", "Staff", "Other"], lines: ["removeMember ann Support"]),
        Rules(cell: nil, ruled: [], isIn: ["Sales", "Staff"], lines: ["removeMember ann Sales"]),
        Rules(cell: nil, ruled: nil, isIn: ["Sales", "Staff"], lines: []),
        Rules(
            cell: ["Staff"], ruled: ["Sales"], isIn: ["Support"],
            lines: ["addMember ann Sales", "addMember ann Staff", "removeMember ann Support"]),
        Rules(cell: ["Sales"], ruled: [], isIn: ["Sales", "Staff"], lines: ["removeMember ann Staff"]),
        Rules(cell: ["sales"], ruled: ["Sales"], isIn: [], lines: ["addMember ann Sales"]),
        Rules(cell: [], ruled: ["Sales"], isIn: ["Staff", "Other"], lines: ["addMember ann Sales", "removeMember ann Staff"]),
        Rules(cell: nil, ruled: ["Nowhere"], isIn: [], lines: ["createGroup Nowhere", "addMember ann Nowhere"]),
    ])
    func rulesManageTheGroupsThatTheyName(_ rules: Rules) {
        var scene = Scene()
        scene.settled("ann")
        scene.groups = ["Staff", "Sales", "Support", "Other"].map { Group(id: $0, name: $0, authority: .cloud) }
        for name in rules.isIn { scene.members[name] = [at("ann")] }
        scene.managed = ["Staff"]
        scene.people[0].groups = rules.cell
        scene.people[0].ruled = rules.ruled.map { $0.map { RuledGroup(name: $0, rule: 1) } }
        let planner = planner(scene) { $0.ruledGroups = rules.ruled == nil ? [] : ["Sales", "Support"] }
        #expect(planner.plan().changes.map(\.short) == rules.lines)
        // What rules alone name is managed as long as they do: the store does not keep it.
        #expect(planner.groupsSpokenOf.subtracting(["Staff", "Sales"]).isEmpty)
        #expect(planner.groupsSpokenOf.contains("Sales") == (rules.cell?.contains { $0.lowercased() == "sales" } ?? false))
    }

    @Test func twoGroupsOfOneNameAreLeftAlone() {
        var scene = Scene()
        scene.settled("ann")
        scene.groups = [Group(id: "g1", name: "Sales", authority: .cloud), Group(id: "g2", name: "sales", authority: .cloud)]
        scene.members = ["g1": [at("ann")], "g2": [at("ann")]]
        scene.people[0].ruled = []
        #expect(lines(scene) { $0.ruledGroups = ["Sales"] } == [])
    }

    @Test func reasonsNameTheRule() {
        var scene = Scene()
        scene.settled("ann")
        scene.groups = [Group(id: "g1", name: "Sales", authority: .cloud), Group(id: "g2", name: "Support", authority: .cloud)]
        scene.members = ["g2": [at("ann")]]
        scene.people[0].ruled = [RuledGroup(name: "Sales", rule: 3)]
        let plan = planner(scene) { $0.ruledGroups = ["Sales", "Support"] }.plan()
        #expect(plan.change(.addMember)?.reason == "rule 3 of the configuration's groups puts the person there")
        #expect(plan.change(.removeMember)?.reason == "rules of the configuration manage the group, and none puts the person there")
    }

    struct Changed: Sendable, CustomTestStringConvertible {
        var lastAccepted: Int?
        var last: String?
        var now: String?
        /// Nil where the guard has nothing to say.
        var tripped: Bool?
        var testDescription: String { "\(last ?? "-") → \(now ?? "-")" }
    }

    @Test(arguments: [
        Changed(lastAccepted: 3, last: "a", now: "b", tripped: true), Changed(lastAccepted: 3, last: nil, now: "b", tripped: true),
        Changed(lastAccepted: 3, last: "a", now: nil, tripped: true), Changed(lastAccepted: 3, last: "a", now: "a", tripped: nil),
        Changed(lastAccepted: 3, last: nil, now: nil, tripped: nil), Changed(lastAccepted: nil, last: nil, now: "b", tripped: nil),
    ])
    func rulesThatChangedStopWhatTouchesAccounts(_ changed: Changed) {
        var scene = scene(people: ["ann", "bea", "dee"])
        scene.guards = GuardContext(lastAccepted: changed.lastAccepted, lastPolicy: changed.last)
        let quiet = planner(scene) { $0.policy = changed.now }.plan()
        #expect(quiet.result(.policy)?.tripped == (changed.tripped == nil ? nil : false))
        #expect(quiet.policy == changed.now)
        scene.people[0].name = "Another"
        scene.people.append(Person(address: at("new")))
        let plan = planner(scene) { $0.policy = changed.now }.plan()
        #expect(plan.result(.policy)?.tripped == changed.tripped)
        #expect(plan.result(.policy).map(\.value) == changed.tripped.map { _ in 1 })
        scene.guards.limits.raised = ["policy": 1]
        #expect(planner(scene) { $0.policy = changed.now }.plan().isStopped == false)
    }

    /// The rules bind the plan's hash; without any, a plan is what it was.
    @Test func thePlansHashBindsTheRules() throws {
        let scene = scene(people: ["ann", "bea", "dee"])
        let hashes = try ["a", "b", nil].map { policy in try planner(scene) { $0.policy = policy }.plan().hash }
        #expect(Set(hashes).count == 3)
        let plain = try scene.plan.hash
        #expect(hashes[2] == plain)
        let text = String(decoding: try PlanFile(scene.plan).written(), as: UTF8.self)
        #expect(!text.contains("policy") && !text.contains("outOfScope"))
    }

    @Test func patternsProtectAccountsAndPeople() {
        var scene = Scene()
        scene.settled("board-ann")
        scene.account("x", aliases: ["board-x"])
        scene.people.append(Person(address: at("board-new")))
        let protection = Protection(addresses: [at("ceo")], patterns: [AddressPattern("board-*@*.example")].compactMap { $0 })
        #expect(
            protection.addresses(in: scene.observed, people: scene.people) == Set(["ceo", "board-ann", "board-x", "board-new"].map(at)))
        #expect(Protection(addresses: [at("ceo")]).addresses(in: scene.observed) == [at("ceo")])
    }
}
