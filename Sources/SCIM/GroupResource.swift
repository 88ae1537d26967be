/// A stored group (RFC 7643, section 4.2) as a directory sees it: a view of a ``Resource`` that keeps whatever else is stored with it.
///
/// Its members lie beside it, one row each, and are added where it is read.
public struct GroupResource: Sendable, Hashable {
    public static let schema = "urn:ietf:params:scim:schemas:core:2.0:Group"
    /// The name of the resource type (RFC 7643, section 6).
    public static let resourceType = "Group"

    public var resource: Resource

    public init(_ resource: Resource) { self.resource = resource }

    public init(id: String, externalId: String? = nil, displayName: String) {
        resource = Resource(JSONObject([("schemas", [.string(Self.schema)]), ("id", .string(id))]))
        self.externalId = externalId
        self.displayName = displayName
    }

    public var id: String {
        get { resource.id }
        set { resource.id = newValue }
    }

    public var externalId: String? {
        get { resource.externalID }
        set { resource.externalID = newValue }
    }

    public var displayName: String {
        get { resource.object["displayName"]?.text ?? "" }
        set { resource.object["displayName"] = .string(newValue) }
    }
}
