/// An event as it is told: CloudEvents 1.0 in JSON, structured mode, keys sorted.
///
/// What every event of a read shares is kept once and put together here again: a feed is read far more often than it is thought about.
public enum EventEnvelope {
    /// Names the schema of `data`.
    public static let schema = "urn:muster:event:1#data"

    /// - Parameters:
    ///   - person: the folded address that becomes the subject; empty for none.
    ///   - time: RFC 3339.
    ///   - data: JSON of an ``EventData`` without tenant and read: what it has instead stands in `shared`.
    ///   - shared: the members of the data that come after `person`, as ``shared(tenant:read:)`` writes them.
    public static func text(
        id: String, type: String, person: String, time: String, tenant: String, data: String, shared: String
    ) -> String {
        var text = #"{"data":"#
        text.reserveCapacity(data.utf8.count + shared.utf8.count + 400)
        if data == "{}" {
            text += "{"
        } else {
            text += data.dropLast()
            text += ","
        }
        text += shared
        text += #"},"datacontenttype":"application/json","dataschema":""#
        text += schema
        text += #"","id":""#
        text += id
        text += #"","source":"/tenants/"#
        text += inner(tenant)
        text += #"","specversion":"1.0""#
        if !person.isEmpty {
            text += #","subject":""#
            text += inner(person)
            text += "\""
        }
        text += #","time":""#
        text += time
        text += #"","type":""#
        text += type
        text += #""}"#
        return text
    }

    /// The members of the data that all events of a read have.
    ///
    /// - Parameter read: JSON of an ``EventData/Read``; nil where no read showed it.
    public static func shared(tenant: String, read: String?) -> String {
        (read.map { #""read":\#($0),"# } ?? "") + #""tenant":"\#(inner(tenant))""#
    }

    /// A text between its quotes (RFC 8259, section 7).
    static func inner(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        if isPlain { return text }
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
}
