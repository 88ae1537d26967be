// Expressions as they are written. Reading what is written here gives the same expression again.

extension Expression: CustomStringConvertible {
    public var description: String {
        switch self {
        case .text(let text): text.description
        case .condition(let condition): condition.description
        }
    }
}

extension TextExpression: CustomStringConvertible {
    public var description: String {
        switch self {
        case .literal(let text): Self.quoted(text)
        case .template(let pieces):
            "'"
                + pieces.map { piece in
                    switch piece {
                    case .text(let text): Self.escaped(text)
                    case .value(let value): "{\(value)}"
                    }
                }.joined() + "'"
        case .attribute(let name): Self.isPlainName(name) ? name : "`\(Self.doubled(name, ["`"]))`"
        case .fallback(let choices): choices.map(\.operand).joined(separator: " ?? ")
        case .lower(let text): "lower(\(text))"
        case .upper(let text): "upper(\(text))"
        case .trim(let text): "trim(\(text))"
        case .replace(let text, let old, let new): "replace(\(text), \(Self.quoted(old)), \(Self.quoted(new)))"
        case .part(let text, let separator, let number): "part(\(text), \(Self.quoted(separator)), \(number))"
        }
    }

    /// As part of a fallback.
    private var operand: String { if case .fallback = self { "(\(self))" } else { description } }

    private static func quoted(_ text: String) -> String { "'\(escaped(text))'" }

    private static func escaped(_ text: String) -> String { doubled(text, ["'", "{", "}"]) }

    /// By scalars: to a string, a quote before a combining mark is another character.
    private static func doubled(_ text: String, _ scalars: Set<Unicode.Scalar>) -> String {
        var whole = ""
        for scalar in text.unicodeScalars {
            if scalars.contains(scalar) { whole.unicodeScalars.append(scalar) }
            whole.unicodeScalars.append(scalar)
        }
        return whole
    }

    /// Whether a name needs no back quotes.
    static func isPlainName(_ name: String) -> Bool {
        let scalars = name.unicodeScalars
        guard let first = scalars.first, ExpressionParser.beginsName(first) else { return false }
        return scalars.allSatisfy(ExpressionParser.continuesName) && !ExpressionParser.words.contains(name.lowercased())
    }
}

extension Condition: CustomStringConvertible {
    public var description: String {
        switch self {
        case .compare(let left, let comparison, let right): "\(left) \(comparison.rawValue) \(right)"
        case .isIn(let text, let list): "\(text) in (\(list.map(\.description).joined(separator: ", ")))"
        case .present(let text): "\(text) present"
        case .not(let condition): "not \(condition.operand)"
        case .all(let conditions): conditions.map(\.operand).joined(separator: " and ")
        case .any(let conditions):
            conditions.map { if case .any = $0 { "(\($0))" } else { $0.description } }.joined(separator: " or ")
        }
    }

    /// As part of what binds more strongly than `or` and as strongly as `and`.
    private var operand: String {
        switch self {
        case .all, .any: "(\(self))"
        case .compare, .isIn, .present, .not: description
        }
    }
}
