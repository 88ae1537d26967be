import HTTPTransport
import Foundation
import Mimecast

/// Makes a call from its description. Pure.
///
/// What stands where: an `{id}` in the path; of a GET the item's members in the query; in a body the envelope with the items, or the item
/// itself; of a file the items in the header `x-mc-arg` and the file in the body.
struct CallMaker: Sendable {
    let url: ServiceURL

    /// - Parameters:
    ///   - id: for the path; nil for the item's own `id`.
    ///   - file: the body of a call that sends one.
    /// - Throws: ``ClientError``: `refused` where the item does not make a call.
    func call<Item: Codable & Sendable>(
        _ description: EndpointDescription, items: [Item], id: String? = nil, file: [UInt8] = [], page: PageRequest? = nil,
        writes: Bool? = nil
    ) throws(ClientError) -> Call {
        var fields: [String: JSON] = [:]
        if description.method == .get || description.path.contains(Self.place), let item = items.first {
            fields = try Self.members(of: item, description)
        }
        let path = try Self.path(description, id, &fields)
        var query: [(String, String)] = []
        if description.method == .get {
            query = fields.sorted { $0.key < $1.key }.compactMap { name, value in value.queryText.map { (name, $0) } }
        }
        if case .query = description.paging {
            if let size = page?.pageSize { query.append(("pageSize", String(size.value))) }
            if let token = page?.pageToken { query.append(("pageToken", token)) }
        }
        var headers: [(String, String)] = []
        var body: [UInt8] = []
        if description.method == .post {
            headers = [("Content-Type", description.body == .file ? "application/octet-stream" : "application/json")]
            let pagination: PageRequest? = if case .envelope = description.paging { page } else { nil }
            switch description.body {
            case .envelope: body = try Self.json(RequestEnvelope(data: items, pagination: pagination), description)
            case .plain where description.path.contains(Self.place): body = try Self.json(fields, description)
            case .plain: body = try items.first.map { item throws(ClientError) in try Self.json(item, description) } ?? Array("{}".utf8)
            case .file:
                headers.append(("x-mc-arg", Self.ascii(try Self.json(RequestEnvelope(data: items), description))))
                body = file
            }
        }
        return Call(
            path: description.path, method: description.method.rawValue, target: url.target(path, query: query), headers: headers,
            body: body, writes: writes ?? description.writes, category: description.category)
    }

    private static let place = "{id}"

    /// Takes the id out of the fields, unless it came by itself.
    private static func path(
        _ description: EndpointDescription, _ id: String?, _ fields: inout [String: JSON]
    ) throws(ClientError) -> String {
        guard description.path.contains(place) else { return description.path }
        let own = fields.removeValue(forKey: "id")?.text
        guard let id = id ?? own, !id.isEmpty else {
            throw ClientError(.refused, "\(description.path) needs an id.", remedy: "Name what is meant by its id.")
        }
        return description.path.replacing(place, with: ServiceURL.encode(id))
    }

    private static func members(of item: some Encodable, _ description: EndpointDescription) throws(ClientError) -> [String: JSON] {
        let bytes = try json(item, description)
        guard case .object(let members)? = try? JSONDecoder().decode(JSON.self, from: Data(bytes)) else {
            throw unwritable(description)
        }
        return members
    }

    private static func json(_ value: some Encodable, _ description: EndpointDescription) throws(ClientError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw unwritable(description)
        }
    }

    private static func unwritable(_ description: EndpointDescription) -> ClientError {
        ClientError(.refused, "An item for \(description.path) cannot be written as JSON.", remedy: "Report this.")
    }

    /// JSON for a header, which holds ASCII alone.
    private static func ascii(_ json: [UInt8]) -> String {
        String(decoding: json, as: UTF8.self).utf16.reduce(into: "") { text, unit in
            if unit < 0x7F {
                text.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            } else {
                let digits = String(unit, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
    }
}

extension JSON {
    /// As a query has it: lists with commas between, as the mail logs' types are.
    fileprivate var queryText: String? {
        switch self {
        case .null, .object: return nil
        case .bool(let value): return value ? "true" : "false"
        case .number(let value): return Int64(exactly: value).map { "\($0)" } ?? "\(value)"
        case .string(let text): return text
        case .array(let elements):
            let texts = elements.compactMap(\.queryText)
            return texts.isEmpty ? nil : texts.joined(separator: ",")
        }
    }
}
