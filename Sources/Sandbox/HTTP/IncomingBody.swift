import Foundation
import Mimecast

/// A call's body as it was read: items that could not be read are failures of their own.
struct IncomingBody<Item: Codable & Sendable>: Sendable {
    var page: PageRequest?
    var items: [Result<Item, any Error>]

    /// How deep JSON may be nested.
    static var deepest: Int { 32 }

    /// - Throws: ``CallRefusal`` for what is no envelope. An empty body, `{}` and `{"data":[]}` are calls without items (recorded).
    init(_ bytes: Data) throws {
        guard bytes.contains(where: { !JSONDepth.isBlank($0) }) else {
            items = []
            return
        }
        guard JSONDepth.of(bytes) <= Self.deepest else { throw CallRefusal.notReadable("The body is nested too deeply") }
        let envelope: Envelope
        do {
            envelope = try JSONDecoder().decode(Envelope.self, from: bytes)
        } catch DecodingError.dataCorrupted(let context) where context.debugDescription.hasPrefix("not a whole number") {
            throw CallRefusal.badPage("The page size is not a whole number")
        } catch {
            throw CallRefusal.notReadable("The body cannot be read")
        }
        page = envelope.page
        items = envelope.items
    }

    /// The items as they came, for echoing them in `fail`.
    static func echoes(_ bytes: Data) -> [JSON] {
        guard case .array(let items)? = (try? JSONDecoder().decode(JSON.self, from: bytes))?["data"] else { return [] }
        return items
    }

    private struct Envelope: Decodable {
        struct Meta: Decodable { var pagination: PageRequest? }
        struct One: Decodable {
            let result: Result<Item, any Error>

            init(from decoder: any Decoder) throws { result = Result { try Item(from: decoder) } }
        }
        enum CodingKeys: CodingKey { case meta, data }

        let page: PageRequest?
        let items: [Result<Item, any Error>]

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            page = try container.decodeIfPresent(Meta.self, forKey: .meta)?.pagination
            // Absent is none; null is an error (recorded).
            items = container.contains(.data) ? try container.decode([One].self, forKey: .data).map(\.result) : []
        }
    }
}

/// How deep brackets are nested outside strings; found before anything recursive reads the text.
enum JSONDepth {
    static func of(_ bytes: Data) -> Int {
        var depth = 0
        var deepest = 0
        var isInString = false
        var isEscaped = false
        for byte in bytes {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
        return deepest
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
}
