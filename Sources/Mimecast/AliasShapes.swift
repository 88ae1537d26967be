/// One account by its address.
public struct AddressKey: Codable, Sendable, Hashable {
    public var emailAddress: String?

    public init(emailAddress: String?) { self.emailAddress = emailAddress }
}

/// `alias` becomes, or ceases to be, an alias of the account `aliasFor`.
public struct AliasChange: Codable, Sendable, Hashable {
    public var alias: String?
    public var aliasFor: String?

    public init(alias: String?, aliasFor: String?) {
        self.alias = alias
        self.aliasFor = aliasFor
    }
}

/// An alias as update-alias answers it. That get-aliases and remove-alias answer the same is our choice; `type` is the alias's
/// address type, as in ``PortalUser``.
public struct AliasRow: Codable, Sendable, Hashable {
    public var domain: String
    public var isInternal: Bool
    public var alias: String
    public var aliasDisplayName: String?
    public var aliasFor: String
    public var type: String?

    public init(domain: String, isInternal: Bool, alias: String, aliasDisplayName: String? = nil, aliasFor: String, type: String? = nil) {
        self.domain = domain
        self.isInternal = isInternal
        self.alias = alias
        self.aliasDisplayName = aliasDisplayName
        self.aliasFor = aliasFor
        self.type = type
    }
}
