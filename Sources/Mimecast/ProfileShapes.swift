/// The profile of one account. `showAvatar` asks for the picture, too.
public struct ProfileKey: Codable, Sendable, Hashable {
    public var emailAddress: String?
    public var showAvatar: Bool?

    public init(emailAddress: String?, showAvatar: Bool? = nil) {
        self.emailAddress = emailAddress
        self.showAvatar = showAvatar
    }
}

/// An account as get-profile shows it, the only call of the portal dialect that names a role. `id` is the address.
///
/// `avatarCode` (base64) and `avatarMimeType` are known from another vendor's field table alone; their spelling is our choice.
public struct UserProfile: Codable, Sendable, Hashable {
    public var id: String
    public var emailAddress: String
    public var name: String?
    public var role: String?
    public var admin: Bool?
    public var external: Bool?
    public var editable: Bool?
    public var localPassword: Bool?
    public var changePassword: Bool?
    public var companyName: String?
    public var serverTimeZone: String?
    public var accountCode: String?
    public var attributes: [String: String]
    public var links: [ProfileLink]
    public var avatarCode: String?
    public var avatarMimeType: String?

    public init(
        id: String, emailAddress: String, name: String? = nil, role: String? = nil, admin: Bool? = nil, external: Bool? = nil,
        editable: Bool? = nil, localPassword: Bool? = nil, changePassword: Bool? = nil, companyName: String? = nil,
        serverTimeZone: String? = nil, accountCode: String? = nil, attributes: [String: String] = [:], links: [ProfileLink] = [],
        avatarCode: String? = nil, avatarMimeType: String? = nil
    ) {
        self.id = id
        self.emailAddress = emailAddress
        self.name = name
        self.role = role
        self.admin = admin
        self.external = external
        self.editable = editable
        self.localPassword = localPassword
        self.changePassword = changePassword
        self.companyName = companyName
        self.serverTimeZone = serverTimeZone
        self.accountCode = accountCode
        self.attributes = attributes
        self.links = links
        self.avatarCode = avatarCode
        self.avatarMimeType = avatarMimeType
    }
}

/// A call that a profile points to.
public struct ProfileLink: Codable, Sendable, Hashable {
    public var name: String
    public var method: String
    public var uri: String

    public init(name: String, method: String, uri: String) {
        self.name = name
        self.method = method
        self.uri = uri
    }
}
