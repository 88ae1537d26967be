/// A user (RFC 7643, section 4.1) as it is stored: without `meta.location` and `groups`, which are added where it is read.
public struct UserResource: Codable, Sendable, Hashable {
    public static let schema = "urn:ietf:params:scim:schemas:core:2.0:User"
    public static let enterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    /// The name of the resource type (RFC 7643, section 6).
    public static let resourceType = "User"

    public var schemas: [String]
    public var id: String
    /// The client's own identifier, unique within that client's tenant.
    public var externalId: String?
    public var userName: String
    public var name: PersonName?
    public var displayName: String?
    public var title: String?
    /// Absent means that nobody said; it is read as true.
    public var active: Bool?
    public var emails: [MultiValue]?
    public var enterprise: EnterpriseUser?

    public init(
        id: String, externalId: String? = nil, userName: String, name: PersonName? = nil, displayName: String? = nil,
        title: String? = nil, active: Bool? = true, emails: [MultiValue]? = nil, enterprise: EnterpriseUser? = nil
    ) {
        schemas = enterprise == nil ? [Self.schema] : [Self.schema, Self.enterpriseSchema]
        self.id = id
        self.externalId = externalId
        self.userName = userName
        self.name = name
        self.displayName = displayName
        self.title = title
        self.active = active
        self.emails = emails
        self.enterprise = enterprise
    }

    private enum CodingKeys: String, CodingKey {
        case schemas, id, externalId, userName, name, displayName, title, active, emails
        case enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    }
}
