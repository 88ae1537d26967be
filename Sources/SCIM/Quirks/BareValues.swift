/// A string where the schema has an object with a `value`: Entra's manager, members and roles as plain strings. And a `$ref` without a
/// `value`, of which the last segment is the value.
public struct BareValues: Quirk {
    public let name = "bare-values"

    public init() {}

    public func applies(to client: QuirkClient) -> Bool { true }

    public func rewrite(value: inout JSONValue, of attribute: SchemaAttribute, as role: ValueRole) {
        guard attribute.kind == .complex, attribute.subAttribute("value") != nil else { return }
        guard case .array(var elements) = value else { return rewrite(&value, attribute) }
        value = .null
        for index in elements.indices { rewrite(&elements[index], attribute) }
        value = .array(elements)
    }

    private func rewrite(_ value: inout JSONValue, _ attribute: SchemaAttribute) {
        switch value {
        case .string(let text): if !text.isEmpty { value = .object(JSONObject([("value", value)])) }
        case .object(var object):
            guard attribute.subAttribute("$ref") != nil, object.value(ofAttribute: "value") == nil,
                let reference = object.value(ofAttribute: "$ref")?.text, let id = reference.utf8.split(separator: UInt8(ascii: "/")).last
            else { return }
            object["value"] = .string(String(Substring(id)))
            value = .object(object)
        case .null, .bool, .number, .array: break
        }
    }
}
