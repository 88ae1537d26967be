/// A source that cannot be read as a list of people, with the place and the remedy.
public struct SourceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Stable, for scripts: one of ``Code``'s raw values.
    public let code: String
    /// What is wrong, with the file, line and column in it.
    public let message: String
    public let remedy: String
    /// The name that the reader was given.
    public let file: String
    /// The physical line, from 1, on which the wrong record begins.
    public let line: Int?
    /// The number of the wrong cell in its record, from 1.
    public let column: Int?
    /// Of a JSON list: the number of the wrong element, from 1.
    public let entry: Int?

    public var description: String { "\(message) \(remedy)" }

    /// Where the wrong person stands among the others.
    var ordinal: Int { entry ?? line ?? 0 }

    /// Every code that a reader of this module throws.
    public enum Code: String, Sendable, CaseIterable {
        case tooLarge = "source-too-large"
        case encoding = "source-encoding"
        case zeroCharacter = "source-zero-character"
        case lineEnding = "source-line-ending"
        case unclosedQuote = "source-unclosed-quote"
        case textAfterQuote = "source-text-after-quote"
        case bareQuote = "source-bare-quote"
        case cellTooLarge = "source-cell-too-large"
        case tooManyColumns = "source-too-many-columns"
        case cellCount = "source-cell-count"
        case blankLine = "source-blank-line"
        case empty = "source-empty"
        case namesNobody = "source-names-nobody"
        case noAddressColumn = "source-no-address-column"
        case duplicateColumn = "source-duplicate-column"
        case unnamedColumn = "source-unnamed-column"
        case noAddress = "source-no-address"
        case badAddress = "source-bad-address"
        case badTruth = "source-bad-truth-value"
        case duplicateAddress = "source-duplicate-address"
        case duplicateExternalID = "source-duplicate-external-id"
        case aliasIsAddress = "source-alias-is-address"
        case duplicateAlias = "source-duplicate-alias"
        case foreignDomain = "source-foreign-domain"
        case notJSON = "source-not-json"
        case badValue = "source-bad-value"
        case noSuchAttribute = "source-no-such-attribute"
        case tooManyRows = "source-too-many-rows"
    }

    /// - Parameters:
    ///   - place: where; its file, line and column begin the message.
    ///   - text: a sentence that follows the place.
    init(_ code: Code, at place: Place, _ text: String, remedy: String) {
        self.init(
            code: code.rawValue, message: "\(place): \(text)", remedy: remedy, file: place.file, line: place.line, column: place.column,
            entry: place.entry)
    }

    private init(code: String, message: String, remedy: String, file: String, line: Int?, column: Int?, entry: Int?) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.file = file
        self.line = line
        self.column = column
        self.entry = entry
    }

    /// The same error, saying how many further lines are wrong.
    func andMore(_ lines: Int) -> SourceError {
        guard lines > 0 else { return self }
        let (one, many) = entry == nil ? ("line", "lines") : ("entry", "entries")
        let more = lines == 1 ? "1 more \(one) is wrong." : "\(lines) more \(many) are wrong."
        return SourceError(
            code: code, message: "\(message) (\(more))", remedy: remedy, file: file, line: line, column: column, entry: entry)
    }
}

/// A place in a source: `people.csv, line 3, column 2 (active)`.
struct Place: CustomStringConvertible {
    var file: String
    var line: Int?
    var column: Int?
    /// The column's name in the header.
    var columnName: String?
    /// The number of an element in a JSON list, from 1.
    var entry: Int?
    /// A JSON pointer (RFC 6901), or a rule that made the value.
    var pointer: String?

    var description: String {
        var text = file
        if let line { text += ", line \(line)" }
        if let entry { text += ", entry \(entry)" }
        if let column { text += ", column \(column)" }
        if let columnName { text += " (\(columnName.quotable))" }
        if let pointer { text += ", \(pointer)" }
        return text
    }
}

/// What is wrong with a source, so that the first is reported and the rest counted.
struct Findings {
    private var first: SourceError?
    private var lines: Set<Int> = []

    var isEmpty: Bool { lines.isEmpty }

    mutating func add(_ error: SourceError) {
        let line = error.ordinal
        lines.insert(line)
        // Row checks come in order of lines, comparisons between rows after them.
        if let known = first, known.ordinal <= line { return }
        first = error
    }

    func check() throws(SourceError) {
        if let first { throw first.andMore(lines.count - 1) }
    }
}

extension String {
    /// Short, on one line and without control characters, to be quoted in a message.
    var quotable: String {
        let isControl: (Unicode.Scalar) -> Bool = { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
        var line = ""
        for scalar in unicodeScalars.prefix(78) { line.unicodeScalars.append(isControl(scalar) ? " " : scalar) }
        return unicodeScalars.count <= 78 ? line : line + "…"
    }

    /// Without blanks around it.
    var withoutBlanks: String {
        guard let first = utf8.first, let last = utf8.last, first <= 0x20 || last <= 0x20 || first >= 0x80 || last >= 0x80 else {
            return self
        }
        let scalars = unicodeScalars
        guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let end = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[start...end])
    }
}
