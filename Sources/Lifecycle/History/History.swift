import Foundation
import MusterStore

/// How far back a tenant's past is kept: versions of what reads showed, and events.
public struct History: Sendable {
    /// What was thrown away.
    public struct Pruned: Sendable, Hashable, Codable {
        /// Reads that can be asked for no more.
        public var reads = 0
        public var versions = 0
        public var events = 0
        /// When the read began that is the first one now, in ISO 8601; nil where nothing is old enough.
        public var first: String?
    }

    let store: any Store
    let tenant: String

    public init(store: any Store, tenant: String) {
        self.store = store
        self.tenant = tenant
    }

    /// Throws away what is older than the read that was in use at an instant: that read, and all later ones, can still be asked for.
    ///
    /// What stands in the record of decisions stays.
    ///
    /// - Parameters:
    ///   - instant: seconds since 1970.
    ///   - who: asks for it; recorded.
    public func prune(before instant: Int, now: Int, who: String) async throws -> Pruned {
        try await store.write(tenant) { [tenant] tx in
            var result = Pruned()
            let first = try tx.first(
                "SELECT number, taken FROM snapshots WHERE tenant = $1 AND state <> 'reading' AND taken <= $2 ORDER BY number DESC",
                [.text(tenant), .int(instant)]
            ) { (number: $0.int(0), taken: $0.int(1)) }
            guard let first else { return result }
            result.first = EventTime.text(first.taken)
            let here: [SQLValue] = [.text(tenant), .int(first.number)]
            result.reads = try tx.execute(
                "UPDATE snapshots SET report = '', facts = '' WHERE tenant = $1 AND number < $2 AND state = 'past' AND facts <> ''", here)
            for table in ObservedTable.all {
                // The last version of what is absent without proof is still needed: an event will start from it.
                result.versions += try tx.execute(
                    """
                    DELETE FROM \(table.name) WHERE tenant = $1 AND until <= $2
                    AND since NOT IN (SELECT a.since FROM event_absences a WHERE a.tenant = $1)
                    """, here)
            }
            let then: [SQLValue] = [.text(tenant), .int(first.taken)]
            // What somebody who subscribed has not got yet stays until they have.
            let needed = try HookBook.needed(tenant, tx)
            result.events = try tx.execute(
                "DELETE FROM events WHERE tenant = $1 AND at < $2" + (needed == nil ? "" : " AND number < $3"),
                then + (needed.map { [.int($0)] } ?? []))
            try tx.execute(
                """
                DELETE FROM event_reads WHERE tenant = $1 AND at < $2
                AND number NOT IN (SELECT read FROM events WHERE tenant = $1 AND at < $2 AND read IS NOT NULL)
                """, then)
            guard result.reads + result.versions + result.events > 0 else { return result }
            try tx.execute(
                """
                INSERT INTO history_marks (tenant, number, taken, pruned) VALUES ($1, $2, $3, $4)
                ON CONFLICT (tenant) DO UPDATE SET number = $2, taken = $3, pruned = $4
                """, [.text(tenant), .int(first.number), .int(first.taken), .int(now)])
            try AuditTrail.append(
                .historyPruned, tenant,
                [
                    "first": result.first, "reads": String(result.reads), "versions": String(result.versions),
                    "events": String(result.events),
                ], tenant: tenant, actor: who, at: now, tx)
            return result
        }
    }

    /// Before all of a tenant goes: the number of its last read stays, so that none is given twice.
    static func forget(_ tenant: String, now: Int, _ tx: any Transaction) throws {
        let last = try tx.first("SELECT max(number) FROM snapshots WHERE tenant = $1", [.text(tenant)]) { $0.intOrNil(0) } ?? nil
        guard let last else { return }
        try tx.execute(
            """
            INSERT INTO history_marks (tenant, number, taken, pruned) VALUES ($1, $2, $3, $3)
            ON CONFLICT (tenant) DO UPDATE SET number = $2, taken = $3, pruned = $3
            """, [.text(tenant), .int(last), .int(now)])
    }

    /// Whether there is enough that is too old to be worth a look: a day's.
    ///
    /// - Parameter instant: what is older may go, in seconds since 1970.
    public func isDue(before instant: Int) async throws -> Bool {
        try await store.read { [tenant] tx in
            let oldest =
                try tx.first(
                    "SELECT min(taken) FROM snapshots WHERE tenant = $1 AND state = 'past' AND facts <> ''", [.text(tenant)]
                ) { $0.intOrNil(0) } ?? nil
            return oldest.map { $0 < instant - 86_400 } ?? false
        }
    }
}

/// Finds a read of the past.
enum PastRead {
    struct Head {
        var number: Int
        var taken: Int
    }

    /// The read in use, or the one that was at an instant.
    ///
    /// - Throws: ``LifecycleError`` where the tenant had not been read by then, or that read was thrown away.
    static func find(_ tenant: String, by instant: Date?, _ tx: any Transaction) throws -> Head? {
        let reads = "FROM snapshots WHERE tenant = $1 AND state <> 'reading'"
        guard let instant else {
            return try tx.first("SELECT number, taken \(reads) ORDER BY number DESC", [.text(tenant)]) {
                Head(number: $0.int(0), taken: $0.int(1))
            }
        }
        let found = try tx.first(
            "SELECT number, taken \(reads) AND taken <= $2 ORDER BY number DESC",
            [.text(tenant), .int(Int(instant.timeIntervalSince1970))]
        ) { Head(number: $0.int(0), taken: $0.int(1)) }
        let mark = try tx.first("SELECT number, taken, pruned FROM history_marks WHERE tenant = $1", [.text(tenant)]) {
            (number: $0.int(0), taken: $0.int(1), pruned: $0.int(2))
        }
        if let mark, found?.number ?? 0 < mark.number {
            throw LifecycleError(
                .input, "history-pruned",
                "What the tenant \(tenant) was at \(instant.formatted(.iso8601)) was thrown away at \(EventTime.text(mark.pruned)).",
                remedy: "The first read that is kept began at \(EventTime.text(mark.taken)): name that time or a later one.")
        }
        if let found { return found }
        let first = try tx.first("SELECT min(taken) \(reads)", [.text(tenant)]) { $0.intOrNil(0) } ?? nil
        throw LifecycleError(
            .input, "not-read-then", "The tenant \(tenant) had not been read by \(instant.formatted(.iso8601)).",
            remedy: first.map { "It was read first at \(EventTime.text($0)): name that time or a later one." }
                ?? "Run muster sync first: what was before the first read nobody knows.")
    }
}
