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
}

public struct Approvals: Sendable {
    /// Seconds for which an approval is good.
    static let lifetime = 4 * 3600

    let store: any Store
    let fourEyes: Bool
    let now: @Sendable () -> Date

    /// - Parameter fourEyes: the proposer may not be the approver.
    public init(store: any Store, fourEyes: Bool, now: @escaping @Sendable () -> Date = { Date() }) {
        self.store = store
        self.fourEyes = fourEyes
        self.now = now
    }

    /// Records a decision. An approval by the proposer is refused where four eyes are asked for.
    public func decide(_ plan: StoredPlan, _ decision: Approval.Decision, who: String) async throws -> Approval {
        let instant = Int(now().timeIntervalSince1970)
        switch plan.state {
        case .open, .rejected: break
        case .begun, .finished:
            throw LifecycleError(
                .store, "plan-begun", "The plan \(plan.file.id) has been applied already, at least in part.",
                remedy: plan.state == .begun ? "Go on with muster resume." : "There is nothing left to decide.")
        }
        if decision == .approved {
            guard plan.plan.expires > instant else {
                throw LifecycleError(
                    .store, "plan-expired", "The plan \(plan.file.id) is older than four hours.", remedy: "Make a new one with muster plan."
                )
            }
            guard !fourEyes || plan.proposer != who else {
                throw LifecycleError(
                    .notPermitted, "four-eyes", "\(who) proposed this plan, and another person has to approve it (approvals.fourEyes).",
                    remedy: "Ask a colleague to run muster approve \(plan.file.id).")
            }
        }
        let approval = Approval(
            hash: plan.file.hash, who: who, decision: decision, given: instant, expires: min(instant + Self.lifetime, plan.plan.expires))
        try await store.write(plan.plan.tenant) { tx in
            try tx.execute(
                """
                INSERT INTO approvals (number, hash, who, decision, given, expires)
                VALUES ((SELECT coalesce(max(number), 0) + 1 FROM approvals), $1, $2, $3, $4, $5)
                """,
                [
                    .text(approval.hash), .text(approval.who), .text(approval.decision.rawValue), .int(approval.given),
                    .int(approval.expires),
                ])
            try tx.execute(
                "UPDATE plans SET state = $2 WHERE hash = $1 AND state IN ('open', 'rejected')",
                [.text(approval.hash), decision == .approved ? "open" : "rejected"])
            try AuditTrail.append(
                decision == .approved ? .planApproved : .planRejected, plan.file.id, ["hash": approval.hash, "proposer": plan.proposer],
                tenant: plan.plan.tenant, actor: who, at: instant, tx)
        }
        return approval
    }

    /// The approval that covers this hash now, the newest; a later rejection takes it back.
    public func standing(_ hash: String) async throws -> Approval? {
        let instant = Int(now().timeIntervalSince1970)
        let last = try await store.read { tx in
            try tx.first(
                "SELECT who, decision, given, expires FROM approvals WHERE hash = $1 ORDER BY number DESC", [.text(hash)]
            ) {
                Approval(
                    hash: hash, who: $0.text(0), decision: Approval.Decision(rawValue: $0.text(1)) ?? .rejected, given: $0.int(2),
                    expires: $0.int(3))
            }
        }
        guard let last, last.decision == .approved, last.expires > instant else { return nil }
        return last
    }
}
