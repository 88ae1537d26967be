extension Filter: CustomStringConvertible {
    /// The filter as text, with the parentheses that it needs and no others: ``parse(_:urns:)`` reads the same tree from it.
    public var description: String {
        var text = ""
        write(into: &text)
        return text
    }

    private func write(into text: inout String) {
        switch self {
        case .compare(let path, let comparison, let literal): text += "\(path) \(comparison.rawValue) \(literal)"
        case .present(let path): text += "\(path) pr"
        case .not(let inner):
            text += "not ("
            inner.write(into: &text)
            text += ")"
        case .element(let path, let inner):
            text += "\(path)["
            inner.write(into: &text)
            text += "]"
        case .and(let left, let right):
            left.write(into: &text, parenthesised: left.strength < strength)
            text += " and "
            right.write(into: &text, parenthesised: right.strength <= strength)
        case .or(let left, let right):
            left.write(into: &text, parenthesised: left.strength < strength)
            text += " or "
            right.write(into: &text, parenthesised: right.strength <= strength)
        }
    }

    private func write(into text: inout String, parenthesised: Bool) {
        if parenthesised { text += "(" }
        write(into: &text)
        if parenthesised { text += ")" }
    }

    private var strength: Int {
        switch self {
        case .or: 0
        case .and: 1
        case .compare, .present, .not, .element: 2
        }
    }
}

extension FilterLiteral: CustomStringConvertible {
    /// As JSON.
    public var description: String {
        switch self {
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .number(let value): return value.literal
        case .string(let value):
            var text = "\""
            for scalar in value.unicodeScalars {
                switch scalar {
                case "\"": text += "\\\""
                case "\\": text += "\\\\"
                case "\u{8}": text += "\\b"
                case "\u{C}": text += "\\f"
                case "\n": text += "\\n"
                case "\r": text += "\\r"
                case "\t": text += "\\t"
                case "\u{0}"..."\u{1F}":
                    let digits = String(scalar.value, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                default: text.unicodeScalars.append(scalar)
                }
            }
            return text + "\""
        }
    }
}

extension PatchPath: CustomStringConvertible {
    /// The path as text; ``parse(_:urns:)`` reads the same path from it.
    public var description: String {
        var text = attribute.description
        if let filter { text += "[\(filter)]" }
        if let subAttribute { text += ".\(subAttribute)" }
        return text
    }
}
