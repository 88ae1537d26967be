/// Where a text stops being a filter or a path, and what was expected there.
struct SyntaxFailure: Error {
    /// In bytes of the text.
    var offset: Int
    var reason: String
    /// Whether it is inside the brackets of a path.
    var isInBrackets = false

    /// One sentence with the place counted in characters, from 1.
    func sentence(_ what: String, _ text: String) -> String {
        let place = text.utf8.index(text.startIndex, offsetBy: offset, limitedBy: text.endIndex) ?? text.endIndex
        return "\(what), character \(text.unicodeScalars[..<place].count + 1): \(reason)"
    }
}

/// The grammar of RFC 7644, section 3.4.2.2, over UTF-8 bytes: filters, and the paths that are part of them.
///
/// More than the grammar: runs of blanks, `not(` without a blank, keywords and operators in any letter case, and
/// `emails[type eq "work"].value eq "x"`, which Entra matches people by. Less: brackets in brackets (nor does the RFC have them).
struct FilterSyntax {
    /// Longest text, in bytes of UTF-8.
    static let lengthLimit = 8192
    /// Most parentheses and brackets that stand around anything.
    static let depthLimit = 32
    /// Most comparisons and `pr` in a filter.
    static let comparisonLimit = 500

    let bytes: [UInt8]
    /// The URNs that a name may be prefixed with.
    let urns: [String]
    private(set) var position = 0
    private var depth = 0
    private var comparisons = 0
    private var isInBrackets = false

    init(_ text: String, urns: [String]) throws(SyntaxFailure) {
        bytes = Array(text.utf8)
        self.urns = urns
        if bytes.count > Self.lengthLimit {
            throw SyntaxFailure(offset: Self.lengthLimit, reason: "at most \(Self.lengthLimit) bytes are read; ask for less at a time.")
        }
    }

    // MARK: Filters

    mutating func wholeFilter() throws(SyntaxFailure) -> Filter {
        skipBlanks()
        let filter = try disjunction()
        skipBlanks()
        if position < bytes.count { throw failure("expected 'and', 'or' or the end") }
        return filter
    }

    private mutating func disjunction() throws(SyntaxFailure) -> Filter {
        var filter = try conjunction()
        while try take(keyword: "or") { filter = .or(filter, try conjunction()) }
        return filter
    }

    private mutating func conjunction() throws(SyntaxFailure) -> Filter {
        var filter = try operand()
        while try take(keyword: "and") { filter = .and(filter, try operand()) }
        return filter
    }

    private mutating func operand() throws(SyntaxFailure) -> Filter {
        if at("(") { return try parenthesised() }
        let start = position
        if wordIs("not") {
            position += 3
            skipBlanks()
            if at("(") { return .not(try parenthesised()) }
            position = start
        }
        return try test()
    }

    private mutating func parenthesised() throws(SyntaxFailure) -> Filter {
        try enter()
        skipBlanks()
        let filter = try disjunction()
        skipBlanks()
        guard at(")") else { throw failure("expected 'and', 'or' or ')'") }
        leave()
        return filter
    }

    /// `name op literal`, `name pr`, `name[filter]`, `name[filter].name op literal`.
    private mutating func test() throws(SyntaxFailure) -> Filter {
        let start = position
        let path = try isInBrackets ? AttributePath(subAttributeName()) : attributePath()
        guard at("[") else { return try condition(on: path) }
        let inner = try brackets(after: path, from: start)
        guard at(".") else { return .element(path, inner) }
        position += 1
        let name = try subAttributeName()
        return .element(path, .and(inner, try condition(on: AttributePath(name))))
    }

    private mutating func condition(on path: AttributePath) throws(SyntaxFailure) -> Filter {
        try blanks("expected a blank and an operator such as eq")
        comparisons += 1
        if comparisons > Self.comparisonLimit { throw failure("more than \(Self.comparisonLimit) comparisons; ask for less at a time") }
        if wordIs("pr") {
            position += 2
            return .present(path)
        }
        guard let found = FilterOperator.allCases.first(where: { wordIs($0.rawValue) }) else {
            throw failure("expected one of the operators eq, ne, co, sw, ew, gt, ge, lt, le, pr")
        }
        position += 2
        try blanks("expected a blank and a value")
        return .compare(path, found, try literal())
    }

    /// `[filter]`; the names in it are sub-attributes.
    mutating func brackets(after path: AttributePath, from start: Int) throws(SyntaxFailure) -> Filter {
        if isInBrackets { throw failure("brackets cannot stand in brackets") }
        if path.attribute == nil || path.subAttribute != nil {
            throw SyntaxFailure(offset: start, reason: "brackets stand behind an attribute, not behind a sub-attribute or a schema.")
        }
        try enter()
        isInBrackets = true
        skipBlanks()
        let filter = try disjunction()
        skipBlanks()
        guard at("]") else { throw failure("expected 'and', 'or' or ']'") }
        isInBrackets = false
        leave()
        return filter
    }

    // MARK: Names

    /// A name in front of which a URN may stand. A known URN is split off where it ends (it has dots and colons in it); of an
    /// unknown one the last colon counts.
    mutating func attributePath() throws(SyntaxFailure) -> AttributePath {
        let start = position
        var end = start
        var colon: Int?
        while end < bytes.count, Self.isPathByte(bytes[end]) {
            if bytes[end] == UInt8(ascii: ":") { colon = end }
            end += 1
        }
        guard var split = colon else {
            return try dotted(schema: nil)
        }
        if let known = knownURN(from: start, to: end) {
            if start + known == end {
                position = end
                return AttributePath(schema: string(start, end), nil)
            }
            split = start + known
        }
        if split == start { throw failure("expected an attribute's name") }
        position = split + 1
        return try dotted(schema: string(start, split))
    }

    private mutating func dotted(schema: String?) throws(SyntaxFailure) -> AttributePath {
        let attribute = try name("expected an attribute's name")
        guard at(".") else { return AttributePath(schema: schema, attribute) }
        position += 1
        return AttributePath(schema: schema, attribute, try subAttributeName())
    }

    /// The length of the longest known URN that stands at `start` and ends at `end` or before a colon.
    private func knownURN(from start: Int, to end: Int) -> Int? {
        var longest: Int?
        for urn in urns {
            let length = urn.utf8.count
            guard length > longest ?? 0, start + length <= end, start + length == end || bytes[start + length] == UInt8(ascii: ":"),
                zip(urn.utf8, bytes[start..<start + length]).allSatisfy({ AttributeName.lower($0) == AttributeName.lower($1) })
            else { continue }
            longest = length
        }
        return longest
    }

    mutating func subAttributeName() throws(SyntaxFailure) -> String { try name("expected a sub-attribute's name") }

    /// `ALPHA *("-" / "_" / DIGIT / ALPHA)`, or `$ref`.
    private mutating func name(_ expectation: String) throws(SyntaxFailure) -> String {
        let start = position
        var end = start
        if end < bytes.count, bytes[end] == UInt8(ascii: "$") { end += 1 }
        guard end < bytes.count, Self.isLetter(bytes[end]) else { throw failure(expectation) }
        while end < bytes.count, Self.isNameByte(bytes[end]) { end += 1 }
        position = end
        return string(start, end)
    }

    // MARK: Bytes

    func failure(_ expectation: String) -> SyntaxFailure {
        let found = position < bytes.count ? "found '\(excerpt)'" : "it ends here"
        return SyntaxFailure(offset: position, reason: "\(expectation); \(found).", isInBrackets: isInBrackets)
    }

    /// A few characters from here on.
    private var excerpt: String {
        let rest = String(decoding: bytes[position...].prefix(64), as: UTF8.self).unicodeScalars.prefix(12)
        return String(String.UnicodeScalarView(rest.filter { $0.value >= 0x20 && $0.value != 0xFFFD }))
    }

    mutating func advance(to place: Int) { position = place }

    func string(_ start: Int, _ end: Int) -> String { String(decoding: bytes[start..<end], as: UTF8.self) }

    func at(_ character: Unicode.Scalar) -> Bool { position < bytes.count && UInt32(bytes[position]) == character.value }

    mutating func skipBlanks() { while position < bytes.count, Self.isBlank(bytes[position]) { position += 1 } }

    private mutating func blanks(_ expectation: String) throws(SyntaxFailure) {
        guard position < bytes.count, Self.isBlank(bytes[position]) else { throw failure(expectation) }
        skipBlanks()
    }

    private mutating func enter() throws(SyntaxFailure) {
        depth += 1
        if depth > Self.depthLimit { throw failure("parentheses and brackets nest at most \(Self.depthLimit) deep") }
        position += 1
    }

    private mutating func leave() {
        depth -= 1
        position += 1
    }

    /// Takes ` and ` with its blanks, if it stands here.
    private mutating func take(keyword: String) throws(SyntaxFailure) -> Bool {
        let start = position
        skipBlanks()
        guard position > start, wordIs(keyword) else {
            position = start
            return false
        }
        position += keyword.utf8.count
        try blanks("expected a blank and another comparison behind '\(keyword)'")
        return true
    }

    /// Whether this word, in any letter case and no longer one, stands here.
    func wordIs(_ word: String) -> Bool {
        let end = position + word.utf8.count
        guard end <= bytes.count, end == bytes.count || !Self.isPathByte(bytes[end]) else { return false }
        return zip(word.utf8, bytes[position..<end]).allSatisfy { $0 == AttributeName.lower($1) }
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    private static func isNameByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    /// Whatever a URN or a name may hold: visible ASCII but quotes, parentheses and brackets.
    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x22, 0x28, 0x29, 0x5B, 0x5D: false
        default: byte > 0x20 && byte < 0x7F
        }
    }
}
