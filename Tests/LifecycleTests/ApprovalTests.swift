import HTTPTransport
import Mimecast
import Planning
import Testing

@testable import Lifecycle

struct ApprovalTests {
    private let leaver = [Person(address: at("ann"), active: false)]

    @Test func `A removal waits for an approval`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan(leaver)
            let error = try await lifecycleError { try await bench.apply(plan) }
            #expect(error.code == "approval-missing")
            #expect(error.category == .stopped)
            #expect(bench.vendor.writes.isEmpty)
            try await bench.approve(plan)
            #expect(try await bench.apply(plan).isWhole)
            #expect(bench.vendor.row("ann")?.isDisabled == true)
        }
    }

    @Test func `Four eyes: not the proposer's own`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan(leaver, by: "pat")
            let approvals = bench.approvals(fourEyes: true)
            let error = try await lifecycleError { try await approvals.decide(plan, .approved, who: "pat") }
            #expect(error.code == "four-eyes")
            #expect(error.category == .notPermitted)
            #expect(try await approvals.standing(plan.file.hash) == nil)
            _ = try await approvals.decide(plan, .approved, who: "quinn")
            #expect(try await approvals.standing(plan.file.hash)?.who == "quinn")
            #expect(try await approvals.decide(plan, .rejected, who: "pat").decision == .rejected, "anybody may say no")
        }
    }

    @Test func `An approval expires with its plan`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan(leaver)
            bench.pass(hours: 1)
            let approval = try await bench.approve(plan)
            #expect(approval.expires == plan.plan.expires)
            bench.pass(hours: 2.9)
            #expect(try await bench.approvals().standing(plan.file.hash) != nil)
            bench.pass(hours: 0.2)
            #expect(try await bench.approvals().standing(plan.file.hash) == nil)
            let error = try await lifecycleError { try await bench.approve(plan) }
            #expect(error.code == "plan-expired")
        }
    }

    @Test func `An approval covers one hash`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan(leaver)
            try await bench.approve(plan)
            bench.pass(hours: 0.01)
            let twin = try await bench.plan(leaver)
            #expect(twin.file.hash != plan.file.hash)
            let error = try await lifecycleError { try await bench.apply(twin) }
            #expect(error.code == "approval-missing")
        }
    }

    @Test func `A rejection takes an approval back, and an approval a rejection`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan(leaver)
            try await bench.approve(plan)
            _ = try await bench.approvals().decide(plan, .rejected, who: "quinn")
            #expect(try await bench.approvals().standing(plan.file.hash) == nil)
            let rejected = try await bench.stored(plan.file.hash)
            #expect(rejected.state == .rejected)
            let error = try await lifecycleError { try await bench.apply(rejected) }
            #expect(error.code == "plan-rejected")
            try await bench.approve(rejected)
            #expect(try await bench.apply(bench.stored(plan.file.hash)).isWhole)
        }
    }

    @Test func `A plan that is rejected after it was looked up is not applied`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan([Person(address: at("new"))])
            _ = try await bench.approvals().decide(plan, .rejected, who: "quinn")
            let error = try await lifecycleError { try await bench.apply(plan) }
            #expect(error.code == "plan-rejected")
            #expect(bench.vendor.writes.isEmpty)
            #expect(try await bench.stored(plan.file.hash).state == .rejected)
        }
    }

    @Test func `A plan that was begun can no longer be decided`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan([Person(address: at("new"))])
            try await bench.apply(plan)
            let done = try await bench.stored(plan.file.hash)
            #expect(try await lifecycleError { try await bench.approve(done) }.code == "plan-begun")
        }
    }

    @Test func `Where none is needed, an approval is recorded all the same`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan([Person(address: at("new"))])
            #expect(!ApprovalRules().needsApproval(plan.plan))
            try await bench.approve(plan)
            #expect(try await bench.approvals().standing(plan.file.hash)?.who == "pat")
        }
    }
}
