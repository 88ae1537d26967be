import Foundation

/// Reads the bodies that the vendor takes: JSON (RFC 8259), and what recorded clients send instead, Python's `str(dict)`.
///
/// Beyond RFC 8259: strings in single quotes, with Python's escapes and its `u` before the quote; `True`, `False`, `None` and `null`
/// in any case; a comma before a closing bracket; a byte order mark. Of a key given twice the last one counts.
/// The time is linear in what was read, and nothing recurses.
public enum LenientJSON {
    /// Why bytes were refused, and where.
    public struct Failure: Error, Sendable, Hashable {
        public enum Reason: Sendable, Hashable {
            /// Neither JSON nor a Python literal, or a number that no finite Double holds.
            case notJSON
            /// Brackets nested deeper than allowed.
            case tooDeep
            /// More values than allowed.
            case tooMany
            /// A string that is not UTF-8, names half a surrogate pair, or has more than 30 combining marks in a row.
            case notText
        }

        public let reason: Reason
        /// In bytes from the start.
        public let offset: Int
    }

    /// Parses one value and the blanks around it.
    ///
    /// - Parameters:
    ///   - depth: how many brackets may be open at once, at most 512.
    ///   - values: how many values there may be, lists and objects counted like the others.
    public static func parse(_ bytes: [UInt8], depth: Int = 32, values: Int = 100_000) throws(Failure) -> JSON {
        var parser = LenientJSONParser(bytes: bytes, depth: min(depth, 512), values: values)
        return try parser.document()
    }

    /// Parses one value and the blanks around it.
    public static func parse(_ bytes: Data, depth: Int = 32, values: Int = 100_000) throws(Failure) -> JSON {
        try parse([UInt8](bytes), depth: depth, values: values)
    }
}

/// The structure: which value belongs to which open bracket. Scalars are in `LenientJSON+Scalars.swift`.
struct LenientJSONParser {
    /// A list or an object whose closing bracket has not been read.
    private struct Open {
        let closing: UInt8
        var elements: [JSON] = []
        var members: [String: JSON] = [:]
        var key = ""

        var isObject: Bool { closing == UInt8(ascii: "}") }
        var value: JSON { isObject ? .object(members) : .array(elements) }
    }

    let bytes: [UInt8]
    let depth: Int
    let values: Int
    var position = 0
    private var count = 0
    private var open: [Open] = []

    init(bytes: [UInt8], depth: Int, values: Int) {
        self.bytes = bytes
        self.depth = depth
        self.values = values
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    mutating func document() throws(LenientJSON.Failure) -> JSON {
        while true {
            guard var value = try begin() else { continue }
            var isComplete = true
            while isComplete, !open.isEmpty {
                if let list = try add(value) { value = list } else { isComplete = false }
            }
            if isComplete {
                skipBlanks()
                guard position == bytes.count else { throw failure() }
                return value
            }
        }
    }

    /// Reads a scalar, an empty list or an empty object; nil where a bracket was opened and the next value is its first.
    private mutating func begin() throws(LenientJSON.Failure) -> JSON? {
        skipBlanks()
        guard let byte = peek else { throw failure() }
        guard count < values else { throw failure(.tooMany) }
        count += 1
        switch byte {
        case UInt8(ascii: "["): return try push(closing: UInt8(ascii: "]"))
        case UInt8(ascii: "{"): return try push(closing: UInt8(ascii: "}"))
        default: return try scalar(byte)
        }
    }

    private mutating func push(closing: UInt8) throws(LenientJSON.Failure) -> JSON? {
        guard open.count < depth else { throw failure(.tooDeep) }
        position += 1
        let bracket = Open(closing: closing)
        skipBlanks()
        if take(closing) { return bracket.value }
        open.append(bracket)
        if bracket.isObject { try readKey() }
        return nil
    }

    /// Gives a value to the innermost open bracket; returns the list or object that is closed by what follows.
    private mutating func add(_ value: JSON) throws(LenientJSON.Failure) -> JSON? {
        let last = open.count - 1
        let closing = open[last].closing
        if open[last].isObject {
            open[last].members[open[last].key] = value
        } else {
            open[last].elements.append(value)
        }
        skipBlanks()
        let hasComma = take(UInt8(ascii: ","))
        if hasComma { skipBlanks() }
        if take(closing) { return open.removeLast().value }
        guard hasComma else { throw failure() }
        if open[last].isObject { try readKey() }
        return nil
    }

    private mutating func readKey() throws(LenientJSON.Failure) {
        skipBlanks()
        guard let byte = peek, startsText(byte) else { throw failure() }
        open[open.count - 1].key = try text()
        skipBlanks()
        guard take(UInt8(ascii: ":")) else { throw failure() }
    }
}

extension LenientJSONParser {
    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    func failure(_ reason: LenientJSON.Failure.Reason = .notJSON, at offset: Int? = nil) -> LenientJSON.Failure {
        LenientJSON.Failure(reason: reason, offset: offset ?? position)
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }
}
