/// A recursive descent over the scalars of a text.
struct ExpressionParser {
    /// Words that are no names.
    static let words: Set<String> = ["and", "or", "not", "in", "present", "startswith", "endswith", "contains"]
    static let functions = ["lower", "upper", "trim", "replace", "part"]

    /// Whether a text in quotes may be empty.
    var mayBeEmpty = false

    private let text: String
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0

    init(_ text: String) throws(ExpressionError) {
        self.text = text
        scalars = Array(text.unicodeScalars.prefix(Expression.mostBytes))
        guard text.utf8.count <= Expression.mostBytes else {
            throw failure("An expression has \(Expression.mostBytes) bytes at most.", "Make it shorter.", at: 0)
        }
    }

    static func beginsName(_ scalar: Unicode.Scalar) -> Bool { scalar == "_" || scalar.properties.isAlphabetic }
    static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
        beginsName(scalar) || scalar == "." || scalar == "-" || scalar.properties.numericType != nil
    }

    mutating func whole() throws(ExpressionError) -> Expression {
        skipBlanks()
        if peek == "{" {
            let template = try pieces(until: nil)
            return .text(template)
        }
        let result = try expression()
        skipBlanks()
        guard position == scalars.count else { throw unexpected() }
        return result
    }

    // MARK: Levels, from the weakest

    private mutating func expression() throws(ExpressionError) -> Expression {
        depth += 1
        guard depth <= Expression.mostDepth else {
            throw failure("It is nested more than \(Expression.mostDepth) deep.", "Make it simpler, or several rules of it.")
        }
        defer { depth -= 1 }
        return try chain("or", { (parser) throws(ExpressionError) in try parser.conjunction() }, Condition.any)
    }

    private mutating func conjunction() throws(ExpressionError) -> Expression {
        try chain("and", { (parser) throws(ExpressionError) in try parser.negation() }, Condition.all)
    }

    private mutating func chain(
        _ word: String, _ operand: (inout ExpressionParser) throws(ExpressionError) -> Expression, _ joined: ([Condition]) -> Condition
    ) throws(ExpressionError) -> Expression {
        skipBlanks()
        let start = position
        let first = try operand(&self)
        guard takeWord(word) else { return first }
        var conditions = [try condition(first, at: start)]
        repeat {
            skipBlanks()
            let start = position
            conditions.append(try condition(try operand(&self), at: start))
        } while takeWord(word)
        return .condition(joined(conditions))
    }

    private mutating func negation() throws(ExpressionError) -> Expression {
        skipBlanks()
        guard takeWord("not") else { return try comparison() }
        depth += 1
        guard depth <= Expression.mostDepth else {
            throw failure("It is nested more than \(Expression.mostDepth) deep.", "Make it simpler, or several rules of it.")
        }
        defer { depth -= 1 }
        skipBlanks()
        let start = position
        return .condition(.not(try condition(try negation(), at: start)))
    }

    private mutating func comparison() throws(ExpressionError) -> Expression {
        skipBlanks()
        let start = position
        let left = try fallback()
        skipBlanks()
        if takeWord("present") { return .condition(.present(try text(left, at: start))) }
        if takeWord("in") { return .condition(try membership(try text(left, at: start))) }
        let here = position
        if takeWord("not") {
            guard takeWord("in") else { throw failure("After not, in is expected here.", "Write department not in ('Sales').", at: here) }
            return .condition(.not(try membership(try text(left, at: start))))
        }
        guard let comparison = try takeComparison() else { return left }
        let leftText = try text(left, at: start)
        skipBlanks()
        let right = position
        return .condition(.compare(leftText, comparison, try text(try fallback(), at: right)))
    }

    private mutating func membership(_ text: TextExpression) throws(ExpressionError) -> Condition {
        try take("(", "A list in brackets is expected after in.", "Write department in ('Sales', 'Support').")
        var list: [TextExpression] = []
        repeat {
            skipBlanks()
            let start = position
            list.append(try self.text(try fallback(), at: start))
        } while takeScalar(",")
        try take(")", "The list is not closed.", "Close it with ), and separate its texts with commas.")
        return .isIn(text, list)
    }

    private mutating func fallback() throws(ExpressionError) -> Expression {
        skipBlanks()
        let start = position
        let first = try primary()
        guard takeSign("??") else { return first }
        var choices = [try text(first, at: start)]
        repeat {
            skipBlanks()
            let start = position
            choices.append(try text(try primary(), at: start))
        } while takeSign("??")
        return .text(.fallback(choices))
    }

    private mutating func primary() throws(ExpressionError) -> Expression {
        skipBlanks()
        guard let scalar = peek else {
            throw failure("Something is missing here.", "Write an attribute, a text in quotes or a condition.")
        }
        switch scalar {
        case "'", "\"":
            position += 1
            let start = position - 1
            let template = try pieces(until: scalar)
            if case .literal("") = template, !mayBeEmpty {
                throw failure("A text must not be empty.", "To ask whether there is a value, write present or not … present.", at: start)
            }
            return .text(template)
        case "(":
            position += 1
            let inner = try expression()
            try take(")", "A bracket is not closed.", "Close it with ).")
            return inner
        case "`": return .text(.attribute(try quotedName()))
        case _ where Self.beginsName(scalar): return .text(try named())
        default: throw unexpected()
        }
    }

    // MARK: Names and functions

    private mutating func quotedName() throws(ExpressionError) -> String {
        let start = position
        position += 1
        var name = ""
        while let scalar = peek {
            position += 1
            if scalar == "`" {
                guard peek == "`" else {
                    guard !name.isEmpty else { break }
                    return name
                }
                position += 1
            }
            name.unicodeScalars.append(scalar)
        }
        throw failure("A name in back quotes is empty or not closed.", "Write it as `Cost Center`.", at: start)
    }

    private mutating func named() throws(ExpressionError) -> TextExpression {
        let start = position
        let name = word()
        position += name.unicodeScalars.count
        guard peek == "(" else {
            guard !Self.words.contains(name.lowercased()) else {
                throw failure(
                    "“\(name)” is a word of the language, and an attribute or a text is expected here.",
                    "Put an attribute of that name in back quotes: `\(name)`.", at: start)
            }
            return .attribute(name)
        }
        position += 1
        depth += 1
        defer { depth -= 1 }
        let function = name.lowercased()
        guard Self.functions.contains(function) else {
            let nearest = Nearest.name(to: function, among: Self.functions)
            throw failure(
                "There is no function \(name).",
                nearest.map { "Did you mean \($0)?" } ?? "The functions are \(Self.functions.joined(separator: ", ")).", at: start)
        }
        skipBlanks()
        let inner = position
        let argument = try text(try expression(), at: inner)
        let result: TextExpression
        switch function {
        case "lower": result = .lower(argument)
        case "upper": result = .upper(argument)
        case "trim": result = .trim(argument)
        case "replace":
            let old = try literalArgument("replace(name, '_', ' ')", mayBeEmpty: false)
            result = .replace(argument, old, with: try literalArgument("replace(name, '_', ' ')", mayBeEmpty: true))
        default:
            let separator = try literalArgument("part(mail, '@', 2)", mayBeEmpty: false)
            result = .part(argument, separator: separator, number: try numberArgument("part(mail, '@', 2)"))
        }
        try take(")", "The function \(function) has another argument or is not closed here.", "Close it with ).")
        return result
    }

    private mutating func literalArgument(_ example: String, mayBeEmpty: Bool) throws(ExpressionError) -> String {
        try take(",", "An argument is missing.", "Write it as \(example).")
        skipBlanks()
        let start = position
        if let quote = peek, quote == "'" || quote == "\"" {
            position += 1
            if case .literal(let text) = try pieces(until: quote), mayBeEmpty || !text.isEmpty { return text }
        }
        throw failure("A text in quotes is expected here.", "Write it as \(example).", at: start)
    }

    private mutating func numberArgument(_ example: String) throws(ExpressionError) -> Int {
        try take(",", "An argument is missing.", "Write it as \(example).")
        skipBlanks()
        let start = position
        while let scalar = peek, ("0"..."9").contains(scalar) { position += 1 }
        let digits = String(String.UnicodeScalarView(scalars[start..<position]))
        guard let number = Int(digits), (1...100).contains(number), !digits.hasPrefix("0") else {
            throw failure("A number from 1 to 100 is expected here.", "Write it as \(example).", at: start)
        }
        return number
    }

    // MARK: Texts

    /// A text with its values in braces, to the closing quote, or to the end where there is none.
    private mutating func pieces(until quote: Unicode.Scalar?) throws(ExpressionError) -> TextExpression {
        let start = position
        var pieces: [TextExpression.Piece] = []
        var literal = ""
        while let scalar = peek {
            position += 1
            switch scalar {
            case quote where quote != nil && peek != quote:
                return Self.template(pieces, literal)
            case quote where quote != nil: position += 1
            case "{" where peek == "{", "}" where peek == "}": position += 1
            case "{":
                if !literal.isEmpty { pieces.append(.text(literal)) }
                literal = ""
                skipBlanks()
                let inner = position
                pieces.append(.value(try text(try expression(), at: inner)))
                try take("}", "A brace is not closed.", "Close it with }; a brace that belongs to the text is written {{ or }}.")
                continue
            case "}":
                throw failure("A brace is closed that was not opened.", "A brace that belongs to the text is written }}.", at: position - 1)
            default: break
            }
            literal.unicodeScalars.append(scalar)
        }
        guard quote == nil else {
            throw failure("The text that begins here is not closed.", "Close it with the quote that opens it.", at: start - 1)
        }
        return Self.template(pieces, literal)
    }

    private static func template(_ pieces: [TextExpression.Piece], _ rest: String) -> TextExpression {
        if pieces.isEmpty { return .literal(rest) }
        return .template(rest.isEmpty ? pieces : pieces + [.text(rest)])
    }

    // MARK: Kinds

    private func condition(_ expression: Expression, at start: Int) throws(ExpressionError) -> Condition {
        switch expression {
        case .condition(let condition): return condition
        case .text(let text): throw notACondition(text, at: start)
        }
    }

    func notACondition(_ text: TextExpression, at start: Int) -> ExpressionError {
        let example: TextExpression = if case .attribute = text { text } else { .attribute("department") }
        return failure(
            "This is a text, and a condition is needed here.", "Compare it, as in \(example) = 'Sales', or ask \(example) present.",
            at: start)
    }

    private func text(_ expression: Expression, at start: Int) throws(ExpressionError) -> TextExpression {
        switch expression {
        case .text(let text): return text
        case .condition:
            throw failure("This is a condition, and a text is needed here.", "Join conditions with and, or, not.", at: start)
        }
    }

    // MARK: Scalars and words

    private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func skipBlanks() {
        while let scalar = peek, scalar.properties.isWhitespace { position += 1 }
    }

    /// The name that begins here; empty where none does.
    private func word() -> String {
        guard let first = peek, Self.beginsName(first) else { return "" }
        return String(String.UnicodeScalarView(scalars[position...].prefix(while: Self.continuesName)))
    }

    private mutating func takeWord(_ word: String) -> Bool {
        let before = position
        skipBlanks()
        let found = self.word()
        guard found.lowercased() == word else {
            position = before
            return false
        }
        position += found.unicodeScalars.count
        return true
    }

    private mutating func takeScalar(_ scalar: Unicode.Scalar) -> Bool { takeSign(String(scalar)) }

    private mutating func takeSign(_ sign: String) -> Bool {
        let before = position
        skipBlanks()
        guard scalars[position...].starts(with: sign.unicodeScalars) else {
            position = before
            return false
        }
        position += sign.unicodeScalars.count
        return true
    }

    private mutating func take(_ scalar: Unicode.Scalar, _ message: String, _ remedy: String) throws(ExpressionError) {
        guard !takeScalar(scalar) else { return }
        skipBlanks()
        throw failure(message, remedy)
    }

    private mutating func takeComparison() throws(ExpressionError) -> Condition.Comparison? {
        for comparison in [Condition.Comparison.startsWith, .endsWith, .contains] where takeWord(comparison.rawValue) { return comparison }
        if takeSign("!=") { return .notEqual }
        guard takeSign("=") else { return nil }
        if peek == "=" { throw failure("One = is enough.", "Write department = 'Sales'.") }
        return .equal
    }

    /// What other languages write, and this one does not.
    private static let foreign: [(sign: String, own: String)] = [
        ("&&", "and"), ("||", "or"), ("<>", "!="), ("eq", "="), ("ne", "!="), ("co", "contains"), ("sw", "startswith"), ("ew", "endswith"),
        ("pr", "present"), ("like", "contains"), ("is", "="), ("matches", "contains"), ("==", "="),
    ]

    private func unexpected() -> ExpressionError {
        let word = word().lowercased()
        let rest = scalars[position...]
        let sign = Self.foreign.first { sign, _ in
            word.isEmpty ? rest.starts(with: sign.unicodeScalars) : sign == word
        }
        if let sign { return failure("“\(sign.sign)” is not of this language.", "Write \(sign.own) instead.") }
        let nearest = word.isEmpty ? nil : Nearest.name(to: word, among: Self.words)
        return failure(
            peek == nil ? "Something is missing here." : "This is not expected here.",
            nearest.map { "Did you mean \($0)?" } ?? "Texts stand in quotes, conditions are joined with and, or, not: department = 'Sales'."
        )
    }

    private func failure(_ message: String, _ remedy: String, at offset: Int? = nil) -> ExpressionError {
        ExpressionError(message, remedy: remedy, column: (offset ?? position) + 1, in: text)
    }
}
