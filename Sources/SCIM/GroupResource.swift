/// A group (RFC 7643, section 4.2) as it is stored: its members are kept beside it, one row each, and are added where it is read.
public struct GroupResource: Codable, Sendable, Hashable {
    public static let schema = "urn:ietf:params:scim:schemas:core:2.0:Group"
    /// The name of the resource type (RFC 7643, section 6).
    public static let resourceType = "Group"

    public var schemas: [String]
    public var id: String
    public var externalId: String?
    public var displayName: String

    public init(id: String, externalId: String? = nil, displayName: String) {
        schemas = [Self.schema]
        self.id = id
        self.externalId = externalId
        self.displayName = displayName
    }
}
