import Mimecast

/// Which account: by id where the dialect has ids and one is known, else by address.
public struct AccountKey: Sendable, Hashable {
    public var id: String?
    /// As the vendor has it now.
    public var address: String

    public init(id: String? = nil, address: String) {
        self.id = id
        self.address = address
    }
}

/// An account to be made. The portal and v1 carry address and name alone; the other fields are then left out.
public struct NewAccount: Sendable, Hashable {
    public var address: String
    public var name: String
    public var firstName: String?
    public var lastName: String?
    public var aliases: [String]?
    public var adminRoles: [String]?

    public init(
        address: String, name: String, firstName: String? = nil, lastName: String? = nil, aliases: [String]? = nil,
        adminRoles: [String]? = nil
    ) {
        self.address = address
        self.name = name
        self.firstName = firstName
        self.lastName = lastName
        self.aliases = aliases
        self.adminRoles = adminRoles
    }
}

/// What is to be set; nil leaves a field as it is. Lists are set whole.
public struct AccountChange: Sendable, Hashable {
    public var newAddress: String?
    public var name: String?
    public var firstName: String?
    public var lastName: String?
    public var aliases: [String]?
    public var adminRoles: [String]?
    public var status: Account.Status?

    public init(
        newAddress: String? = nil, name: String? = nil, firstName: String? = nil, lastName: String? = nil, aliases: [String]? = nil,
        adminRoles: [String]? = nil, status: Account.Status? = nil
    ) {
        self.newAddress = newAddress
        self.name = name
        self.firstName = firstName
        self.lastName = lastName
        self.aliases = aliases
        self.adminRoles = adminRoles
        self.status = status
    }

    public var isEmpty: Bool { self == AccountChange() }

    /// Names of the fields that are set and that a dialect cannot carry.
    func fieldsNotCarried(by capabilities: Capabilities) -> [String] {
        var names: [String] = []
        if newAddress != nil, !capabilities.canChangeAddress { names.append("a new address") }
        if firstName != nil, !capabilities.hasNameParts { names.append("firstName") }
        if lastName != nil, !capabilities.hasNameParts { names.append("lastName") }
        if aliases != nil, !capabilities.hasAliases { names.append("aliases") }
        if adminRoles != nil, !capabilities.hasAdminRoles { names.append("adminRoles") }
        return names
    }
}
