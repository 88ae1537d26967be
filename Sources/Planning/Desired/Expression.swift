/// An expression of the configuration, over what a source says of one person (grammar: docs/policy.md).
public enum Expression: Sendable, Hashable {
    case text(TextExpression)
    case condition(Condition)
}

/// An expression whose value is text, or nothing where the source says nothing.
public indirect enum TextExpression: Sendable, Hashable {
    /// A piece of a template.
    public enum Piece: Sendable, Hashable {
        case text(String)
        case value(TextExpression)
    }

    /// `'Sales'`; never empty.
    case literal(String)
    /// `'{firstName} {lastName}'`: at least one value, no two texts beside each other, none of them empty.
    case template([Piece])
    /// `department`, or `` `Cost Center` ``.
    case attribute(String)
    /// `mail ?? userPrincipalName`: the first that says something; two at least.
    case fallback([TextExpression])
    case lower(TextExpression)
    case upper(TextExpression)
    /// Without blanks around it.
    case trim(TextExpression)
    /// `replace(name, '_', ' ')`: every occurrence, letter case counts. What is looked for is not empty.
    case replace(TextExpression, String, with: String)
    /// `part(mail, '@', 2)`: what stands between separators, counted from 1; nothing where there are fewer.
    case part(TextExpression, separator: String, number: Int)
}

/// An expression that is true or false. Texts are compared without regard to letter case and to the form in which accents are written.
public indirect enum Condition: Sendable, Hashable {
    public enum Comparison: String, Sendable, Hashable, CaseIterable {
        case equal = "="
        case notEqual = "!="
        case startsWith = "startswith"
        case endsWith = "endswith"
        case contains
    }

    case compare(TextExpression, Comparison, TextExpression)
    /// `department in ('Sales', 'Support')`; at least one.
    case isIn(TextExpression, [TextExpression])
    /// `manager present`: the source says something.
    case present(TextExpression)
    case not(Condition)
    /// `a and b`; two at least.
    case all([Condition])
    /// `a or b`; two at least.
    case any([Condition])
}

extension Expression {
    /// The names of the attributes in it, as they are written, each once.
    public var attributes: Set<String> {
        var names: Set<String> = []
        _ = renamed { name in
            names.insert(name)
            return name
        }
        return names
    }

    /// With other names for the attributes.
    public func renamed(_ name: (String) -> String) -> Expression {
        switch self {
        case .text(let text): .text(text.renamed(name))
        case .condition(let condition): .condition(condition.renamed(name))
        }
    }
}

extension TextExpression {
    func renamed(_ name: (String) -> String) -> TextExpression {
        switch self {
        case .literal: self
        case .template(let pieces):
            .template(
                pieces.map { piece in
                    if case .value(let value) = piece { .value(value.renamed(name)) } else { piece }
                })
        case .attribute(let attribute): .attribute(name(attribute))
        case .fallback(let choices): .fallback(choices.map { $0.renamed(name) })
        case .lower(let text): .lower(text.renamed(name))
        case .upper(let text): .upper(text.renamed(name))
        case .trim(let text): .trim(text.renamed(name))
        case .replace(let text, let old, let new): .replace(text.renamed(name), old, with: new)
        case .part(let text, let separator, let number): .part(text.renamed(name), separator: separator, number: number)
        }
    }
}

extension Condition {
    func renamed(_ name: (String) -> String) -> Condition {
        switch self {
        case .compare(let left, let comparison, let right): .compare(left.renamed(name), comparison, right.renamed(name))
        case .isIn(let text, let list): .isIn(text.renamed(name), list.map { $0.renamed(name) })
        case .present(let text): .present(text.renamed(name))
        case .not(let condition): .not(condition.renamed(name))
        case .all(let conditions): .all(conditions.map { $0.renamed(name) })
        case .any(let conditions): .any(conditions.map { $0.renamed(name) })
        }
    }
}
