import Foundation
import MusterStore
import Planning

/// What guards know of a tenant's past: what was carried out lately, what was raised, what the last source was.
public struct GuardLedger: Sendable {
    let store: any Store
    let tenant: String
    let limits: GuardLimits
    let now: @Sendable () -> Date

    /// - Parameter limits: as configured; what a person raised is added.
    public init(store: any Store, tenant: String, limits: GuardLimits = GuardLimits(), now: @escaping @Sendable () -> Date = { Date() }) {
        self.store = store
        self.tenant = tenant
        self.limits = limits
        self.now = now
    }

    /// For a plan that is made now.
    func context(lastAccepted: Int?, lastPolicy: String? = nil) async throws -> GuardContext {
        var limits = limits
        for override in try await GuardOverrides(store: store, tenant: tenant, now: now).standing() {
            limits.raised[override.name] = override.value
        }
        let instant = Int(now().timeIntervalSince1970)
        let recent = try await store.read { [tenant] tx in try Self.spending(tenant, at: instant, tx) }
        return GuardContext(limits: limits, lastAccepted: lastAccepted, lastPolicy: lastPolicy, recent: recent)
    }

    /// How each guard stands now.
    ///
    /// - Parameter seats: contracted, where the vendor does not tell.
    public func standings(seats: Int? = nil) async throws -> [GuardStanding] {
        var observed = try await SnapshotStore(store: store, tenant: tenant).observed()
        if let seats, observed?.seats == nil { observed?.seats = seats }
        let lastAccepted = try await store.read { [tenant] tx in try Self.lastAccepted(tenant, tx) }
        return GuardStanding.all(observed: observed, context: try await context(lastAccepted: lastAccepted))
    }

    /// People in the last source that was accepted.
    static func lastAccepted(_ tenant: String, _ tx: any Transaction) throws -> Int? {
        try tx.first("SELECT people FROM accepted_sources WHERE tenant = $1", [.text(tenant)]) { $0.int(0) }
    }

    /// Lines of journals from the last 24 hours that were carried out, are on their way, or may have been carried out.
    static func spending(_ tenant: String, at instant: Int, _ tx: any Transaction) throws -> [Spending] {
        try tx.all(
            """
            SELECT kind, removal, privilege, by_hand, domain, group_id, sum(CASE WHEN changed > $2 THEN 1 ELSE 0 END), count(*)
            FROM journal
            WHERE tenant = $1 AND changed >= $3
                AND (state IN ('sent', 'answered', 'verified') OR state = 'failed' AND (note LIKE $4 OR note LIKE $5))
            GROUP BY kind, removal, privilege, by_hand, domain, group_id
            ORDER BY kind, removal, privilege, by_hand, domain, group_id
            """,
            [
                .text(tenant), .int(instant - 3_600), .int(instant - 86_400), .text(Journal.Doubt.answered + "%"),
                .text(Journal.Doubt.sent + "%"),
            ]
        ) {
            Spending(
                kind: $0.textOrNil(0).flatMap(Change.Kind.init), removal: $0.bool(1), privilege: $0.bool(2), byHand: $0.bool(3),
                domain: $0.text(4), groupID: $0.textOrNil(5), hour: $0.int(6), day: $0.int(7))
        }
    }
}
