import MusterStore

/// How hooks stand in the store.
enum HookRows {
    static let columns = "tenant, name, url, filter, allow_private, secret, old_secret, old_until, added, who, state"

    static func hook(_ row: any SQLRow) throws -> Hook {
        Hook(
            tenant: row.text(0), name: row.text(1), url: row.text(2), filter: try StoredJSON.value(HookFilter.self, row.text(3)),
            allowPrivate: row.bool(4), secret: row.text(5), oldSecret: row.textOrNil(6), oldUntil: row.intOrNil(7), added: row.int(8),
            who: row.text(9), state: Hook.State(rawValue: row.text(10)) ?? .gone)
    }

    static func hook(_ tenant: String, _ name: String, _ tx: any Transaction) throws -> Hook? {
        try tx.first("SELECT \(columns) FROM hooks WHERE tenant = $1 AND name = $2", [.text(tenant), .text(name)], hook)
    }

    static func insert(_ hook: Hook, fence: Int, _ tx: any Transaction) throws {
        try tx.execute(
            """
            INSERT INTO hooks (\(columns), fence) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """,
            [
                .text(hook.tenant), .text(hook.name), .text(hook.url), .text(try StoredJSON.text(hook.filter)), .bool(hook.allowPrivate),
                .text(hook.secret), .string(hook.oldSecret), .int(hook.oldUntil), .int(hook.added), .text(hook.who),
                .text(hook.state.rawValue), .int(fence),
            ])
    }

    /// ``EventLog/columns``, where another table has some of their names.
    static let eventColumns = EventLog.columns.split(separator: ", ").map { "events." + $0 }.joined(separator: ", ")
}

/// A stretch of the log that a hook goes through.
struct HookStretch: Sendable, Hashable {
    enum Kind: String, Sendable {
        /// What happens from now on.
        case live
        /// What happened in a time.
        case replay
        /// Dead letters alone.
        case dead
    }

    var number: Int
    var kind: Kind
    /// Everything up to it, and with it, is settled.
    var place: Int
    /// Nil for the live one.
    var until: Int?

    static func all(_ tenant: String, _ hook: String, _ tx: any Transaction) throws -> [HookStretch] {
        try tx.all(
            "SELECT number, kind, place, until FROM hook_stretches WHERE tenant = $1 AND hook = $2 ORDER BY number",
            [.text(tenant), .text(hook)]
        ) { HookStretch(number: $0.int(0), kind: Kind(rawValue: $0.text(1)) ?? .live, place: $0.int(2), until: $0.intOrNil(3)) }
    }

    static func add(_ kind: Kind, from place: Int, to until: Int?, _ tenant: String, _ hook: String, _ tx: any Transaction) throws {
        let last = try tx.first(
            "SELECT MAX(number) FROM hook_stretches WHERE tenant = $1 AND hook = $2", [.text(tenant), .text(hook)]
        ) { $0.intOrNil(0) ?? -1 }
        try tx.execute(
            "INSERT INTO hook_stretches (tenant, hook, number, kind, place, until) VALUES ($1, $2, $3, $4, $5, $6)",
            [.text(tenant), .text(hook), .int((last ?? -1) + 1), .text(kind.rawValue), .int(place), .int(until)])
    }

    /// Its events after a place, as many as asked for; of one person where one is named, as ``EventLog/Entry/order`` names them.
    func events(
        after place: Int, upTo end: Int, person: String? = nil, limit: Int, _ tenant: String, _ hook: String, _ tx: any Transaction
    ) throws -> [EventLog.Entry] {
        var arguments: [SQLValue] = [.text(tenant), .int(place), .int(end), .int(limit)]
        var from = "events"
        if kind == .dead {
            arguments.append(.text(hook))
            from += " JOIN hook_dead_letters d ON d.tenant = events.tenant AND d.hook = $5 AND d.number = events.number"
        }
        var condition = "events.tenant = $1 AND events.number > $2 AND events.number <= $3"
        if let person {
            arguments.append(.text(person))
            let name = "$\(arguments.count)"
            condition += " AND (events.lane = \(name) OR events.person = \(name) AND events.lane IS NULL)"
        }
        var shared = EventLog.SharedParts(tenant: tenant)
        return try tx.all(
            "SELECT \(HookRows.eventColumns) FROM \(from) WHERE \(condition) ORDER BY events.number LIMIT $4", arguments
        ) { try EventLog.entry($0, &shared, tx) }
    }
}
