import MusterStore
import Planning

extension EventLog {
    static let columns = "number, id, type, person, at, body, read, lane"

    /// What the events of a read share, put together once.
    struct SharedParts {
        let tenant: String
        private var number: Int?
        private(set) var text = ""
        private(set) var time = ""

        init(tenant: String) { self.tenant = tenant }

        /// - Parameter at: of the event, in seconds since 1970.
        mutating func turn(to read: Int, at: Int, _ tx: any Transaction) throws {
            guard read != number else { return }
            number = read
            let body = try tx.first("SELECT body FROM event_reads WHERE tenant = $1 AND number = $2", [.text(tenant), .int(read)]) {
                $0.text(0)
            }
            text = EventEnvelope.shared(tenant: tenant, read: body)
            time = EventTime.text(at)
        }
    }

    /// An event of a row of ``columns``, whole.
    static func entry(_ row: any SQLRow, _ shared: inout SharedParts, _ tx: any Transaction) throws -> Entry {
        var entry = Entry(
            number: row.int(0), id: EventID.text(row.blob(1)), type: row.text(2), person: row.text(3), at: row.int(4), body: "",
            lane: row.textOrNil(7))
        entry.body = EventShorthand.long(row.text(5), person: entry.person)
        if let read = row.intOrNil(6) {
            try shared.turn(to: read, at: entry.at, tx)
            entry.body = EventEnvelope.text(
                id: entry.id, type: entry.type, person: entry.person, time: shared.time, tenant: shared.tenant, data: entry.body,
                shared: shared.text)
        }
        return entry
    }

    /// An event that no read showed, such as one that the vendor's audit events tell of: whole, ready to be added.
    ///
    /// - Parameters:
    ///   - start: names where the change begins, for its id; ids of the vendor's audit events do.
    ///   - at: when it was seen, in seconds since 1970.
    static func entry(_ draft: EventDraft, tenant: String, start: String, at: Int) throws -> Entry {
        let id = try draft.id(tenant: tenant, start: start)
        var data = draft.data
        data.tenant = nil
        let undone = data.undone
        data.undone = nil
        // Sorted as everything is: `tenant`, then `undone`.
        let shared = EventEnvelope.shared(tenant: tenant, read: nil) + (undone.map { ",\"undone\":\($0)" } ?? "")
        let body = EventEnvelope.text(
            id: id, type: draft.type.rawValue, person: draft.person, time: EventTime.text(at), tenant: tenant,
            data: try EventJSON.text(data), shared: shared)
        return Entry(number: 0, id: id, type: draft.type.rawValue, person: draft.person, at: at, body: body)
    }
}
