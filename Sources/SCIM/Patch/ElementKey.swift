/// By what one value of a list is known again: by its `value` and `type`; without a `value` by all but `primary`. Letter case counts
/// where the schema says so, and never in `type` (our choice).
struct ElementKey: Hashable {
    private let bytes: [UInt8]

    init(_ element: JSONValue, of attribute: SchemaAttribute) {
        var bytes: [UInt8] = []
        if let object = element.object {
            if let value = object["value"] {
                Self.append(value, isCaseExact: attribute.subAttribute("value")?.isCaseExact ?? true, to: &bytes)
                if let type = object["type"] { Self.append(type, isCaseExact: false, to: &bytes) }
            } else {
                // Sorted, for the order of members says nothing.
                for member in object.members.sorted(by: { $0.name < $1.name }) where member.name != "primary" {
                    Self.append(.string(member.name), isCaseExact: true, to: &bytes)
                    Self.append(member.value, isCaseExact: attribute.subAttribute(member.name)?.isCaseExact ?? true, to: &bytes)
                }
            }
        } else {
            Self.append(element, isCaseExact: attribute.isCaseExact, to: &bytes)
        }
        self.bytes = bytes
    }

    /// By the `value` alone, whatever the type.
    init(valueOf element: JSONValue, of attribute: SchemaAttribute) {
        let value = JSONValue.object(JSONObject([("value", element.object?["value"] ?? .null)]))
        self.init(element.object == nil ? element : value, of: attribute)
    }

    private static func append(_ value: JSONValue, isCaseExact: Bool, to bytes: inout [UInt8]) {
        if case .string(let text) = value, !isCaseExact {
            JSONValue.string(FoldedText.fold(text)).write(into: &bytes)
        } else {
            value.write(into: &bytes)
        }
        bytes.append(0)
    }
}
