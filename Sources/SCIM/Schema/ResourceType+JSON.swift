extension ResourceType {
    /// The document as `/ResourceTypes` shows it (RFC 7643, section 6).
    ///
    /// - Parameter baseURL: absolute, without a slash at its end.
    public func json(baseURL: String) -> JSONValue {
        [
            "schemas": [.string(SchemaDocument.resourceTypeURN)], "id": .string(name), "name": .string(name),
            "description": .string(description), "endpoint": .string(endpoint), "schema": .string(schema.id),
            "schemaExtensions": .array(
                extensions.map { ["schema": .string($0.schema.id), "required": .bool($0.isRequired)] }),
            "meta": ["resourceType": "ResourceType", "location": .string("\(baseURL)/ResourceTypes/\(name)")],
        ]
    }

    /// Reads a document as `/ResourceTypes` shows it.
    ///
    /// - Parameter schemas: those that it may be made of.
    /// - Throws: 400 `invalidValue` for what is no resource type, and for a schema that there is not.
    init(_ json: JSONValue, schemas: [SchemaDocument]) throws {
        guard let object = json.object, let name = object.value(ofAttribute: "name")?.text ?? object.value(ofAttribute: "id")?.text,
            Self.isWord(name)
        else { throw SCIMError.invalidValue("A resource type has a name of letters, digits, - and _.") }
        guard let endpoint = object.value(ofAttribute: "endpoint")?.text, endpoint.utf8.first == UInt8(ascii: "/"),
            Self.isWord(String(endpoint.dropFirst()))
        else {
            throw SCIMError.invalidValue(
                "The resource type \(name) has an endpoint of a slash and letters, digits, - and _, such as /Devices.")
        }
        func known(_ value: JSONValue?) throws -> SchemaDocument {
            guard let urn = value?.text else {
                throw SCIMError.invalidValue("The resource type \(name) names no schema where one belongs.")
            }
            guard let schema = schemas.first(where: { AttributeName.areEqual($0.id, urn) }) else {
                throw SCIMError.invalidValue("The resource type \(name) is made of the schema \(urn.prefix(200)), which is not given.")
            }
            return schema
        }
        let list = object.value(ofAttribute: "schemaExtensions") ?? .null
        guard list.isUnassigned || list.array != nil else {
            throw SCIMError.invalidValue("schemaExtensions of the resource type \(name) is a list.")
        }
        let core = try known(object.value(ofAttribute: "schema"))
        var extensions: [Extension] = []
        for element in list.array ?? [] {
            let ext = Extension(
                try known(element.object?.value(ofAttribute: "schema")),
                isRequired: element.object?.value(ofAttribute: "required")?.bool ?? false)
            guard !([core] + extensions.map(\.schema)).contains(where: { $0.id == ext.schema.id }) else {
                throw SCIMError.invalidValue("The resource type \(name) has the schema \(ext.schema.id) twice.")
            }
            extensions.append(ext)
        }
        self.init(
            name: name, endpoint: endpoint, description: object.value(ofAttribute: "description")?.text ?? "", schema: core,
            extensions: extensions)
    }

    private static func isWord(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count)
            && text.utf8.allSatisfy { AttributeName.lower($0) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x2D || $0 == 0x5F }
    }
}
