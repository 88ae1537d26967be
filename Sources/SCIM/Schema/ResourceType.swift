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

    /// "User"; also its id.
    public var name: String
    /// "/Users".
    public var endpoint: String
    public var description: String
    public var schema: SchemaDocument {
        didSet { traits = TypeTraits(schema, extensions) }
    }
    public var extensions: [Extension] {
        didSet { traits = TypeTraits(schema, extensions) }
    }
    private(set) var traits: TypeTraits

    public init(name: String, endpoint: String, description: String = "", schema: SchemaDocument, extensions: [Extension] = []) {
        self.name = name
        self.endpoint = endpoint
        self.description = description
        self.schema = schema
        self.extensions = extensions
        traits = TypeTraits(schema, extensions)
    }

    /// Every URN that a name may be prefixed with, the core schema's first.
    public var urns: [String] { [schema.id] + extensions.map(\.schema.id) }

    public func `extension`(_ urn: some StringProtocol) -> Extension? {
        extensions.first { AttributeName.areEqual($0.schema.id, urn) }
    }

    /// The attribute of its core schema whose values lie beside the resource, one row each, and not in it: a group's members.
    public static let membersAttribute = "members"
}
