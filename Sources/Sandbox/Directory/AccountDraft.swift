import Mimecast

/// An account that is to be made. What has been checked is in here already.
struct NewAccount: Sendable {
    var address: EmailAddress
    var name: String?
    var firstName: String? = nil
    var lastName: String? = nil
    var externalID: String? = nil
    var title: String? = nil
    var department: String? = nil
    var isActive = true
    var source = Authority.cloud
    var aliases: [EmailAddress] = []
    var adminRoles: [String] = []
    var password: PasswordHash? = nil
    var forcePasswordChange = false
}

/// What is to be changed of an account; nil stays as it is.
struct AccountChange: Sendable {
    var address: EmailAddress?
    var name: String?
    var firstName: String?
    var lastName: String?
    var isActive: Bool?
    var aliases: [EmailAddress]?
    var adminRoles: [String]?
    var flags: AccountFlags?
    var source: Authority?
    var password: PasswordHash?
}

/// What a call did to one thing, as the request log tells it.
enum Effect: String, Sendable, Codable {
    case created, updated, disabled, enabled, renamed, deleted, added, removed, read
    /// Turned down, by the call's status or in `fail`.
    case refused
    /// Nothing changed: there was nothing to do, or a fault came first.
    case none
}
