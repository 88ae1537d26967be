extension JSONValue {
    /// Reads one JSON text (RFC 8259), strictly: UTF-8 without a byte order mark, no name twice in an object, numbers that a Double can
    /// hold. Our choice beyond the RFC: no U+0000 and no more than 30 combining marks in a row.
    public static func parse(_ bytes: [UInt8], _ limits: JSONLimits = JSONLimits()) throws(JSONFailure) -> JSONValue {
        try bytes.withUnsafeBufferPointer { buffer throws(JSONFailure) in
            var parser = JSONParser(buffer, limits)
            return try parser.text()
        }
    }
}

/// A recursive descent over the bytes. It never reads at or behind `end`.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let end: Int
    let limits: JSONLimits
    var position = 0
    private var depth = 0
    private var values = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
        end = bytes.count
    }

    mutating func text() throws(JSONFailure) -> JSONValue {
        skipBlanks()
        if position == end { throw failure("it is empty") }
        if bytes[position] == 0xEF { throw failure("it begins with a byte order mark or another character that is not JSON") }
        let value = try value()
        skipBlanks()
        if position < end { throw failure("something follows the value") }
        return value
    }

    func failure(_ reason: String, at offset: Int? = nil) -> JSONFailure { JSONFailure(reason, offset: offset ?? position) }

    @inline(__always)
    private mutating func skipBlanks() {
        while position < end {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    private mutating func value() throws(JSONFailure) -> JSONValue {
        values += 1
        if values > limits.values { throw failure("it has more than \(limits.values) values") }
        guard position < end else { throw failure("it ends where a value should be") }
        switch bytes[position] {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw failure("no value begins like this")
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONFailure) -> JSONValue {
        let count = word.utf8CodeUnitCount
        guard end - position >= count else { throw failure("no value begins like this") }
        for index in 0..<count where bytes[position + index] != word.utf8Start[index] {
            throw failure("no value begins like this")
        }
        position += count
        return value
    }

    private mutating func enter() throws(JSONFailure) {
        depth += 1
        if depth > limits.depth { throw failure("it is nested more than \(limits.depth) deep") }
        position += 1
        skipBlanks()
    }

    private mutating func array() throws(JSONFailure) -> JSONValue {
        try enter()
        var elements: [JSONValue] = []
        if position < end, bytes[position] == UInt8(ascii: "]") {
            position += 1
            depth -= 1
            return .array(elements)
        }
        while true {
            elements.append(try value())
            skipBlanks()
            guard position < end else { throw failure("a list is not closed") }
            let byte = bytes[position]
            guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") else { throw failure("a comma or ] is missing") }
            position += 1
            if byte == UInt8(ascii: "]") {
                depth -= 1
                return .array(elements)
            }
            skipBlanks()
        }
    }

    private mutating func object() throws(JSONFailure) -> JSONValue {
        let start = position
        try enter()
        var members: [JSONObject.Member] = []
        if position < end, bytes[position] == UInt8(ascii: "}") {
            position += 1
            depth -= 1
            return .object(JSONObject())
        }
        members.reserveCapacity(4)
        while true {
            guard position < end, bytes[position] == UInt8(ascii: "\"") else { throw failure("the name of a member is missing") }
            if members.count == limits.members { throw failure("an object has more than \(limits.members) members") }
            let name = try string()
            skipBlanks()
            guard position < end, bytes[position] == UInt8(ascii: ":") else { throw failure("a colon is missing") }
            position += 1
            skipBlanks()
            members.append(JSONObject.Member(name, try value()))
            skipBlanks()
            guard position < end else { throw failure("an object is not closed") }
            let byte = bytes[position]
            guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") else { throw failure("a comma or } is missing") }
            position += 1
            if byte == UInt8(ascii: "}") { break }
            skipBlanks()
        }
        depth -= 1
        if let name = Self.repeated(members) {
            throw failure("an object has two members of the name \"\(name.prefix(60))\"", at: start)
        }
        return .object(JSONObject(members: members))
    }

    /// A name that occurs twice. Many names are sorted first: comparing each with each would cost their square.
    private static func repeated(_ members: [JSONObject.Member]) -> String? {
        if members.count <= 32 {
            for index in members.indices.dropFirst() {
                for other in 0..<index where ExactText.areEqual(members[index].name, members[other].name) { return members[index].name }
            }
            return nil
        }
        let names = members.map(\.name).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return zip(names, names.dropFirst()).first { ExactText.areEqual($0, $1) }?.0
    }
}
