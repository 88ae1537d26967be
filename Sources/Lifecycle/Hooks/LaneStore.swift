import Foundation
import MusterStore

/// What a lane reads and writes of its hook. Each write proves that the lane still holds the hook, and keeps it.
struct LaneStore: Sendable {
    /// Seconds for which a lane is believed to live after its last write; no try takes as long.
    static let lease = 60
    /// Events that are taken at a time, and those that are looked at for them.
    static let batch = (wanted: 100, looked: 500)

    /// A person's first event that did not arrive, and how it has been tried.
    struct Lag: Sendable, Hashable {
        var stretch: HookStretch
        /// As ``EventLog/Entry/order`` names them.
        var person: String
        var place: Int
        var attempts: Int
        var firstFailed: Int
        var due: Int
    }

    /// How the receiver does.
    struct Health: Sendable, Equatable {
        var failures: Int
        var failedPerson: String?
        var pausedUntil: Int?

        var isDown: Bool { failures >= RetrySchedule.outage }
        func isPaused(_ now: Int) -> Bool { (pausedUntil ?? 0) > now }
    }

    let store: any Store
    let tenant: String
    let hook: String
    let fence: Int

    var key: [SQLValue] { [.text(tenant), .text(hook)] }

    // MARK: The lease

    /// Takes a hook, over from a lane that is gone.
    ///
    /// - Returns: nil where somebody else delivers, or the hook is there no more.
    static func acquire(_ store: any Store, _ tenant: String, _ hook: String, who: String, now: Int) async throws -> LaneStore? {
        let owner = TenantLock.Owner.current(who: who, since: now)
        let text = try StoredJSON.text(owner)
        let fence = try await store.write(tenant) { tx -> Int? in
            let row = try tx.first("SELECT fence, owner, lease FROM hooks WHERE tenant = $1 AND name = $2", [.text(tenant), .text(hook)]) {
                (fence: $0.int(0), owner: $0.textOrNil(1), lease: $0.int(2))
            }
            guard let row else { return nil }
            // The lease ends in any case: one who hangs must not hold the hook for as long as the process lives.
            if let held = try row.owner.map({ try StoredJSON.value(TenantLock.Owner.self, $0) }), row.lease > now,
                held.isAlive(lease: row.lease, now: now)
            {
                return nil
            }
            try tx.execute(
                "UPDATE hooks SET fence = $3, owner = $4, lease = $5 WHERE tenant = $1 AND name = $2",
                [.text(tenant), .text(hook), .int(row.fence + 1), .text(text), .int(now + lease)])
            return row.fence + 1
        }
        return fence.map { LaneStore(store: store, tenant: tenant, hook: hook, fence: $0) }
    }

    func release() async throws {
        try await store.write(tenant) { [key, fence] tx in
            try tx.execute(
                "UPDATE hooks SET owner = NULL, lease = 0 WHERE tenant = $1 AND name = $2 AND fence = $3", key + [.int(fence)])
        }
    }

    private func hold(_ now: Int, _ tx: any Transaction) throws {
        let held = try tx.execute(
            "UPDATE hooks SET lease = $4 WHERE tenant = $1 AND name = $2 AND fence = $3 AND owner IS NOT NULL",
            key + [.int(fence), .int(now + Self.lease)])
        guard held == 1 else {
            throw LifecycleError(
                .store, "hook-lost", "Somebody else delivers to \(hook) now, or it was taken away.",
                remedy: "Leave it to them. What was under way may arrive twice, with the same id.")
        }
    }

    // MARK: What became of it

    func health(_ tx: any Transaction) throws -> Health {
        try tx.first("SELECT failures, failed_person, paused_until FROM hooks WHERE tenant = $1 AND name = $2", key) {
            Health(failures: $0.int(0), failedPerson: $0.textOrNil(1), pausedUntil: $0.intOrNil(2))
        } ?? Health(failures: 0)
    }

    /// The events up to a place are settled: none of them is wanted, or they wait in lags.
    func pass(_ stretch: HookStretch, to place: Int, now: Int) async throws {
        try await store.write(tenant) { [self] tx in
            try hold(now, tx)
            try move(stretch, to: place, tx)
        }
    }

    /// An event of a stretch arrived, or did not.
    ///
    /// - Parameters:
    ///   - place: up to where the stretch is settled with it.
    ///   - outcome: nil where it arrived.
    /// - Returns: how the receiver does.
    func settle(_ event: EventLog.Entry, of stretch: HookStretch, place: Int, _ outcome: Failure?, now: Int) async throws -> Health {
        try await store.write(tenant) { [self] tx in
            try hold(now, tx)
            if let outcome {
                try tx.execute(
                    """
                    INSERT INTO hook_lags (tenant, hook, stretch, person, place, attempts, first_failed, due, note)
                    VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8)
                    """,
                    key + [
                        .int(stretch.number), .text(event.order), .int(event.number), .int(now), .int(now + outcome.wait(attempts: 1)),
                        .text(outcome.note),
                    ])
            }
            // After that: a replay that is through, with nobody waiting in it, ends here.
            try move(stretch, to: place, tx)
            return if let outcome { try failed(event, outcome, now, tx) } else { try arrived(event, now, tx) }
        }
    }

    /// The first event of a lag arrived, or did not.
    ///
    /// - Parameter event: nil where the log has it no more.
    func settle(_ event: EventLog.Entry?, of lag: Lag, filter: HookFilter, _ outcome: Failure?, now: Int) async throws -> Health {
        try await store.write(tenant) { [self] tx in
            try hold(now, tx)
            guard let outcome, let event else {
                try goOn(lag, filter, now, tx)
                guard let event else { return try health(tx) }
                return try arrived(event, now, tx)
            }
            if now - lag.firstFailed >= RetrySchedule.patience {
                try bury(event, lag, outcome, now, tx)
                try goOn(lag, filter, now, tx)
            } else {
                let attempts = lag.attempts + 1
                try tx.execute(
                    """
                    UPDATE hook_lags SET attempts = $5, due = $6, note = $7 WHERE tenant = $1 AND hook = $2 AND stretch = $3 AND person = $4
                    """,
                    lagKey(lag) + [.int(attempts), .int(now + outcome.wait(attempts: attempts)), .text(outcome.note)])
            }
            return try failed(event, outcome, now, tx)
        }
    }

    /// The receiver wants no more.
    func end(who: String, now: Int) async throws {
        try await store.write(tenant) { [self] tx in
            try hold(now, tx)
            try tx.execute(
                "UPDATE hooks SET state = 'gone', note = $3 WHERE tenant = $1 AND name = $2",
                key + ["HTTP 410: the receiver wants no more; muster hooks enable goes on"])
            try AuditTrail.append(.hookGone, hook, tenant: tenant, actor: who, at: now, tx)
        }
    }

    /// Nothing can be sent now, for a reason on this side.
    func pause(until: Int, note: String, now: Int) async throws {
        try await store.write(tenant) { [self] tx in
            try hold(now, tx)
            try tx.execute(
                """
                UPDATE hooks SET paused_until = $3, note = $4, failing_since = COALESCE(failing_since, $5) WHERE tenant = $1 AND name = $2
                """, key + [.int(until), .text(note), .int(now)])
        }
    }

    /// Why a try failed, and the chance that its waits go by.
    struct Failure: Sendable {
        var note: String
        var asked: Int?
        var isReceivers: Bool
        var random: Double

        func wait(attempts: Int) -> Int { RetrySchedule.wait(attempts: attempts, asked: asked, random: random) }
    }

    private func lagKey(_ lag: Lag) -> [SQLValue] { key + [.int(lag.stretch.number), .text(lag.person)] }

    private func move(_ stretch: HookStretch, to place: Int, _ tx: any Transaction) throws {
        let number: [SQLValue] = [.int(stretch.number)]
        try tx.execute(
            "UPDATE hook_stretches SET place = $4 WHERE tenant = $1 AND hook = $2 AND number = $3 AND place < $4",
            key + number + [.int(place)])
        try finish(stretch, tx)
    }

    /// A replay that is through is forgotten.
    private func finish(_ stretch: HookStretch, _ tx: any Transaction) throws {
        guard stretch.until != nil else { return }
        try tx.execute(
            """
            DELETE FROM hook_stretches WHERE tenant = $1 AND hook = $2 AND number = $3 AND place >= until
            AND NOT EXISTS (SELECT 1 FROM hook_lags WHERE tenant = $1 AND hook = $2 AND stretch = $3)
            """, key + [.int(stretch.number)])
    }

    /// What follows of the same person is next, if something does.
    private func goOn(_ lag: Lag, _ filter: HookFilter, _ now: Int, _ tx: any Transaction) throws {
        let end = try tx.first(
            "SELECT place FROM hook_stretches WHERE tenant = $1 AND hook = $2 AND number = $3", key + [.int(lag.stretch.number)]
        ) { $0.int(0) }
        var place = lag.place
        while let end, place < end {
            let events = try lag.stretch.events(
                after: place, upTo: end, person: lag.person, limit: Self.batch.looked, tenant, hook, tx)
            if let next = events.first(where: filter.wants) {
                try tx.execute(
                    """
                    UPDATE hook_lags SET place = $5, attempts = 0, first_failed = $6, due = $6, note = NULL
                    WHERE tenant = $1 AND hook = $2 AND stretch = $3 AND person = $4
                    """, lagKey(lag) + [.int(next.number), .int(now)])
                return
            }
            place = events.count < Self.batch.looked ? end : events[events.count - 1].number
        }
        try tx.execute("DELETE FROM hook_lags WHERE tenant = $1 AND hook = $2 AND stretch = $3 AND person = $4", lagKey(lag))
        try finish(lag.stretch, tx)
    }

    private func bury(_ event: EventLog.Entry, _ lag: Lag, _ outcome: Failure, _ now: Int, _ tx: any Transaction) throws {
        try tx.execute(
            """
            INSERT INTO hook_dead_letters (tenant, hook, number, id, type, person, first_failed, died, note)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (tenant, hook, number) DO UPDATE SET died = $8, note = $9
            """,
            key + [
                .int(event.number), .text(event.id), .text(event.type), .text(event.person), .int(lag.firstFailed), .int(now),
                .text(outcome.note),
            ])
    }

    private func arrived(_ event: EventLog.Entry, _ now: Int, _ tx: any Transaction) throws -> Health {
        if try health(tx).isDown {
            // The receiver is back: nobody waits any longer.
            try tx.execute("UPDATE hook_lags SET due = $3 WHERE tenant = $1 AND hook = $2 AND due > $3", key + [.int(now)])
        }
        try tx.execute(
            "DELETE FROM hook_dead_letters WHERE tenant = $1 AND hook = $2 AND number = $3", key + [.int(event.number)])
        try tx.execute(
            """
            UPDATE hooks SET delivered = delivered + 1, last_delivered = $3, failures = 0, failed_person = NULL, failing_since = NULL,
            paused_until = NULL, note = NULL WHERE tenant = $1 AND name = $2
            """, key + [.int(now)])
        return Health(failures: 0)
    }

    private func failed(_ event: EventLog.Entry, _ outcome: Failure, _ now: Int, _ tx: any Transaction) throws -> Health {
        var health = try health(tx)
        // Again and again the same person may be an event that the receiver cannot digest; others are a receiver that is down.
        if outcome.isReceivers || health.failedPerson != event.order { health.failures += 1 }
        health.failedPerson = event.order
        let pause = RetrySchedule.pause(failures: health.failures, asked: outcome.asked, random: outcome.random)
        if let pause { health.pausedUntil = max(health.pausedUntil ?? 0, now + pause) }
        try tx.execute(
            """
            UPDATE hooks SET failures = $3, failed_person = $4, paused_until = $5, note = $6, failing_since = COALESCE(failing_since, $7)
            WHERE tenant = $1 AND name = $2
            """,
            key + [
                .int(health.failures), .text(event.order), .int(health.pausedUntil), .text(outcome.note), .int(now),
            ])
        return health
    }
}
