/// Writes values as JSON straight into bytes, members in the order in which a type has them.
///
/// Foundation's encoder makes a dictionary of each object before it writes any of it, which is half of what a page costs.
final class JSONText {
    // Nobody else has the text while it is written: to have that checked at each byte costs more than the bytes.
    @exclusivity(unchecked) private var bytes: [UInt8] = []

    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let text = JSONText()
        try text.write(value)
        return text.bytes
    }

    func write<Value: Encodable>(_ value: Value) throws {
        // Types are compared before they are cast, which is much quicker than to try.
        if Value.self == String.self, let value = value as? String {
            write(text: value)
        } else if Value.self == Bool.self, let value = value as? Bool {
            write(raw: value ? "true" : "false")
        } else if Value.self == Int.self, let value = value as? Int {
            write(raw: String(value))
        } else if Value.self == Double.self, let value = value as? Double {
            guard value.isFinite else {
                throw EncodingError.invalidValue(value, .init(codingPath: [], debugDescription: "JSON has no such number"))
            }
            write(raw: "\(value)")
        } else {
            let object = JSONObject(self)
            try value.encode(to: object)
            object.close()
        }
    }

    func write(byte: UInt8) { bytes.append(byte) }

    func write(raw text: String) { bytes.append(contentsOf: text.utf8) }

    func write(text: String) {
        var text = text
        text.withUTF8 { utf8 in
            bytes.append(UInt8(ascii: "\""))
            if utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
                for byte in utf8 { write(escaping: byte) }
            } else {
                bytes.append(contentsOf: utf8)
            }
            bytes.append(UInt8(ascii: "\""))
        }
    }

    private func write(escaping byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0..<0x20:
            write(raw: "\\u00\(byte < 0x10 ? "0" : "1")\(String(byte & 0x0F, radix: 16))")
        default:
            bytes.append(byte)
        }
    }
}

/// One value that encodes itself: an object, an array, or a single value.
private final class JSONObject: Encoder {
    let text: JSONText
    private var end: UInt8?
    private var isEmpty = true
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ text: JSONText) { self.text = text }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        open("{", "}")
        return KeyedEncodingContainer(Members<Key>(object: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        open("[", "]")
        return Elements(object: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(object: self) }

    private func open(_ start: Unicode.Scalar, _ end: Unicode.Scalar) {
        text.write(byte: UInt8(ascii: start))
        self.end = UInt8(ascii: end)
    }

    func close() { if let end { text.write(byte: end) } }

    func next() {
        if !isEmpty { text.write(byte: UInt8(ascii: ",")) }
        isEmpty = false
    }

    func next(_ key: any CodingKey) {
        next()
        text.write(text: key.stringValue)
        text.write(byte: UInt8(ascii: ":"))
    }

    /// The end of such a container cannot be seen, and no shape has one.
    func unsupported() -> Never { preconditionFailure("JSONText writes no containers that a type opens inside its own") }
}

private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let object: JSONObject
    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) {
        object.next(key)
        object.text.write(raw: "null")
    }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        object.next(key)
        try object.text.write(value)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
        object.unsupported()
    }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { object.unsupported() }
    func superEncoder() -> any Encoder { object.unsupported() }
    func superEncoder(forKey key: Key) -> any Encoder { object.unsupported() }
}

private struct Elements: UnkeyedEncodingContainer {
    let object: JSONObject
    var count = 0
    var codingPath: [any CodingKey] { [] }

    init(object: JSONObject) { self.object = object }

    mutating func encodeNil() {
        object.next()
        count += 1
        object.text.write(raw: "null")
    }

    mutating func encode<Value: Encodable>(_ value: Value) throws {
        object.next()
        count += 1
        try object.text.write(value)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> { object.unsupported() }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { object.unsupported() }
    func superEncoder() -> any Encoder { object.unsupported() }
}

private struct Single: SingleValueEncodingContainer {
    let object: JSONObject
    var codingPath: [any CodingKey] { [] }

    func encodeNil() { object.text.write(raw: "null") }
    func encode<Value: Encodable>(_ value: Value) throws {
        // Where the rarer kinds of integer arrive.
        if let value = value as? any BinaryInteger { object.text.write(raw: "\(value)") } else { try object.text.write(value) }
    }
}
