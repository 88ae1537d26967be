import Foundation
import Mimecast

/// A call's body as it was read. Items are read one by one: one that cannot be read is a failure of its own.
struct IncomingBody: Sendable {
    var page: PageRequest?
    /// As they came, for echoing them in `fail`.
    var items: [JSON]

    /// How deep JSON may be nested.
    static let deepest = 32
    /// How many items there may be at all; a call's own limit is lower, and told item by item.
    static let most = 1_000

    /// - Throws: ``CallRefusal`` for what is no envelope. An empty body, `{}` and `{"data":[]}` are calls without items (recorded).
    init(_ bytes: Data) throws {
        guard let body = try Self.tree(bytes) else {
            items = []
            return
        }
        guard case .object(let members) = body else { throw CallRefusal.notReadable("The body is not an object") }
        // Absent is none; null is an error (recorded).
        switch members["data"] {
        case nil: items = []
        case .array(let list):
            guard list.count <= Self.most else {
                throw CallRefusal(400, FailureCode.tooManyItems, "data has too many items", form: .envelope)
            }
            items = list
        default: throw CallRefusal.notReadable("data is not a list")
        }
        guard let pagination = members["meta"]?["pagination"], pagination != .null else { return }
        do {
            page = try LenientDecoder.decode(PageRequest.self, from: pagination)
        } catch {
            throw CallRefusal.badPage("The page settings cannot be read")
        }
    }

    func item<Item: Decodable>(_ type: Item.Type, at index: Int) throws -> Item {
        do {
            return try LenientDecoder.decode(type, from: items[index])
        } catch {
            throw ItemFailure(FailureCode.deserialise, "The item cannot be read")
        }
    }

    /// A body as the vendor reads it: strict JSON, and what Python prints (recorded).
    ///
    /// - Returns: nil for one that is empty or blank.
    static func tree(_ bytes: Data) throws -> JSON? {
        guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }) else { return nil }
        do {
            return try LenientJSON.parse(bytes, depth: deepest)
        } catch {
            let reason =
                switch error.reason {
                case .notJSON: "it is no JSON"
                case .tooDeep: "it is nested too deep"
                case .tooMany: "it has too many values"
                case .notText: "it is no text"
                }
            throw CallRefusal.notReadable("The body cannot be read: \(reason) (byte \(error.offset + 1))")
        }
    }
}
