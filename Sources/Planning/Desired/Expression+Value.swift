import Foundation
import Mimecast

/// What is known of one person: the values of an attribute by its name; none where the source says nothing.
public typealias AttributeValues = (String) -> [String]

extension TextExpression {
    /// The values: none where the source says nothing, several where an attribute has several. Never an empty text.
    public func values(_ attributes: AttributeValues) -> [String] {
        let values: [String]
        switch self {
        case .literal(let text): return [text]
        case .template(let pieces):
            var whole = ""
            for piece in pieces {
                switch piece {
                case .text(let text): whole += text
                case .value(let expression):
                    // A template that lacks a part says nothing: a name with a hole in it is no name.
                    guard let text = expression.text(attributes) else { return [] }
                    whole += text
                }
            }
            values = [whole]
        case .attribute(let name): values = attributes(name)
        case .fallback(let choices):
            for choice in choices {
                let found = choice.values(attributes)
                if !found.isEmpty { return found }
            }
            return []
        case .lower(let text): values = text.values(attributes).map { $0.lowercased() }
        case .upper(let text): values = text.values(attributes).map { $0.uppercased() }
        case .trim(let text): values = text.values(attributes).map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        case .replace(let text, let old, let new):
            values = text.values(attributes).map { $0.replacingOccurrences(of: old, with: new, options: .literal) }
        case .part(let text, let separator, let number):
            values = text.values(attributes).compactMap { value in
                let parts = value.components(separatedBy: separator)
                return parts.indices.contains(number - 1) ? parts[number - 1] : nil
            }
        }
        return values.filter { !$0.isEmpty }
    }

    /// The value as one text: several are separated by `;`. Nil where the source says nothing.
    public func text(_ attributes: AttributeValues) -> String? {
        let values = values(attributes)
        return values.isEmpty ? nil : values.joined(separator: ";")
    }
}

extension Condition {
    /// Whether it holds. Of several values one is enough. About what the source does not say, a comparison is false and `!=` is true.
    public func holds(_ attributes: AttributeValues) -> Bool {
        switch self {
        case .compare(let left, let comparison, let right):
            let (left, right) = (Self.folded(left, attributes), Self.folded(right, attributes))
            return switch comparison {
            case .equal: left.contains { right.contains($0) }
            case .notEqual: !left.contains { right.contains($0) }
            case .startsWith: left.contains { text in right.contains { text.hasPrefix($0) } }
            case .endsWith: left.contains { text in right.contains { text.hasSuffix($0) } }
            case .contains: left.contains { text in right.contains { text.contains($0) } }
            }
        case .isIn(let text, let list):
            let values = Self.folded(text, attributes)
            return !values.isEmpty && list.contains { item in Self.folded(item, attributes).contains { values.contains($0) } }
        case .present(let text): return !text.values(attributes).isEmpty
        case .not(let condition): return !condition.holds(attributes)
        case .all(let conditions): return conditions.allSatisfy { $0.holds(attributes) }
        case .any(let conditions): return conditions.contains { $0.holds(attributes) }
        }
    }

    private static func folded(_ text: TextExpression, _ attributes: AttributeValues) -> [String] {
        text.values(attributes).map(EmailAddress.fold)
    }
}
