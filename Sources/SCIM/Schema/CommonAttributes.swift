/// What every resource has, whatever its schema (RFC 7643, section 3.1).
public enum CommonAttributes {
    public static let schemas = SchemaAttribute(
        "schemas", .reference, isMultiValued: true, description: "The URNs of the schemas whose attributes the resource has.",
        isRequired: true, isCaseExact: false, returned: .always, referenceTypes: ["uri"])
    public static let id = SchemaAttribute(
        "id", description: "The identifier that the service provider gave the resource.", isCaseExact: true, mutability: .readOnly,
        returned: .always, uniqueness: .server)
    public static let externalID = SchemaAttribute(
        "externalId", description: "The identifier that the client knows the resource by.", isCaseExact: true)
    public static let meta = SchemaAttribute(
        "meta", .complex, description: "What the service provider knows about the resource.", mutability: .readOnly,
        subAttributes: [
            SchemaAttribute("resourceType", isCaseExact: true, mutability: .readOnly),
            SchemaAttribute("created", .dateTime, mutability: .readOnly),
            SchemaAttribute("lastModified", .dateTime, mutability: .readOnly),
            SchemaAttribute("location", .reference, isCaseExact: true, mutability: .readOnly, referenceTypes: ["uri"]),
            SchemaAttribute("version", isCaseExact: true, mutability: .readOnly),
        ])

    public static let all = [schemas, id, externalID, meta]
}
