/// Writes JSON without blanks, escaping only what RFC 8259 demands.
public enum JSONWriter {
    /// A string with its quotes.
    public static func string(_ text: String, into bytes: inout [UInt8]) {
        ByteSink.append(to: &bytes) { string(text, into: &$0) }
    }

    /// A string without its quotes, for putting strings together.
    public static func content(_ text: String, into bytes: inout [UInt8]) {
        ByteSink.append(to: &bytes) { content(text, into: &$0) }
    }

    static func value(_ value: JSONValue, into sink: inout ByteSink) {
        switch value {
        case .null: word("null", into: &sink)
        case .bool(true): word("true", into: &sink)
        case .bool(false): word("false", into: &sink)
        case .number(let number): content(number.literal, into: &sink)
        case .string(let text): string(text, into: &sink)
        case .array(let values):
            sink.put(UInt8(ascii: "["))
            var isFirst = true
            for element in values {
                if !isFirst { sink.put(UInt8(ascii: ",")) }
                isFirst = false
                self.value(element, into: &sink)
            }
            sink.put(UInt8(ascii: "]"))
        case .object(let object): self.object(object, into: &sink)
        }
    }

    static func object(_ object: JSONObject, into sink: inout ByteSink) {
        members(object, into: &sink)
        sink.put(UInt8(ascii: "}"))
    }

    /// Without the brace that closes it.
    static func members(_ object: JSONObject, into sink: inout ByteSink) {
        sink.put(UInt8(ascii: "{"))
        var isFirst = true
        for member in object.members {
            if !isFirst { sink.put(UInt8(ascii: ",")) }
            isFirst = false
            string(member.name, into: &sink)
            sink.put(UInt8(ascii: ":"))
            value(member.value, into: &sink)
        }
    }

    @inline(__always)
    static func word(_ word: StaticString, into sink: inout ByteSink) {
        sink.put(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    static func string(_ text: String, into sink: inout ByteSink) {
        sink.put(UInt8(ascii: "\""))
        content(text, into: &sink)
        sink.put(UInt8(ascii: "\""))
    }

    static func content(_ text: String, into sink: inout ByteSink) {
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { escape($0, into: &sink) }
        if isDone == nil { Array(text.utf8).withUnsafeBufferPointer { escape($0, into: &sink) } }
    }

    /// Two digits.
    static func hexadecimal(_ byte: UInt8, isCapital: Bool = false, into sink: inout ByteSink) {
        let letter: UInt8 = isCapital ? 0x41 - 10 : 0x61 - 10
        sink.put((byte >> 4) + (byte >> 4 < 10 ? 0x30 : letter))
        sink.put((byte & 15) + (byte & 15 < 10 ? 0x30 : letter))
    }

    private static func escape(_ text: UnsafeBufferPointer<UInt8>, into sink: inout ByteSink) {
        var start = 0
        for index in 0..<text.count {
            let byte = text[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            sink.put(UnsafeBufferPointer(rebasing: text[start..<index]))
            start = index + 1
            sink.put(UInt8(ascii: "\\"))
            switch byte {
            case 0x08: sink.put(UInt8(ascii: "b"))
            case 0x09: sink.put(UInt8(ascii: "t"))
            case 0x0A: sink.put(UInt8(ascii: "n"))
            case 0x0C: sink.put(UInt8(ascii: "f"))
            case 0x0D: sink.put(UInt8(ascii: "r"))
            case ..<0x20:
                word("u00", into: &sink)
                hexadecimal(byte, into: &sink)
            default: sink.put(byte)
            }
        }
        sink.put(UnsafeBufferPointer(rebasing: text[start..<text.count]))
    }
}

extension JSONValue {
    /// Appends the value without blanks; what was parsed comes out with its order of members and its digits.
    public func write(into bytes: inout [UInt8]) { ByteSink.append(to: &bytes) { JSONWriter.value(self, into: &$0) } }

    public var serialized: [UInt8] {
        var bytes: [UInt8] = []
        write(into: &bytes)
        return bytes
    }
}

extension JSONObject {
    /// Appends the object without blanks.
    public func write(into bytes: inout [UInt8]) { ByteSink.append(to: &bytes) { JSONWriter.object(self, into: &$0) } }

    public var serialized: [UInt8] {
        var bytes: [UInt8] = []
        write(into: &bytes)
        return bytes
    }
}
