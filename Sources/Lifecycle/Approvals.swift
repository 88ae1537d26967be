import Foundation
import MusterStore
import Planning

/// A decision about one plan hash. It covers that hash alone, and expires.
public struct Approval: Sendable, Hashable, Codable {
    public enum Decision: String, Sendable, Codable { case approved, rejected }

    public var hash: String
    public var who: String
    public var decision: Decision
    /// Seconds since 1970.
    public var given: Int
    public var expires: Int
    /// The numbers of the lines that it is about; nil is the whole plan.
    public var lines: [Int]?
    /// The hash of the record's line about it, which was the record's head then; nil for those of versions that did not keep it.
    public var record: String?
}

/// What was decided about a plan so far.
public struct Decisions: Sendable {
    public let all: [Approval]
    public let history: ApprovalHistory
}

public struct Approvals: Sendable {
    let store: any Store
    public let rules: ApprovalRules
    let now: @Sendable () -> Date

    /// - Parameter fourEyes: the proposer may not be the approver.
    public init(store: any Store, fourEyes: Bool, now: @escaping @Sendable () -> Date = { Date() }) {
        var rules = ApprovalRules()
        rules.fourEyes = fourEyes
        self.init(store: store, rules: rules, now: now)
    }

    public init(store: any Store, rules: ApprovalRules, now: @escaping @Sendable () -> Date = { Date() }) {
        self.store = store
        self.rules = rules
        self.now = now
    }

    /// A decision, and the line of the record about it as an export has it: whoever has the line can check it.
    public struct Decided: Sendable {
        public let approval: Approval
        public let evidence: String
    }

    /// Records a decision.
    public func decide(_ plan: StoredPlan, _ decision: Approval.Decision, who: String) async throws -> Approval {
        try await decide(plan, decision, lines: nil, who: who).approval
    }

    /// Records a decision. An approval by the proposer is refused where four eyes are asked for, and one by somebody whose word none of the
    /// rules asks for where words are missing.
    ///
    /// - Parameter lines: the numbers of the lines that it is about; nil is the whole plan.
    public func decide(_ plan: StoredPlan, _ decision: Approval.Decision, lines: [Int]?, who: String) async throws -> Decided {
        let instant = Int(now().timeIntervalSince1970)
        try check(plan, lines)
        if decision == .approved { try await permit(plan, lines, who, at: instant) }
        let (id, hash, proposer, tenant) = (plan.file.id, plan.file.hash, plan.proposer, plan.plan.tenant)
        let approval = Approval(
            hash: hash, who: who, decision: decision, given: instant, expires: min(instant + rules.lifetime, plan.plan.expires),
            lines: lines?.sorted())
        return try await store.write(tenant) { tx in
            var approval = approval
            let state = decision == .approved ? "open" : "rejected"
            if lines == nil {
                try tx.execute(
                    "UPDATE plans SET state = $2 WHERE hash = $1 AND state IN ('open', 'rejected')", [.text(hash), .text(state)])
            }
            approval.record = try AuditTrail.append(
                decision == .approved ? .planApproved : .planRejected, id,
                [
                    "hash": hash, "proposer": proposer, "lines": approval.lines.map { $0.map(String.init).joined(separator: ", ") },
                    "expires": decision == .approved ? AuditTrail.time(approval.expires) : nil,
                ], tenant: tenant, actor: who, at: instant, tx)
            try tx.execute(
                """
                INSERT INTO approvals (number, hash, who, decision, given, expires, record, lines)
                VALUES ((SELECT coalesce(max(number), 0) + 1 FROM approvals), $1, $2, $3, $4, $5, $6, $7)
                """,
                [
                    .text(hash), .text(who), .text(decision.rawValue), .int(approval.given), .int(approval.expires),
                    .string(approval.record), .string(try approval.lines.map { try StoredJSON.text($0) }),
                ])
            return Decided(approval: approval, evidence: try AuditTrail.lastLine(tenant, tx) ?? "")
        }
    }

    private func check(_ plan: StoredPlan, _ lines: [Int]?) throws {
        switch plan.state {
        case .open, .rejected: break
        case .begun, .finished:
            throw LifecycleError(
                .store, "plan-begun", "The plan \(plan.file.id) has been applied already, at least in part.",
                remedy: plan.state == .begun ? "Go on with muster resume." : "There is nothing left to decide.")
        }
        guard let lines else { return }
        let work = Set(plan.plan.work.map(\.line))
        if plan.state == .rejected {
            throw LifecycleError(
                .stopped, "plan-rejected", "The plan \(plan.file.id) was rejected as a whole.",
                remedy: "Approve the plan first, or make a new one with muster plan.")
        }
        if let wrong = lines.first(where: { !work.contains($0) }) {
            throw LifecycleError(
                .usage, "no-such-line", "The plan \(plan.file.id) has no line \(wrong) that would be carried out.",
                remedy: "muster show \(plan.file.id) --json shows the numbers.")
        }
    }

    private func permit(_ plan: StoredPlan, _ lines: [Int]?, _ who: String, at instant: Int) async throws {
        let id = plan.file.id
        guard plan.plan.expires > instant else {
            throw LifecycleError(
                .store, "plan-expired", "The plan \(id) is older than four hours.", remedy: "Make a new one with muster plan.")
        }
        guard !rules.fourEyes || plan.proposer != who else {
            throw LifecycleError(
                .notPermitted, "four-eyes", "\(who) proposed this plan, and another person has to approve it (approvals.fourEyes).",
                remedy: "Ask a colleague to run muster approve \(id).")
        }
        let given = try await decisions(plan).history.given
        let before = rules.missing(plan.plan, proposer: plan.proposer, given: given)
        let mine = ApprovalRules.Given(who: who, lines: lines.map(Set.init) ?? Set(plan.plan.work.map(\.line)))
        // Somebody who has said yes before may say it again: their word is only newer.
        guard !before.isEmpty, !given.contains(where: { $0.who == who }),
            rules.missing(plan.plan, proposer: plan.proposer, given: given + [mine]) == before
        else { return }
        throw LifecycleError(
            .notPermitted, "not-an-approver",
            "The plan \(id) waits for \(before.map(\.words).joined(separator: "; and for ")), and \(who) is none of them.",
            remedy: "Ask one of those who may to run muster approve \(id); the rules stand in the configuration under approvals.")
    }

    /// All that was said about a plan, oldest first.
    public func decisions(_ plan: StoredPlan) async throws -> Decisions {
        let instant = Int(now().timeIntervalSince1970)
        let all = try await said(plan.file.hash)
        let words = all.map {
            ApprovalHistory.Word(who: $0.who, isYes: $0.decision == .approved, lines: $0.lines, expires: $0.expires)
        }
        return Decisions(all: all, history: ApprovalHistory(words, all: Set(plan.plan.work.map(\.line)), now: instant))
    }

    /// The newest approval of the whole plan that covers this hash now; a later rejection takes it back.
    public func standing(_ hash: String) async throws -> Approval? {
        let instant = Int(now().timeIntervalSince1970)
        guard let last = try await said(hash).last(where: { $0.lines == nil }), last.decision == .approved, last.expires > instant else {
            return nil
        }
        return last
    }

    /// What is missing still before a plan may be applied.
    public func missing(_ plan: StoredPlan) async throws -> [ApprovalRules.Missing] {
        let history = try await decisions(plan).history
        return rules.missing(
            plan.plan, lines: Set(plan.plan.work.map(\.line)).subtracting(history.rejected), proposer: plan.proposer,
            given: history.given)
    }

    private func said(_ hash: String) async throws -> [Approval] {
        try await store.read { tx in
            try tx.all(
                "SELECT who, decision, given, expires, record, lines FROM approvals WHERE hash = $1 ORDER BY number", [.text(hash)]
            ) {
                Approval(
                    hash: hash, who: $0.text(0), decision: Approval.Decision(rawValue: $0.text(1)) ?? .rejected, given: $0.int(2),
                    expires: $0.int(3), lines: try $0.textOrNil(5).map { try StoredJSON.value([Int].self, $0) }, record: $0.textOrNil(4))
            }
        }
    }
}
