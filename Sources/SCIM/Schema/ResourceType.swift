/// A kind of resource (RFC 7643, section 6) with its schemas resolved: what names mean in its filters, paths and bodies.
public struct ResourceType: Sendable, Hashable {
    public struct Extension: Sendable, Hashable {
        public var schema: SchemaDocument
        public var isRequired: Bool

        public init(_ schema: SchemaDocument, isRequired: Bool = false) {
            self.schema = schema
            self.isRequired = isRequired
        }
    }

    /// In one reference: types are handed on all the time, and have dozens of parts.
    private final class Parts: Sendable {
        let name: String
        let endpoint: String
        let description: String
        let schema: SchemaDocument
        let extensions: [Extension]
        let traits: TypeTraits

        init(name: String, endpoint: String, description: String, schema: SchemaDocument, extensions: [Extension]) {
            self.name = name
            self.endpoint = endpoint
            self.description = description
            self.schema = schema
            self.extensions = extensions
            traits = TypeTraits(schema, extensions)
        }
    }

    private var parts: Parts

    public init(name: String, endpoint: String, description: String = "", schema: SchemaDocument, extensions: [Extension] = []) {
        parts = Parts(name: name, endpoint: endpoint, description: description, schema: schema, extensions: extensions)
    }

    /// "User"; also its id.
    public var name: String { parts.name }
    /// "/Users".
    public var endpoint: String { parts.endpoint }
    public var description: String { parts.description }
    public var schema: SchemaDocument { parts.schema }
    public var extensions: [Extension] {
        get { parts.extensions }
        set { parts = Parts(name: name, endpoint: endpoint, description: description, schema: schema, extensions: newValue) }
    }
    var traits: TypeTraits { parts.traits }

    public static func == (left: ResourceType, right: ResourceType) -> Bool {
        left.parts === right.parts
            || left.name == right.name && left.endpoint == right.endpoint && left.description == right.description
                && left.schema == right.schema && left.extensions == right.extensions
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// Every URN that a name may be prefixed with, the core schema's first.
    public var urns: [String] { [schema.id] + extensions.map(\.schema.id) }

    public func `extension`(_ urn: some StringProtocol) -> Extension? {
        extensions.first { AttributeName.areEqual($0.schema.id, urn) }
    }

    /// The attribute of its core schema whose values lie beside the resource, one row each, and not in it: a group's members.
    public static let membersAttribute = "members"
}
