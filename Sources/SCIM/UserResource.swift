/// A stored user (RFC 7643, section 4.1) as a directory sees it: a view of a ``Resource`` that keeps whatever else is stored with it.
///
/// Its `meta` and `groups` are added where it is read.
public struct UserResource: Sendable, Hashable {
    public static let schema = "urn:ietf:params:scim:schemas:core:2.0:User"
    public static let enterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    /// The name of the resource type (RFC 7643, section 6).
    public static let resourceType = "User"

    public var resource: Resource

    public init(_ resource: Resource) { self.resource = resource }

    public init(
        id: String, externalId: String? = nil, userName: String, name: PersonName? = nil, displayName: String? = nil,
        title: String? = nil, active: Bool? = true, emails: [MultiValue]? = nil, enterprise: EnterpriseUser? = nil
    ) {
        resource = Resource(JSONObject([("schemas", [.string(Self.schema)]), ("id", .string(id))]))
        self.externalId = externalId
        self.userName = userName
        self.name = name
        self.displayName = displayName
        self.title = title
        self.active = active
        self.emails = emails
        self.enterprise = enterprise
    }

    public var id: String {
        get { resource.id }
        set { resource.id = newValue }
    }

    /// The client's own identifier, unique within that client's tenant.
    public var externalId: String? {
        get { resource.externalID }
        set { resource.externalID = newValue }
    }

    public var userName: String {
        get { self["userName"] ?? "" }
        set { self["userName"] = newValue }
    }

    public var name: PersonName? {
        get { resource.object["name"]?.object.map { PersonName($0) } }
        set { set("name", newValue?.object) }
    }

    public var displayName: String? {
        get { self["displayName"] }
        set { self["displayName"] = newValue }
    }

    public var title: String? {
        get { self["title"] }
        set { self["title"] = newValue }
    }

    /// Absent means that nobody said; it is read as true.
    public var active: Bool? {
        get { resource.object["active"]?.bool }
        set { resource.object["active"] = newValue.map { .bool($0) } }
    }

    public var emails: [MultiValue]? {
        get { resource.object["emails"]?.array?.compactMap { $0.object.map { MultiValue($0) } } }
        set {
            let values = (newValue ?? []).map { JSONValue.object($0.object) }
            resource.object["emails"] = values.isEmpty ? nil : .array(values)
        }
    }

    /// Its schema is listed as long as it has something in it.
    public var enterprise: EnterpriseUser? {
        get { resource.object[Self.enterpriseSchema]?.object.map { EnterpriseUser($0) } }
        set {
            set(Self.enterpriseSchema, newValue?.object)
            var schemas = resource.object["schemas"]?.array ?? [.string(Self.schema)]
            schemas.removeAll { $0.text.map { AttributeName.areEqual($0, Self.enterpriseSchema) } ?? false }
            if resource.object[Self.enterpriseSchema] != nil { schemas.append(.string(Self.enterpriseSchema)) }
            resource.object["schemas"] = .array(schemas)
        }
    }

    /// Has the primary e-mail address, or else the first that is the old address, become another one. Other addresses stay; where there
    /// is neither, the new one is added as the primary address at work.
    public mutating func moveEmail(from old: String, to new: String) {
        var emails = emails ?? []
        let index = emails.firstIndex { $0.primary == true } ?? emails.firstIndex { FoldedText.areEqual($0.value, old) }
        if let index {
            emails[index].value = new
        } else {
            emails.append(MultiValue(value: new, type: "work", primary: true))
        }
        self.emails = emails
    }

    private subscript(name: String) -> String? {
        get { resource.object[name]?.text }
        set { resource.object[name] = newValue.map { .string($0) } }
    }

    private mutating func set(_ name: String, _ object: JSONObject?) {
        resource.object[name] = object.flatMap { $0.isEmpty ? nil : .object($0) }
    }
}
