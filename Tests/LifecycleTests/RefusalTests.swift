import HTTPTransport
import Mimecast
import MimecastClient
import MusterStore
import Planning
import Testing

@testable import Lifecycle

/// Plans that must not be begun.
struct RefusalTests {
    private let joiner = [Person(address: at("new"))]

    private func expectRefused(
        _ code: String, _ bench: Bench, _ plan: StoredPlan, writes: Bool = true, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        bench.vendor.forget()
        let error = try await lifecycleError { try await bench.applier(writes: writes).apply(plan) }
        #expect(error.code == code, sourceLocation: sourceLocation)
        #expect(!error.remedy.isEmpty, sourceLocation: sourceLocation)
        #expect(bench.vendor.log.isEmpty, "no call was made", sourceLocation: sourceLocation)
    }

    @Test func `A tenant that was read again and differs makes the plan stale`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan(joiner)
            try await bench.sync()
            bench.vendor.tenant.rows[0].name = "Changed"
            try await bench.sync()
            try await expectRefused("plan-stale", bench, plan)
        }
    }

    @Test func `A tenant that was read again and is the same does not`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan(joiner)
            try await bench.sync()
            #expect(try await bench.apply(plan).isWhole)
        }
    }

    @Test func `A plan that another one has overtaken is stale`() async throws {
        try await withBench { bench in
            let first = try await bench.plan(joiner)
            let second = try await bench.plan([Person(address: at("other"))])
            try await bench.apply(second)
            try await expectRefused("plan-stale", bench, first)
            bench.pass(hours: 0.01)
            #expect(try await bench.carryOut(bench.plan(joiner)).isWhole, "one made after it is not")
        }
    }

    @Test(arguments: [(3.99, true), (4.0, false), (5, false)])
    func `A plan is good for four hours`(hours: Double, isGood: Bool) async throws {
        try await withBench { bench in
            let plan = try await bench.plan(joiner)
            bench.pass(hours: hours)
            if isGood { #expect(try await bench.apply(plan).isWhole) } else { try await expectRefused("plan-stale", bench, plan) }
        }
    }

    @Test func `A plan that was begun is finished however late, and first`() async throws {
        try await withBench { bench in
            let begun = try await bench.plan(["new1", "new2"].map { Person(address: at($0)) })
            _ = try await bench.applier(interrupted: { !bench.vendor.writes.isEmpty }).apply(begun)
            bench.pass(hours: 9)
            let next = try await bench.plan([Person(address: at("later"))])
            try await expectRefused("plan-unfinished", bench, next)
            #expect(try await bench.apply(bench.stored(begun.file.hash)).isWhole)
            try await expectRefused("plan-stale", bench, next)
        }
    }

    @Test func `After an apply the old read serves no new plan`() async throws {
        try await withBench { bench in
            try await bench.apply(bench.plan(joiner))
            #expect(try await lifecycleError { try await bench.plan(joiner, sync: false) }.code == "snapshot-outdated")
        }
    }

    @Test func `A read-only tenant is not written`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan(joiner)
            try await expectRefused("read-only-tenant", bench, plan, writes: false)
            let idle = try await bench.plan([Person(address: at("ann"))])
            #expect(try await bench.applier(writes: false).apply(idle).isWhole, "nothing to do is no writing")
        }
    }

    @Test func `A plan for another tenant is refused`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan(joiner)
            var other = bench.tenant()
            other.code = "COTHER"
            let applier = Applier(
                client: bench.client(), tenant: other, store: bench.store, approvals: bench.approvals(), who: "pat", now: bench.now)
            #expect(try await lifecycleError { try await applier.apply(plan) }.code == "other-tenant")
        }
    }

    private func raise(_ bench: Bench, _ name: String, _ value: Int) async throws {
        try await GuardOverrides(store: bench.store, tenant: "CACME", now: bench.now).raise(
            GuardOverride(name: name, value: value, until: bench.seconds + 3600, reason: "a merger", who: "pat"))
    }

    @Test func `A guard that tripped stops the plan until its limit is raised far enough, for a while`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan((0..<30).map { Person(address: at("new\($0)")) })
            try await expectRefused("guard-additions", bench, plan)
            try await raise(bench, "removals", 30)
            try await raise(bench, "additions", 29)
            try await expectRefused("guard-additions", bench, plan)
            try await raise(bench, "additions", 30)
            bench.pass(hours: 2)
            try await expectRefused("guard-additions", bench, plan)
            try await raise(bench, "additions", 30)
            #expect(try await bench.apply(plan).done == 30)
        }
    }

    @Test func `A raised limit counts for the next plan too`() async throws {
        try await withBench { bench in
            try await raise(bench, "additions", 30)
            #expect(try await !bench.plan((0..<30).map { Person(address: at("new\($0)")) }).plan.isStopped)
            bench.pass(hours: 2)
            #expect(try await bench.plan((0..<30).map { Person(address: at("new\($0)")) }).plan.isStopped)
        }
    }

    @Test func `Some limits cannot be raised`() async throws {
        try await withBench { bench in
            #expect(try await lifecycleError { try await raise(bench, "administrators", 0) }.code == "guard-fixed")
            #expect(try await lifecycleError { try await raise(bench, "speed", 1) }.code == "no-such-guard")
            try await raise(bench, "source-shrink", 1_000)
            try await expectRefused("guard-source-shrink", bench, bench.plan([]))
        }
    }

    @Test func `Removals of the last day count, and the day passes`() async throws {
        try await withBench { bench in
            bench.vendor.tenant.rows += (0..<10).map { FakeVendor.Row(id: "p\($0)", address: at("p\($0)"), name: "P") }
            func leavers(_ range: Range<Int>) -> [Person] {
                (0..<10).map { Person(address: at("p\($0)"), active: range.contains($0) ? false : nil) }
            }
            #expect(try await bench.carryOut(bench.plan(leavers(0..<3))).done == 3)
            bench.pass(hours: 1)
            try await expectRefused("guard-removals-24h", bench, bench.plan(leavers(0..<6)))
            #expect(try await !bench.plan(leavers(0..<5)).plan.isStopped)
            bench.pass(hours: 24)
            #expect(try await bench.carryOut(bench.plan(leavers(0..<6))).done == 3)
        }
    }
}
