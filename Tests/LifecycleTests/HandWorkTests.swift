import Mimecast
import MimecastClient
import Planning
import Testing

@testable import Lifecycle

/// What is asked for by hand goes through the same plan, guards, approvals and journal, and teaches nothing about the source.
struct HandWorkTests {
    private func plan(_ bench: Bench, _ work: HandWork, protected: Set<String> = []) async throws -> StoredPlan {
        try await bench.sync()
        let maker = PlanMaker(client: bench.client(), tenant: bench.tenant(), store: bench.store, protected: protected, now: bench.now)
        return try await bench.stored(try await maker.make(work, proposer: "pat").hash)
    }

    @Test(arguments: ChangeKinds.lanes)
    func `Made, changed, moved between groups, disabled, enabled`(dialect: Dialect, lane: WriteChannel) async throws {
        try await withBench(dialect, over: lane) { bench in
            func carryOut(_ work: HandWork, _ kinds: [Change.Kind]) async throws {
                let plan = try await plan(bench, work)
                #expect(plan.plan.byHand == true && plan.plan.orphans.isEmpty)
                let receipt = try await bench.carryOut(plan)
                #expect(receipt.isWhole, "\(receipt)")
                #expect(plan.plan.work.map(\.kind) == kinds)
            }
            let new = Person(address: at("new"), name: "New Name", groups: ["Staff"])
            try await carryOut(HandWork(people: [new], makes: true), [.create, .addMember])
            try await carryOut(HandWork(people: [Person(address: at("ann"), name: "Ann Lee")]), [.update])
            try await carryOut(HandWork(people: [Person(address: at("new"), groups: [])], left: ["staff"]), [.removeMember])
            try await carryOut(HandWork(people: [Person(address: at("new"), active: false)]), [.disable])
            try await carryOut(HandWork(people: [Person(address: at("new"), active: true)]), [.enable])
            #expect(bench.vendor.row("ann")?.name == "Ann Lee")
            #expect(bench.vendor.tenant.members["g1"] == [at("carl")])
            #expect(try await bench.links().isEmpty)
        }
    }

    @Test func `A rename and a deletion, where the dialect has them`() async throws {
        try await withBench { bench in
            let renamed = HandWork(people: [Person(address: at("ann.lee"))], addressesNow: [at("ann.lee"): at("ann")])
            let plan = try await plan(bench, renamed)
            #expect(plan.plan.work.map(\.kind) == [.rename])
            #expect(try await bench.carryOut(plan).isWhole)
            #expect(bench.vendor.row("ann.lee")?.aliases == [at("ann")])
            let deletion = try await self.plan(bench, HandWork(deletions: [at("dora")]))
            #expect(ApprovalRules().needsApproval(deletion.plan) && !deletion.plan.changes[0].reversible)
            #expect(try await lifecycleError { try await bench.apply(deletion) }.code == "approval-missing")
            #expect(try await bench.carryOut(deletion).isWhole)
            #expect(bench.vendor.row("dora") == nil)
        }
    }

    @Test func `What cannot be says why`() async throws {
        try await withBench(.portal) { bench in
            #expect(try await plan(bench, HandWork(deletions: [at("dora")])).plan.changes.map(\.kind) == [.blocked])
            #expect(try await plan(bench, HandWork(deletions: [at("nobody")])).plan.changes.map(\.kind) == [.blocked])
            func expect(_ code: String, _ work: HandWork) async throws {
                let error = try await lifecycleError { try await plan(bench, work) }
                #expect(error.code == code)
            }
            try await expect("no-such-account", HandWork(people: [Person(address: at("nobody"), active: false)]))
            try await expect("account-exists", HandWork(people: [Person(address: at("ann"))], makes: true))
            try await expect("no-such-group", HandWork(people: [Person(address: at("ann"), groups: [])], left: ["Nothing"]))
            let shielded = try await plan(bench, HandWork(people: [Person(address: at("ann"), active: false)]), protected: [at("ann")])
            #expect(shielded.plan.changes.map(\.kind) == [.blocked])
        }
    }

    /// A source that lacks whoever was made by hand does not remove them; one that names whoever was disabled does not enable them.
    @Test(arguments: [Dialect.guide, .portal])
    func `The next plan from a source leaves it alone`(dialect: Dialect) async throws {
        try await withBench(dialect) { bench in
            let source = ["ann", "carl", "dora"].map { Person(address: at($0), externalID: $0) }
            _ = try await bench.plan(source)
            _ = try await bench.carryOut(plan(bench, HandWork(people: [Person(address: at("new"), name: "New")], makes: true)))
            _ = try await bench.carryOut(plan(bench, HandWork(people: [Person(address: at("ann"), active: false)])))
            let next = try await bench.plan(source)
            #expect(next.plan.changes.isEmpty)
            #expect(next.plan.orphans.contains(at("new")))
            #expect(!next.plan.isStopped)
        }
    }

    @Test func `Guards count it with what else was removed`() async throws {
        try await withBench { bench in
            for name in 1...6 {
                _ = try await bench.carryOut(plan(bench, HandWork(people: [Person(address: at("new\(name)"), name: "N")], makes: true)))
            }
            for name in 1...5 {
                _ = try await bench.carryOut(plan(bench, HandWork(people: [Person(address: at("new\(name)"), active: false)])))
            }
            let both = [at("new6"), at("ann")].map { Person(address: $0, active: false) }
            let stopped = try await plan(bench, HandWork(people: both))
            #expect(stopped.plan.guards.filter(\.tripped).map(\.name) == ["removals-24h", "removals-1h"])
            // One alone is urgent: it goes on, with an approval.
            let urgent = try await plan(bench, HandWork(people: [both[0]]))
            #expect(!urgent.plan.isStopped && ApprovalRules().needsApproval(urgent.plan))
            #expect(urgent.plan.guards.contains { $0.name == "urgent" && $0.value == 6 })
            #expect(try await lifecycleError { try await bench.apply(urgent) }.code == "approval-missing")
            #expect(try await bench.carryOut(urgent).isWhole)
        }
    }

    @Test func `The reason stands on each line and in the record`() async throws {
        try await withBench { bench in
            let plan = try await plan(bench, HandWork(people: [Person(address: at("ann"), name: "Ann Lee")], reason: "HR-5521"))
            #expect(plan.plan.work.map(\.reason) == ["asked for by pat: HR-5521"])
            _ = try await bench.carryOut(plan)
            var record = ""
            try await AuditBook(store: bench.store, tenant: "CACME").export { record += $0 }
            #expect(record.contains(#""reason":"asked for by pat: HR-5521""#))
        }
    }
}
