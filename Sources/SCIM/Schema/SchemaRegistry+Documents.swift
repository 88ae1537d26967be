extension SchemaRegistry {
    /// The registry with further types and extensions, from Schema and ResourceType documents (RFC 7643, sections 6 and 7) in any order; the
    /// lists that `/Schemas` and `/ResourceTypes` answer with are taken, too. A ResourceType of a name that there is already adds its
    /// extensions to it and changes nothing else.
    ///
    /// - Throws: 400 `invalidValue` naming the document: for what is neither, for a schema that there is already with other attributes, for
    ///   a name or endpoint that is taken, and for a schema that no type has.
    public func adding(_ documents: [JSONValue]) throws -> SchemaRegistry {
        let documents = documents.flatMap { $0.object?.value(ofAttribute: "Resources")?.array ?? [$0] }
        guard documents.count <= Self.mostDocuments else {
            throw SCIMError.invalidValue("There are more than \(Self.mostDocuments) schemas and resource types.")
        }
        let known = types.flatMap { [$0.schema] + $0.extensions.map(\.schema) }
        var added: [SchemaDocument] = []
        for document in documents where try !Self.isResourceType(document) {
            // Those of discovery nest deeper than others may, and nobody can change them.
            if let id = document.object?.value(ofAttribute: "id")?.text,
                SchemaDocument.discovery.contains(where: { AttributeName.areEqual($0.id, id) })
            {
                continue
            }
            let schema = try SchemaDocument(document)
            if let other = (known + added).first(where: { AttributeName.areEqual($0.id, schema.id) }) {
                guard other.hasSameAttributes(as: schema) else {
                    throw SCIMError.invalidValue("The schema \(schema.id) is there already, with other attributes: give it another id.")
                }
                continue
            }
            added.append(schema)
        }
        var registry = self
        let available = known + added
        for document in documents where try Self.isResourceType(document) {
            try registry.add(ResourceType(document, schemas: available))
        }
        for schema in added where !registry.types.contains(where: { $0.urns.contains(schema.id) }) {
            throw SCIMError.invalidValue(
                "No resource type has the schema \(schema.id): give a ResourceType document that names it, or one of the name User that has "
                    + "it among its schemaExtensions.")
        }
        return registry
    }

    private static let mostDocuments = 200
    /// What else stands below the base.
    private static let reservedEndpoints = ["/Me", "/Bulk", "/Schemas", "/ResourceTypes", "/ServiceProviderConfig"]

    private mutating func add(_ type: ResourceType) throws {
        guard let index = types.firstIndex(where: { AttributeName.areEqual($0.name, type.name) }) else {
            let taken = types.map(\.endpoint) + Self.reservedEndpoints
            if taken.contains(where: { AttributeName.areEqual($0, type.endpoint) }) {
                throw SCIMError.invalidValue("The endpoint \(type.endpoint) of the resource type \(type.name) is taken.")
            }
            if let members = type.schema.attribute(ResourceType.membersAttribute), !type.hasMembers {
                throw SCIMError.invalidValue(
                    "\(type.schema.id): \(members.name) is not what a group's members are, a list of complex values with a value: give it "
                        + "another name.")
            }
            return types.append(type)
        }
        let old = types[index]
        guard old.endpoint == type.endpoint, old.schema.id == type.schema.id else {
            throw SCIMError.invalidValue(
                "The resource type \(old.name) has the endpoint \(old.endpoint) and the schema \(old.schema.id); only extensions can be added."
            )
        }
        for ext in type.extensions where !old.extensions.contains(where: { $0.schema.id == ext.schema.id }) {
            types[index].extensions.append(ext)
        }
    }

    /// - Throws: Where it is no schema either.
    private static func isResourceType(_ document: JSONValue) throws -> Bool {
        guard let object = document.object else { throw SCIMError.invalidValue("A schema or resource type is a JSON object.") }
        for urn in (object.value(ofAttribute: "schemas")?.array ?? []).compactMap(\.text) {
            if AttributeName.areEqual(urn, SchemaDocument.resourceTypeURN) { return true }
            if AttributeName.areEqual(urn, SchemaDocument.schemaURN) { return false }
        }
        if object.value(ofAttribute: "endpoint") != nil { return true }
        if object.value(ofAttribute: "attributes") != nil { return false }
        throw SCIMError.invalidValue("A document is neither a Schema nor a ResourceType: say which in its schemas.")
    }
}

extension SchemaDocument {
    /// Whether it says the same of the same attributes, descriptions and common attributes apart.
    fileprivate func hasSameAttributes(as other: SchemaDocument) -> Bool {
        func bare(_ attributes: [SchemaAttribute]) -> [SchemaAttribute] {
            attributes.map {
                SchemaAttribute(
                    $0.name, $0.kind, isMultiValued: $0.isMultiValued, isRequired: $0.isRequired, canonicalValues: $0.canonicalValues,
                    isCaseExact: $0.isCaseExact, mutability: $0.mutability, returned: $0.returned, uniqueness: $0.uniqueness,
                    referenceTypes: $0.referenceTypes, subAttributes: bare($0.subAttributes))
            }
            .sorted { $0.name < $1.name }
        }
        return bare(attributes.filter { !$0.isCommon }) == bare(other.attributes.filter { !$0.isCommon })
    }
}
