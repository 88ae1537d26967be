import MusterStore

extension LaneStore {
    /// What there is to do.
    struct Work: Sendable {
        var hook: Hook
        var health: Health
        /// Those that are due, or all while the receiver is down, the most urgent first; with their events.
        var lags: [(lag: Lag, event: EventLog.Entry?)] = []
        /// When the next lag is due that is not among them.
        var nextDue: Int?
        /// Events that the hook has not come to.
        var forward: (stretch: HookStretch, window: DeliveryWindow, isEmpty: Bool)?
    }

    /// Nil where the hook is there no more.
    func work(now: Int) async throws -> Work? {
        try await store.read { [self] tx in
            guard let found = try HookRows.hook(tenant, hook, tx) else { return nil }
            var work = Work(hook: found, health: try health(tx))
            let stretches = try HookStretch.all(tenant, hook, tx)
            try readLags(&work, stretches, now, tx)
            let head = try EventLog.last(tenant, tx)
            for stretch in stretches where min(stretch.until ?? head, head) > stretch.place {
                work.forward = try forward(found.filter, stretch, end: min(stretch.until ?? head, head), tx)
                break
            }
            return work
        }
    }

    private func readLags(_ work: inout Work, _ stretches: [HookStretch], _ now: Int, _ tx: any Transaction) throws {
        let lags = try tx.all(
            """
            SELECT stretch, person, place, attempts, first_failed, due FROM hook_lags WHERE tenant = $1 AND hook = $2
            ORDER BY due LIMIT \(Self.batch.wanted + 1)
            """, key
        ) { row in
            stretches.first { $0.number == row.int(0) }.map {
                Lag(stretch: $0, person: row.text(1), place: row.int(2), attempts: row.int(3), firstFailed: row.int(4), due: row.int(5))
            }
        }.compactMap { $0 }
        for lag in lags {
            let isTwice = work.lags.contains { $0.lag.person == lag.person }
            guard lag.due <= now || work.health.isDown, !isTwice, work.lags.count < Self.batch.wanted else {
                work.nextDue = min(work.nextDue ?? lag.due, lag.due)
                continue
            }
            var shared = EventLog.SharedParts(tenant: tenant)
            let event = try tx.first(
                "SELECT \(EventLog.columns) FROM events WHERE tenant = $1 AND number = $2", [.text(tenant), .int(lag.place)]
            ) { try EventLog.entry($0, &shared, tx) }
            work.lags.append((lag, event))
        }
    }

    private func forward(
        _ filter: HookFilter, _ stretch: HookStretch, end: Int, _ tx: any Transaction
    ) throws -> (stretch: HookStretch, window: DeliveryWindow, isEmpty: Bool) {
        let lagging = Set(
            try tx.all("SELECT person FROM hook_lags WHERE tenant = $1 AND hook = $2 AND stretch = $3", key + [.int(stretch.number)]) {
                $0.text(0)
            })
        let looked = try stretch.events(after: stretch.place, upTo: end, limit: Self.batch.looked, tenant, hook, tx)
        var wanted: [EventLog.Entry] = []
        // Where nothing is left to look at, events may have been thrown away before the hook came to them.
        var place = looked.count < Self.batch.looked ? end : looked[looked.count - 1].number
        for event in looked where filter.wants(event) {
            wanted.append(event)
            guard wanted.count == Self.batch.wanted else { continue }
            if event.number != looked[looked.count - 1].number { place = event.number }
            break
        }
        let window = DeliveryWindow(wanted, end: place, lagging: lagging)
        return (stretch, window, window.place == place)
    }
}
