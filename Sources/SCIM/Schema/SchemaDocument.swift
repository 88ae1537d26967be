/// A schema (RFC 7643, section 7).
public struct SchemaDocument: Sendable, Hashable {
    /// Its URN.
    public var id: String
    public var name: String
    public var description: String
    public var attributes: [SchemaAttribute] {
        didSet { names = NameIndex(attributes) }
    }
    private var names: NameIndex

    public init(id: String, name: String, description: String = "", attributes: [SchemaAttribute]) {
        self.id = id
        self.name = name
        self.description = description
        self.attributes = attributes
        names = NameIndex(attributes)
    }

    /// The attribute of this name, in any letter case.
    public func attribute(_ name: some StringProtocol) -> SchemaAttribute? { position(of: name).map { attributes[$0] } }

    func position(of name: some StringProtocol) -> Int? { names.position(of: name, in: attributes) }
}
