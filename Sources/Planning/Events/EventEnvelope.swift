/// An event as it is told: CloudEvents 1.0 in JSON, structured mode, keys sorted.
///
/// What every event of a read shares is kept once and put together here again: a feed is read far more often than it is thought about.
public struct EventEnvelope: Sendable {
    /// Names the schema of `data`.
    public static let schema = "urn:muster:event:1#data"

    /// Between the data of an event and its id; behind the id; before its type.
    private let (middle, source, time): ([UInt8], [UInt8], [UInt8])

    /// - Parameters:
    ///   - time: RFC 3339.
    ///   - shared: the members of the data that come after `person`, as ``shared(tenant:read:)`` writes them.
    public init(tenant: String, time: String, shared: String) {
        middle = Array((shared + #"},"datacontenttype":"application/json","dataschema":"\#(Self.schema)","id":""#).utf8)
        source = Array(#"","source":"/tenants/\#(Self.inner(tenant))","specversion":"1.0""#.utf8)
        self.time = Array(#","time":"\#(time)","type":""#.utf8)
    }

    /// Writes an event.
    ///
    /// - Parameters:
    ///   - id: writes its id, which needs no escapes, and so its type.
    ///   - person: the folded address that becomes the subject; empty for none.
    ///   - data: writes JSON of an ``EventData`` without tenant and read: what it has instead stands in `shared`.
    public func append(
        id: (inout [UInt8]) -> Void, type: UnsafeRawBufferPointer, person: UnsafeRawBufferPointer, data: (inout [UInt8]) -> Void,
        to result: inout [UInt8]
    ) {
        result.append(contentsOf: Self.opening)
        let start = result.count
        data(&result)
        // Without its brace; an object without members has no comma.
        result.removeLast()
        if result.count > start + 1 { result.append(UInt8(ascii: ",")) }
        result.append(contentsOf: middle)
        id(&result)
        result.append(contentsOf: source)
        if !person.isEmpty {
            result.append(contentsOf: Self.subject)
            if person.allSatisfy(Self.isPlain) {
                result.append(contentsOf: person)
            } else {
                result.append(contentsOf: Self.inner(String(decoding: person, as: UTF8.self)).utf8)
            }
            result.append(UInt8(ascii: "\""))
        }
        result.append(contentsOf: time)
        result.append(contentsOf: type)
        result.append(contentsOf: Self.end)
    }

    private static let opening = Array(#"{"data":"#.utf8)
    private static let subject = Array(#","subject":""#.utf8)
    private static let end = Array(#""}"#.utf8)

    /// - Parameters:
    ///   - data: JSON of an ``EventData`` without tenant and read.
    /// - Returns: an event.
    public func text(id: String, type: String, person: String, data: String) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(data.utf8.count + middle.count + 300)
        var (type, person) = (type, person)
        type.withUTF8 { type in
            person.withUTF8 { person in
                append(
                    id: { $0 += id.utf8 }, type: UnsafeRawBufferPointer(type), person: UnsafeRawBufferPointer(person),
                    data: { $0 += data.utf8 }, to: &result)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The members of the data that all events of a read have.
    ///
    /// - Parameter read: JSON of an ``EventData/Read``; nil where no read showed it.
    public static func shared(tenant: String, read: String?) -> String {
        (read.map { #""read":\#($0),"# } ?? "") + #""tenant":"\#(inner(tenant))""#
    }

    /// A text between its quotes (RFC 8259, section 7).
    static func inner(_ text: String) -> String {
        if text.utf8.allSatisfy(isPlain) { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") }
}
