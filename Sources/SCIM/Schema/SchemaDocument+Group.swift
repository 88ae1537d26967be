extension SchemaDocument {
    /// The group of RFC 7643, sections 4.2 and 8.7.1. `displayName` is required, as the text has it; a member's `display` is read from
    /// the member.
    public static let group = SchemaDocument(
        id: GroupResource.schema, name: "Group", description: "Group",
        attributes: [
            SchemaAttribute("displayName", description: "The name of the group.", isRequired: true),
            SchemaAttribute(
                ResourceType.membersAttribute, .complex, isMultiValued: true, description: "The members of the group.",
                subAttributes: [
                    SchemaAttribute("value", description: "The id of the member.", isCaseExact: true, mutability: .immutable),
                    SchemaAttribute(
                        "$ref", .reference, description: "The address of the member.", isCaseExact: true, mutability: .immutable,
                        referenceTypes: ["User", "Group"]),
                    SchemaAttribute(
                        "type", description: "What the member is.", canonicalValues: ["User", "Group"], mutability: .immutable),
                    SchemaAttribute("display", description: "The name of the member.", mutability: .readOnly),
                ]),
        ])
}
