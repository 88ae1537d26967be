import HTTPTransport
import Mimecast
import MimecastClient
import MusterStore
import Planning
import Synchronization
import Testing

@testable import Lifecycle

/// The ways in which other tools came to remove people whom nobody meant to remove: each of them stops here, and the tenant stays as it is.
struct MassRemovalTests {
    static let dialects = [Dialect.guide, .portal]

    private static func person(_ number: Int) -> Person { Person(address: at("p\(number)"), externalID: "x\(number)") }
    private static func people(_ numbers: Range<Int>) -> [Person] { numbers.map(person) }

    /// A tenant of so many people, all of them in a group, whom an earlier plan linked.
    private func withCompany(
        _ count: Int, _ dialect: Dialect, isLinked: Bool = true, _ body: (Bench, [Person]) async throws -> Void
    ) async throws {
        try await withBench(dialect) { bench in
            bench.vendor.tenant.rows = (0..<count).map { FakeVendor.Row(id: "id-p\($0)", address: at("p\($0)"), name: "P\($0)") }
            bench.vendor.tenant.members = ["g1": Set((0..<count).map { at("p\($0)") })]
            let people = Self.people(0..<count)
            if isLinked {
                #expect(try await bench.plan(people).plan.isEmpty)
                #expect(try await bench.links().count == count)
            }
            try await body(bench, people)
        }
    }

    /// The plan is stopped: approved by whomever, it is not begun, and the vendor hears nothing of it.
    private func expectStopped(
        _ bench: Bench, _ plan: StoredPlan, by code: String, approved: Bool = true, at location: SourceLocation = #_sourceLocation
    ) async throws {
        let before = bench.vendor.tenant
        bench.vendor.forget()
        if approved { try await bench.approve(plan) }
        let error = try await lifecycleError { try await bench.apply(plan) }
        #expect(error.code == code, sourceLocation: location)
        #expect(!error.remedy.isEmpty, sourceLocation: location)
        #expect(bench.vendor.log.isEmpty, sourceLocation: location)
        #expect(bench.vendor.tenant == before, sourceLocation: location)
    }

    /// Whatever the plan has to say, it removes nobody and takes nobody out of a group.
    private func expectNoRemoval(_ plan: StoredPlan, at location: SourceLocation = #_sourceLocation) {
        let kinds: Set<Change.Kind> = [.disable, .remove, .removeMember]
        let removals = plan.plan.work.filter { kinds.contains($0.kind) || $0.removal }
        #expect(removals.isEmpty, "\(removals.map(\.account))", sourceLocation: location)
    }

    // MARK: The source

    @Test(arguments: dialects)
    func `An empty source stops, however often it comes, and no limit lets it pass`(dialect: Dialect) async throws {
        try await withCompany(12, dialect) { bench, people in
            for _ in 0..<3 { try await expectStopped(bench, try await bench.plan([]), by: "guard-source-shrink") }
            for name in ["removals", "removals-24h", "source-shrink"] { try await bench.raise(name, to: 1_000) }
            try await expectStopped(bench, try await bench.plan([]), by: "guard-source-shrink")
            #expect(try await bench.plan(people).plan.isEmpty, "what was stopped is not the measure of the next")
        }
    }

    @Test(arguments: dialects)
    func `An empty source stops where it is the first`(dialect: Dialect) async throws {
        try await withCompany(12, dialect, isLinked: false) { bench, _ in
            let plan = try await bench.plan([])
            expectNoRemoval(plan)
            try await expectStopped(bench, plan, by: "guard-source-shrink")
        }
    }

    @Test(arguments: dialects)
    func `Half a source stops`(dialect: Dialect) async throws {
        try await withCompany(40, dialect) { bench, people in
            let half = Array(people.prefix(20))
            let plan = try await bench.plan(half)
            #expect(Set(plan.plan.guards.filter(\.tripped).map(\.name)) == ["removals", "removals-24h", "source-shrink"])
            try await expectStopped(bench, plan, by: "guard-removals")
            for name in ["removals", "removals-24h"] { try await bench.raise(name, to: 1_000) }
            try await expectStopped(bench, try await bench.plan(half), by: "guard-source-shrink")
        }
    }

    @Test(arguments: dialects)
    func `A wrong filter that names as many other people stops`(dialect: Dialect) async throws {
        try await withCompany(20, dialect) { bench, _ in
            let others = Self.people(100..<120)
            let plan = try await bench.plan(others)
            #expect(plan.plan.guards.filter(\.tripped).map(\.name) == ["removals", "removals-24h"])
            try await expectStopped(bench, plan, by: "guard-removals")
        }
    }

    @Test(arguments: dialects)
    func `In a tenant of three, a wrong filter waits for a person`(dialect: Dialect) async throws {
        try await withCompany(3, dialect) { bench, _ in
            let plan = try await bench.plan(Self.people(100..<103))
            #expect(plan.plan.work.count { $0.kind == .disable } == 3)
            try await expectStopped(bench, plan, by: "approval-missing", approved: false)
        }
    }

    @Test(arguments: dialects)
    func `A filter that takes a few away with each run stops within the day`(dialect: Dialect) async throws {
        try await withCompany(40, dialect) { bench, people in
            var left = people
            var removed = 0
            for leavers in [3, 2] {
                left.removeLast(leavers)
                removed += leavers
                let plan = try await bench.plan(left)
                #expect(!plan.plan.isStopped, "one run alone stays below every limit")
                #expect(try await bench.carryOut(plan).done == leavers)
                bench.pass(hours: 1)
            }
            left.removeLast()
            for _ in 0..<3 {
                let plan = try await bench.plan(left)
                #expect(plan.plan.guards.filter(\.tripped).map(\.name) == ["removals-24h"])
                try await expectStopped(bench, plan, by: "guard-removals-24h")
                bench.pass(hours: 7)
            }
            #expect(bench.vendor.tenant.rows.count { $0.isDisabled } == removed)
        }
    }

    @Test(arguments: dialects)
    func `A filter that takes a few away with each plan, none of them applied, stops all the same`(dialect: Dialect) async throws {
        try await withCompany(40, dialect) { bench, people in
            var left = people
            var last = try await bench.plan(left)
            for _ in 0..<4 {
                left.removeLast(3)
                last = try await bench.plan(left)
            }
            #expect(last.plan.guards.filter(\.tripped).map(\.name).contains("removals"))
            try await expectStopped(bench, last, by: "guard-removals")
        }
    }

    @Test(arguments: dialects, ["given up", "read back otherwise"])
    func `Removals that went out count within the day, also where nobody saw them through`(dialect: Dialect, how: String) async throws {
        try await withCompany(40, dialect) { bench, people in
            let plan = try await bench.plan(Array(people.dropLast(3)))
            try await bench.approve(plan)
            if how == "given up" {
                // The run dies with one line sent, one answered; the third was never sent.
                let store = CrashingStore(bench.store, diesAt: 2 + 3, keepsLast: true)
                _ = try? await bench.applier(store: store).apply(plan)
                try await bench.buryLockOwner()
                let begun = try await bench.stored(plan.file.hash)
                _ = try await Abandonment(store: bench.store, who: "pat", now: bench.now).giveUp(begun)
                #expect(bench.vendor.tenant.rows.count { $0.isDisabled } == 1)
            } else {
                let states = bench.vendor.dialect == .guide ? "/api/user/get-internal-users" : "/api/user/update-user"
                let before = bench.vendor.tenant
                bench.vendor.play(.stale(before), path: states, skip: dialect == .guide ? 0 : 3, times: 100)
                #expect(try await bench.apply(plan).failed == 3)
                bench.vendor.state.withLock { $0.faults = [] }
                #expect(bench.vendor.tenant.rows.count { $0.isDisabled } == 3)
            }
            bench.pass(hours: 1)
            let next = try await bench.plan(Array(people.dropLast(6)))
            let result = try #require(next.plan.guards.first { $0.name == "removals-24h" })
            // Whoever is disabled by now is no line any more; what went out before is counted.
            let lines = next.plan.work.count { $0.removal }
            #expect(result.value == lines + (how == "given up" ? 2 : 3), "\(next.plan.work.map(\.account))")
        }
    }

    @Test(arguments: dialects)
    func `Columns that vanish say nothing`(dialect: Dialect) async throws {
        try await withCompany(12, dialect) { bench, people in
            var full = people
            for index in full.indices {
                full[index].active = index >= 3
                full[index].groups = ["Staff"]
                full[index].name = "P\(index)"
            }
            let first = try await bench.carryOut(bench.plan(full))
            #expect(first.done == 3 && first.isWhole)
            let before = bench.vendor.tenant
            bench.vendor.forget()
            let plan = try await bench.plan(people)
            #expect(plan.plan.changes.isEmpty, "whoever was called inactive stays disabled: \(plan.plan.changes.map(\.account))")
            #expect(plan.plan.notices == ["3 accounts stay disabled: the source said inactive, and now says nothing about it."])
            try await bench.apply(plan)
            #expect(bench.vendor.writes.isEmpty && bench.vendor.tenant == before)
            // Only the column itself brings them back.
            #expect(try await bench.carryOut(bench.plan(people.map { $0.with(active: true) })).done == 3)
            #expect(bench.vendor.tenant.rows.allSatisfy { !$0.isDisabled })
        }
    }

    @Test(arguments: dialects)
    func `The first run removes nobody`(dialect: Dialect) async throws {
        try await withCompany(12, dialect, isLinked: false) { bench, people in
            let before = bench.vendor.tenant
            bench.vendor.forget()
            let plan = try await bench.plan(Array(people.prefix(1)))
            #expect(plan.plan.isEmpty)
            #expect(plan.plan.orphans.count == 11)
            #expect(try await bench.carryOut(plan).done == 0)
            #expect(bench.vendor.writes.isEmpty && bench.vendor.tenant == before)
        }
    }

    // MARK: The read

    enum Cut: String, CaseIterable, Sendable { case shortPage, repeatedToken, countDisagrees, countChanges, noCount, unknownMember }

    @Test(arguments: dialects, Cut.allCases)
    func `A list that is cut takes nobody, though the source names some no more`(dialect: Dialect, cut: Cut) async throws {
        try await withCompany(12, dialect) { bench, people in
            bench.vendor.state.withLock { state in
                state.pageSize = 5
                switch cut {
                case .shortPage: state.dropsLastRow = true
                case .repeatedToken: state.repeatsToken = true
                case .countDisagrees: state.lieAboutCount = { _, _, count in count + 3 }
                case .countChanges: state.lieAboutCount = { _, page, count in page == 1 ? count : count + 1 }
                case .noCount: state.lieAboutCount = { _, _, _ in nil }
                // The list ends early and its count says the same: only the group knows of somebody more.
                case .unknownMember: state.cap = 11
                }
            }
            var source = Array(people.dropFirst(2))
            source[0].active = false
            source[1].groups = []
            source[2].groups = ["Staff"]
            bench.vendor.forget()
            let before = bench.vendor.tenant
            let plan = try await bench.plan(source)
            #expect(!plan.plan.closed)
            expectNoRemoval(plan)
            #expect(plan.plan.work.isEmpty, "nobody is made either: \(plan.plan.work.map(\.account))")
            #expect(plan.plan.changes.filter { $0.kind == .blocked }.count >= 3)
            try await bench.apply(plan)
            #expect(bench.vendor.writes.isEmpty && bench.vendor.tenant == before)
        }
    }

    @Test(arguments: dialects)
    func `A list capped without a witness takes nobody, and whoever it hides is refused as present`(dialect: Dialect) async throws {
        try await withCompany(60, dialect) { bench, people in
            bench.vendor.tenant.members = [:]
            bench.vendor.state.withLock { $0.cap = 50 }
            let before = bench.vendor.tenant
            let plan = try await bench.plan(people)
            expectNoRemoval(plan)
            let receipt = try await bench.apply(plan)
            #expect(receipt.failed == 10 && receipt.done == 0, "\(receipt)")
            #expect(receipt.failures.allSatisfy { !$0.reason.isEmpty })
            #expect(bench.vendor.effects.isEmpty && bench.vendor.tenant == before)
            bench.vendor.state.withLock { $0.cap = 30 }
            let half = try await bench.plan(people)
            #expect(half.plan.guards.filter(\.tripped).map(\.name) == ["additions"])
            try await expectStopped(bench, half, by: "guard-additions")
        }
    }

    @Test func `A domain that answers 403 ends the read, and the one before stays the truth`() async throws {
        try await withCompany(6, .portal) { bench, people in
            bench.vendor.tenant.domains = [FakeVendor.domain, "sub.example"]
            bench.vendor.tenant.rows += (0..<6).map { FakeVendor.Row(id: "s\($0)", address: "s\($0)@sub.example", name: "S") }
            let everybody = people + (0..<6).map { Person(address: "s\($0)@sub.example", externalID: "s\($0)") }
            let known = try await bench.plan(everybody)
            let before = bench.vendor.tenant
            bench.vendor.forget()
            bench.vendor.play(.status(403), path: "/api/user/get-internal-users", subject: "sub.example", times: 100)
            let error = await #expect(throws: ClientError.self) { try await bench.plan(people) }
            #expect(error?.code == .forbidden)
            #expect(try await Snapshots(store: bench.store, tenant: "CACME").report()?.snapshot == known.plan.snapshot)
            // Whoever plans from the read before has the guards in the way.
            try await expectStopped(bench, try await bench.plan(people, sync: false), by: "guard-removals")
            #expect(bench.vendor.writes.isEmpty && bench.vendor.tenant == before)
        }
    }

    @Test func `A domain that is shown no more loses nobody and gains nobody`() async throws {
        try await withCompany(6, .portal) { bench, people in
            bench.vendor.tenant.domains = [FakeVendor.domain, "sub.example"]
            bench.vendor.tenant.rows += (0..<6).map { FakeVendor.Row(id: "s\($0)", address: "s\($0)@sub.example", name: "S") }
            let everybody = people + (0..<6).map { Person(address: "s\($0)@sub.example", externalID: "s\($0)") }
            _ = try await bench.plan(everybody)
            bench.vendor.tenant.domains = [FakeVendor.domain]
            let before = bench.vendor.tenant
            bench.vendor.forget()
            for source in [everybody, Array(everybody.dropLast(3))] {
                let plan = try await bench.plan(source)
                #expect(plan.plan.work.isEmpty, "\(plan.plan.work.map(\.account))")
                try await bench.apply(plan)
            }
            #expect(bench.vendor.writes.isEmpty && bench.vendor.tenant == before)
        }
    }

    @Test(arguments: dialects, ["/api/directory/find-groups", "/api/directory/get-group-members"])
    func `Groups that answer 403 end the read`(dialect: Dialect, path: String) async throws {
        try await withCompany(6, dialect) { bench, people in
            bench.vendor.forget()
            bench.vendor.play(.status(403), path: path, times: 100)
            await #expect(throws: ClientError.self) { try await bench.plan(Array(people.dropLast(3))) }
            #expect(bench.vendor.writes.isEmpty)
        }
    }
}

extension Person {
    fileprivate func with(active: Bool) -> Person {
        var person = self
        person.active = active
        return person
    }
}

extension Bench {
    /// Lifts a limit for an hour.
    func raise(_ name: String, to value: Int) async throws {
        try await GuardOverrides(store: store, tenant: "CACME", now: now).raise(
            GuardOverride(name: name, value: value, until: seconds + 3600, reason: "test", who: "pat"))
    }
}
