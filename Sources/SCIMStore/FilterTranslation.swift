import MusterStore
import SCIM

/// Makes SQL of a filter, piece by piece: what cannot be said is left out, and then the piece is no longer exact.
///
/// `not` is carried down to the comparisons, and every comparison is written so that it is true exactly where it should be: a comparison
/// with NULL is neither true nor false, which `and` and `or` take for false, but `NOT` would not.
struct FilterTranslation {
    struct Term {
        var condition: FilterSQL.Condition
        var isExact: Bool
        /// The order of the index that this condition is found by; nil where it finds few, or has no index.
        var order: SearchOrder?
        /// Found by an index, and few.
        var isLookUp = false
    }

    let type: ResourceType
    var arguments: [SQLValue] = []
    /// How many comparisons there are.
    var leaves = 0
    /// How many of them ask an index for one value.
    var lookUps = 0

    /// SQLite's parser has a stack of a hundred.
    private static let deepest = 12
    /// SQLite refuses patterns of 50,000 bytes and more.
    private static let longestPattern = 10_000

    init(type: ResourceType) { self.type = type }

    /// - Returns: nil where nothing can be said.
    mutating func term(_ filter: Filter, isNegated: Bool, depth: Int) -> Term? {
        guard depth < Self.deepest else { return nil }
        let before = arguments.count
        let term: Term?
        switch filter {
        case .not(let inner): term = self.term(inner, isNegated: !isNegated, depth: depth)
        case .and, .or:
            var isConjunction = false
            if case .and = filter { isConjunction = true }
            let parts = Self.chain(filter)
            term =
                isConjunction != isNegated
                ? conjunction(parts, isNegated: isNegated, depth: depth) : disjunction(parts, isNegated: isNegated, depth: depth)
        case .compare(let path, let comparison, let literal):
            leaves += 1
            term = compare(path, comparison, literal, isNegated: isNegated)
        case .present(let path):
            leaves += 1
            term = present(path, isNegated: isNegated)
        case .element(let path, let inner):
            leaves += 1
            term = element(path, inner, isNegated: isNegated)
        }
        if case .sql = term?.condition {} else { arguments.removeLast(arguments.count - before) }
        return term
    }

    /// The parts of `a and b and c`, or of `a or b or c`, however they are put together.
    private static func chain(_ filter: Filter) -> [Filter] {
        var parts: [Filter] = []
        var waiting = [filter]
        while let next = waiting.popLast() {
            switch (next, filter) {
            case (.and(let left, let right), .and), (.or(let left, let right), .or): waiting += [right, left]
            default: parts.append(next)
            }
        }
        return parts
    }

    private mutating func conjunction(_ parts: [Filter], isNegated: Bool, depth: Int) -> Term? {
        var texts: [String] = []
        var isExact = true
        var order: SearchOrder?
        var isLookUp = false
        var isKnown = false
        for part in parts {
            guard let term = term(part, isNegated: isNegated, depth: depth + 1) else {
                isExact = false
                continue
            }
            isKnown = true
            isExact = isExact && term.isExact
            switch term.condition {
            case .always: break
            case .never: return Term(condition: .never, isExact: true)
            case .sql(let text): texts.append(text)
            }
            isLookUp = isLookUp || term.isLookUp
            order = order ?? term.order
        }
        guard isKnown else { return nil }
        return Term(
            condition: texts.isEmpty ? .always : .sql(texts.count == 1 ? texts[0] : "(" + texts.joined(separator: " AND ") + ")"),
            isExact: isExact, order: isLookUp ? nil : order, isLookUp: isLookUp)
    }

    private mutating func disjunction(_ parts: [Filter], isNegated: Bool, depth: Int) -> Term? {
        var texts: [String] = []
        var isExact = true
        var isLookUp = true
        for part in parts {
            guard let term = term(part, isNegated: isNegated, depth: depth + 1) else { return nil }
            isExact = isExact && term.isExact
            switch term.condition {
            case .always: return Term(condition: .always, isExact: term.isExact)
            case .never: break
            case .sql(let text): texts.append(text)
            }
            isLookUp = isLookUp && term.isLookUp
        }
        guard !texts.isEmpty else { return Term(condition: .never, isExact: true) }
        return Term(
            condition: .sql(texts.count == 1 ? texts[0] : "(" + texts.joined(separator: " OR ") + ")"), isExact: isExact,
            isLookUp: isLookUp)
    }

    // MARK: - Comparisons

    private mutating func compare(
        _ path: AttributePath, _ comparison: FilterOperator, _ literal: FilterLiteral, isNegated: Bool
    ) -> Term? {
        // `eq null` is absence, `ne null` presence.
        if literal == .null { return present(path, isNegated: (comparison == .eq) != isNegated) }
        guard let resolved = type.resolve(path) else { return constant((comparison == .ne) != isNegated) }
        guard let target = FilterTarget(resolved, type) else { return nil }
        switch (target, literal) {
        case (.text(let column), .string(let text)): return compare(column, comparison, text, isNegated: isNegated)
        case (.date(let order), .string(let text)):
            guard let column = order.column, let date = ResourceDate.parse(text) else { return nil }
            return compare(date: column, order, comparison, date, isNegated: isNegated)
        case (.active, .bool(let value)):
            // Three values: true, false, and nothing said.
            switch (comparison, isNegated) {
            case (.eq, false), (.ne, true): return exact("r.active_said = \(value ? 1 : 0)")
            case (.ne, false), (.eq, true): return exact("r.active_said <> \(value ? 1 : 0)")
            default: return nil
            }
        case (.typeName, .string(let text)):
            guard comparison == .eq || comparison == .ne else { return nil }
            let isSame = ExactText.areEqual(text, type.name)
            return constant(isSame == ((comparison == .eq) != isNegated))
        case (.values(let attribute), .string(let text)): return compare(attribute, comparison, text, isNegated: isNegated)
        case (.members, .string(let text)) where comparison == .eq: return membership(Self.groupsWith, text, isNegated: isNegated)
        case (.groups, .string(let text)) where comparison == .eq: return membership(Self.membersOf, text, isNegated: isNegated)
        default: return nil
        }
    }

    private mutating func compare(
        _ column: FilterTarget.Column, _ comparison: FilterOperator, _ text: String, isNegated: Bool
    ) -> Term? {
        let name = column.name
        let value = column.isFolded ? foldedKey(text) : text
        let isNullable = column.isOptional
        func unless(_ condition: String) -> String { isNullable ? "(\(name) IS NULL OR \(condition))" : condition }
        switch (comparison, isNegated) {
        case (.eq, false), (.ne, true):
            lookUps += 1
            return Term(condition: .sql("\(name) = \(bind(.text(value)))"), isExact: true, isLookUp: true)
        case (.ne, false), (.eq, true): return exact(unless("\(name) <> \(bind(.text(value)))"))
        case (.gt, _), (.ge, _), (.lt, _), (.le, _):
            let sign = Self.sign(comparison, isNegated: isNegated)
            let condition = "\(name) \(sign) \(bind(.text(value)))"
            return exact(isNegated ? unless(condition) : condition, column.order)
        case (.sw, false):
            guard !value.isEmpty else { return exact("\(name) IS NOT NULL") }
            return exact(range(name, value), column.order)
        case (.sw, true):
            guard let range = reverseRange(name, value) else { return nil }
            return exact(isNullable ? "(\(name) IS NULL OR \(range))" : range)
        case (.co, _), (.ew, _):
            let pattern = "%" + Self.escaped(value) + (comparison == .co ? "%" : "")
            guard pattern.utf8.count <= Self.longestPattern else { return nil }
            // SQLite's LIKE takes capitals of ASCII for small ones: what is not folded matches too much.
            guard column.isFolded || !isNegated else { return nil }
            let condition = "\(name) \(isNegated ? "NOT " : "")LIKE \(bind(.text(pattern))) ESCAPE '\\'"
            return Term(
                condition: .sql(isNegated ? unless(condition) : condition), isExact: column.isFolded, order: isNegated ? nil : column.order)
        }
    }

    private mutating func compare(
        date column: String, _ order: SearchOrder, _ comparison: FilterOperator, _ date: Int, isNegated: Bool
    ) -> Term? {
        switch (comparison, isNegated) {
        case (.eq, false), (.ne, true): return exact("\(column) = \(bind(.int(date)))", order)
        case (.ne, false), (.eq, true): return exact("\(column) <> \(bind(.int(date)))")
        case (.gt, _), (.ge, _), (.lt, _), (.le, _):
            return exact("\(column) \(Self.sign(comparison, isNegated: isNegated)) \(bind(.int(date)))", order)
        case (.co, _), (.sw, _), (.ew, _): return nil
        }
    }

    /// Any element has such a value.
    private mutating func compare(
        _ attribute: IndexedValues.Attribute, _ comparison: FilterOperator, _ text: String, isNegated: Bool
    ) -> Term? {
        let value = attribute.isCaseExact ? text : foldedKey(text)
        let condition: String
        var isExact = true
        switch comparison {
        case .eq:
            if !isNegated { lookUps += 1 }
            condition = "v.value_folded = \(bind(.text(value)))"
        case .gt, .ge, .lt, .le: condition = "v.value_folded \(Self.sign(comparison, isNegated: false)) \(bind(.text(value)))"
        case .sw:
            guard !value.isEmpty else { return nil }
            condition = range("v.value_folded", value)
        case .co, .ew:
            let pattern = "%" + Self.escaped(value) + (comparison == .co ? "%" : "")
            guard pattern.utf8.count <= Self.longestPattern else { return nil }
            condition = "v.value_folded LIKE \(bind(.text(pattern))) ESCAPE '\\'"
            isExact = !attribute.isCaseExact
        case .ne: return nil
        }
        guard isExact || !isNegated else { return nil }
        let found =
            "(SELECT v.resource_id FROM scim_values v WHERE v.tenant = $1 AND v.attribute = '\(attribute.name)' AND \(condition))"
        return Term(
            condition: .sql("r.id \(isNegated ? "NOT " : "")IN \(found)"), isExact: isExact, isLookUp: comparison == .eq && !isNegated)
    }

    private static let groupsWith =
        ("SELECT m.group_id FROM scim_members m JOIN scim_resources o ON o.tenant = m.tenant AND o.id = m.member_id AND o.hidden = 0 "
            + "WHERE m.tenant = $1 AND m.member_id = ")
    private static let membersOf =
        ("SELECT m.member_id FROM scim_members m JOIN scim_resources o ON o.tenant = m.tenant AND o.id = m.group_id AND o.hidden = 0 "
            + "WHERE m.tenant = $1 AND m.group_id = ")

    private mutating func membership(_ query: String, _ id: String, isNegated: Bool) -> Term {
        if !isNegated { lookUps += 1 }
        return Term(
            condition: .sql("r.id \(isNegated ? "NOT " : "")IN (\(query)\(bind(.text(id))))"), isExact: true, isLookUp: !isNegated)
    }

    private mutating func present(_ path: AttributePath, isNegated: Bool) -> Term? {
        guard let resolved = type.resolve(path) else { return constant(isNegated) }
        guard let target = FilterTarget(resolved, type) else { return nil }
        switch target {
        case .text(let column):
            guard column.isOptional else { return constant(!isNegated) }
            return exact(isNegated ? "(\(column.name) IS NULL OR \(column.name) = '')" : "\(column.name) <> ''")
        case .namePart(let column): return exact(isNegated ? "(\(column) IS NULL OR \(column) = '')" : "\(column) <> ''")
        case .date, .typeName: return constant(!isNegated)
        case .active: return exact("r.active_said \(isNegated ? "=" : "<>") \(ResourceColumns.activeUnsaid)")
        case .values, .members, .groups: return nil
        }
    }

    /// Of one element: what one of the values in the index has, where the filter in the brackets demands that.
    private mutating func element(_ path: AttributePath, _ inner: Filter, isNegated: Bool) -> Term? {
        if type.resolve(path) == nil { return constant(isNegated) }
        let parts = Self.conjuncts(inner)
        guard !isNegated || parts.count == 1 else { return nil }
        for part in parts {
            guard case .compare(let name, let comparison, let literal) = part, name.schema == nil, name.subAttribute == nil,
                let subAttribute = name.attribute, path.subAttribute == nil
            else { continue }
            let whole = AttributePath(schema: path.schema, path.attribute, subAttribute)
            guard let resolved = type.resolve(whole), resolved.attribute?.isMultiValued == true,
                var term = compare(whole, comparison, literal, isNegated: isNegated)
            else { continue }
            // Another element may have what the rest of the brackets asks for.
            term.isExact = term.isExact && parts.count == 1
            return term
        }
        return nil
    }

    private static func conjuncts(_ filter: Filter) -> [Filter] {
        if case .and = filter { chain(filter) } else { [filter] }
    }

    // MARK: - Pieces

    private func exact(_ sql: String, _ order: SearchOrder? = nil) -> Term {
        Term(condition: .sql(sql), isExact: true, order: order)
    }

    /// What a type does not have is unassigned, so that nothing has to be asked.
    private func constant(_ value: Bool) -> Term { Term(condition: value ? .always : .never, isExact: true) }

    private mutating func bind(_ value: SQLValue) -> String {
        arguments.append(value)
        return "$\(arguments.count + FilterSQL.first - 1)"
    }

    private static func sign(_ comparison: FilterOperator, isNegated: Bool) -> String {
        switch comparison {
        case .gt: isNegated ? "<=" : ">"
        case .ge: isNegated ? "<" : ">="
        case .lt: isNegated ? ">=" : "<"
        default: isNegated ? ">" : "<="
        }
    }

    /// Everything that begins with a text, as an index sees it: from the text up to the next one that does not.
    private mutating func range(_ column: String, _ prefix: String) -> String {
        let lower = "\(column) >= \(bind(.text(prefix)))"
        guard let end = Self.successor(prefix) else { return lower }
        return "(\(lower) AND \(column) < \(bind(.text(end))))"
    }

    private mutating func reverseRange(_ column: String, _ prefix: String) -> String? {
        guard !prefix.isEmpty else { return nil }
        let lower = "\(column) < \(bind(.text(prefix)))"
        guard let end = Self.successor(prefix) else { return lower }
        return "(\(lower) OR \(column) >= \(bind(.text(end))))"
    }

    /// The first text, bytewise, behind all that begin with this one; nil where there is none.
    static func successor(_ text: String) -> String? {
        var scalars = Array(text.unicodeScalars)
        while let last = scalars.popLast() {
            guard last.value < 0x10FFFF else { continue }
            // Behind the last scalar before the surrogates comes the first one after them.
            scalars.append(Unicode.Scalar(last.value + 1) ?? "\u{E000}")
            var result = String.UnicodeScalarView()
            result.append(contentsOf: scalars)
            return String(result)
        }
        return nil
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "%" || scalar == "_" || scalar == "\\" { result.unicodeScalars.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}
