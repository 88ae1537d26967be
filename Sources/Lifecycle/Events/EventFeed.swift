import Mimecast
import MusterStore
import Planning

/// The log of a tenant's events as others read it: a stretch at a time, from any place.
public struct EventFeed: Sendable {
    /// Which events are asked for.
    public struct Filter: Sendable {
        /// Nil is all of them.
        public var types: Set<EventType>?
        /// An address; events under those that the account had before are meant, too.
        public var person: String?
        /// Seconds since 1970.
        public var since: Int?

        public init(types: Set<EventType>? = nil, person: String? = nil, since: Int? = nil) {
            self.types = types
            self.person = person
            self.since = since
        }
    }

    public struct Item: Sendable {
        public let number: Int
        /// Seconds since 1970.
        public let at: Int
        /// The event: CloudEvents 1.0 in JSON, one line, in UTF-8.
        public let bytes: ArraySlice<UInt8>

        public var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    public struct Stretch: Sendable {
        public let items: [Item]
        /// Where the next stretch begins: whatever was left out until here is left out for good.
        public let place: Int
        /// Nothing was there beyond the place when it was read.
        public let isEnd: Bool
    }

    public let tenant: String
    let store: any Store

    public init(store: any Store, tenant: String) {
        self.store = store
        self.tenant = tenant
    }

    /// Every tenant of the store of which there ever were events, in order.
    public static func tenants(_ store: any Store) async throws -> [String] {
        try await store.read { tx in try tx.all("SELECT tenant FROM event_heads ORDER BY tenant") { $0.text(0) } }
    }

    /// Where an event stands.
    ///
    /// - Throws: ``LifecycleError`` where there is none of that id.
    public static func place(of id: String, _ store: any Store) async throws -> (tenant: String, number: Int) {
        let found = try await store.read { tx in
            try tx.first("SELECT tenant, number FROM events WHERE id = $1", [EventID.value(id)]) { (tenant: $0.text(0), number: $0.int(1)) }
        }
        guard let found else {
            throw LifecycleError(
                .input, "no-such-event", "There is no event \(id).",
                remedy: "Give the id of an event as muster events --json prints it; one that was pruned is not there any more: use --since."
            )
        }
        return found
    }

    /// Events after a place, in order.
    ///
    /// - Parameters:
    ///   - number: as ``Stretch/place`` has it; 0 is the beginning.
    ///   - limit: how many at most.
    public func after(_ number: Int, _ filter: Filter = Filter(), limit: Int = 1_000) async throws -> Stretch {
        try await store.read { [tenant] tx in
            var (conditions, arguments) = ("", [SQLValue.text(tenant), .int(number), .int(limit)])
            func among(_ column: String, _ values: [String]) {
                let places = values.map { value in
                    arguments.append(.text(value))
                    return "$\(arguments.count)"
                }
                conditions += " AND \(column) IN (\(places.joined(separator: ", ")))"
            }
            if let types = filter.types { among("type", types.map(\.rawValue).sorted()) }
            if let person = filter.person { among("person", try Self.addresses(of: EmailAddress.key(person), tenant, tx)) }
            if let since = filter.since {
                arguments.append(.int(since))
                conditions += " AND at >= $\(arguments.count)"
            }
            let last = try EventLog.last(tenant, tx)
            var shared = EventLog.SharedParts(tenant: tenant)
            // All of them in one piece.
            var bytes: [UInt8] = []
            var found: [(number: Int, at: Int, end: Int)] = []
            let text = "SELECT \(EventLog.columns) FROM events WHERE tenant = $1 AND number > $2\(conditions) ORDER BY number LIMIT $3"
            let take = { (row: any SQLRow) in
                if found.isEmpty { bytes.reserveCapacity(min(limit, 500) * 800) }
                try EventLog.append(row, &shared, to: &bytes, tx)
                found.append((row.int(0), row.int(4), bytes.count))
                return true
            }
            // Texts that depend on what was asked for are not kept.
            if conditions.isEmpty { try tx.each(text, arguments, take) } else { try tx.eachOnce(text, arguments, take) }
            var start = 0
            let items = found.map { event in
                defer { start = event.end }
                return Item(number: event.number, at: event.at, bytes: bytes[start..<event.end])
            }
            let isEnd = items.count < limit
            return Stretch(items: items, place: isEnd ? max(last, number) : items.last?.number ?? number, isEnd: isEnd)
        }
    }

    /// The address and those that the account had before.
    static func addresses(of key: String, _ tenant: String, _ tx: any Transaction) throws -> [String] {
        var (found, left) = ([key], [key])
        // Enough for any person; a circle of renames ends, too.
        while let next = left.popLast(), found.count < 50 {
            let bodies = try tx.all(
                "SELECT body FROM events WHERE tenant = $1 AND person = $2 AND type = $3",
                [.text(tenant), .text(next), .text(EventType.accountRenamed.rawValue)]
            ) { EventShorthand.long($0.text(0), person: next) }
            for body in bodies {
                let old = try EventLog.before(body)?.address.map(EmailAddress.key)
                if let old, !found.contains(old) {
                    found.append(old)
                    left.append(old)
                }
            }
        }
        return found
    }
}

extension EventLog {
    /// The last events about an account, also under former addresses, oldest first.
    static func last(_ limit: Int, about key: String, tenant: String, _ tx: any Transaction) throws -> [TenantEvent] {
        var shared = SharedParts(tenant: tenant)
        var found: [Entry] = []
        for address in try EventFeed.addresses(of: key, tenant, tx) {
            found += try tx.all(
                "SELECT \(columns) FROM events WHERE tenant = $1 AND person = $2 ORDER BY number DESC LIMIT $3",
                [.text(tenant), .text(address), .int(limit)]
            ) { try entry($0, &shared, tx) }
        }
        return try found.sorted { $0.number < $1.number }.suffix(limit).map { try TenantEvent($0.body) }
    }

    /// What a stored body says of before, whichever form it has.
    static func before(_ body: String) throws -> EventData.Values? {
        struct Whole: Decodable { var data: EventData? }
        if let data = try StoredJSON.value(Whole.self, body).data { return data.before }
        return try StoredJSON.value(EventData.self, body).before
    }
}
