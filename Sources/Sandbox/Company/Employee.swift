import Mimecast

/// One internal person of an invented company.
public struct Employee: Sendable, Hashable {
    /// The primary address, ASCII, at one of the company's domains.
    public var address: String
    /// In their own script.
    public var firstName: String
    /// In their own script.
    public var lastName: String
    /// In their own script and order.
    public var displayName: String
    public var department: String
    public var title: String
    /// Further addresses at the company's domains.
    public var aliases: [String]
    /// Stable for ever, whatever the address: the person's external id.
    public var employeeID: String
    /// Who may write the account.
    public var source: Authority
    public var adminRoles: [String]
    /// Names of the cloud groups that they belong to.
    public var groups: [String]
    /// Names of the directory's groups that they belong to; nobody can write those through the API.
    public var directoryGroups: [String]
}

/// Somebody of another company whom this one works with.
public struct Guest: Sendable, Hashable {
    public var address: String
    public var displayName: String
    /// Names of the cloud groups that they belong to.
    public var groups: [String]
}
