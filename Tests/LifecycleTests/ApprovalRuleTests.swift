import Mimecast
import Planning
import Testing

@testable import Lifecycle

/// Rules, single lines, and the evidence that a third party checks.
struct ApprovalRuleTests {
    private let two = [Person(address: at("ann"), active: false), Person(address: at("carl"), active: false), Person(address: at("new"))]

    private func approvals(_ bench: Bench, _ rules: [ApprovalRule] = [], lifetime: Int = ApprovalRules.longest) -> Approvals {
        var all = ApprovalRules()
        all.rules = rules
        all.lifetime = lifetime
        return Approvals(store: bench.store, rules: all, now: bench.now)
    }

    private func apply(_ bench: Bench, _ plan: StoredPlan, _ approvals: Approvals) async throws -> Receipt {
        try await Applier(
            client: bench.client(), tenant: bench.tenant(), store: bench.store, approvals: approvals, who: "pat", clock: bench.clock,
            now: bench.now
        ).apply(plan)
    }

    private func line(_ plan: StoredPlan, _ kind: Change.Kind, _ local: String) throws -> Int {
        try #require(plan.plan.changes.first { $0.kind == kind && $0.account == at(local) }?.line)
    }

    @Test func `An approval counts where a rule asks for it, and the plan waits for the rest`() async throws {
        try await withBench { bench in
            let approvals = approvals(bench, [ApprovalRule(directions: [.removals], persons: 2, approvers: ["dana", "robin"])])
            let plan = try await bench.plan(two)
            _ = try await approvals.decide(plan, .approved, who: "Dana")
            let waiting = try await lifecycleError { try await apply(bench, plan, approvals) }
            #expect(waiting.code == "approval-missing" && waiting.message.contains("by robin"))
            let stranger = try await lifecycleError { try await approvals.decide(plan, .approved, who: "sam") }
            #expect(stranger.code == "not-an-approver" && stranger.category == .notPermitted)
            _ = try await approvals.decide(plan, .approved, who: "robin")
            #expect(try await approvals.missing(plan).isEmpty)
            #expect(try await apply(bench, plan, approvals).done == 3)
        }
    }

    @Test func `Additions can want a word, too`() async throws {
        try await withBench { bench in
            let approvals = approvals(bench, [ApprovalRule(directions: [.additions])])
            let plan = try await bench.plan([Person(address: at("new"))])
            #expect(approvals.rules.needsApproval(plan.plan) && !ApprovalRules().needsApproval(plan.plan))
            let explainer = LineExplainer(store: bench.store, approvals: approvals)
            let before = try await explainer.explain(plan, line: 1).approval
            #expect(before.isNeeded && before.who == nil && before.waitsFor == ["an approval of 1 line"])
            #expect(try await lifecycleError { try await apply(bench, plan, approvals) }.code == "approval-missing")
            _ = try await approvals.decide(plan, .approved, who: "pat")
            let after = try await explainer.explain(bench.stored(plan.file.hash), line: 1).approval
            #expect(after.isNeeded && after.who == "pat" && after.waitsFor.isEmpty)
            #expect(try await apply(bench, plan, approvals).isWhole)
        }
    }

    @Test func `An approval lasts as long as is configured`() async throws {
        try await withBench { bench in
            let approvals = approvals(bench, lifetime: 3_600)
            let plan = try await bench.plan(two)
            #expect(try await approvals.decide(plan, .approved, who: "pat").expires == bench.seconds + 3_600)
            bench.pass(hours: 1.01)
            #expect(try await lifecycleError { try await apply(bench, plan, approvals) }.code == "approval-missing")
        }
    }

    @Test func `A rejected line stays behind, until somebody says yes to it`() async throws {
        for isTakenBack in [false, true] {
            try await withBench { bench in
                let approvals = approvals(bench)
                let plan = try await bench.plan(two)
                let line = try line(plan, .disable, "carl")
                _ = try await approvals.decide(plan, .rejected, lines: [line], who: "quinn")
                #expect(try await bench.stored(plan.file.hash).state == .open)
                _ = try await approvals.decide(plan, .approved, who: "pat")
                if isTakenBack { _ = try await approvals.decide(plan, .approved, lines: [line], who: "robin") }
                let receipt = try await apply(bench, plan, approvals)
                #expect(receipt.done == (isTakenBack ? 3 : 2) && receipt.heldBy == nil && receipt.held == (isTakenBack ? nil : 1))
                #expect(bench.vendor.row("carl")?.isDisabled == isTakenBack)
                #expect(bench.vendor.row("ann")?.isDisabled == true)
            }
        }
    }

    @Test func `Where only some lines are approved, the others wait`() async throws {
        try await withBench { bench in
            let approvals = approvals(bench)
            let plan = try await bench.plan(two)
            _ = try await approvals.decide(plan, .approved, lines: [try line(plan, .disable, "ann")], who: "quinn")
            let receipt = try await apply(bench, plan, approvals)
            // Whoever joins needs no word.
            #expect(receipt.done == 2 && receipt.held == 1 && receipt.heldBy == ["approvals"])
            #expect(bench.vendor.row("ann")?.isDisabled == true && bench.vendor.row("carl")?.isDisabled == false)
            #expect(bench.vendor.row("new") != nil)
            let done = try await bench.stored(plan.file.hash)
            let late = try await lifecycleError { try await approvals.decide(done, .approved, lines: [1], who: "quinn") }
            #expect(late.code == "plan-begun")
        }
    }

    @Test func `A line that is not there is not decided`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan(two)
            for line in [0, -1, 99] {
                let error = try await lifecycleError { try await approvals(bench).decide(plan, .rejected, lines: [line], who: "pat") }
                #expect(error.code == "no-such-line")
            }
        }
    }

    @Test func `A third party checks who approved what`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan(two)
            let decided = try await approvals(bench).decide(plan, .approved, lines: nil, who: "quinn")
            let entries = try ApprovalTranscript.read(decided.evidence + "\n", plan: plan.file, name: "x")
            #expect(entries.map(\.record.actor) == ["quinn"] && entries[0].hash == decided.approval.record)
            #expect(entries[0].record.detail["hash"] == plan.file.hash)
            let book = AuditBook(store: bench.store, tenant: "CACME")
            #expect(try await book.verify(noted: Set(entries.map(\.hash))).head == decided.approval.record)
            #expect(try await approvals(bench).decisions(plan).all.map(\.record) == [decided.approval.record])

            // Another name, another plan, or a line of one's own making does not hold.
            let forged = decided.evidence.replacing("quinn", with: "robin")
            #expect(throws: LifecycleError.self) { try ApprovalTranscript.read(forged, plan: plan.file, name: "x") }
            #expect(throws: LifecycleError.self) { try ApprovalTranscript.read("approved by robin", plan: plan.file, name: "x") }
            bench.pass(hours: 0.01)
            let other = try await bench.plan(two)
            #expect(throws: LifecycleError.self) { try ApprovalTranscript.read(decided.evidence, plan: other.file, name: "x") }
            let invented = String(repeating: "a", count: 64)
            #expect(try await lifecycleError { try await book.verify(noted: [invented]) }.code == "audit-broken")
        }
    }
}
