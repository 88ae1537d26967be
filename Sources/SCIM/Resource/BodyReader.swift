/// Reads the body of a POST or a PUT into the form that is stored.
///
/// An attribute may stand at the top, under its schema's URN as an object, or at the top behind its schema's URN and a colon. What no schema
/// knows is passed over.
struct BodyReader {
    /// One schema's attributes as they were found.
    private struct Part {
        let schema: SchemaDocument
        let urn: String?
        /// By the schema's order of attributes.
        var values: [JSONValue?]
        var isSent: [Bool]

        init(_ schema: SchemaDocument, urn: String?) {
            self.schema = schema
            self.urn = urn
            values = [JSONValue?](repeating: nil, count: schema.attributes.count)
            isSent = [Bool](repeating: false, count: schema.attributes.count)
        }

        var isEmpty: Bool { values.allSatisfy { $0 == nil } }
    }

    private let type: ResourceType
    private let reader: ValueReader
    private let hasMembers: Bool
    /// The core schema's, then the extensions'.
    private var parts: [Part]
    private var externalID: JSONValue?
    private var sentCommon: [String] = []
    private var hasSchemas = false
    private(set) var members: [Reference] = []

    init(_ type: ResourceType) {
        self.type = type
        reader = ValueReader(type)
        hasMembers = type.hasMembers
        parts = [Part(type.schema, urn: nil)] + type.extensions.map { Part($0.schema, urn: $0.schema.id) }
    }

    /// - Returns: the resource with an empty id.
    mutating func read(_ body: JSONObject) throws -> Resource {
        for member in body.members { try take(member) }
        guard hasSchemas else {
            throw SCIMError.invalidSyntax("schemas is missing: send a list with the schema's URN, \(type.schema.id).")
        }
        return try resource()
    }

    private mutating func take(_ member: JSONObject.Member) throws {
        // Most names are those of core attributes, and those have no colon.
        if try take(member.value, named: member.name, of: 0) { return }
        if try takeCommon(member) { return }
        guard member.name.utf8.contains(UInt8(ascii: ":")) else { return }
        for index in parts.indices {
            guard let rest = AttributeName.rest(of: member.name, after: parts[index].schema.id) else { continue }
            if !rest.isEmpty {
                if try take(member.value, named: rest, of: index) { return }
                continue
            }
            if member.value.isUnassigned || member.value.text?.isEmpty == true { return }
            guard let object = member.value.object else {
                throw SCIMError.invalidValue("\(parts[index].schema.id) is an object with the attributes of that schema.")
            }
            for inner in object.members where try !take(inner.value, named: inner.name, of: index) && index == 0 {
                _ = try takeCommon(inner)
            }
            return
        }
    }

    /// - Returns: false where the schema has no such attribute.
    private mutating func take(_ value: JSONValue, named name: String, of index: Int) throws -> Bool {
        guard let position = parts[index].schema.position(of: name) else { return false }
        let attribute = parts[index].schema.attributes[position]
        let place = Place(urn: parts[index].urn, attribute.name)
        if parts[index].isSent[position] { throw place.repeated }
        parts[index].isSent[position] = true
        if attribute.mutability == .readOnly { return true }
        if index == 0, hasMembers, attribute.name == ResourceType.membersAttribute {
            members = try Reference.list(value)
            return true
        }
        parts[index].values[position] = try reader.checked(value, of: attribute, at: place)
        return true
    }

    private mutating func takeCommon(_ member: JSONObject.Member) throws -> Bool {
        guard let attribute = CommonAttributes.all.first(where: { AttributeName.areEqual($0.name, member.name) }) else { return false }
        if sentCommon.contains(attribute.name) { throw Place(attribute.name).repeated }
        sentCommon.append(attribute.name)
        switch attribute.name {
        case CommonAttributes.schemas.name:
            if member.value.isUnassigned { break }
            guard let elements = member.value.array, elements.allSatisfy({ $0.text != nil }) else {
                throw SCIMError.invalidSyntax("schemas is a list of strings, the schemas' URNs.")
            }
            hasSchemas = true
        case CommonAttributes.externalID.name:
            externalID = try reader.value(member.value, of: CommonAttributes.externalID, at: attribute.name)
        default: break
        }
        return true
    }

    private func resource() throws -> Resource {
        var urns: [JSONValue] = [.string(type.schema.id)]
        var object = JSONObject(members: [])
        object.members.reserveCapacity(parts.reduce(4) { $0 + $1.values.count })
        object.members.append(JSONObject.Member("schemas", .null))
        object.members.append(JSONObject.Member("id", ""))
        if let externalID { object.members.append(JSONObject.Member("externalId", externalID)) }
        for (index, part) in parts.enumerated() {
            if index > 0, part.isEmpty {
                if type.extensions[index - 1].isRequired {
                    throw SCIMError.invalidValue("\(part.schema.id) is a required extension: send its attributes.")
                }
                continue
            }
            let members = try stored(part)
            guard let urn = part.urn else {
                object.members += members
                continue
            }
            if members.isEmpty { continue }
            urns.append(.string(urn))
            object.members.append(JSONObject.Member(urn, .object(JSONObject(members: members))))
        }
        object.members[0].value = .array(urns)
        let resource = Resource(object)
        try resource.checkSize()
        return resource
    }

    private func stored(_ part: Part) throws -> [JSONObject.Member] {
        var stored: [JSONObject.Member] = []
        for (attribute, value) in zip(part.schema.attributes, part.values) {
            if let value, attribute.returned != .never { stored.append(JSONObject.Member(attribute.name, value)) }
            guard attribute.isRequired, attribute.mutability != .readOnly else { continue }
            if part.urn == nil, hasMembers, attribute.name == ResourceType.membersAttribute {
                if members.isEmpty { throw Place(attribute.name).missing }
                continue
            }
            let place = Place(urn: part.urn, attribute.name)
            guard let value else { throw place.missing }
            if let text = value.text, ValueReader.isBlank(text) { throw place.missing }
        }
        return stored
    }
}
