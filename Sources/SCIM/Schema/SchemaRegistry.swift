/// The resource types of a service provider, and the schemas that they are made of.
public struct SchemaRegistry: Sendable, Hashable {
    public var types: [ResourceType]
    /// Whether `/Schemas` tells of the schemas of discovery itself, too (RFC 7643, section 8.7.2); our choice: yes.
    public var announcesDiscovery: Bool

    public init(types: [ResourceType], announcesDiscovery: Bool = true) {
        self.types = types
        self.announcesDiscovery = announcesDiscovery
    }

    /// Users with the enterprise extension, and groups.
    public static let standard = SchemaRegistry(types: [.user, .group])

    /// What `/Schemas` lists: each schema once, those of the types in their order, then those of discovery.
    public var schemas: [SchemaDocument] {
        var schemas: [SchemaDocument] = []
        for schema in types.flatMap({ [$0.schema] + $0.extensions.map(\.schema) })
        where !schemas.contains(where: { AttributeName.areEqual($0.id, schema.id) }) {
            schemas.append(schema)
        }
        return announcesDiscovery ? schemas + SchemaDocument.discovery : schemas
    }

    /// The URNs that may stand in front of an attribute's name: the schemas of all types.
    public var knownURNs: [String] {
        var urns: [String] = []
        for urn in types.flatMap(\.urns) where !urns.contains(where: { AttributeName.areEqual($0, urn) }) { urns.append(urn) }
        return urns
    }

    /// The type of exactly this name.
    public func type(named name: String) -> ResourceType? { types.first { ExactText.areEqual($0.name, name) } }

    /// - Parameter endpoint: with its slash, "/Users".
    public func type(endpoint: String) -> ResourceType? { types.first { ExactText.areEqual($0.endpoint, endpoint) } }

    /// - Parameter id: a URN, in any letter case.
    public func schema(id: String) -> SchemaDocument? { schemas.first { AttributeName.areEqual($0.id, id) } }
}
