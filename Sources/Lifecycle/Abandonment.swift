import Foundation
import MusterStore
import Planning

/// Gives up what is left of a begun plan: what was done stays done, nothing more is sent.
public struct Abandonment: Sendable {
    let store: any Store
    let who: String
    let now: @Sendable () -> Date

    public init(store: any Store, who: String, now: @escaping @Sendable () -> Date = { Date() }) {
        self.store = store
        self.who = who
        self.now = now
    }

    /// Ends the plan under the tenant's lock.
    ///
    /// - Returns: what became of its lines; those that were left count as failed.
    public func giveUp(_ plan: StoredPlan) async throws -> Receipt {
        let lock = TenantLock(store: store, tenant: plan.plan.tenant, now: now)
        let fence = try await lock.acquire(who: who)
        do {
            let journal = Journal(store: store, plan: plan, fence: fence, who: who, now: now)
            var run = ApplyRun(changes: plan.plan.work, entries: try await journal.entries())
            for change in run.changes {
                let note: String
                switch run.entries[change.line]?.state {
                case .intended: note = "given up by \(who)"
                case .sent: note = "\(Journal.Doubt.sent): given up by \(who)"
                case .answered: note = "\(Journal.Doubt.answered), not read back: given up by \(who)"
                case .verified, .failed, nil: continue
                }
                try await journal.fail(change.line, note: note)
                run.set(change.line, .failed, note: note)
            }
            let receipt = try await journal.finish(run.receipt(plan: plan.file, calls: 0))
            try await lock.release(fence)
            return receipt
        } catch {
            try? await lock.release(fence)
            throw error
        }
    }
}
