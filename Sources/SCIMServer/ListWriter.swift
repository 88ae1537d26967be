import SCIM

/// Writes a ListResponse (RFC 7644, section 3.4.2) into one buffer, resource by resource. `Resources` is there even when it is empty:
/// clients look into it without asking.
struct ListWriter {
    static let schema = "urn:ietf:params:scim:api:messages:2.0:ListResponse"

    private var bytes: [UInt8] = []
    private var isOpen = false

    /// - Parameters:
    ///   - total: how many match in all.
    ///   - count: of the resources that follow.
    ///   - bytes: about so many.
    init(total: Int, count: Int, bytes room: Int) {
        bytes.reserveCapacity(room + 256)
        append(#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":"#)
        append(total)
        append(#","itemsPerPage":"#)
        append(count)
    }

    mutating func startIndex(_ index: Int) {
        append(#","startIndex":"#)
        append(index)
    }

    mutating func nextCursor(_ cursor: String) {
        append(#","nextCursor":"#)
        JSONWriter.string(cursor, into: &bytes)
    }

    /// - Parameter write: appends one JSON value.
    mutating func element(_ write: (inout [UInt8]) throws -> Void) rethrows {
        if isOpen {
            bytes.append(UInt8(ascii: ","))
        } else {
            append(#","Resources":["#)
            isOpen = true
        }
        try write(&bytes)
    }

    consuming func finished() -> [UInt8] {
        if !isOpen { append(#","Resources":["#) }
        append("]}")
        return bytes
    }

    private mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func append(_ number: Int) { bytes.append(contentsOf: String(number).utf8) }
}
