/// The guide's user object, as a row and, with what is to be set, as the item of create and update. Absent means unchanged.
public struct GuideUser: Codable, Sendable, Hashable {
    public var id: String?
    public var emailAddress: String?
    public var name: String?
    public var firstName: String?
    public var lastName: String?
    public var accountCode: String?
    public var domain: String?
    public var alias: [String]?
    public var userType: String?
    public var adminRoles: [String]?
    public var groups: [String]?
    public var status: String?
    /// cloud or ldap (our choice: the guide says the field must be checked but leaves it out of its table).
    public var source: String?

    public init(
        id: String? = nil, emailAddress: String? = nil, name: String? = nil, firstName: String? = nil, lastName: String? = nil,
        accountCode: String? = nil, domain: String? = nil, alias: [String]? = nil, userType: String? = nil, adminRoles: [String]? = nil,
        groups: [String]? = nil, status: String? = nil, source: String? = nil
    ) {
        self.id = id
        self.emailAddress = emailAddress
        self.name = name
        self.firstName = firstName
        self.lastName = lastName
        self.accountCode = accountCode
        self.domain = domain
        self.alias = alias
        self.userType = userType
        self.adminRoles = adminRoles
        self.groups = groups
        self.status = status
        self.source = source
    }
}

/// One account by id or address. Sent without either, a list is meant.
public struct UserKey: Codable, Sendable, Hashable {
    public var id: String?
    public var emailAddress: String?

    public init(id: String? = nil, emailAddress: String? = nil) {
        self.id = id
        self.emailAddress = emailAddress
    }
}

public struct DeletedUser: Codable, Sendable, Hashable {
    public var id: String
    public var status: String

    public init(id: String, status: String = "deleted") {
        self.id = id
        self.status = status
    }
}

/// The portal's and v1's list: one object that holds the rows, with the vendor's own count of all rows of the query.
public struct UserList: Codable, Sendable, Hashable {
    public var users: [PortalUser]
    public var userCount: Int?

    public init(users: [PortalUser], userCount: Int?) {
        self.users = users
        self.userCount = userCount
    }
}

/// A row of the portal's list. An alias is a row of its own with `alias` true; abuse@ and postmaster@ are rows of every domain.
public struct PortalUser: Codable, Sendable, Hashable {
    public var name: String?
    public var emailAddress: String
    public var domain: String?
    public var alias: Bool?
    public var addressType: String?
    public var source: String?

    public init(name: String?, emailAddress: String, domain: String?, alias: Bool?, addressType: String?, source: String?) {
        self.name = name
        self.emailAddress = emailAddress
        self.domain = domain
        self.alias = alias
        self.addressType = addressType
        self.source = source
    }
}

public struct NewUser: Codable, Sendable, Hashable {
    public var emailAddress: String?
    public var name: String?
    public var password: String?
    public var accountCode: String?
    public var forcePasswordChange: Bool?

    public init(emailAddress: String?, name: String? = nil, password: String? = nil, accountCode: String? = nil) {
        self.emailAddress = emailAddress
        self.name = name
        self.password = password
        self.accountCode = accountCode
    }
}

public struct CreatedUser: Codable, Sendable, Hashable {
    public var id: String
    public var emailAddress: String

    public init(id: String, emailAddress: String) {
        self.id = id
        self.emailAddress = emailAddress
    }
}

/// An update, keyed by address; where there is none, by id. With the key alone nothing changes and the answer is the account's state.
public struct UserUpdate: Codable, Sendable, Hashable {
    public var id: String?
    public var emailAddress: String?
    public var name: String?
    public var password: String?
    public var forcePasswordChange: Bool?
    public var passwordNeverExpires: Bool?
    public var accountLocked: Bool?
    public var accountDisabled: Bool?
    public var allowPop: Bool?
    public var allowSmtp: Bool?

    public init(emailAddress: String?, name: String? = nil, accountDisabled: Bool? = nil) {
        self.emailAddress = emailAddress
        self.name = name
        self.accountDisabled = accountDisabled
    }

    /// Whether the item sets anything, or only asks for the state.
    public var setsNothing: Bool {
        name == nil && password == nil && forcePasswordChange == nil && passwordNeverExpires == nil && accountLocked == nil
            && accountDisabled == nil && allowPop == nil && allowSmtp == nil
    }
}

public struct UserState: Codable, Sendable, Hashable {
    public var emailAddress: String
    public var name: String?
    public var forcePasswordChange: Bool?
    public var passwordNeverExpires: Bool?
    public var accountLocked: Bool?
    public var accountDisabled: Bool?
    public var allowPop: Bool?
    public var allowSmtp: Bool?

    public init(
        emailAddress: String, name: String?, forcePasswordChange: Bool = false, passwordNeverExpires: Bool = false,
        accountLocked: Bool = false, accountDisabled: Bool, allowPop: Bool = false, allowSmtp: Bool = false
    ) {
        self.emailAddress = emailAddress
        self.name = name
        self.forcePasswordChange = forcePasswordChange
        self.passwordNeverExpires = passwordNeverExpires
        self.accountLocked = accountLocked
        self.accountDisabled = accountDisabled
        self.allowPop = allowPop
        self.allowSmtp = allowSmtp
    }
}
