/// `""` is the same as null (Entra and OneLogin clear attributes with it), also as an element of a list and as the `value` of
/// one.
public struct BlankClears: Quirk {
    public let name = "blank-clears"

    public init() {}

    public func applies(to client: QuirkClient) -> Bool { true }

    public func rewrite(value: inout JSONValue, of attribute: SchemaAttribute, as role: ValueRole) {
        if role == .removed { return }
        if Self.isBlank(value) { value = .null }
        guard attribute.isMultiValued, role == .whole, case .array(let elements) = value else { return }
        let hasValue = attribute.kind == .complex && attribute.subAttribute("value") != nil
        func isEmpty(_ element: JSONValue) -> Bool {
            if hasValue, let value = element.object?.value(ofAttribute: "value") { return Self.isBlank(value) }
            return Self.isBlank(element)
        }
        if elements.contains(where: isEmpty) { value = .array(elements.filter { !isEmpty($0) }) }
    }

    static func isBlank(_ value: JSONValue) -> Bool {
        switch value {
        case .null: true
        case .string(let text): text.isEmpty
        case .bool, .number, .array, .object: false
        }
    }
}
