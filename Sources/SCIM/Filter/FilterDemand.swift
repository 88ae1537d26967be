/// What a leaf of a filter asks of an attribute's value.
enum FilterDemand: Sendable {
    case present
    case absent
    case compare(FilterComparison)

    /// `eq null` is absence and `ne null` presence.
    init(_ comparison: FilterOperator, _ literal: FilterLiteral, with attribute: SchemaAttribute, named name: String) throws {
        switch (comparison, literal) {
        case (.eq, .null): self = .absent
        case (.ne, .null): self = .present
        case (_, .null): throw SCIMError.invalidFilter("Filter: null goes with eq and ne only, not with '\(comparison.rawValue)'.")
        default: self = .compare(try FilterComparison(comparison, literal, with: attribute, named: name))
        }
    }

    func holds(_ value: JSONValue?) -> Bool {
        switch self {
        case .present: value.map { !$0.isBlank } ?? false
        case .absent: value.map { $0.isBlank } ?? true
        case .compare(let comparison): comparison.holds(value)
        }
    }
}

extension JSONValue {
    /// Null, "", [] and {}: all of them are unassigned (RFC 7643, section 2.5; "" because identity providers clear with it).
    var isBlank: Bool {
        if case .string(let text) = self { text.isEmpty } else { isUnassigned }
    }
}
