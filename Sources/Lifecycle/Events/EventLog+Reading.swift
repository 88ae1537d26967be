import MusterStore
import Planning

extension EventLog {
    static let columns = "number, id, type, person, at, body, read, lane"

    /// What the events of a read share, put together once.
    struct SharedParts {
        private let tenant: String
        private var number: Int?
        private var envelope: EventEnvelope

        init(tenant: String) {
            self.tenant = tenant
            envelope = EventEnvelope(tenant: tenant, time: "", shared: "")
        }

        /// - Parameter at: of the event, in seconds since 1970.
        mutating func envelope(of read: Int, at: Int, _ tx: any Transaction) throws -> EventEnvelope {
            guard read != number else { return envelope }
            let body = try tx.first("SELECT body FROM event_reads WHERE tenant = $1 AND number = $2", [.text(tenant), .int(read)]) {
                $0.text(0)
            }
            envelope = EventEnvelope(tenant: tenant, time: EventTime.text(at), shared: EventEnvelope.shared(tenant: tenant, read: body))
            number = read
            return envelope
        }
    }

    /// An event of a row of ``columns``, whole.
    static func entry(_ row: any SQLRow, _ shared: inout SharedParts, _ tx: any Transaction) throws -> Entry {
        var bytes: [UInt8] = []
        try append(row, &shared, to: &bytes, tx)
        return Entry(
            number: row.int(0), id: EventID.text(row.blob(1)), type: row.text(2), person: row.text(3), at: row.int(4),
            body: String(decoding: bytes, as: UTF8.self), lane: row.textOrNil(7))
    }

    /// Writes the event of a row of ``columns`` as it is told. Feeds of millions do: nothing is made of its columns.
    static func append(_ row: any SQLRow, _ shared: inout SharedParts, to result: inout [UInt8], _ tx: any Transaction) throws {
        let envelope = try row.intOrNil(6).map { try shared.envelope(of: $0, at: row.int(4), tx) }
        row.lend(3) { person in
            func body(_ result: inout [UInt8]) { row.lend(5) { EventShorthand.append($0, person: person, to: &result) } }
            guard let envelope else { return body(&result) }
            row.lend(2) { type in
                envelope.append(
                    id: { id in row.lend(1) { EventID.append($0, to: &id) } }, type: type, person: person, data: body, to: &result)
            }
        }
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
        let body = EventEnvelope(tenant: tenant, time: EventTime.text(at), shared: shared)
            .text(id: id, type: draft.type.rawValue, person: draft.person, data: try EventJSON.text(data))
        return Entry(number: 0, id: id, type: draft.type.rawValue, person: draft.person, at: at, body: body)
    }
}
