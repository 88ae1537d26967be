import Mimecast
import MusterStore
import Planning

/// Adds the events of one read to the log, within its transaction.
final class EventWriter {
    let own: OwnWork
    private let tenant: String
    private let read: Int
    private let at: Int
    private let window: ClosedRange<Int>
    private let tx: any Transaction
    private let lanes: EventLanes
    private var number: Int
    /// Events that are new.
    private(set) var count = 0
    private var groups: [String: String?] = [:]

    /// - Parameters:
    ///   - read: its number.
    ///   - at: when it began, in seconds since 1970.
    ///   - window: from when the read before began to when this one ended.
    init(tenant: String, read: Int, at: Int, within window: ClosedRange<Int>, own: OwnWork, _ tx: any Transaction) throws {
        self.window = window
        self.tenant = tenant
        self.read = read
        self.at = at
        self.own = own
        self.tx = tx
        lanes = EventLanes(tenant: tenant, tx: tx)
        number = try EventLog.last(tenant, tx)
    }

    /// Adds an event, with who did it, where that is known.
    ///
    /// - Parameters:
    ///   - start: names the version that the step leaves.
    ///   - address: the folded one that the account had before, where that is another.
    func add(_ draft: EventDraft, _ start: String, from address: String? = nil) throws {
        var draft = draft
        let id = try draft.id(tenant: tenant, start: start)
        if draft.type == .accountRenamed, let address { try lanes.rename(address, to: draft.person) }
        draft.data.by =
            try own.author(of: draft, from: address) ?? EventAuthor.vendor(of: draft, from: address, within: window, tenant: tenant, tx)
        let isNew = try tx.execute(
            """
            INSERT INTO events (tenant, number, id, type, person, at, body, read, lane) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (id) DO NOTHING
            """,
            [
                .text(tenant), .int(number + 1), EventID.value(id), .text(draft.type.rawValue), .text(draft.person), .int(at),
                .text(EventShorthand.short(try EventJSON.text(draft.data), person: draft.person)), .int(read),
                .string(try lanes.lane(of: draft.person)),
            ])
        guard isNew == 1 else { return }
        number += 1
        count += 1
    }

    /// Keeps what all of the events share.
    func finish(read body: String) throws {
        try tx.execute(
            "INSERT INTO event_heads (tenant, number) VALUES ($1, $2) ON CONFLICT (tenant) DO UPDATE SET number = $2",
            [.text(tenant), .int(number)])
        try tx.execute(
            "INSERT INTO event_reads (tenant, number, at, body) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, number) DO UPDATE SET body = $4",
            [.text(tenant), .int(read), .int(at), .text(body)])
    }

    /// The name that a group had last; nil where no list ever showed it.
    func groupName(_ id: String) throws -> String? {
        if let known = groups[id] { return known }
        let name = try tx.first(
            "SELECT name FROM observed_groups WHERE tenant = $1 AND id = $2 ORDER BY since DESC", [.text(tenant), .text(id)]
        ) { $0.text(0) }
        groups[id] = .some(name)
        return name
    }

    /// The person of the source whose account it is.
    ///
    /// - Parameter address: that the account had before: a link follows at the next plan.
    func person(_ key: String, or address: String?) throws -> EventData.Person? {
        guard
            let link = try LinkTable.one(account: key, tenant: tenant, tx)
                ?? address.flatMap({ try LinkTable.one(account: $0, tenant: tenant, tx) })
        else { return nil }
        return EventData.Person(address: link.person, externalId: link.externalID)
    }
}

/// Who did what the journal knows nothing of, by the vendor's audit events.
enum EventAuthor {
    /// - Parameters:
    ///   - draft: the change, between the read before and this one.
    ///   - window: from when the read before began to when this one ended, in seconds since 1970.
    /// - Returns: nil where nobody knows.
    static func vendor(
        of draft: EventDraft, from address: String?, within window: ClosedRange<Int>, tenant: String, _ tx: any Transaction
    ) throws -> EventData.By? {
        let (data, isRename) = (draft.data, draft.type == .accountRenamed)
        let change = ObservedChange(
            type: draft.type.rawValue,
            account: isRename ? address ?? data.before?.address.map(EmailAddress.key) ?? draft.person : draft.person,
            object: isRename
                ? draft.person
                : (data.after?.alias ?? data.before?.alias ?? data.after?.delegate ?? data.before?.delegate).map(EmailAddress.key) ?? "",
            group: (draft.type == .groupRenamed ? data.before?.name : nil) ?? data.group?.name ?? "",
            isDirectoryManaged: (data.before ?? data.after)?.source == Authority.ldap.rawValue)
        return EventData.By(try Attribution.of(change, from: window.lowerBound, to: window.upperBound, tenant: tenant, tx))
    }
}
