/// `"True"` and `"False"`, in any letter case, where the schema has a Boolean: Entra in PATCH and filters, OneLogin's templates in bodies.
public struct StringBooleans: Quirk {
    public let name = "string-booleans"

    public init() {}

    public func applies(to client: QuirkClient) -> Bool { true }

    public func rewrite(value: inout JSONValue, of attribute: SchemaAttribute, as role: ValueRole) {
        guard attribute.kind == .boolean else { return }
        switch value {
        case .string(let text): if let bool = Self.bool(text) { value = .bool(bool) }
        case .array(let elements): value = .array(elements.map { $0.text.flatMap(Self.bool).map { .bool($0) } ?? $0 })
        case .null, .bool, .number, .object: break
        }
    }

    public func rewrite(literal: inout FilterLiteral, of attribute: SchemaAttribute) {
        guard attribute.kind == .boolean, case .string(let text) = literal, let bool = Self.bool(text) else { return }
        literal = .bool(bool)
    }

    private static func bool(_ text: String) -> Bool? {
        AttributeName.areEqual(text, "true") ? true : AttributeName.areEqual(text, "false") ? false : nil
    }
}
