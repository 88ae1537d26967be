/// What a name means for a resource type.
public struct ResolvedPath: Sendable, Hashable {
    /// The extension that it belongs to, by the URN that its schema has; nil is the core.
    public var extensionURN: String?
    /// Nil is the whole extension.
    public var attribute: SchemaAttribute?
    /// A sub-attribute that was named.
    public var subAttribute: SchemaAttribute?

    public init(extensionURN: String?, attribute: SchemaAttribute?, subAttribute: SchemaAttribute?) {
        self.extensionURN = extensionURN
        self.attribute = attribute
        self.subAttribute = subAttribute
    }

    /// With the spelling of the schema: `name.familyName`; of an extension `urn:…:department`.
    public var canonical: String {
        AttributePath(schema: extensionURN, attribute?.name, subAttribute?.name).description
    }
}

extension ResourceType {
    /// Finds what a path means: names in any letter case, the core schema's URN allowed in front.
    ///
    /// - Returns: nil where this type has no such attribute.
    public func resolve(_ path: AttributePath) -> ResolvedPath? {
        var urn: String?
        let attributes: [SchemaAttribute]
        var common: [SchemaAttribute] = []
        if let schema = path.schema, !AttributeName.areEqual(schema, self.schema.id) {
            guard let found = self.extension(schema)?.schema else { return nil }
            urn = found.id
            attributes = found.attributes
        } else {
            attributes = self.schema.attributes
            common = CommonAttributes.all
        }
        guard let name = path.attribute else {
            return path.subAttribute == nil && path.schema != nil
                ? ResolvedPath(extensionURN: urn, attribute: nil, subAttribute: nil) : nil
        }
        guard
            let attribute = attributes.first(where: { AttributeName.areEqual($0.name, name) })
                ?? common.first(where: { AttributeName.areEqual($0.name, name) })
        else { return nil }
        guard let subName = path.subAttribute else { return ResolvedPath(extensionURN: urn, attribute: attribute, subAttribute: nil) }
        guard let sub = attribute.subAttribute(subName) else { return nil }
        return ResolvedPath(extensionURN: urn, attribute: attribute, subAttribute: sub)
    }
}
