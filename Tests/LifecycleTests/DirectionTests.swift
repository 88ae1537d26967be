import HTTPTransport
import Mimecast
import Planning
import Testing

@testable import Lifecycle

/// A guard freezes one direction of one tenant: the rest goes on, and what is held back stays held back.
struct DirectionTests {
    /// Everybody linked; then so many leave, one joins, and one gets another name.
    private func withLeavers(
        _ leavers: Int, of count: Int = 20, _ body: (Bench, _ before: [Person], _ after: [Person]) async throws -> Void
    ) async throws {
        try await withBench { bench in
            bench.vendor.tenant.rows = (0..<count).map { FakeVendor.Row(id: "id-p\($0)", address: at("p\($0)"), name: "P\($0)") }
            bench.vendor.tenant.members = ["g1": []]
            let people = (0..<count).map { Person(address: at("p\($0)"), externalID: "x\($0)") }
            #expect(try await bench.plan(people).plan.isEmpty)
            var after = Array(people.dropLast(leavers))
            after[0].name = "Paula"
            after.append(Person(address: at("new"), externalID: "n", name: "New", groups: ["Staff"]))
            try await body(bench, people, after)
        }
    }

    private func disabled(_ bench: Bench) -> Int { bench.vendor.tenant.rows.count { $0.isDisabled } }

    @Test func `Removals that a guard stops are left out, and all else is done`() async throws {
        try await withLeavers(5) { bench, before, after in
            let plan = try await bench.plan(after)
            #expect(plan.plan.trippedGuards == [.removals, .sourceShrink])
            let refused = try await lifecycleError { try await bench.apply(plan) }
            #expect(refused.code == "guard-removals" && refused.category == .stopped)
            #expect(refused.remedy.contains("--without removals"))
            #expect(bench.vendor.writes.isEmpty)

            // Nothing that is carried out wants an approval.
            let receipt = try await bench.applier().apply(plan, without: [.removals])
            #expect(receipt.isWhole && receipt.done == 3 && receipt.held == 5)
            #expect(receipt.heldBy == ["removals", "source-shrink"])
            #expect(disabled(bench) == 0)
            #expect(bench.vendor.row("new")?.name == "New" && bench.vendor.row("p0")?.name == "Paula")

            // Applied again it does nothing, and the source that shrank is not the measure of the next plan.
            #expect(try await bench.apply(bench.stored(plan.file.hash)).done == 3)
            let next = try await bench.plan(after)
            #expect(next.plan.trippedGuards == [.removals, .sourceShrink])
            #expect(next.plan.work.allSatisfy { $0.kind == .disable } && next.plan.work.count == 5)
            #expect(try await lifecycleError { try await bench.applier().apply(next) }.code == "guard-removals")
            #expect(try await bench.plan(before + [after[after.count - 1]]).plan.isStopped == false)
        }
    }

    @Test func `Another direction does not help`() async throws {
        try await withLeavers(4) { bench, _, after in
            let plan = try await bench.plan(after)
            for directions in [[.additions], [.privilege], [.additions, .privilege]] as [Set<GuardDirection>] {
                let refused = try await lifecycleError { try await bench.applier().apply(plan, without: directions) }
                #expect(refused.code == "guard-removals")
            }
            #expect(bench.vendor.writes.isEmpty)
        }
    }

    @Test func `What is carried out wants its approval still`() async throws {
        try await withLeavers(2) { bench, _, after in
            let plan = try await bench.plan(after)
            #expect(try await lifecycleError { try await bench.applier().apply(plan, without: [.additions]) }.code == "approval-missing")
            try await bench.approve(plan)
            let receipt = try await bench.applier().apply(plan, without: [.additions])
            // The joiner's group rests on the joiner.
            #expect(receipt.done == 3 && receipt.held == 2 && receipt.heldBy == nil)
            #expect(disabled(bench) == 2 && bench.vendor.row("new") == nil)
            #expect(try await bench.plan(after).plan.work.map(\.kind) == [.create, .addMember])
        }
    }

    @Test func `A run that dies goes on with what it was begun with`() async throws {
        for step in 2...6 {
            try await withLeavers(5) { bench, _, after in
                let plan = try await bench.plan(after)
                let store = CrashingStore(bench.store, diesAt: step, keepsLast: true)
                _ = try? await bench.applier(store: store).apply(plan, without: [.removals])
                try await bench.buryLockOwner()
                let left = try await bench.stored(plan.file.hash)
                // Resumed without a word about directions.
                let receipt =
                    left.state == .open ? try await bench.applier().apply(left, without: [.removals]) : try await bench.apply(left)
                #expect(receipt.isWhole && receipt.done == 3 && receipt.held == 5, "step \(step)")
                #expect(disabled(bench) == 0, "step \(step)")
            }
        }
    }

    @Test func `Each guard can be raised, for a while, and the record says so`() async throws {
        try await withBench { bench in
            for name in GuardName.allCases where name != .administrators {
                let raised = GuardOverride(
                    name: name.rawValue, value: 7, until: bench.seconds + 3_600, reason: "HR-5521", who: "quinn")
                let overrides = GuardOverrides(store: bench.store, tenant: "CACME", now: bench.now)
                try await overrides.raise(raised)
                #expect(try await overrides.standing().contains(raised))
            }
            var record = ""
            try await AuditBook(store: bench.store, tenant: "CACME").export { record += $0 }
            for name in GuardName.allCases where name != .administrators { #expect(record.contains(#""subject":"\#(name.rawValue)""#)) }
            bench.pass(hours: 1.01)
            #expect(try await GuardOverrides(store: bench.store, tenant: "CACME", now: bench.now).standing().isEmpty)
            // Of several, one that cannot be raised raises none.
            let both = ["removals", "administrators"].map {
                GuardOverride(name: $0, value: 7, until: bench.seconds + 60, reason: "x", who: "quinn")
            }
            let overrides = GuardOverrides(store: bench.store, tenant: "CACME", now: bench.now)
            #expect(try await lifecycleError { try await overrides.raise(both) }.code == "guard-fixed")
            #expect(try await overrides.standing().isEmpty)
        }
    }

    @Test func `The ledger knows kind, domain and hand, and forgets after a day`() async throws {
        try await withLeavers(2) { bench, _, after in
            _ = try await bench.carryOut(bench.plan(after))
            let ledger = GuardLedger(store: bench.store, tenant: "CACME", now: bench.now)
            func used(_ name: GuardName) async throws -> Int? { try await ledger.standings().first { $0.name == name.rawValue }?.used }
            #expect(try await used(.removalsPerHour) == 2)
            #expect(try await used(.removalsPerDay) == 2)
            #expect(try await used(.additionsPerDay) == 1)
            #expect(try await used(.domainRemovals) == 2)
            #expect(try await used(.urgent) == 0)
            bench.pass(hours: 1.01)
            #expect(try await used(.removalsPerHour) == 0)
            #expect(try await used(.removalsPerDay) == 2)
            bench.pass(hours: 23)
            #expect(try await used(.removalsPerDay) == 0)
        }
    }
}
