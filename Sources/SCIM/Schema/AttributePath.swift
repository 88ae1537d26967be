/// The name of an attribute: `userName`, `name.familyName`, `urn:…:enterprise:2.0:User:manager.value` (RFC 7644, section 3.10).
public struct AttributePath: Sendable, Hashable {
    /// The URN in front, as it was written; nil is the core schema.
    public var schema: String?
    /// Nil only with a URN: the whole of an extension.
    public var attribute: String?
    public var subAttribute: String?

    public init(schema: String? = nil, _ attribute: String?, _ subAttribute: String? = nil) {
        self.schema = schema
        self.attribute = attribute
        self.subAttribute = subAttribute
    }
}

extension AttributePath: CustomStringConvertible {
    public var description: String {
        let name = [attribute, subAttribute].compactMap { $0 }.joined(separator: ".")
        guard let schema else { return name }
        return attribute == nil ? schema : "\(schema):\(name)"
    }
}
