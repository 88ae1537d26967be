import Mimecast
import Testing

@testable import Planning

/// Guards over hours and days, domains and groups: tables, and what holds for any of them.
struct GuardWindowTests {
    private func removal(_ local: String = "p", group: String? = nil) -> Change {
        Change(
            kind: group == nil ? .disable : .removeMember, person: at(local), account: at(local), reason: "", evidence: "",
            removal: group == nil, groupID: group, group: group)
    }

    private func create(_ local: String) -> Change {
        Change(kind: .create, person: at(local), account: at(local), reason: "", evidence: "")
    }

    private func judge(
        _ changes: [Change], population: [String: Int] = [domain: 100], members: [String: Int] = [:], byHand: Bool = false,
        _ context: GuardContext = GuardContext()
    ) -> [GuardResult] {
        var scene = Scene()
        scene.domains = population.keys.sorted()
        scene.accounts = population.sorted { $0.key < $1.key }.flatMap { domain, count in
            (0..<count).map { Account(address: "p\($0)@\(domain)") }
        }
        scene.members = members.mapValues { Set((0..<$0).map { "p\($0)@\(domain)" }) }
        return Guards.judge(changes, people: nil, observed: scene.observed, administrators: nil, context: context, isByHand: byHand)
    }

    private func tripped(_ results: [GuardResult]) -> [String] { results.filter(\.tripped).map(\.name) }

    @Test(arguments: [
        // Accounts, removals now, removals in the hour before, what trips.
        (100, 1, 4, []), (100, 1, 5, ["removals-24h", "removals-1h"]), (1_000, 10, 20, []), (1_000, 10, 21, ["removals-1h"]),
        (1_000, 0, 500, []), (10_000, 100, 200, []), (10_000, 101, 200, ["removals-1h"]),
    ])
    func `An hour's removals add up`(population: Int, now: Int, before: Int, expected: [String]) {
        let context = GuardContext(recent: [Spending(kind: .disable, removal: true, hour: before, day: before)])
        #expect(tripped(judge((0..<now).map { _ in removal() }, population: [domain: population], context)) == expected)
    }

    @Test func `Lines of an older version count by what is known of them`() {
        let context = GuardContext(recent: [Spending(removal: true, hour: 5, day: 5)])
        #expect(tripped(judge([removal()], context)) == ["removals-24h", "removals-1h"])
    }

    @Test(arguments: [(1, 49, []), (1, 50, ["additions-24h"]), (0, 500, [])])
    func `Additions of a day add up, and the tenant's size is the one before them`(now: Int, before: Int, expected: [String]) {
        let context = GuardContext(recent: [Spending(kind: .create, day: before)])
        #expect(tripped(judge((0..<now).map { create("n\($0)") }, population: [domain: 60], context)) == expected)
    }

    @Test func `A day's changes of privilege add up`() {
        let change = Change(kind: .update, person: "p", account: "p", reason: "", evidence: "", privilege: true)
        let three = GuardContext(recent: [Spending(kind: .update, privilege: true, day: 3)])
        #expect(tripped(judge([change], three)) == [])
        #expect(tripped(judge([change, change], three)) == ["privilege-24h"])
    }

    @Test(arguments: [
        // Accounts of the small domain, removals of it now, before, what trips.
        (20, 5, 0, []), (20, 6, 0, ["domain-removals"]), (20, 1, 5, ["domain-removals"]), (200, 20, 0, []),
        (200, 21, 0, ["domain-removals"]),
    ])
    func `A small domain cannot vanish below the limits of the whole`(size: Int, now: Int, before: Int, expected: [String]) {
        let context = GuardContext(recent: [Spending(kind: .disable, removal: true, domain: "small.example", day: before)])
        let changes = (0..<now).map { removal("p\($0)@small.example") }
        #expect(tripped(judge(changes, population: [domain: 5_000, "small.example": size], context)) == expected)
        // Where it is the only one, the limits of the whole are its own.
        #expect(!judge(changes, population: ["small.example": size], context).contains { $0.name == "domain-removals" })
    }

    @Test(arguments: [
        // Members, leavers now, leavers in the hour before, what trips.
        (10, 3, 0, []), (10, 4, 0, ["group-leavers"]), (9, 9, 0, []), (7, 1, 3, ["group-leavers"]), (100, 20, 0, []),
        (100, 21, 0, ["group-leavers"]), (90, 11, 10, ["group-leavers"]),
    ])
    func `A group is not emptied at once`(members: Int, now: Int, before: Int, expected: [String]) {
        let context = GuardContext(recent: [Spending(kind: .removeMember, groupID: "g", hour: before, day: before)])
        let changes = (0..<now).map { removal("p\($0)", group: "g") }
        #expect(tripped(judge(changes, population: [domain: 1_000], members: ["g": members], context)) == expected)
    }

    @Test func `A mass leave is a removal, also where an hour's runs share it`() {
        var scene = Scene()
        scene.members = ["g": Set((0..<7).map { at("p\($0)") })]
        let leaves = [removal("p1", group: "g")]
        let before = GuardContext(recent: [Spending(kind: .removeMember, groupID: "g", hour: 3, day: 3)])
        #expect(Guards.marked(leaves, observed: scene.observed, context: GuardContext()).count(where: \.removal) == 0)
        #expect(Guards.marked(leaves, observed: scene.observed, context: before).count(where: \.removal) == 1)
    }

    @Test func `Who joins a privileged group gains privilege`() {
        var context = GuardContext()
        context.limits.privilegedGroups = ["admins"]
        let join = Change(kind: .addMember, person: "p", account: "p", reason: "", evidence: "", groupID: "g", group: "Admins")
        #expect(Guards.marked([join], observed: Scene().observed, context: context).map(\.privilege) == [true])
        context.limits.privilegedGroups = ["others"]
        #expect(Guards.marked([join], observed: Scene().observed, context: context).map(\.privilege) == [false])
    }

    @Test func `A single leaver by hand goes on beyond the limits, so many times`() {
        func context(byHand: Int) -> GuardContext {
            GuardContext(recent: [Spending(kind: .disable, removal: true, byHand: true, hour: byHand, day: byHand)])
        }
        let urgent = judge([removal()], byHand: true, context(byHand: 9))
        #expect(tripped(urgent) == [] && urgent.contains { $0.name == "urgent" && $0.value == 10 })
        #expect(tripped(judge([removal()], byHand: true, context(byHand: 10))).contains("urgent"))
        #expect(tripped(judge([removal()], byHand: false, context(byHand: 9))).contains("removals-24h"))
        #expect(tripped(judge([removal("a"), removal("b")], byHand: true, context(byHand: 9))).contains("removals-24h"))
        #expect(!judge([removal()], byHand: true, context(byHand: 1)).contains { $0.name == "urgent" })
    }

    // MARK: What holds for any of them

    /// Random changes; removals among them.
    private static func changes(_ count: Int, _ random: inout Seeded) -> [Change] {
        (0..<count).map { number in
            let local = "p\(number)"
            return switch Int.random(in: 0..<4, using: &random) {
            case 0: Change(kind: .create, person: at("n\(number)"), account: at("n\(number)"), reason: "", evidence: "")
            case 1: Change(kind: .update, person: at(local), account: at(local), reason: "", evidence: "", privilege: random.chance(50))
            case 2:
                Change(
                    kind: .removeMember, person: at(local), account: at(local), reason: "", evidence: "", groupID: "g", group: "g")
            default: Change(kind: .disable, person: at(local), account: at(local), reason: "", evidence: "", removal: true)
            }
        }
    }

    @Test func `One more change never frees a plan`() {
        var trips = 0
        for seed in 0..<400 {
            var random = Seeded(seed)
            let population = [domain: Int.random(in: 1...400, using: &random)]
            let members = ["g": Int.random(in: 0...60, using: &random)]
            let past = Int.random(in: 0...12, using: &random)
            let context = GuardContext(recent: [Spending(kind: .disable, removal: true, hour: past / 2, day: past)])
            var changes = Self.changes(Int.random(in: 1...30, using: &random), &random)
            let before = Set(tripped(judge(changes, population: population, members: members, context)))
            trips += before.count
            changes += Self.changes(Int.random(in: 1...5, using: &random), &random)
            let after = Set(tripped(judge(changes, population: population, members: members, context)))
            #expect(before.isSubset(of: after), "seed \(seed): \(before) became \(after)")
        }
        #expect(trips > 100, "too quiet to prove anything")
    }

    @Test func `However removals are cut into runs, a window lets no more through than its limit`() {
        for seed in 0..<400 {
            var random = Seeded(seed)
            let population = Int.random(in: 1...600, using: &random)
            let byHour = Int.random(in: 0...1, using: &random) == 1
            var through = 0
            for _ in 0..<60 {
                let count = Int.random(in: 1...6, using: &random)
                let context = GuardContext(recent: [Spending(kind: .disable, removal: true, hour: byHour ? through : 0, day: through)])
                let results = judge((0..<count).map { _ in removal() }, population: [domain: population], context)
                if tripped(results).isEmpty { through += count }
            }
            let limits = GuardLimits()
            let most = limits[byHour ? .removalsPerHour : .removalsPerDay].limit(of: population)
            #expect(through <= most, "seed \(seed): \(through) of \(population)")
            #expect(through >= most - 1, "seed \(seed): what may go on goes on")
        }
    }

    @Test func `Leavers of a group and joiners are no more when they come in parts`() {
        for seed in 0..<200 {
            var random = Seeded(seed)
            let whole = Int.random(in: 10...200, using: &random)
            var (left, made) = (0, 0)
            for _ in 0..<60 {
                let count = Int.random(in: 1...5, using: &random)
                let leaving = GuardContext(recent: [Spending(kind: .removeMember, groupID: "g", hour: left, day: left)])
                let leaves = (0..<count).map { removal("p\($0)", group: "g") }
                if tripped(judge(leaves, population: [domain: 5_000], members: ["g": whole - left], leaving)).isEmpty { left += count }
                let coming = GuardContext(recent: [Spending(kind: .create, hour: made, day: made)])
                let joins = (0..<count).map { create("n\($0)") }
                if tripped(judge(joins, population: [domain: whole + made], coming)).isEmpty { made += count }
            }
            #expect(left <= GuardLimits()[.groupLeavers].limit(of: whole), "seed \(seed)")
            #expect(made <= GuardLimits()[.additionsPerDay].limit(of: whole), "seed \(seed)")
        }
    }

    // MARK: Directions

    @Test func `A direction that is left out takes along what rests on it`() {
        var scene = Scene()
        for number in 0..<10 { scene.settled("p\(number)") }
        scene.groups = [Group(id: "g", name: "Staff", authority: .cloud)]
        for index in 0..<4 { scene.people[index].active = false }
        scene.people[5].name = "Paula"
        scene.people.append(Person(address: at("new"), groups: ["Staff"]))
        let plan = scene.plan
        #expect(plan.tripped == ["removals"])
        func left(_ directions: Set<GuardDirection>) -> [String] {
            let held = plan.held(without: directions)
            return plan.work.filter { !held.contains($0.line) }.map(\.short)
        }
        #expect(left([.removals]) == ["create new", "update p5", "addMember new Staff"])
        #expect(left([.additions]).contains("update p5") && !left([.additions]).contains { $0.contains("new") })
        #expect(left([.removals, .additions]) == ["update p5"])
        #expect(left([]).count == plan.work.count)
        #expect(plan.heldByGuards.map(\.guarded) == [.removals])
        #expect(plan.heldByGuards.first?.lines.count == 4)
    }

    // MARK: Configuration

    @Test(arguments: [
        ("5", 5, 0), ("2 %", 0, 2), ("2%", 0, 2), ("5 or 2 %", 5, 2), ("2 %, 5", 5, 2), ("0", 0, 0), ("1000000", 1_000_000, 0),
    ])
    func `A limit as people write it`(text: String, least: Int, percent: Int) {
        #expect(GuardLimits.Budget(text) == GuardLimits.Budget(least, percent: percent))
    }

    @Test(arguments: ["", "five", "-1", "+5", "101 %", "5 6", "5, 6", "2 %, 3 %", "5 or", "1000001", "5.5", "５"])
    func `What is no limit`(text: String) {
        #expect(GuardLimits.Budget(text) == nil)
    }

    @Test(arguments: [
        (["removal": "5"], "removals"), (["removals-24": "5"], "removals-24h"), (["aditions": "5"], "additions"),
        (["colour": "5"], "The guards are"), (["removals": "many"], "5 or 2 %"), (["administrators": "0"], "sign in"),
        (["administrators": "50 %"], "sign in"),
    ])
    func `A guard that is misspelt is an error`(settings: [String: String], hint: String) {
        var limits = GuardLimits()
        let error = #expect(throws: GuardLimits.Misread.self) { try limits.take(settings) }
        #expect(error?.remedy.contains(hint) == true, "\(error.map { "\($0)" } ?? "")")
    }

    @Test func `A configured limit holds, and is shown as such`() throws {
        var context = GuardContext()
        try context.limits.take(["removals": "1", "administrators": "3"])
        #expect(tripped(judge([removal(), removal()], context)) == ["removals"])
        let standings = GuardStanding.all(observed: Scene().observed, context: context)
        #expect(standings.map(\.name) == GuardName.allCases.map(\.rawValue))
        #expect(standings.filter(\.configured).map(\.name) == ["removals", "administrators"])
    }

    @Test func `What is used and what is left`() {
        var scene = Scene()
        scene.accounts = (0..<100).map { Account(address: at("p\($0)")) }
        var context = GuardContext(
            recent: [Spending(kind: .disable, removal: true, domain: domain, hour: 2, day: 4), Spending(kind: .create, day: 10)])
        func standing(_ name: GuardName) -> GuardStanding? {
            GuardStanding.all(observed: scene.observed, context: context).first { $0.name == name.rawValue }
        }
        #expect(standing(.removalsPerDay).map { [$0.limit, $0.used, $0.left] } == [5, 4, 1])
        #expect(standing(.removalsPerHour).map { [$0.limit, $0.used, $0.left] } == [5, 2, 3])
        #expect(standing(.additionsPerDay).map { [$0.limit, $0.used, $0.left] } == [50, 10, 40])
        #expect(standing(.domainRemovals).map { [$0.limit, $0.used, $0.left] } == [10, 4, 6])
        context.limits.raised = ["removals-24h": 40, "removals": 40]
        #expect(standing(.removalsPerDay).map { [$0.limit, $0.used, $0.left] } == [40, 4, 36])
        #expect(standing(.removalsPerHour)?.limit == 40)
        #expect(GuardStanding.all(observed: nil, context: context).first?.limit == nil)
    }
}

struct GuardHoldTests {
    @Test(
        arguments: [
            (.disable, true, false, [.removals, .removalsPerDay, .sourceShrink, .policy]),
            (.removeMember, false, false, [.removals, .groupLeavers, .policy]),
            (.create, false, false, [.additions, .seats, .policy]),
            (.update, false, true, [.privilege, .administrators, .policy]),
            (.update, false, false, [.policy]), (.blocked, false, false, []),
        ] as [(Change.Kind, Bool, Bool, Set<GuardName>)])
    func aLineIsHeldByTheGuardsOfItsDirection(_ kind: Change.Kind, _ removal: Bool, _ privilege: Bool, _ among: Set<GuardName>) {
        let change = Change(
            kind: kind, person: at("ann"), account: at("ann"), reason: "", evidence: "", privilege: privilege, removal: removal)
        let holding = Set(GuardName.allCases.filter { $0.holds(change) })
        #expect(holding.isSuperset(of: among))
        let others: Set<GuardName> = [.removals, .additions, .privilege, .policy]
        #expect(holding.intersection(others) == among.intersection(others))
    }
}
