import Foundation
import FuzzDriver
import Mimecast

/// A body as it comes: parsed, written and parsed again, and read as the shapes of a call.
@main enum FuzzBody {
    static func main() {
        drive { start, count in
            FuzzBody.body(Array(UnsafeBufferPointer(start: start, count: count)))
            return 0
        }
    }

    static func body(_ bytes: [UInt8]) {
        let tree: JSON
        do {
            tree = try LenientJSON.parse(bytes)
        } catch {
            precondition((0...bytes.count).contains(error.offset), "an offset outside the text")
            if error.reason == .notJSON { requireNoJSON(bytes) }
            return
        }
        guard let written = try? JSONEncoder().encode(tree), let again = try? LenientJSON.parse(written) else {
            preconditionFailure("what was written cannot be read")
        }
        precondition(again == tree, "another tree after writing")
        guard let echoed = try? LenientDecoder.decode(JSON.self, from: tree) else { preconditionFailure("a tree is no tree") }
        precondition(echoed == tree, "another tree after decoding")
        shapes(tree)
    }

    /// Whatever Foundation takes for UTF-8 JSON is JSON here. JSONDecoder would pass over what it was not asked for.
    static func requireNoJSON(_ bytes: [UInt8]) {
        // It guesses UTF-16 and UTF-32 from zeros and marks.
        guard bytes.count < 4_096, !bytes.contains(0), bytes.first.map({ $0 < 0x80 }) ?? false else { return }
        // Numbers longer than 128 bytes are refused on purpose.
        guard bytes.split(whereSeparator: { !"+-.eE0123456789".utf8.contains($0) }).allSatisfy({ $0.count <= 128 }) else { return }
        precondition((try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) == nil, "Foundation takes it")
    }

    static func shapes(_ tree: JSON) {
        if let request = try? LenientDecoder.decode(RequestEnvelope<Item>.self, from: tree) {
            guard let written = try? JSONEncoder().encode(request), let again = try? LenientJSON.parse(written) else {
                preconditionFailure("a call cannot be written")
            }
            precondition((try? LenientDecoder.decode(RequestEnvelope<Item>.self, from: again)) != nil, "a call cannot be read again")
        }
        _ = try? LenientDecoder.decode(RequestEnvelope<JSON>.self, from: tree)
        _ = try? LenientDecoder.decode(ReplyEnvelope<DomainKey>.self, from: tree)
        _ = try? LenientDecoder.decode([String: String].self, from: tree)
        _ = try? LenientDecoder.decode([Int: Double].self, from: tree)
        _ = try? LenientDecoder.decode([Bool: UInt8].self, from: tree)
    }

    struct Item: Codable, Sendable {
        struct Alias: Codable, Sendable { var name: String, rank: LenientInt? }

        var name: String?
        var isLocked: Bool?
        var count: Int?
        var small: UInt8?
        var share: Double?
        var narrow: Float?
        var aliases: [Alias]?
        var notes: [String: JSON]?
    }
}
