import SCIM

/// Cuts the elements out of a JSON list, or the values out of a run of them (a value to a line, NDJSON), one by one, so that a file of a
/// million people never stands in memory as values. Each element is read strictly (``JSONValue/parse(_:_:)``).
struct JSONElements {
    struct Element: Sendable {
        let value: JSONValue
        /// The line on which it begins, from 1.
        let line: Int
        /// Its place among the others, from 1.
        let entry: Int
    }

    static let mostBytesPerElement = 1 << 20
    static let mostElements = 5_000_000
    static let limits = JSONLimits(depth: 32, values: 20_000, members: 500)

    let file: String
    let isList: Bool

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var entry = 0
    private var isFinished = false

    /// Whether a text is JSON rather than a table: no header of a CSV begins like this.
    static func looksLikeJSON(_ bytes: [UInt8]) -> Bool {
        bytes.first { !isBlank($0) }.map { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") } ?? false
    }

    /// - Parameters:
    ///   - bytes: valid UTF-8 that looks like JSON.
    ///   - file: the file's name, for errors.
    init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        isList = bytes.first { !Self.isBlank($0) } == UInt8(ascii: "[")
    }

    /// The next element, or nil at the end.
    ///
    /// - Throws: ``SourceError`` where the text is no JSON; nothing after that can be trusted.
    mutating func next() throws(SourceError) -> Element? {
        guard !isFinished else { return nil }
        skipBlanks()
        if isList {
            if entry == 0 { position += 1 }
            skipBlanks()
            guard position < bytes.count else { throw cutOff() }
            if bytes[position] == UInt8(ascii: "]"), entry == 0 { return try end() }
            if entry > 0 {
                if bytes[position] == UInt8(ascii: "]") { return try end() }
                guard bytes[position] == UInt8(ascii: ",") else { throw broken("a comma or ] is missing") }
                position += 1
                skipBlanks()
            }
        } else if position == bytes.count {
            isFinished = true
            return nil
        }
        guard entry < Self.mostElements else {
            throw SourceError(
                .tooManyRows, at: Place(file: file), "There are more than \(Self.mostElements) people.",
                remedy: "Split the export by tenant.")
        }
        entry += 1
        let start = (position, line)
        let cut = try element()
        do {
            return Element(value: try JSONValue.parse(Array(bytes[cut]), Self.limits), line: start.1, entry: entry)
        } catch {
            line = start.1 + bytes[start.0..<min(start.0 + error.offset, bytes.count)].count { $0 == .lf }
            throw broken(error.reason)
        }
    }

    private mutating func end() throws(SourceError) -> Element? {
        position += 1
        skipBlanks()
        guard position == bytes.count else { throw broken("something follows the list") }
        isFinished = true
        return nil
    }

    /// The bytes of the value that begins here: to the end of the outermost bracket, or of a bare value to the next comma or line end.
    private mutating func element() throws(SourceError) -> Range<Int> {
        let start = position
        var depth = 0
        var isInText = false
        while position < bytes.count {
            let byte = bytes[position]
            guard position - start <= Self.mostBytesPerElement else {
                throw SourceError(
                    .cellTooLarge, at: here, "One person has more than \(Self.mostBytesPerElement) bytes (1 MiB).",
                    remedy: "Look for a quote or a bracket that was not closed, or export fewer fields.")
            }
            if byte == .lf { line += 1 }
            if isInText {
                if byte == UInt8(ascii: "\\") {
                    position += 1
                } else if byte == .quote {
                    isInText = false
                }
            } else {
                switch byte {
                case .quote: isInText = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth -= 1
                    if depth == 0 {
                        position += 1
                        return start..<position
                    }
                    if depth < 0 { return start..<position }
                case .comma where depth == 0: return start..<position
                case .lf where depth == 0:
                    line -= 1
                    return start..<position
                default: break
                }
            }
            position += 1
        }
        position = min(position, bytes.count)
        guard depth == 0, !isInText else { throw cutOff() }
        return start..<position
    }

    private var here: Place {
        var place = Place(file: file, line: line)
        if entry > 0 { place.entry = entry }
        return place
    }

    private func broken(_ reason: String) -> SourceError {
        SourceError(
            .notJSON, at: here, "This is not JSON as RFC 8259 has it: \(reason).",
            remedy: "Export the file again, as a JSON list of people or one object to a line.")
    }

    private func cutOff() -> SourceError {
        SourceError(
            .notJSON, at: here, "The JSON ends before its last bracket is closed.",
            remedy: "Export the file again: one that was cut off in the middle looks like this.")
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == .tab || byte == .lf || byte == .cr }

    private mutating func skipBlanks() {
        while position < bytes.count, Self.isBlank(bytes[position]) {
            if bytes[position] == .lf { line += 1 }
            position += 1
        }
    }
}
