/// Decodes a ``JSON`` tree as leniently as the vendor reads its bodies (recorded clients). The leniency is here and nowhere else.
///
/// A Bool may be `true`, `"true"` in any case, 0 or 1; a whole number 5, 5.0 or `" 5 "`; a Double likewise. A String is a string.
/// Keys that nobody asks for are ignored.
public struct LenientDecoder: Decoder {
    public let codingPath: [any CodingKey]
    public var userInfo: [CodingUserInfoKey: Any] { [:] }
    let value: JSON

    init(value: JSON, codingPath: [any CodingKey]) {
        self.value = value
        self.codingPath = codingPath
    }

    /// - Throws: `DecodingError`, or what the type throws.
    public static func decode<T: Decodable>(_ type: T.Type, from json: JSON) throws -> T {
        try type.init(from: LenientDecoder(value: json, codingPath: []))
    }

    public func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = value else { throw mismatch([String: JSON].self) }
        return KeyedDecodingContainer(LenientKeyedContainer(members: members, codingPath: codingPath))
    }

    public func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = value else { throw mismatch([JSON].self) }
        return LenientUnkeyedContainer(elements: elements, codingPath: codingPath)
    }

    public func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    /// null is an absent value, anything else the wrong one.
    func mismatch(_ type: any Any.Type) -> DecodingError {
        let found: String
        switch value {
        case .null:
            return .valueNotFound(type, DecodingError.Context(codingPath: codingPath, debugDescription: "expected \(type), found null"))
        case .bool: found = "a truth value"
        case .number: found = "a number"
        case .string: found = "a string"
        case .array: found = "a list"
        case .object: found = "an object"
        }
        return .typeMismatch(type, DecodingError.Context(codingPath: codingPath, debugDescription: "expected \(type), found \(found)"))
    }

    func corrupted(_ description: String) -> DecodingError {
        .dataCorrupted(DecodingError.Context(codingPath: codingPath, debugDescription: description))
    }
}

extension LenientDecoder: SingleValueDecodingContainer {
    public func decodeNil() -> Bool { value == .null }

    public func decode(_ type: Bool.Type) throws -> Bool {
        switch value {
        case .bool(let value): return value
        case .number(0): return false
        case .number(1): return true
        case .string(let text):
            switch text.lowercased() {
            case "true": return true
            case "false": return false
            default: throw corrupted("not true or false")
            }
        default: throw mismatch(type)
        }
    }

    public func decode(_ type: String.Type) throws -> String {
        guard case .string(let text) = value else { throw mismatch(type) }
        return text
    }

    public func decode(_ type: Double.Type) throws -> Double {
        switch value {
        case .number(let number): return number
        case .string(let text):
            guard case .number(let number)? = try? LenientJSON.parse(Array(text.utf8), depth: 0) else { throw corrupted("not a number") }
            return number
        default: throw mismatch(type)
        }
    }

    public func decode(_ type: Float.Type) throws -> Float {
        let number = Float(try decode(Double.self))
        guard number.isFinite else { throw corrupted("not a number that fits \(type)") }
        return number
    }

    public func decode(_ type: Int.Type) throws -> Int { try whole(type) }
    public func decode(_ type: Int8.Type) throws -> Int8 { try whole(type) }
    public func decode(_ type: Int16.Type) throws -> Int16 { try whole(type) }
    public func decode(_ type: Int32.Type) throws -> Int32 { try whole(type) }
    public func decode(_ type: Int64.Type) throws -> Int64 { try whole(type) }
    public func decode(_ type: UInt.Type) throws -> UInt { try whole(type) }
    public func decode(_ type: UInt8.Type) throws -> UInt8 { try whole(type) }
    public func decode(_ type: UInt16.Type) throws -> UInt16 { try whole(type) }
    public func decode(_ type: UInt32.Type) throws -> UInt32 { try whole(type) }
    public func decode(_ type: UInt64.Type) throws -> UInt64 { try whole(type) }

    /// Each type above reads itself from a single value, so this ends there.
    public func decode<T: Decodable>(_ type: T.Type) throws -> T { try type.init(from: self) }

    private func whole<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
        let whole: T?
        switch value {
        // Beyond 2^53 a Double may be another number than the one that was sent.
        case .number(let number): whole = number.magnitude <= 0x1p53 ? T(exactly: number) : nil
        case .string(let text):
            let digits = text.utf8.drop { Self.isBlank($0) }.reversed().drop { Self.isBlank($0) }.reversed()
            whole = digits.first == UInt8(ascii: "+") ? nil : T(String(decoding: Array(digits), as: UTF8.self))
        default: throw mismatch(type)
        }
        guard let whole else { throw corrupted("not a whole number that fits \(type)") }
        return whole
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
}
