import SCIM

/// SplitMix64: the same seed gives the same throws on every machine.
struct FilterDice {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
    mutating func one<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}

extension FilterDice {
    mutating func path() -> AttributePath {
        let names = ["userName", "name", "x", "a-b_9", "and", "or", "not", "pr", "eq", "true", "null", "emails"]
        let schemas = [UserResource.enterpriseSchema, UserResource.schema, "urn:example:un.known:1.0:Thing", "http://example.com/a"]
        return AttributePath(
            schema: chance(25) ? one(of: schemas) : nil, one(of: names), chance(30) ? one(of: ["value", "$ref", "type", "not"]) : nil)
    }

    mutating func literal() -> FilterLiteral {
        switch below(4) {
        case 0: return .null
        case 1: return .bool(chance(50))
        case 2: return .number(JSONNumber(literal: one(of: ["0", "-1", "12.50", "1e5", "-0.5E-3", "9007199254740993"])))
        default:
            let parts = ["a", "\"", "\\", "\n", "\u{1}", "é", "e\u{301}", "😀", " and ", "]", ")", "/", "\u{7F}", ""]
            return .string((0..<below(5)).map { _ in one(of: parts) }.joined())
        }
    }

    /// A filter of at most this depth.
    mutating func filter(depth: Int, inBrackets: Bool = false) -> Filter {
        let kind = depth == 0 ? below(2) : below(inBrackets ? 5 : 6)
        let name = inBrackets ? AttributePath(one(of: ["value", "type", "$ref", "and"])) : path()
        switch kind {
        case 0: return .present(name)
        case 1: return .compare(name, one(of: FilterOperator.allCases), literal())
        case 2: return .and(filter(depth: depth - 1, inBrackets: inBrackets), filter(depth: depth - 1, inBrackets: inBrackets))
        case 3: return .or(filter(depth: depth - 1, inBrackets: inBrackets), filter(depth: depth - 1, inBrackets: inBrackets))
        case 4: return .not(filter(depth: depth - 1, inBrackets: inBrackets))
        default: return .element(AttributePath(schema: name.schema, name.attribute), filter(depth: depth - 1, inBrackets: true))
        }
    }
}

/// An object written as a literal.
func filterObject(_ value: JSONValue) -> JSONObject { value.object ?? JSONObject() }
