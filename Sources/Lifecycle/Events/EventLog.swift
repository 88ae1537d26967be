import Foundation
import MusterStore
import Planning

/// What changed in a tenant, in the order in which it was seen: the outbox that streams and subscribers read.
///
/// Events are added in the transaction that makes their cause true (a read that becomes current, an audit event that is stored), so that
/// neither is ever there without the other. A number is given once and never again; it is a place in the tenant's log and no more, since
/// the same event has the same id in every store.
struct EventLog: Sendable {
    /// An event as it is kept.
    struct Entry: Sendable, Equatable {
        /// The place in the tenant's log, from 1.
        var number: Int
        /// Derived from tenant, object, before and after.
        var id: String
        /// Such as `account.disabled`.
        var type: String
        /// The folded address of the person whom it is about; empty where it is about the tenant.
        var person: String
        /// When it was seen, in seconds since 1970.
        var at: Int
        /// The event, as it is told: CloudEvents 1.0 in JSON.
        var body: String
        /// What it has in common with the events that must not overtake it, where that is not the person: who is renamed stays one account.
        var lane: String?

        /// Events of one order arrive in their order.
        var order: String { lane ?? person }
    }

    let store: any Store
    let tenant: String

    /// Adds an event. One whose id is there already was told before and is not told again.
    ///
    /// - Returns: whether it is new.
    @discardableResult
    static func append(_ event: Entry, tenant: String, _ tx: any Transaction) throws -> Bool {
        let number = try last(tenant, tx) + 1
        let isNew = try tx.execute(
            """
            INSERT INTO events (tenant, number, id, type, person, at, body, lane) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (id) DO NOTHING
            """,
            [
                .text(tenant), .int(number), EventID.value(event.id), .text(event.type), .text(event.person), .int(event.at),
                .text(EventShorthand.short(event.body, person: event.person)),
                .string(try EventLanes(tenant: tenant, tx: tx).lane(of: event.person)),
            ])
        guard isNew == 1 else { return false }
        try tx.execute(
            "INSERT INTO event_heads (tenant, number) VALUES ($1, $2) ON CONFLICT (tenant) DO UPDATE SET number = $2",
            [.text(tenant), .int(number)])
        return true
    }

    /// The number of the last event ever, also where it has been pruned.
    static func last(_ tenant: String, _ tx: any Transaction) throws -> Int {
        try tx.first("SELECT number FROM event_heads WHERE tenant = $1", [.text(tenant)]) { $0.int(0) } ?? 0
    }

    /// Events after a place, in order.
    func after(_ number: Int, limit: Int) async throws -> [Entry] {
        try await store.read { [tenant] tx in
            var shared = SharedParts(tenant: tenant)
            return try tx.all(
                """
                SELECT \(Self.columns) FROM events WHERE tenant = $1 AND number > $2 ORDER BY number LIMIT $3
                """, [.text(tenant), .int(number), .int(limit)]
            ) { try Self.entry($0, &shared, tx) }
        }
    }
}
