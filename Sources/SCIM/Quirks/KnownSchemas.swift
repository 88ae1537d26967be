/// What `schemas` says: nothing at all, names of SCIM 1.x (OneLogin's templates), URNs that nobody knows (Entra's groups name
/// `http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group`), or not all extensions that follow.
public struct KnownSchemas: Quirk {
    public let name = "known-schemas"

    static let core1 = "urn:scim:schemas:core:1.0"
    static let enterprise1 = "urn:scim:schemas:extension:enterprise:1.0"
    static let patch = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

    public init() {}

    public func applies(to client: QuirkClient) -> Bool { true }

    public func rewrite(body: inout JSONObject, type: ResourceType) {
        let index = body.members.firstIndex { AttributeName.areEqual($0.name, "schemas") }
        var urns = [type.schema.id]
        if let index {
            guard let sent = Self.texts(body.members[index].value) else { return }
            urns += sent.map { Self.current($0, type) ?? $0 }
        }
        urns += body.members.map { Self.current($0.name, type) ?? $0.name }
        let announced = type.urns.filter { known in urns.contains { AttributeName.areEqual($0, known) } }
        let value = JSONValue.array(announced.map { .string($0) })
        if let index {
            body.members[index].value = value
        } else {
            body.members.insert(JSONObject.Member("schemas", value), at: 0)
        }
    }

    public func rewrite(attributes: inout JSONObject, type: ResourceType) {
        for index in attributes.members.indices {
            let name = attributes.members[index].name
            guard let current = Self.current(name, type), attributes.value(ofAttribute: current) == nil else { continue }
            attributes.members[index].name = current
        }
    }

    public func rewrite(patch: inout JSONObject) {
        guard let index = patch.members.firstIndex(where: { AttributeName.areEqual($0.name, "schemas") }) else {
            patch.members.insert(JSONObject.Member("schemas", [.string(Self.patch)]), at: 0)
            return
        }
        guard let sent = Self.texts(patch.members[index].value) else { return }
        let isOld = sent.allSatisfy { AttributeName.areEqual($0, Self.core1) || AttributeName.areEqual($0, Self.enterprise1) }
        patch.members[index].value = isOld ? [.string(Self.patch)] : .array(sent.map { .string($0) })
    }

    public func rewrite(path: inout AttributePath, type: ResourceType) {
        if let schema = path.schema, let current = Self.current(schema, type) { path.schema = current }
    }

    /// A list of strings, or a string instead, or nothing; nil for any other shape.
    private static func texts(_ value: JSONValue) -> [String]? {
        switch value {
        case .null: return []
        case .string(let text): return [text]
        case .array(let elements):
            let texts = elements.compactMap(\.text)
            return texts.count == elements.count ? texts : nil
        case .bool, .number, .object: return nil
        }
    }

    /// A name that begins with a URN of SCIM 1.x, with the URN of today instead; nil for other names.
    private static func current(_ name: String, _ type: ResourceType) -> String? {
        // Most names are short, and none but these has this length before its end or its colon.
        guard name.utf8.count >= core1.utf8.count else { return nil }
        if let rest = AttributeName.rest(of: name, after: core1) { return joined(type.schema.id, rest) }
        guard let rest = AttributeName.rest(of: name, after: enterprise1) else { return nil }
        return type.extension(UserResource.enterpriseSchema).map { joined($0.schema.id, rest) }
    }

    private static func joined(_ urn: String, _ rest: some StringProtocol) -> String { rest.isEmpty ? urn : "\(urn):\(rest)" }
}
