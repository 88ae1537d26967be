/// A mailbox identity in the vendor's directory, whichever generation or dialect showed it.
///
/// A field that is nil was not shown; that is not the same as empty.
public struct Account: Sendable, Hashable, Codable {
    public enum Status: String, Sendable, Codable { case active, disabled }

    /// The vendor's stable id, where the dialect has one.
    public var id: String?
    /// As the vendor spells it.
    public var address: String
    public var name: String?
    public var firstName: String?
    public var lastName: String?
    public var aliases: [String]?
    public var adminRoles: [String]?
    public var status: Status?
    /// Who may write it.
    public var authority: Authority
    public var isInternal: Bool

    public init(
        id: String? = nil, address: String, name: String? = nil, firstName: String? = nil, lastName: String? = nil,
        aliases: [String]? = nil, adminRoles: [String]? = nil, status: Status? = nil, authority: Authority = .cloud,
        isInternal: Bool = true
    ) {
        self.id = id
        self.address = address
        self.name = name
        self.firstName = firstName
        self.lastName = lastName
        self.aliases = aliases
        self.adminRoles = adminRoles
        self.status = status
        self.authority = authority
        self.isInternal = isInternal
    }
}

/// Who may change an account or group.
public enum Authority: String, Sendable, Codable, Hashable {
    /// The API may.
    case cloud
    /// Only the company's directory may; the vendor syncs from it.
    case ldap
}

/// A group of the vendor's directory.
public struct Group: Sendable, Hashable, Codable {
    public var id: String
    public var name: String
    public var authority: Authority

    public init(id: String, name: String, authority: Authority) {
        self.id = id
        self.name = name
        self.authority = authority
    }
}
