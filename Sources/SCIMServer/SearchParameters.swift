import SCIM

/// What a request asks to find and to see, by the query or by the body of a `.search` (RFC 7644, sections 3.4.2, 3.4.3 and 3.9).
struct SearchParameters: Sendable, Hashable {
    /// As it was sent; checked where it is used, since the error depends on the kind of paging.
    enum Number: Sendable, Hashable {
        case value(Int)
        case malformed
    }

    var filter: String?
    var sortBy: String?
    var sortOrder: String?
    var startIndex: Number?
    var count: Number?
    /// Empty asks for the first page by cursor.
    var cursor: String?
    var attributes: [String] = []
    var excludedAttributes: [String] = []

    static let schema = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"

    /// Beyond it positions and counts are this; nobody has so many resources, and sums of these stay whole numbers.
    private static let most = 1_000_000_000_000

    /// Nothing is asked for.
    init() {}

    // MARK: Queries

    /// Other parameters are passed over. One that is there twice is refused, but lists of names add up (our choice); one without a value
    /// counts as absent, but for the cursor.
    ///
    /// - Throws: 400 `invalidValue`.
    init(query: String) throws {
        var rest = query[...].utf8
        // One after the other: a list of them takes longer than to read them, and most requests have one.
        while !rest.isEmpty {
            let pair = rest.prefix { $0 != UInt8(ascii: "&") }
            rest = rest[pair.endIndex...].dropFirst()
            let cut = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard let name = Name(Substring(pair[..<cut])) else { continue }
            guard let value = PercentText.decode(Substring(pair[cut...].dropFirst()), plusIsBlank: true) else {
                throw SCIMError.invalidValue("The parameter \(name.rawValue) is not percent-encoded UTF-8.")
            }
            if value.isEmpty, name != .cursor { continue }
            switch name {
            case .filter: try Self.set(&filter, value, name)
            case .sortBy: try Self.set(&sortBy, value, name)
            case .sortOrder: try Self.set(&sortOrder, value, name)
            case .startIndex: try Self.set(&startIndex, Self.number(value), name)
            case .count: try Self.set(&count, Self.number(value), name)
            case .cursor: try Self.set(&cursor, value, name)
            case .attributes: attributes += Self.names(value)
            case .excludedAttributes: excludedAttributes += Self.names(value)
            }
        }
    }

    /// Whether a query has a filter that is not empty; nothing else of it is looked at.
    static func hasFilter(_ query: String) -> Bool {
        query.utf8.split(separator: UInt8(ascii: "&")).contains { pair in
            guard let cut = pair.firstIndex(of: UInt8(ascii: "=")), pair.index(after: cut) < pair.endIndex else { return false }
            return AttributeName.areEqual(Name.filter.rawValue, Substring(pair[..<cut]))
        }
    }

    private enum Name: String, CaseIterable {
        case filter, sortBy, sortOrder, startIndex, count, cursor, attributes, excludedAttributes

        private static let all = allCases

        init?(_ text: Substring) {
            guard let name = Self.all.first(where: { AttributeName.areEqual($0.rawValue, text) }) else { return nil }
            self = name
        }
    }

    private static func set<Value>(_ place: inout Value?, _ value: Value, _ name: Name) throws {
        if place != nil { throw SCIMError.invalidValue("The parameter \(name.rawValue) is there twice; send it once.") }
        place = value
    }

    private static func names(_ text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: ",")).map { String(Substring($0).trimmingBlanks) }.filter { !$0.isEmpty }
    }

    private static func number(_ text: String) -> Number {
        var digits = text[...].trimmingBlanks.utf8
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits.removeFirst() }
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return .malformed }
        // What does not fit is too large for anything.
        let value = Int(Substring(digits)) ?? most
        return .value(min(value, most) * (isNegative ? -1 : 1))
    }

    // MARK: Bodies

    /// Reads a SearchRequest message.
    ///
    /// - Throws: 400 `invalidSyntax` for what is none, `invalidValue` for a member of another type.
    init(_ body: JSONValue) throws {
        guard let object = body.object else { throw SCIMError.invalidSyntax("A search request is a JSON object.") }
        let schemas = object.value(ofAttribute: "schemas")?.array ?? []
        guard schemas.contains(where: { $0.text.map { AttributeName.areEqual($0, Self.schema) } ?? false }) else {
            throw SCIMError.invalidSyntax("The schemas of a search request must name \(Self.schema).")
        }
        filter = try Self.text(object, .filter)
        sortBy = try Self.text(object, .sortBy)
        sortOrder = try Self.text(object, .sortOrder)
        startIndex = Self.number(object, .startIndex)
        count = Self.number(object, .count)
        cursor = try Self.text(object, .cursor, emptyIsAbsent: false)
        attributes = try Self.names(object, .attributes)
        excludedAttributes = try Self.names(object, .excludedAttributes)
    }

    private static func text(_ object: JSONObject, _ name: Name, emptyIsAbsent: Bool = true) throws -> String? {
        switch object.value(ofAttribute: name.rawValue) {
        case nil, .null: return nil
        case .string(let text): return text.isEmpty && emptyIsAbsent ? nil : text
        default: throw SCIMError.invalidValue("\(name.rawValue) must be a string.")
        }
    }

    private static func number(_ object: JSONObject, _ name: Name) -> Number? {
        switch object.value(ofAttribute: name.rawValue) {
        case nil, .null: nil
        case .number(let number): number.integer.map { .value(max(-most, min($0, most))) } ?? .malformed
        default: .malformed
        }
    }

    private static func names(_ object: JSONObject, _ name: Name) throws -> [String] {
        switch object.value(ofAttribute: name.rawValue) {
        case nil, .null: return []
        case .string(let text): return names(text)
        case .array(let elements):
            return try elements.map { element in
                guard let text = element.text else { throw SCIMError.invalidValue("\(name.rawValue) must be a list of strings.") }
                return String(text[...].trimmingBlanks)
            }
        default: throw SCIMError.invalidValue("\(name.rawValue) must be a list of strings.")
        }
    }
}
