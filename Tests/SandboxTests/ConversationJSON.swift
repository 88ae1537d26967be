/// JSON as it was written: members in order, numbers by their digits. The tests' own reader, so that no reader is judged by itself.
indirect enum ConversationJSON: Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([ConversationJSON])
    case object([Member])

    struct Member: Sendable {
        var name: String
        var value: ConversationJSON
    }

    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    /// - Throws: `Malformed` for what RFC 8259 does not allow, for a name that occurs twice, and below a depth of 64.
    init(_ text: String) throws {
        var reader = Reader(bytes: Array(text.utf8))
        self = try reader.document()
    }

    subscript(name: String) -> ConversationJSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    var text: String? { if case .string(let text) = self { text } else { nil } }
    var elements: [ConversationJSON]? { if case .array(let elements) = self { elements } else { nil } }
    var members: [Member]? { if case .object(let members) = self { members } else { nil } }
    /// The value of a number that is written as a whole one: `1`, not `1.0` nor `"1"`.
    var integer: Int? { if case .number(let digits) = self { Int(digits) } else { nil } }

    var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .number(let digits): Int(digits) == nil ? "number" : "integer"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    /// Compact, members in their order.
    var serialized: String {
        switch self {
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .number(let digits): return digits
        case .string(let text): return Self.quoted(text)
        case .array(let elements): return "[" + elements.map(\.serialized).joined(separator: ",") + "]"
        case .object(let members):
            return "{" + members.map { Self.quoted($0.name) + ":" + $0.value.serialized }.joined(separator: ",") + "}"
        }
    }

    /// The same with every string and name changed.
    func mapStrings(_ change: (String) throws -> String) rethrows -> ConversationJSON {
        switch self {
        case .null, .bool, .number: self
        case .string(let text): .string(try change(text))
        case .array(let elements): .array(try elements.map { try $0.mapStrings(change) })
        case .object(let members):
            .object(try members.map { Member(name: try change($0.name), value: try $0.value.mapStrings(change)) })
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension ConversationJSON {
    /// A recursive descent over the bytes.
    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        mutating func document() throws -> ConversationJSON {
            let value = try value(depth: 0)
            skipBlanks()
            guard position == bytes.count else { throw problem("more than one value") }
            return value
        }

        private func problem(_ reason: String) -> Malformed { Malformed(description: "JSON: \(reason) at byte \(position)") }
        private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

        private mutating func skipBlanks() {
            while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
        }

        private mutating func take(_ byte: Character) -> Bool {
            guard next == byte.asciiValue else { return false }
            position += 1
            return true
        }

        private mutating func value(depth: Int) throws -> ConversationJSON {
            guard depth < 64 else { throw problem("too deep") }
            skipBlanks()
            if take("{") { return try object(depth: depth) }
            if take("[") { return try array(depth: depth) }
            if take("\"") { return .string(try string()) }
            for (word, value) in [("null", ConversationJSON.null), ("true", .bool(true)), ("false", .bool(false))]
            where bytes[position...].starts(with: word.utf8) {
                position += word.utf8.count
                return value
            }
            return try number()
        }

        private mutating func object(depth: Int) throws -> ConversationJSON {
            var members: [Member] = []
            var names: Set<[UInt8]> = []
            skipBlanks()
            if take("}") { return .object([]) }
            repeat {
                skipBlanks()
                guard take("\"") else { throw problem("a name is missing") }
                let name = try string()
                guard names.insert(Array(name.utf8)).inserted else { throw problem("a second \(name)") }
                skipBlanks()
                guard take(":") else { throw problem("a colon is missing") }
                members.append(Member(name: name, value: try value(depth: depth + 1)))
                skipBlanks()
            } while take(",")
            guard take("}") else { throw problem("an object does not end") }
            return .object(members)
        }

        private mutating func array(depth: Int) throws -> ConversationJSON {
            var elements: [ConversationJSON] = []
            skipBlanks()
            if take("]") { return .array([]) }
            repeat {
                elements.append(try value(depth: depth + 1))
                skipBlanks()
            } while take(",")
            guard take("]") else { throw problem("an array does not end") }
            return .array(elements)
        }

        private mutating func number() throws -> ConversationJSON {
            let start = position
            while let byte = next, "+-.0123456789eE".utf8.contains(byte) { position += 1 }
            let digits = String(decoding: bytes[start..<position], as: UTF8.self)
            guard digits.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/) != nil else { throw problem("no value") }
            return .number(digits)
        }

        /// After the opening quote.
        private mutating func string() throws -> String {
            var units: [UInt8] = []
            while let byte = next {
                position += 1
                switch byte {
                case 0x22:
                    guard let text = String(validating: units, as: UTF8.self) else { throw problem("not UTF-8") }
                    return text
                case 0x5C: units += try escape()
                case 0..<0x20: throw problem("a control character")
                default: units.append(byte)
                }
            }
            throw problem("a string does not end")
        }

        private mutating func escape() throws -> [UInt8] {
            guard let byte = next else { throw problem("a string does not end") }
            position += 1
            switch byte {
            case 0x22, 0x5C, 0x2F: return [byte]
            case 0x62: return [0x08]
            case 0x66: return [0x0C]
            case 0x6E: return [0x0A]
            case 0x72: return [0x0D]
            case 0x74: return [0x09]
            case 0x75:
                var units = [try hexadecimal()]
                if (0xD800..<0xDC00).contains(units[0]) {
                    guard take("\\"), take("u") else { throw problem("half a surrogate pair") }
                    units.append(try hexadecimal())
                }
                guard let text = String(validating: units, as: UTF16.self) else { throw problem("half a surrogate pair") }
                return Array(text.utf8)
            default: throw problem("an unknown escape")
            }
        }

        private mutating func hexadecimal() throws -> UInt16 {
            guard position + 4 <= bytes.count,
                let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
            else { throw problem("four hexadecimal digits are missing") }
            position += 4
            return unit
        }
    }
}
