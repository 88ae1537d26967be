/// What is worked out once for a resource type, and asked for with every resource.
struct TypeTraits: Sendable, Hashable {
    /// Whether its resources have members that lie beside them: complex values, each with the id of a resource.
    let hasMembers: Bool
    /// Whether they show the groups that they are in.
    let hasGroups: Bool
    /// Whether it has a value that is returned only where it is asked for.
    let hasRequested: Bool
    /// Of the core schema and of each extension, which attributes may keep a value that a PUT does not send.
    let keeping: [[Int]]

    init(_ schema: SchemaDocument, _ extensions: [ResourceType.Extension]) {
        let lists = [schema.attributes] + extensions.map(\.schema.attributes)
        hasMembers = schema.attributes.contains { attribute in
            attribute.isMultiValued && attribute.kind == .complex && attribute.name == ResourceType.membersAttribute
                && attribute.subAttribute("value") != nil
        }
        hasGroups = schema.attribute("groups") != nil
        hasRequested = lists.joined().contains { attribute in
            ([attribute] + attribute.subAttributes).contains { $0.returned == .request }
        }
        keeping = lists.map { attributes in
            attributes.indices.filter { index in
                let attribute = attributes[index]
                return ([attribute] + attribute.subAttributes).contains { $0.mutability == .readOnly || $0.mutability == .immutable }
                    || attribute.isKeptUnlessSent
            }
        }
    }
}

extension SchemaAttribute {
    /// Whether a PUT that does not mention it leaves it as it is: who sends no `active` disables nobody.
    var isKeptUnlessSent: Bool { kind == .boolean && !isMultiValued && name == "active" }
}
