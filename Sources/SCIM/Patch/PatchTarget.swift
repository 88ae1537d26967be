/// What a PATCH path means for a resource type.
struct PatchTarget {
    let extensionURN: String?
    /// Nil is the whole schema.
    let attribute: SchemaAttribute?
    let subAttribute: SchemaAttribute?

    /// - Returns: nil where the type has no such attribute.
    init?(_ path: PatchPath, in type: ResourceType) {
        guard let found = type.resolve(path.attribute) else { return nil }
        extensionURN = found.extensionURN
        attribute = found.attribute
        guard let name = path.subAttribute else {
            subAttribute = found.subAttribute
            return
        }
        guard found.subAttribute == nil, let sub = found.attribute?.subAttribute(name) else { return nil }
        subAttribute = sub
    }

    /// Whether its values are kept beside the resource.
    var isMembers: Bool { extensionURN == nil && attribute?.name == ResourceType.membersAttribute }
}
