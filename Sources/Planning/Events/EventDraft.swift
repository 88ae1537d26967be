import Crypto
import Foundation
import Mimecast

/// An event before it is known who did it and which read showed it.
public struct EventDraft: Sendable, Hashable {
    public var type: EventType
    /// The folded address of the account that it is about, after the change; empty where it is about none.
    public var person: String
    /// What it is about, among the things of the tenant; the id is derived from it.
    public var object: String
    public var data: EventData

    public init(_ type: EventType, person: String = "", object: String, _ data: EventData) {
        self.type = type
        self.person = person
        self.object = object
        self.data = data
    }

    /// The event's id: SHA-256 over the tenant, what changed, from what to what, and where the change starts; the first 32 hexadecimal digits.
    ///
    /// The start tells A→B from a later A→B: it is the place of the version that the step leaves. The same read repeated, or a transaction that
    /// runs twice, leaves the same version, and so gives the same id.
    ///
    /// - Parameter start: names the version that the step leaves.
    public func id(tenant: String, start: String) throws -> String {
        struct Sides: Encodable {
            var after: EventData.Values?
            var before: EventData.Values?
        }
        let sides = try EventJSON.text(Sides(after: data.after, before: data.before))
        var hash = SHA256()
        for part in [tenant, type.rawValue, object, start, sides] {
            // Behind its length, so that no two lists of parts have the same bytes.
            hash.update(data: Data("\(part.utf8.count):".utf8))
            hash.update(data: Data(part.utf8))
        }
        return hash.finalize().prefix(16).reduce(into: "") { text, byte in
            text.unicodeScalars.append(Self.digits[Int(byte >> 4)])
            text.unicodeScalars.append(Self.digits[Int(byte & 15)])
        }
    }

    private static let digits = Array("0123456789abcdef".unicodeScalars)
}

/// JSON as events have it: sorted keys, no blanks, slashes as they are.
public enum EventJSON {
    public static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
