extension Expression {
    /// A text may have so many bytes and be nested so deep (our choice).
    public static let mostBytes = 4_096
    public static let mostDepth = 32

    /// Reads an expression.
    ///
    /// A text that begins with `{` is a template without quotes around it: `{firstName} {lastName}`.
    public init(parsing text: String) throws(ExpressionError) {
        var parser = try ExpressionParser(text)
        self = try parser.whole()
    }

    /// Reads what an attribute of an account is to hold: here a text may be empty (`phone ?? ''`), which takes the attribute away.
    public init(parsingAttribute text: String) throws(ExpressionError) {
        var parser = try ExpressionParser(text)
        parser.mayBeEmpty = true
        self = try parser.whole()
    }
}

extension Condition {
    /// Reads an expression that has to be a condition.
    public init(parsing text: String) throws(ExpressionError) {
        var parser = try ExpressionParser(text)
        switch try parser.whole() {
        case .condition(let condition): self = condition
        case .text(let text): throw parser.notACondition(text, at: 0)
        }
    }
}
