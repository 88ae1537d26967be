/// The rewritings that a client's requests go through before the strict core reads them.
///
/// A known provider gets its own and the common ones; an unknown one all that do not contradict the RFCs; a strict client none.
public struct Quirks: Sendable {
    /// Every quirk there is, in the order in which they work: a list is a list before blanks are taken out of it, and shapes are right
    /// before Booleans are read.
    public static let all: [any Quirk] = [
        KnownSchemas(), OneLoginQuirk(), EntraQuirk(), UnqualifiedNames(),
        SingleValues(), BlankClears(), BareValues(), StringBooleans(),
    ]

    /// For whoever is to be taken by the letter.
    public static let none = Quirks([])

    public let quirks: [any Quirk]
    /// How PATCH is to be applied for this client.
    public let patchOptions: PatchOptions

    public init(_ client: QuirkClient) { self.init(client.isStrict ? [] : Self.all.filter { $0.applies(to: client) }) }

    public init(_ quirks: [any Quirk]) {
        self.quirks = quirks
        var options = PatchOptions()
        for quirk in quirks { quirk.rewrite(options: &options) }
        patchOptions = options
    }

    // MARK: Resources

    /// Rewrites the body of a POST or PUT.
    public func rewrite(resource: inout JSONObject, type: ResourceType) {
        if quirks.isEmpty { return }
        for quirk in quirks { quirk.rewrite(body: &resource, type: type) }
        rewrite(attributes: &resource, type: type)
    }

    /// Names of all kinds: `userName`, `name.givenName`, `urn:…:User` with an object, `urn:…:User:manager`, `emails[primary eq "True"].value`.
    func rewrite(attributes: inout JSONObject, type: ResourceType) {
        for quirk in quirks { quirk.rewrite(attributes: &attributes, type: type) }
        for index in attributes.members.indices {
            let name = attributes.members[index].name
            if name.utf8.contains(UInt8(ascii: "[")) {
                var value = attributes.members[index].value
                rewrite(path: &attributes.members[index].name, value: &value, type)
                attributes.members[index].value = value
                continue
            }
            guard let found = type.resolve(name) else { continue }
            if let attribute = found.subAttribute ?? found.attribute {
                rewrite(value: &attributes.members[index].value, of: attribute)
            } else {
                rewrite(value: &attributes.members[index].value, ofSchema: found.extensionURN, type: type)
            }
        }
    }

    /// The object of an extension, or of the core schema where its URN stands in front of one, too.
    func rewrite(value: inout JSONValue, ofSchema extensionURN: String?, type: ResourceType) {
        let schema = extensionURN.map { type.extension($0)?.schema } ?? type.schema
        rewriteMembers(of: &value, schema?.attributes ?? [])
    }

    func rewrite(value: inout JSONValue, of attribute: SchemaAttribute, as role: ValueRole = .whole) {
        for quirk in quirks { quirk.rewrite(value: &value, of: attribute, as: role) }
        guard attribute.kind == .complex else { return }
        let role = role == .removed ? role : .whole
        guard case .array(var elements) = value else { return rewriteMembers(of: &value, attribute.subAttributes, role) }
        // Let go of, so that the elements are changed where they are.
        value = .null
        for index in elements.indices { rewriteMembers(of: &elements[index], attribute.subAttributes, role) }
        value = .array(elements)
    }

    private func rewriteMembers(of value: inout JSONValue, _ attributes: [SchemaAttribute], _ role: ValueRole = .whole) {
        guard case .object(var object) = value else { return }
        value = .null
        for index in object.members.indices {
            let name = object.members[index].name
            guard let attribute = attributes.first(where: { AttributeName.areEqual($0.name, name) }) else { continue }
            rewrite(value: &object.members[index].value, of: attribute, as: role)
        }
        value = .object(object)
    }
}

extension ResourceType {
    /// What the name of a member of a body or a value means; nil where it means nothing, or nothing to rewrite (`schemas`, `id`, `meta`).
    func resolve(_ name: String) -> ResolvedPath? {
        if let attribute = schema.attribute(name) {
            return ResolvedPath(extensionURN: nil, attribute: attribute, subAttribute: nil)
        }
        if AttributeName.areEqual(CommonAttributes.externalID.name, name) {
            return ResolvedPath(extensionURN: nil, attribute: CommonAttributes.externalID, subAttribute: nil)
        }
        guard name.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }) else { return nil }
        return (try? AttributePath.parse(name, urns: urns)).flatMap { resolve($0) }
    }
}
