import SCIM

/// What an attribute is in the database.
enum FilterTarget {
    struct Column {
        let name: String
        let isFolded: Bool
        /// NULL where the resource has none.
        let isOptional: Bool
        /// Of its index.
        let order: SearchOrder?
    }

    case text(Column)
    /// Shown by lists, but not folded: good for nothing but to tell whether there is one.
    case namePart(String)
    case date(SearchOrder)
    case active
    case typeName
    case values(IndexedValues.Attribute)
    case members
    case groups

    /// - Returns: nil where the database knows nothing of it.
    init?(_ path: ResolvedPath, _ type: ResourceType) {
        guard let attribute = path.attribute else { return nil }
        let subAttribute = path.subAttribute?.name
        if type.name == UserResource.resourceType, let known = Self.indexed(path, attribute) {
            self = .values(known)
            return
        }
        guard path.extensionURN == nil else { return nil }
        switch (attribute.name, subAttribute) {
        case ("id", nil): self = .text(Column(name: "r.id", isFolded: false, isOptional: false, order: nil))
        case ("externalId", nil): self = .text(Column(name: "r.external_id", isFolded: false, isOptional: true, order: nil))
        case ("userName", nil) where type.name == UserResource.resourceType && Self.isFolded(attribute):
            self = .text(Column(name: "r.user_name_folded", isFolded: true, isOptional: true, order: .userName))
        case ("displayName", nil) where Self.isFolded(attribute):
            self = .text(Column(name: "r.display_name_folded", isFolded: true, isOptional: true, order: .displayName))
        case ("name", "givenName"?) where !attribute.isMultiValued && attribute.kind == .complex: self = .namePart("r.given_name")
        case ("name", "familyName"?) where !attribute.isMultiValued && attribute.kind == .complex: self = .namePart("r.family_name")
        case ("active", nil) where attribute.kind == .boolean && !attribute.isMultiValued: self = .active
        case ("meta", "created"?): self = .date(.created)
        case ("meta", "lastModified"?): self = .date(.modified)
        case ("meta", "resourceType"?): self = .typeName
        case (ResourceType.membersAttribute, nil), (ResourceType.membersAttribute, "value"?): self = .members
        case ("groups", nil), ("groups", "value"?):
            // As the matcher has it: one that clients write is an attribute like others.
            guard attribute.mutability == .readOnly else { return nil }
            self = .groups
        default: return nil
        }
    }

    private static func isFolded(_ attribute: SchemaAttribute) -> Bool {
        attribute.kind == .string && !attribute.isCaseExact && !attribute.isMultiValued
    }

    /// The name of a complex attribute alone means its `value`.
    private static func indexed(_ path: ResolvedPath, _ attribute: SchemaAttribute) -> IndexedValues.Attribute? {
        IndexedValues.attributes.first { known in
            guard path.extensionURN == known.urn, attribute.name == known.attribute else { return false }
            let leaf = known.subAttribute.flatMap { attribute.subAttribute($0) } ?? attribute
            guard leaf.isCaseExact == known.isCaseExact, leaf.kind == .string || leaf.kind == .reference else { return false }
            return path.subAttribute?.name == known.subAttribute || path.subAttribute == nil
        }
    }
}
