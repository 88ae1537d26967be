/// A row of the cloud gateway's user list, the only list of the portal dialect that shows who is disabled.
public struct GatewayUser: GatewayRow, Hashable {
    public var id: String
    public var emailAddress: String
    public var name: String?
    public var domain: String?
    public var type: String?
    public var `internal`: Bool?
    public var disabled: Bool?
    public var createdDateTime: String?
    public var updatedDateTime: String?
    public var addressType: String?
    public var isAlias: Bool?
    public var source: String?

    public init(
        id: String, emailAddress: String, name: String?, domain: String?, type: String?, internal: Bool?, disabled: Bool?,
        createdDateTime: String?, updatedDateTime: String?, addressType: String?, isAlias: Bool?, source: String?
    ) {
        self.id = id
        self.emailAddress = emailAddress
        self.name = name
        self.domain = domain
        self.type = type
        self.internal = `internal`
        self.disabled = disabled
        self.createdDateTime = createdDateTime
        self.updatedDateTime = updatedDateTime
        self.addressType = addressType
        self.isAlias = isAlias
        self.source = source
    }

    public static let listName = "users"
}

/// A user to create in the cloud gateway (our choice: the fields of create-user).
public struct GatewayNewUser: Codable, Sendable, Hashable {
    public var emailAddress: String?
    public var name: String?
    public var password: String?
    public var forcePasswordChange: Bool?

    public init(emailAddress: String?, name: String? = nil, password: String? = nil, forcePasswordChange: Bool? = nil) {
        self.emailAddress = emailAddress
        self.name = name
        self.password = password
        self.forcePasswordChange = forcePasswordChange
    }
}
