import Foundation
import Mimecast
import MimecastClient
import Planning
import Testing

@testable import Lifecycle

/// What an apply did is taken back: through the same guards, approvals and journal.
struct UndoTests {
    private func undo(_ bench: Bench, _ applied: StoredPlan, protected: Set<String> = []) async throws -> StoredPlan {
        try await bench.sync()
        let maker = PlanMaker(client: bench.client(), tenant: bench.tenant(), store: bench.store, protected: protected, now: bench.now)
        let file = try await maker.undo(try await bench.stored(applied.file.hash), proposer: "pat")
        return try await bench.stored(file.hash)
    }

    /// The people before: ann active, bob disabled, carl in Staff, dora.
    private let before = ["ann", "carl", "dora"].map { Person(address: at($0), externalID: $0, name: $0.capitalized) }

    @Test(arguments: ChangeKinds.lanes)
    func `The tenant is as it was before`(dialect: Dialect, lane: WriteChannel) async throws {
        try await withBench(dialect, over: lane) { bench in
            _ = try await bench.plan(before)
            var people = before
            people[0].name = "Ann Lee"
            people[0].groups = ["Staff"]
            people[1].active = false
            people[2].groups = []
            people.append(Person(address: at("bob"), externalID: "bob", active: true))
            bench.vendor.tenant.members["g1", default: []].insert(at("dora"))
            let old = bench.vendor.tenant
            let applied = try await bench.plan(people)
            #expect(try await bench.carryOut(applied).isWhole)
            #expect(bench.vendor.row("ann")?.name == "Ann Lee")
            let plan = try await undo(bench, applied)
            #expect(plan.plan.undoes == "r-" + applied.file.id.dropFirst(2))
            #expect(plan.plan.work.count == applied.plan.work.count, "\(plan.plan.changes)")
            let receipt = try await bench.carryOut(plan)
            #expect(receipt.isWhole, "\(receipt)")
            #expect(bench.vendor.tenant.rows == old.rows)
            #expect(bench.vendor.tenant.members == old.members)
            // Nothing is left to take back, and the undo was no source.
            #expect(try await undo(bench, applied).plan.changes.isEmpty)
            #expect(try await bench.plan(people).plan.work.count == applied.plan.work.count)
        }
    }

    @Test func `A rename is taken back, and the link follows`() async throws {
        try await withBench { bench in
            _ = try await bench.plan(before)
            var people = before
            people[0].address = at("ann.lee")
            let applied = try await bench.plan(people)
            let old = bench.vendor.tenant.rows
            _ = try await bench.carryOut(applied)
            #expect(bench.vendor.row("ann.lee") != nil)
            #expect(try await bench.carryOut(undo(bench, applied)).isWhole)
            #expect(bench.vendor.tenant.rows == old)
            #expect(try await bench.links().first { $0.externalID == "ann" }?.account == at("ann"))
        }
    }

    @Test(arguments: [Dialect.guide, .portal])
    func `Who was made is disabled, after an approval`(dialect: Dialect) async throws {
        try await withBench(dialect) { bench in
            let applied = try await bench.plan(before + [Person(address: at("new"), externalID: "n")])
            _ = try await bench.carryOut(applied)
            let plan = try await undo(bench, applied)
            #expect(plan.plan.work.map(\.kind) == [.disable])
            #expect(ApprovalRules().needsApproval(plan.plan))
            let error = try await lifecycleError { try await bench.apply(plan) }
            #expect(error.code == "approval-missing")
            #expect(try await bench.carryOut(plan).isWhole)
            #expect(bench.vendor.row("new")?.isDisabled == true)
        }
    }

    @Test func `What somebody changed since is reported, not overwritten`() async throws {
        try await withBench { bench in
            _ = try await bench.plan(before)
            var people = before
            people[0].name = "Ann Lee"
            people[2].name = "Dora Day"
            let applied = try await bench.plan(people)
            _ = try await bench.carryOut(applied)
            bench.vendor.tenant.rows[0].name = "Ann of the helpdesk"
            let plan = try await undo(bench, applied)
            #expect(plan.plan.work.map(\.person) == [at("dora")])
            let blocked = try #require(plan.plan.changes.first { $0.kind == .blocked })
            #expect(blocked.reason.contains("name was changed since"))
            #expect(try await bench.carryOut(plan).isWhole)
            #expect(bench.vendor.row("ann")?.name == "Ann of the helpdesk")
        }
    }

    @Test func `Guards judge it as any other plan`() async throws {
        try await withBench { bench in
            let many = (1...5).map { Person(address: at("new\($0)"), externalID: "n\($0)") }
            let applied = try await bench.plan(before + many)
            _ = try await bench.carryOut(applied)
            let plan = try await undo(bench, applied)
            #expect(plan.plan.guards.filter(\.tripped).map(\.name) == ["removals"])
            _ = try await bench.approve(plan)
            let error = try await lifecycleError { try await bench.apply(plan) }
            #expect(error.code == "guard-removals")
            #expect(!plan.plan.guards.contains { $0.name == "source-shrink" })
        }
    }

    @Test func `Protected accounts stay enabled`() async throws {
        try await withBench { bench in
            let applied = try await bench.plan(before + [Person(address: at("new"), externalID: "n")])
            _ = try await bench.carryOut(applied)
            #expect(try await undo(bench, applied, protected: [at("new")]).plan.changes.map(\.kind) == [.blocked])
        }
    }

    @Test func `Only what was finished can be taken back`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan(before + [Person(address: at("new"), externalID: "n")])
            #expect(try await lifecycleError { try await undo(bench, plan) }.code == "plan-not-applied")
            let interrupted = try await bench.plan(before + [Person(address: at("new"), externalID: "n")])
            _ = try await bench.applier(interrupted: { true }).apply(interrupted)
            #expect(try await lifecycleError { try await undo(bench, interrupted) }.code == "plan-unfinished")
        }
    }
}
