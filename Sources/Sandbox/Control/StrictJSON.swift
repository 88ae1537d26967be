import Foundation
import Mimecast

/// Reads bodies of the control API: plain JSON, every field known. A typing error must not become a fault that never fires.
enum StrictJSON {
    /// How deep JSON may be nested.
    static let deepest = 16

    /// - Parameters:
    ///   - type: what it writes is compared with what was read, so that a field that it does not have is found.
    ///   - body: an empty one is `{}`.
    /// - Throws: ``CallRefusal`` 400, which names the field.
    static func decode<T: Codable>(_ type: T.Type, _ body: Data) throws -> T {
        let body = body.isEmpty ? Data("{}".utf8) : body
        // The nesting first: what comes after it recurses.
        guard (try? LenientJSON.parse(body, depth: deepest)) != nil, let tree = try? JSONDecoder().decode(JSON.self, from: body) else {
            throw refusal("it is no JSON, or nested too deep")
        }
        let value: T
        do {
            value = try JSONDecoder().decode(type, from: body)
        } catch let error as DecodingError {
            throw refusal(reason(error))
        }
        let known = try JSONDecoder().decode(JSON.self, from: JSONEncoder().encode(value))
        if let field = unknown(tree, known, "") { throw refusal("there is no field \(field), or it is null") }
        return value
    }

    private static func refusal(_ reason: String) -> CallRefusal {
        CallRefusal(400, FailureCode.deserialise, "The body cannot be read: \(reason)")
    }

    /// The path of the first field that was not understood.
    private static func unknown(_ sent: JSON, _ known: JSON, _ path: String) -> String? {
        switch (sent, known) {
        case (.object(let sent), .object(let known)):
            for (name, value) in sent.sorted(by: { $0.key < $1.key }) {
                let path = path.isEmpty ? name : "\(path).\(name)"
                guard let other = known[name] else { return path }
                if let found = unknown(value, other, path) { return found }
            }
        case (.array(let sent), .array(let known)):
            for (index, pair) in zip(sent, known).enumerated() {
                if let found = unknown(pair.0, pair.1, "\(path)[\(index)]") { return found }
            }
        default: break
        }
        return nil
    }

    private static func reason(_ error: DecodingError) -> String {
        func path(_ keys: [any CodingKey]) -> String {
            keys.reduce("") { path, key in
                key.intValue.map { "\(path)[\($0)]" } ?? (path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)")
            }
        }
        return switch error {
        case .keyNotFound(let key, let context): "\(path(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            "\(path(context.codingPath)) is of another kind, or a value that is not known; the sandbox's documentation lists them"
        @unknown default: "a value is not understood"
        }
    }
}
