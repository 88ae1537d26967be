extension SchemaDocument {
    /// The document as `/Schemas` shows it (RFC 7643, section 7).
    ///
    /// - Parameter baseURL: absolute, without a slash at its end.
    public func json(baseURL: String) -> JSONValue {
        [
            "schemas": [.string(Self.schemaURN)], "id": .string(id), "name": .string(name), "description": .string(description),
            "attributes": .array(attributes.map(\.json)),
            "meta": ["resourceType": "Schema", "location": .string("\(baseURL)/Schemas/\(id)")],
        ]
    }

    /// Reads a document as `/Schemas` shows it. Common attributes (`id`, `externalId`, `meta`, `schemas`) may be among its attributes and
    /// are passed over.
    ///
    /// - Throws: 400 `invalidValue` for what is no schema.
    public init(_ json: JSONValue) throws {
        guard let object = json.object, let id = object.value(ofAttribute: "id")?.text, Self.isURN(id) else {
            throw SCIMError.invalidValue("A schema has an id that begins with urn: and consists of letters, digits and -._:")
        }
        guard let list = object.value(ofAttribute: "attributes")?.array else {
            throw SCIMError.invalidValue("The schema \(id) has no list of attributes.")
        }
        let attributes = try SchemaAttribute.list(list, of: id)
        let name = object.value(ofAttribute: "name")?.text ?? ""
        self.init(
            id: id, name: name.isEmpty ? String(id.split(separator: ":").last ?? "") : name,
            description: object.value(ofAttribute: "description")?.text ?? "",
            attributes: attributes.filter { !$0.isCommon })
    }

    private static func isURN(_ id: String) -> Bool {
        guard id.utf8.count <= 200, id.utf8.last != UInt8(ascii: ":"), AttributeName.rest(of: id, after: "urn") != nil else { return false }
        return id.utf8.allSatisfy { byte in
            AttributeName.lower(byte) &- 0x61 < 26 || byte &- 0x30 < 10 || [0x2D, 0x2E, 0x5F, 0x3A].contains(byte)
        }
    }
}
