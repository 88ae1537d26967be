import Foundation
import Mimecast
import MimecastClient
import MusterStore
import Planning

/// Makes a plan: the tenant as read, the source as parsed, the links as stored.
public struct PlanMaker: Sendable {
    let client: TenantClient
    let tenant: TenantRecord
    let store: any Store
    let protected: Set<String>
    let now: @Sendable () -> Date

    /// - Parameter protected: folded addresses that are never removed.
    public init(
        client: TenantClient, tenant: TenantRecord, store: any Store, protected: Set<String>,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.client = client
        self.tenant = tenant
        self.store = store
        self.protected = protected
        self.now = now
    }

    /// Compares and saves.
    ///
    /// - Parameters:
    ///   - desired: makes the desired state, given the tenant's folded domains.
    ///   - proposer: who asks.
    public func make(proposer: String, desired: @Sendable (Set<String>) throws -> DesiredState) async throws -> PlanFile {
        let snapshots = SnapshotStore(store: store, tenant: tenant.code)
        guard let observed = try await snapshots.observed() else {
            throw LifecycleError(
                .input, "no-snapshot", "The tenant \(tenant.code) has not been read yet.",
                remedy: "Run muster sync first, or leave --no-sync out.")
        }
        guard !observed.digest.isEmpty else {
            throw LifecycleError(
                .input, "snapshot-outdated", "Muster has changed \(tenant.code) since it was read.",
                remedy: "Leave --no-sync out, so that it is read again.")
        }
        let instant = now()
        let remembered = try await remembered(since: Int(instant.timeIntervalSince1970) - 24 * 3600)
        var limits = GuardLimits()
        for override in try await GuardOverrides(store: store, tenant: tenant.code, now: now).standing() {
            limits.raised[override.name] = override.value
        }
        let report = try await snapshots.report()
        var input = Planner.Input(
            tenant: tenant.code, generation: tenant.generation, dialect: tenant.dialect, desired: try desired(observed.domains),
            observed: observed, links: remembered.links, managedGroups: remembered.groups, protected: protected,
            guards: GuardContext(limits: limits, lastAccepted: remembered.lastAccepted, recentRemovals: remembered.removals), now: instant,
            secondsPerCall: report.map { $0.calls > 0 ? $0.seconds / Double($0.calls) : 0 } ?? 0)
        var planner = Planner(input)
        let unread = planner.statesToRead
        // Where the source shrank, the plan is stopped whatever the states are: hundreds of calls would tell nothing.
        let shrank = !unread.isEmpty && planner.plan().guards.contains { $0.tripped && $0.name == GuardName.sourceShrink.rawValue }
        if !unread.isEmpty, !shrank {
            if tenant.allowWrites {
                input.states = try await client.lookUp(unread).compactMapValues(\.status)
            } else {
                // This dialect tells a state only in answer to an update call, which a read-only tenant never sends.
                input.desired.notices.append(
                    "\(unread.count) states were not read, since the tenant is read-only; the plan takes them for active.")
            }
            planner = Planner(input)
        }
        let file = try PlanFile(planner.plan())
        try await PlanStore(store: store).save(
            file, proposer: proposer, links: planner.correlation.links, groups: planner.groupsSpokenOf)
        return file
    }

    private struct Remembered: Sendable {
        var links: [Link]
        var groups: Set<String>
        var lastAccepted: Int?
        var removals: Int
    }

    private func remembered(since: Int) async throws -> Remembered {
        let code = tenant.code
        return try await store.read { tx in
            Remembered(
                links: try LinkTable.all(tenant: code, tx),
                groups: Set(try tx.all("SELECT group_id FROM managed_groups WHERE tenant = $1", [.text(code)]) { $0.text(0) }),
                lastAccepted: try tx.first("SELECT people FROM accepted_sources WHERE tenant = $1", [.text(code)]) { $0.int(0) },
                removals: try tx.first(
                    """
                    SELECT count(*) FROM journal
                    WHERE tenant = $1 AND removal = 1 AND changed >= $2 AND state IN ('sent', 'answered', 'verified')
                    """, [.text(code), .int(since)]
                ) { $0.int(0) } ?? 0)
        }
    }
}
