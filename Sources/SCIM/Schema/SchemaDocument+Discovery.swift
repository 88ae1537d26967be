extension SchemaDocument {
    /// The schemas of discovery itself (RFC 7643, section 8.7.2; for `pagination` RFC 9865, section 4).
    public static let discovery = [serviceProviderConfig, resourceType, schema]

    static let serviceProviderConfigURN = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
    static let resourceTypeURN = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
    static let schemaURN = "urn:ietf:params:scim:schemas:core:2.0:Schema"

    private static let serviceProviderConfig = SchemaDocument(
        id: serviceProviderConfigURN, name: "ServiceProviderConfig", description: "What the service provider can do.",
        attributes: [
            text("documentationUri", "Where the documentation is.", .reference, referenceTypes: ["external"]),
            complex("patch", "PATCH.", [supported]),
            complex(
                "bulk", "Bulk operations.",
                [
                    supported,
                    text("maxOperations", "The most operations of a request.", .integer, isRequired: true),
                    text("maxPayloadSize", "The most bytes of a request.", .integer, isRequired: true),
                ]),
            complex(
                "filter", "Filters.", [supported, text("maxResults", "The most resources of an answer.", .integer, isRequired: true)]),
            complex("changePassword", "Changing passwords.", [supported]),
            complex("sort", "Sorting.", [supported]),
            complex("etag", "Versions of resources.", [supported]),
            complex(
                "pagination", "Paging.",
                [
                    text("cursor", "Whether pages may be asked for by cursor.", .boolean, isRequired: true),
                    text("index", "Whether pages may be asked for by index.", .boolean, isRequired: true),
                    text("defaultPaginationMethod", "How an answer is paged where nobody says.", canonicalValues: ["cursor", "index"]),
                    text("defaultPageSize", "Resources of a page where nobody says.", .integer),
                    text("maxPageSize", "The most resources of a page.", .integer),
                    text("cursorTimeout", "For how many seconds a cursor is good at least.", .integer),
                ], isRequired: false),
            complex(
                "authenticationSchemes", "How clients may authenticate.",
                [
                    text(
                        "type", "The scheme.", isRequired: true,
                        canonicalValues: ["oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"]),
                    text("name", "Its name.", isRequired: true),
                    text("description", "What it is.", isRequired: true),
                    text("specUri", "Where it is specified.", .reference, referenceTypes: ["external"]),
                    text("documentationUri", "How to use it.", .reference, referenceTypes: ["external"]),
                    text("primary", "Whether it is the preferred one.", .boolean),
                ], isMultiValued: true),
        ])

    private static let resourceType = SchemaDocument(
        id: resourceTypeURN, name: "ResourceType", description: "A kind of resource.",
        attributes: [
            text("id", "The identifier of the type, its name."),
            text("name", "The name of the type.", isRequired: true),
            text("description", "What the resources are."),
            text("endpoint", "The address of the resources, relative to the base.", .reference, isRequired: true, referenceTypes: ["uri"]),
            text("schema", "The URN of the schema.", .reference, isRequired: true, referenceTypes: ["uri"]),
            complex(
                "schemaExtensions", "The extensions of the schema.",
                [
                    text("schema", "The URN of the extension.", .reference, isRequired: true, referenceTypes: ["uri"]),
                    text("required", "Whether each resource must have the extension.", .boolean, isRequired: true),
                ], isMultiValued: true, isRequired: false),
        ])

    private static let schema = SchemaDocument(
        id: schemaURN, name: "Schema", description: "The definition of a schema.",
        attributes: [
            text("id", "The URN of the schema.", isRequired: true),
            text("name", "The name of the schema."),
            text("description", "What the schema is for."),
            complex(
                "attributes", "The attributes of the schema.",
                definition + [
                    complex("subAttributes", "The parts of a complex attribute.", definition, isMultiValued: true, isRequired: false)
                ],
                isMultiValued: true),
        ])

    private static let definition: [SchemaAttribute] = [
        text("name", "The attribute's name.", isRequired: true),
        text(
            "type", "The attribute's type.", isRequired: true,
            canonicalValues: ["string", "complex", "boolean", "decimal", "integer", "dateTime", "reference", "binary"]),
        text("multiValued", "Whether it is a list.", .boolean, isRequired: true),
        text("description", "What it is."),
        text("required", "Whether a resource must have it.", .boolean),
        SchemaAttribute(
            "canonicalValues", isMultiValued: true, description: "Values to choose from.", isCaseExact: true, mutability: .readOnly),
        text("caseExact", "Whether letter case counts.", .boolean),
        text(
            "mutability", "Who may change it when.", canonicalValues: ["readOnly", "readWrite", "immutable", "writeOnly"]),
        text("returned", "When it is returned.", canonicalValues: ["always", "never", "default", "request"]),
        text("uniqueness", "Among what its value is unique.", canonicalValues: ["none", "server", "global"]),
        SchemaAttribute(
            "referenceTypes", isMultiValued: true, description: "What a reference may point to.", isCaseExact: true,
            mutability: .readOnly),
    ]

    private static let supported = text("supported", "Whether it can be used.", .boolean, isRequired: true)

    private static func text(
        _ name: String, _ description: String, _ kind: SchemaAttribute.Kind = .string, isRequired: Bool = false,
        canonicalValues: [String] = [], referenceTypes: [String] = []
    ) -> SchemaAttribute {
        SchemaAttribute(
            name, kind, description: description, isRequired: isRequired, canonicalValues: canonicalValues,
            isCaseExact: kind == .string || kind == .reference, mutability: .readOnly, referenceTypes: referenceTypes)
    }

    private static func complex(
        _ name: String, _ description: String, _ subAttributes: [SchemaAttribute], isMultiValued: Bool = false, isRequired: Bool = true
    ) -> SchemaAttribute {
        SchemaAttribute(
            name, .complex, isMultiValued: isMultiValued, description: description, isRequired: isRequired, mutability: .readOnly,
            subAttributes: subAttributes)
    }
}
