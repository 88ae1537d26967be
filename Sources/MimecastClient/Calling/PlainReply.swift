import Mimecast

/// A body without the envelope: one list with a page's `meta` beside it, or one object.
struct PlainReply<Row: Codable & Sendable>: Decodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    let envelope: ReplyEnvelope<Row>

    /// A list, with its page.
    struct List: Decodable {
        let envelope: ReplyEnvelope<Row>

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            let key = try Self.key(container)
            let meta = try container.decodeIfPresent(JSON.self, forKey: Key(stringValue: "meta"))
            let fail = try container.decodeIfPresent([Failure].self, forKey: Key(stringValue: "fail")) ?? []
            let rows = fail.isEmpty ? try container.decode([Row].self, forKey: key) : []
            envelope = ReplyEnvelope(status: 200, data: rows, fail: fail, pagination: meta.map(PlainReply.page))
        }

        /// The list has the name of what it holds; a name that is not known is the only one that there is.
        private static func key(_ container: KeyedDecodingContainer<Key>) throws -> Key {
            if let name = (Row.self as? any GatewayRow.Type)?.listName, container.contains(Key(stringValue: name)) {
                return Key(stringValue: name)
            }
            let others = container.allKeys.filter { !["meta", "fail"].contains($0.stringValue) }
            guard let key = others.first ?? (container.contains(Key(stringValue: "fail")) ? Key(stringValue: "fail") : nil),
                others.count <= 1
            else { throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "not one list")) }
            return key
        }
    }

    /// One object.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let fail = (try? container.decodeIfPresent([Failure].self, forKey: Key(stringValue: "fail"))) ?? []
        envelope = ReplyEnvelope(status: 200, data: fail.isEmpty ? [try Row(from: decoder)] : [], fail: fail)
    }

    /// Where the next page's token stands is not known: clients look in all of these places.
    private static func page(_ meta: JSON) -> PageReply {
        let pagination = meta["pagination"] ?? .null
        var page = (try? LenientDecoder.decode(PageReply.self, from: pagination)) ?? PageReply(pageSize: nil, totalCount: nil)
        let places = [
            pagination["next"], pagination["pageToken"], pagination["nextPageToken"], pagination["nextPage"], meta["nextPageToken"],
            meta["nextPage"],
        ]
        page.next = places.lazy.compactMap { $0?.text }.first { !$0.isEmpty }
        return page
    }
}
