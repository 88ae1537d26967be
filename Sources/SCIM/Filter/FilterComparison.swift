/// `op literal` for values of one attribute: the literal checked against the attribute's type and prepared.
struct FilterComparison: Sendable {
    private enum Operand: Sendable {
        case text(TextPattern)
        case instant(Int)
        case number(JSONNumber)
        case bool(Bool)
    }

    private let comparison: FilterOperator
    private let operand: Operand

    /// - Parameters:
    ///   - attribute: not a complex one.
    ///   - name: what the client called it.
    /// - Throws: 400 `invalidFilter` where the operator or the literal does not go with the attribute's type (RFC 7644, table 3).
    init(_ comparison: FilterOperator, _ literal: FilterLiteral, with attribute: SchemaAttribute, named name: String) throws {
        self.comparison = comparison
        operand = try Self.operand(literal, of: attribute, named: name, for: comparison)
        let isAllowed =
            switch attribute.kind {
            case .string, .reference: true
            case .binary: ![.gt, .ge, .lt, .le].contains(comparison)
            case .decimal, .integer, .dateTime: ![.co, .sw, .ew].contains(comparison)
            case .boolean, .complex: [.eq, .ne].contains(comparison)
            }
        if !isAllowed {
            throw SCIMError.invalidFilter(
                "Filter: '\(comparison.rawValue)' does not go with '\(name)', which is of the type \(attribute.kind.rawValue).")
        }
    }

    private static func operand(
        _ literal: FilterLiteral, of attribute: SchemaAttribute, named name: String, for comparison: FilterOperator
    ) throws -> Operand {
        switch (attribute.kind, literal) {
        case (.string, .string(let text)), (.reference, .string(let text)), (.binary, .string(let text)):
            let isCaseExact = attribute.isCaseExact || attribute.kind == .binary
            return .text(TextPattern(text, isCaseExact: isCaseExact, isSearchedFor: comparison == .co))
        case (.dateTime, .string(let text)):
            guard let instant = ResourceDate.parse(text) else {
                throw SCIMError.invalidFilter("Filter: '\(name)' is compared with a date such as \"2026-11-24T08:00:00Z\".")
            }
            return .instant(instant)
        case (.decimal, .number(let number)), (.integer, .number(let number)): return .number(number)
        case (.boolean, .bool(let value)): return .bool(value)
        case (let kind, _):
            let expected =
                switch kind {
                case .boolean: "true or false, without quotes"
                case .decimal, .integer: "a number, without quotes"
                case .string, .reference, .binary, .dateTime, .complex: "a string in double quotes"
                }
            throw SCIMError.invalidFilter("Filter: '\(name)' is of the type \(kind.rawValue) and is compared with \(expected).")
        }
    }

    /// - Parameter value: one value; nil where there is none, from which everything differs (`ne`, our choice) and which is nothing else.
    func holds(_ value: JSONValue?) -> Bool {
        switch (operand, value) {
        case (_, .array(let values)): values.isEmpty ? comparison == .ne : values.contains { holds($0) }
        case (.text(let pattern), .string(let text)): pattern.holds(text, comparison)
        case (.instant, .string(let text)): ResourceDate.parse(text).map { holds(instant: $0) } ?? (comparison == .ne)
        case (.number(let operand), .number(let number)):
            if let left = Int(number.literal), let right = Int(operand.literal) {
                compare(left, right)
            } else {
                compare(number.double, operand.double)
            }
        case (.bool(let operand), .bool(let bool)): (bool == operand) == (comparison == .eq)
        default: comparison == .ne
        }
    }

    /// - Parameter instant: in milliseconds since 1970.
    func holds(instant: Int) -> Bool {
        guard case .instant(let operand) = operand else { return comparison == .ne }
        return compare(instant, operand)
    }

    private func compare<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
        switch comparison {
        case .eq: left == right
        case .ne: left != right
        case .gt: left > right
        case .ge: left >= right
        case .lt: left < right
        case .le: left <= right
        case .co, .sw, .ew: false
        }
    }
}
