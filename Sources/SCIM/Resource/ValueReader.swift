/// Turns what a client sent for an attribute into what is stored (RFC 7643, sections 2.2 to 2.5).
public struct ValueReader: Sendable {
    /// The most bytes of a string.
    public static let longestString = 65_536

    private let type: ResourceType

    public init(_ type: ResourceType) { self.type = type }

    /// Checks the value's type and brings it into the form that is stored: sub-attributes spelled as the schema does, without unknown and
    /// readOnly ones and without unassigned values (null, "", [] and {}); of several primary values the last stays so; of several elements
    /// with the same type and value the last counts. Strings, dates and numbers stay as they were sent.
    ///
    /// - Parameters:
    ///   - json: For a multi-valued attribute a list.
    ///   - place: The attribute's name as errors tell it.
    /// - Returns: nil where the value is unassigned, and for an attribute that is never returned: it is checked and forgotten.
    /// - Throws: 400 `invalidValue`, naming the place; `invalidSyntax` for a sub-attribute that occurs twice.
    public func value(_ json: JSONValue, of attribute: SchemaAttribute, at place: String) throws -> JSONValue? {
        let value = try checked(json, of: attribute, at: Place(place))
        return attribute.returned == .never ? nil : value
    }

    /// The value of one element of a multi-valued attribute, or of a single-valued one.
    ///
    /// - Returns: nil where it is unassigned.
    public func element(_ json: JSONValue, of attribute: SchemaAttribute, at place: String) throws -> JSONValue? {
        try single(json, of: attribute, at: Place(place))
    }

    /// With the values that are never returned.
    func checked(_ json: JSONValue, of attribute: SchemaAttribute, at place: Place) throws -> JSONValue? {
        guard attribute.isMultiValued else { return try single(json, of: attribute, at: place) }
        if json.isUnassigned { return nil }
        guard let elements = json.array else { throw place.refused("is a list: send [ ] around the value") }
        var values: [JSONValue] = []
        values.reserveCapacity(elements.count)
        for element in elements {
            guard let value = try single(element, of: attribute, at: place), !Self.saysNothing(value) else { continue }
            values.append(value)
        }
        if values.isEmpty { return nil }
        if values.count > 1 {
            values = ElementList.withoutRepeats(values)
            ElementList.demote(&values)
        }
        return .array(values)
    }

    private func single(_ json: JSONValue, of attribute: SchemaAttribute, at place: Place) throws -> JSONValue? {
        if json.isUnassigned { return nil }
        switch attribute.kind {
        case .complex: return try complex(json, of: attribute, at: place)
        case .boolean:
            guard json.bool != nil else { throw place.refused("is true or false") }
        case .integer:
            guard let number = json.number else { throw place.refused("is a whole number") }
            if number.integer == nil { throw place.refused("is a whole number, and \(number.literal) is not, or is too large") }
        case .decimal:
            guard json.number != nil else { throw place.refused("is a number") }
        case .string, .reference, .binary, .dateTime:
            guard let text = json.text else { throw place.refused("is a string") }
            if text.isEmpty { return nil }
            if text.utf8.count > Self.longestString { throw place.refused("has at most \(Self.longestString) bytes") }
            if attribute.kind == .dateTime, ResourceDate.parse(text) == nil {
                throw place.refused("is a date and time such as 2026-01-02T03:04:05Z")
            }
            if attribute.kind == .binary, !Self.isBase64(text) { throw place.refused("is base64 (RFC 4648, section 4)") }
        }
        return json
    }

    private func complex(_ json: JSONValue, of attribute: SchemaAttribute, at place: Place) throws -> JSONValue? {
        guard let object = json.object else {
            throw place.refused("is an object" + (attribute.isMultiValued ? ", each element of the list" : ""))
        }
        var members: [JSONObject.Member] = []
        members.reserveCapacity(object.members.count)
        // A sub-attribute that is there and unassigned is not among the members, and occurs a second time all the same.
        var seen: UInt64 = 0
        for member in object.members {
            guard let index = attribute.subPosition(member.name) else { continue }
            let sub = attribute.subAttributes[index]
            if index < 64 {
                if seen & 1 << UInt64(index) != 0 { throw place.within(sub.name).repeated }
                seen |= 1 << UInt64(index)
            }
            if sub.mutability == .readOnly { continue }
            guard let value = try checked(member.value, of: sub, at: place.within(sub.name)), sub.returned != .never else { continue }
            members.append(JSONObject.Member(sub.name, value))
        }
        if members.isEmpty { return nil }
        for sub in attribute.subAttributes where sub.isRequired && sub.mutability != .readOnly && sub.returned != .never {
            guard let value = members.first(where: { $0.name == sub.name })?.value else { throw place.within(sub.name).missing }
            if let text = value.text, Self.isBlank(text) { throw place.within(sub.name).missing }
        }
        return .object(JSONObject(members: members))
    }

    /// An element that says what kind it is, and nothing of what: such as is left of `{"type": "work", "value": ""}`.
    private static func saysNothing(_ value: JSONValue) -> Bool {
        guard let object = value.object else { return false }
        return object.members.allSatisfy { $0.name == "type" || $0.name == "primary" }
    }

    static func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(\.properties.isWhitespace) }

    /// Padding may be missing (RFC 7643, section 2.3.6).
    static func isBase64(_ text: String) -> Bool {
        var count = 0
        var padding = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "+"), UInt8(ascii: "/"):
                if padding > 0 { return false }
                count += 1
            case UInt8(ascii: "="): padding += 1
            default: return false
            }
        }
        return count % 4 != 1 && (padding == 0 || padding <= 2 && (count + padding) % 4 == 0)
    }
}

/// Where a value stands, as errors tell it. It is put together only where there is an error.
struct Place {
    /// Of an extension.
    var urn: String?
    var name: String
    var inner: String?

    init(urn: String? = nil, _ name: String, inner: String? = nil) {
        self.urn = urn
        self.name = name
        self.inner = inner
    }

    func within(_ inner: String) -> Place { Place(urn: urn, name, inner: inner) }

    var text: String { (urn.map { $0 + ":" } ?? "") + name + (inner.map { "." + $0 } ?? "") }

    func refused(_ rule: String) -> SCIMError { .invalidValue("\(text) \(rule).") }
    var missing: SCIMError { .invalidValue("\(text) is required and must not be blank: send a value for it.") }
    var repeated: SCIMError { .invalidSyntax("\(text) occurs twice (names are the same in any letter case): send it once.") }
}
