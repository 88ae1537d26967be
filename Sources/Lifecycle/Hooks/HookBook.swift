import Foundation
import MusterStore

/// The hooks of a store: who subscribed, how they do, and what they did not get.
public struct HookBook: Sendable {
    /// Hooks that a tenant may have.
    public static let most = 50

    let store: any Store
    let tenant: String
    let now: @Sendable () -> Date

    public init(store: any Store, tenant: String, now: @escaping @Sendable () -> Date = { Date() }) {
        self.store = store
        self.tenant = tenant
        self.now = now
    }

    private var seconds: Int { Int(now().timeIntervalSince1970) }

    /// Subscribes.
    ///
    /// - Parameter since: events from then on, in seconds since 1970; nil for those that come.
    /// - Throws: ``LifecycleError`` with the code `hook-exists` or `too-many-hooks`.
    public func add(_ hook: Hook, since: Int? = nil) async throws {
        try await store.write(tenant) { [tenant] tx in
            let names = try tx.all("SELECT name FROM hooks WHERE tenant = $1", [.text(tenant)]) { $0.text(0) }
            guard !names.contains(hook.name) else {
                throw LifecycleError(
                    .usage, "hook-exists", "There is a hook \(hook.name) already.",
                    remedy: "Name this one otherwise with --name, or take that one away first: muster hooks remove \(hook.name)")
            }
            guard names.count < Self.most else {
                throw LifecycleError(
                    .usage, "too-many-hooks", "The tenant \(tenant) has \(names.count) hooks.",
                    remedy: "Take one away first: muster hooks list")
            }
            // A fence of its own: who still delivers to a hook of the same name that was taken away must not write for this one.
            try HookRows.insert(hook, fence: Int.random(in: 0..<1 << 48), tx)
            let place = try since.map { try Self.place(before: $0, tenant, tx) } ?? EventLog.last(tenant, tx)
            try HookStretch.add(.live, from: place, to: nil, tenant, hook.name, tx)
            try AuditTrail.append(
                .hookAdded, hook.name,
                [
                    "url": HookURL.shown(hook.url), "types": hook.filter.types.joined(separator: " "),
                    "persons": hook.filter.persons.joined(separator: " "), "groups": hook.filter.groups.joined(separator: " "),
                    "private": hook.allowPrivate ? "allowed" : "refused",
                ].filter { !$0.value.isEmpty }, tenant: tenant, actor: hook.who, at: hook.added, tx)
        }
    }

    /// - Throws: ``LifecycleError`` with the code `no-such-hook`.
    public func get(_ name: String) async throws -> Hook {
        try await store.read { [tenant] tx in try Self.need(name, tenant, tx) }
    }

    public func all() async throws -> [Hook] {
        try await store.read { [tenant] tx in
            try tx.all("SELECT \(HookRows.columns) FROM hooks WHERE tenant = $1 ORDER BY name", [.text(tenant)], HookRows.hook)
        }
    }

    /// How every hook does, by name.
    public func standings() async throws -> [HookStanding] {
        let instant = seconds
        return try await store.read { [tenant] tx in
            let head = try EventLog.last(tenant, tx)
            return try tx.all(
                """
                SELECT \(HookRows.columns), delivered, last_delivered, failing_since, paused_until, note FROM hooks WHERE tenant = $1
                ORDER BY name
                """, [.text(tenant)]
            ) { row in
                let hook = try HookRows.hook(row)
                let key: [SQLValue] = [.text(tenant), .text(hook.name)]
                let stretches = try HookStretch.all(tenant, hook.name, tx)
                let lags = try tx.first("SELECT COUNT(*), MIN(due) FROM hook_lags WHERE tenant = $1 AND hook = $2", key) {
                    (count: $0.int(0), due: $0.intOrNil(1))
                }
                let dead = try tx.first("SELECT COUNT(*) FROM hook_dead_letters WHERE tenant = $1 AND hook = $2", key) { $0.int(0) }
                let behind = stretches.map { max(min($0.until ?? head, head) - $0.place, 0) }.reduce(0, +)
                let paused = row.intOrNil(14)
                let due = behind > 0 ? paused ?? instant : lags?.due.map { max($0, paused ?? 0) }
                return HookStanding(
                    hook: hook, delivered: row.int(11), lastDelivered: row.intOrNil(12), behind: behind, waiting: lags?.count ?? 0,
                    deadLetters: dead ?? 0, failingSince: row.intOrNil(13), next: hook.state == .active ? due : nil, note: row.textOrNil(15)
                )
            }
        }
    }

    /// Unsubscribes. What was not delivered never will be.
    ///
    /// - Returns: what the hook was.
    public func remove(_ name: String, who: String) async throws -> Hook {
        try await store.write(tenant) { [tenant, seconds] tx in
            let hook = try Self.need(name, tenant, tx)
            for table in HookSchema.tables {
                let column = table == "hooks" ? "name" : "hook"
                try tx.execute("DELETE FROM \(table) WHERE tenant = $1 AND \(column) = $2", [.text(tenant), .text(name)])
            }
            try AuditTrail.append(.hookRemoved, name, tenant: tenant, actor: who, at: seconds, tx)
            return hook
        }
    }

    /// Signs with another secret from now on, and with the one before as well for a while.
    ///
    /// - Parameters:
    ///   - secret: a reference.
    ///   - grace: seconds.
    /// - Returns: what the hook was.
    public func rotate(_ name: String, to secret: String, grace: Int, who: String) async throws -> Hook {
        try await store.write(tenant) { [tenant, seconds] tx in
            let hook = try Self.need(name, tenant, tx)
            try tx.execute(
                "UPDATE hooks SET secret = $3, old_secret = secret, old_until = $4 WHERE tenant = $1 AND name = $2",
                [.text(tenant), .text(name), .text(secret), .int(seconds + grace)])
            try AuditTrail.append(.hookSecretRotated, name, tenant: tenant, actor: who, at: seconds, tx)
            return hook
        }
    }

    /// Forgets the old secret of each hook whose time is over.
    ///
    /// - Returns: their references.
    public func retireSecrets() async throws -> [String] {
        let instant = seconds
        let over = try await store.read { [tenant] tx in
            try tx.all(
                "SELECT old_secret FROM hooks WHERE tenant = $1 AND old_secret IS NOT NULL AND old_until <= $2",
                [.text(tenant), .int(instant)]
            ) { $0.text(0) }
        }
        guard !over.isEmpty else { return [] }
        try await store.write(tenant) { [tenant] tx in
            try tx.execute(
                "UPDATE hooks SET old_secret = NULL, old_until = NULL WHERE tenant = $1 AND old_until <= $2",
                [.text(tenant), .int(instant)])
        }
        return over
    }

    /// Goes on with a hook whose receiver had said that it wants no more, or at once with one that waits.
    public func enable(_ name: String, who: String) async throws {
        try await store.write(tenant) { [tenant, seconds] tx in
            _ = try Self.need(name, tenant, tx)
            let key: [SQLValue] = [.text(tenant), .text(name)]
            try tx.execute(
                """
                UPDATE hooks SET state = 'active', failures = 0, failed_person = NULL, failing_since = NULL, paused_until = NULL, note = NULL
                WHERE tenant = $1 AND name = $2
                """, key)
            try tx.execute("UPDATE hook_lags SET due = $3 WHERE tenant = $1 AND hook = $2", key + [.int(seconds)])
            try AuditTrail.append(.hookEnabled, name, tenant: tenant, actor: who, at: seconds, tx)
        }
    }

    /// Sends again what was seen in a time, with the ids that it had, beside what comes.
    ///
    /// - Parameters:
    ///   - since: seconds since 1970.
    ///   - until: seconds since 1970; nil is now.
    /// - Returns: how many events there are, those that the hook does not want included.
    public func replay(_ name: String, since: Int, until: Int? = nil, who: String) async throws -> Int {
        try await store.write(tenant) { [tenant, seconds] tx in
            _ = try Self.need(name, tenant, tx)
            let place = try Self.place(before: since, tenant, tx)
            let end = try until.map { try Self.place(before: $0 + 1, tenant, tx) } ?? EventLog.last(tenant, tx)
            let count = try tx.first(
                "SELECT COUNT(*) FROM events WHERE tenant = $1 AND number > $2 AND number <= $3", [.text(tenant), .int(place), .int(end)]
            ) { $0.int(0) }
            guard let count, count > 0 else { return 0 }
            try HookStretch.add(.replay, from: place, to: end, tenant, name, tx)
            var detail = ["since": AuditTrail.time(since), "events": String(count)]
            if let until { detail["until"] = AuditTrail.time(until) }
            try AuditTrail.append(.hookReplayed, name, detail, tenant: tenant, actor: who, at: seconds, tx)
            return count
        }
    }

    /// Tries the dead letters again.
    ///
    /// - Returns: how many of them the log still has.
    public func replayDeadLetters(_ name: String, who: String) async throws -> Int {
        try await store.write(tenant) { [tenant, seconds] tx in
            _ = try Self.need(name, tenant, tx)
            let range = try tx.first(
                """
                SELECT COUNT(*), MIN(d.number), MAX(d.number) FROM hook_dead_letters d
                JOIN events e ON e.tenant = d.tenant AND e.number = d.number WHERE d.tenant = $1 AND d.hook = $2
                """, [.text(tenant), .text(name)]
            ) { (count: $0.int(0), first: $0.intOrNil(1), last: $0.intOrNil(2)) }
            guard let range, let first = range.first, let last = range.last else { return 0 }
            let running = try tx.execute(
                "UPDATE hook_stretches SET place = $3, until = $4 WHERE tenant = $1 AND hook = $2 AND kind = 'dead'",
                [.text(tenant), .text(name), .int(first - 1), .int(last)])
            if running == 0 {
                try HookStretch.add(.dead, from: first - 1, to: last, tenant, name, tx)
            }
            try AuditTrail.append(
                .hookReplayed, name, ["deadLetters": String(range.count)], tenant: tenant, actor: who, at: seconds, tx)
            return range.count
        }
    }

    /// What was given up, oldest first.
    public func deadLetters(_ name: String) async throws -> [DeadLetter] {
        try await store.read { [tenant] tx in
            _ = try Self.need(name, tenant, tx)
            return try tx.all(
                """
                SELECT d.number, d.id, d.type, d.person, d.first_failed, d.died, d.note, e.number IS NOT NULL FROM hook_dead_letters d
                LEFT JOIN events e ON e.tenant = d.tenant AND e.number = d.number WHERE d.tenant = $1 AND d.hook = $2 ORDER BY d.number
                """, [.text(tenant), .text(name)]
            ) { row in
                DeadLetter(
                    number: row.int(0), id: row.text(1), type: row.text(2), person: row.text(3), firstFailed: row.int(4), died: row.int(5),
                    note: row.textOrNil(6), isKept: row.bool(7))
            }
        }
    }

    /// Forgets dead letters for good.
    ///
    /// - Parameter ids: of events; nil for all.
    /// - Returns: how many there were.
    public func dropDeadLetters(_ name: String, ids: [String]? = nil, who: String) async throws -> Int {
        try await store.write(tenant) { [tenant, seconds] tx in
            _ = try Self.need(name, tenant, tx)
            var count = 0
            if let ids {
                for id in ids {
                    count += try tx.execute(
                        "DELETE FROM hook_dead_letters WHERE tenant = $1 AND hook = $2 AND id = $3",
                        [.text(tenant), .text(name), .text(id)])
                }
            } else {
                count = try tx.execute("DELETE FROM hook_dead_letters WHERE tenant = $1 AND hook = $2", [.text(tenant), .text(name)])
            }
            if count > 0 {
                try AuditTrail.append(.deadLettersDropped, name, ["count": String(count)], tenant: tenant, actor: who, at: seconds, tx)
            }
            return count
        }
    }

    /// The first number in a tenant's log that a hook still needs, for whoever throws old events away; nil where none does.
    ///
    /// Dead letters hold events back, too, until they are replayed or dropped. A hook whose receiver wants no more (410) holds none back.
    static func needed(_ tenant: String, _ tx: any Transaction) throws -> Int? {
        let active = "IN (SELECT name FROM hooks WHERE tenant = $1 AND state = 'active')"
        let numbers = [
            "SELECT MIN(place) + 1 FROM hook_stretches WHERE tenant = $1 AND hook \(active)",
            "SELECT MIN(place) FROM hook_lags WHERE tenant = $1 AND hook \(active)",
            "SELECT MIN(number) FROM hook_dead_letters WHERE tenant = $1 AND hook \(active)",
        ]
        return try numbers.compactMap { sql in try tx.first(sql, [.text(tenant)]) { $0.intOrNil(0) } ?? nil }.min()
    }

    static func need(_ name: String, _ tenant: String, _ tx: any Transaction) throws -> Hook {
        if let hook = try HookRows.hook(tenant, name, tx) { return hook }
        let names = try tx.all("SELECT name FROM hooks WHERE tenant = $1 ORDER BY name", [.text(tenant)]) { $0.text(0) }
        throw LifecycleError(
            .input, "no-such-hook", "The tenant \(tenant) has no hook \(name).",
            remedy: names.isEmpty ? "It has none: muster hooks add URL" : "It has \(names.joined(separator: ", ")).")
    }

    /// The number of the last event that was seen before a time.
    private static func place(before time: Int, _ tenant: String, _ tx: any Transaction) throws -> Int {
        // What was pruned was before it, too.
        let first = try tx.first("SELECT MIN(number) FROM events WHERE tenant = $1 AND at >= $2", [.text(tenant), .int(time)]) {
            $0.intOrNil(0)
        }
        if let first, let first { return first - 1 }
        return try EventLog.last(tenant, tx)
    }
}
