import Mimecast
import MimecastClient
import Planning

extension Applier {
    /// Looks whether somebody else has changed since the plan's read what a line is about to write over or to delete. Between this look and
    /// the write is the time of a call: the vendor has no write that is bound to what was read.
    func overtaken(_ change: Change, _ plan: StoredPlan) async throws -> Conflict? {
        guard change.kind.isLookedAtFirst else { return nil }
        // Whoever is gone, the call itself will tell.
        guard let present = try await reading({ try await client.lookUp([change.account]) })[EmailAddress.key(change.account)] else {
            return nil
        }
        let snapshots = SnapshotStore(store: store, tenant: tenant.code)
        let before = change.kind == .remove ? try await snapshots.account(change.account, in: plan.plan.snapshot) : nil
        let seen = try await snapshots.taken(plan.plan.snapshot) ?? plan.plan.created
        return Conflict.overtaken(change, before: before, present: present, seen: seen)
    }
}
