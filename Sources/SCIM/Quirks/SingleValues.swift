/// One value where the schema has a list (OneLogin's e-mails are one object), and a list of one where it has a single value (Entra's
/// manager).
public struct SingleValues: Quirk {
    public let name = "single-values"

    public init() {}

    public func applies(to client: QuirkClient) -> Bool { true }

    public func rewrite(value: inout JSONValue, of attribute: SchemaAttribute, as role: ValueRole) {
        switch value {
        case .null: break
        case .array(let elements):
            guard !attribute.isMultiValued || role == .element else { break }
            if elements.isEmpty, role != .removed { value = .null }
            // A list in a list stays one, or doing it twice would change more.
            if elements.count == 1, elements[0].array == nil { value = elements[0] }
        case .bool, .number, .string, .object:
            if attribute.isMultiValued, role != .element { value = .array([value]) }
        }
    }
}
