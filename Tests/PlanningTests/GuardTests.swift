import Mimecast
import Testing

@testable import Planning

struct GuardTests {
    private func changes(removals: Int = 0, creates: Int = 0, privileges: Int = 0) -> [Change] {
        func change(_ kind: Change.Kind, privilege: Bool = false, removal: Bool = false) -> Change {
            Change(kind: kind, person: "p", account: "p", reason: "", evidence: "", privilege: privilege, removal: removal)
        }
        return (0..<removals).map { _ in change(.disable, removal: true) } + (0..<creates).map { _ in change(.create) }
            + (0..<privileges).map { _ in change(.update, privilege: true) }
    }

    private func judge(
        _ changes: [Change], population: Int, people: Int = 10, seats: Int? = nil, administrators: (before: Int, after: Int)? = nil,
        _ context: GuardContext = GuardContext()
    ) -> [GuardResult] {
        var observed = Scene().observed
        observed.accounts = (0..<population).map { Account(address: at("p\($0)")) }
        observed.seats = seats
        return Guards.judge(changes, people: people, observed: observed, administrators: administrators, context: context)
    }

    private func tripped(_ results: [GuardResult]) -> [String] { results.filter(\.tripped).map(\.name) }

    @Test(arguments: [
        (1, 3, []), (1, 4, ["removals"]), (10, 3, []), (10, 4, ["removals"]), (150, 3, []), (150, 4, ["removals"]),
        (1_000, 20, []), (1_000, 21, ["removals"]), (100_000, 2_000, []), (100_000, 2_001, ["removals"]),
    ])
    func `Removals in one run: three, or two of a hundred`(population: Int, removals: Int, expected: [String]) {
        #expect(tripped(judge(changes(removals: removals), population: population)) == expected)
    }

    @Test(arguments: [
        (10, 1, 4, []), (10, 1, 5, ["removals-24h"]), (10, 0, 50, []), (1_000, 20, 30, []), (1_000, 20, 31, ["removals-24h"]),
    ])
    func `Removals in 24 hours add up, and stop only who removes more`(population: Int, now: Int, before: Int, expected: [String]) {
        let results = judge(
            changes(removals: now), population: population, GuardContext(recent: [Spending(kind: .disable, removal: true, day: before)]))
        #expect(tripped(results) == expected)
        #expect(results.first { $0.name == "removals-24h" }?.value == now + before)
    }

    @Test(arguments: [(0, 25, []), (0, 26, ["additions"]), (1_000, 250, []), (1_000, 251, ["additions"])])
    func `Additions: twenty-five, or a quarter`(population: Int, creates: Int, expected: [String]) {
        #expect(tripped(judge(changes(creates: creates), population: population)) == expected)
    }

    @Test(arguments: [(10, 2, []), (10, 3, ["privilege"]), (100_000, 3, ["privilege"])])
    func `Roles have a budget of their own, however large the tenant`(population: Int, privileges: Int, expected: [String]) {
        #expect(tripped(judge(changes(privileges: privileges), population: population)) == expected)
    }

    @Test(
        arguments: [
            (nil, 1, []), (10, 7, []), (10, 6, ["source-shrink"]), (10, 30, []), (1_000, 900, []), (1_000, 899, ["source-shrink"]),
            (nil, 0, ["source-shrink"]), (10, 0, ["source-shrink"]), (1, 0, ["source-shrink"]),
        ] as [(Int?, Int, [String])])
    func `A source that shrank or is empty`(last: Int?, people: Int, expected: [String]) {
        #expect(tripped(judge([], population: 10, people: people, GuardContext(lastAccepted: last))) == expected)
    }

    @Test(arguments: [(nil, 9, []), (10, 1, ["seats"]), (11, 1, []), (9, 0, [])] as [(Int?, Int, [String])])
    func `Seats are not exceeded silently`(seats: Int?, creates: Int, expected: [String]) {
        #expect(tripped(judge(changes(creates: creates), population: 10, seats: seats)) == expected)
    }

    @Test(
        arguments: [
            (nil, []), ((3, 2), []), ((3, 1), ["administrators"]), ((1, 1), []), ((1, 0), ["administrators"]), ((1, 2), []),
            ((2, 1), ["administrators"]),
        ] as [((before: Int, after: Int)?, [String])])
    func `Two administrators remain, or as many as there were`(administrators: (before: Int, after: Int)?, expected: [String]) {
        #expect(tripped(judge([], population: 10, administrators: administrators)) == expected)
    }

    @Test(arguments: [
        (GuardName.removals, 6), (.removalsPerDay, 6), (.additions, 30), (.privilege, 4), (.sourceShrink, 6), (.seats, 40),
    ])
    func `A raised limit holds up to its value, and never lowers one`(name: GuardName, value: Int) {
        var context = GuardContext(lastAccepted: 16)
        let changes = changes(removals: 6, creates: 30, privileges: 4)
        #expect(tripped(judge(changes, population: 10, seats: 20, context)).contains(name.rawValue))
        context.limits.raised = [name.rawValue: value]
        #expect(!tripped(judge(changes, population: 10, seats: 20, context)).contains(name.rawValue))
        context.limits.raised = [name.rawValue: value - 1]
        #expect(tripped(judge(changes, population: 10, seats: 20, context)).contains(name.rawValue))
        context.limits.raised = [name.rawValue: 0]
        #expect(tripped(judge(self.changes(removals: 1, creates: 1, privileges: 1), population: 10, people: 16, seats: 20, context)) == [])
    }

    @Test func `An empty source cannot be raised away`() {
        var context = GuardContext(lastAccepted: 10)
        context.limits.raised = ["source-shrink": 1_000]
        #expect(tripped(judge([], population: 10, people: 0, context)) == ["source-shrink"])
    }

    @Test func `Administrators are counted through disabling, renaming and roles`() {
        var scene = Scene()
        for local in ["ann", "bob", "carl"] { scene.settled(local, roles: ["Super"]) }
        scene.people[0].active = false
        #expect(scene.plan.result(.administrators)?.value == 2)
        #expect(scene.plan.tripped.isEmpty)
        scene.people[1].address = at("robert")
        scene.people[1].active = false
        #expect(scene.plan.result(.administrators)?.value == 1, "a rename does not hide a removal")
        #expect(scene.plan.tripped == ["administrators"])
        scene.people.append(Person(address: at("dora"), adminRoles: ["Super"]))
        #expect(scene.plan.tripped.isEmpty)
    }

    @Test func `A row that says inactive counts like a missing person`() {
        var scene = Scene()
        for number in 0..<10 { scene.settled("p\(number)") }
        for index in 0..<4 { scene.people[index].active = false }
        #expect(scene.plan.tripped == ["removals"])
        scene.people.removeFirst(4)
        #expect(scene.plan.tripped == ["removals"])
        #expect(scene.plan.isStopped)
    }

    @Test func `Disabled again is no removal: blocked lines do not count`() {
        var scene = Scene()
        for number in 0..<10 { scene.settled("p\(number)") }
        scene.people.removeFirst(9)
        scene.isOpen = true
        #expect(scene.plan.result(.removals)?.value == 0)
    }
}
