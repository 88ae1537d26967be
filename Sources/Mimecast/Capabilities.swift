/// What a generation and dialect can show and change; what it cannot is not compared, and the plan says so once.
public struct Capabilities: Sendable, Hashable, Codable {
    /// List rows carry the account's status.
    public let listShowsStatus: Bool
    /// List rows carry a stable account id, which also keys updates.
    public let hasAccountIDs: Bool
    /// First and last name can be read and written.
    public let hasNameParts: Bool
    /// Aliases are listed with the account that owns them, and can be written.
    public let hasAliases: Bool
    /// Administrative roles can be read and written.
    public let hasAdminRoles: Bool
    /// An account's address can be changed in place.
    public let canChangeAddress: Bool
    /// There is a call that deletes an account.
    public let canDelete: Bool
    /// Many accounts can be made by one file: the guide says of its dialect that "bulk operations are not supported".
    public let canImport: Bool

    /// - Parameters:
    ///   - generation: v1 ignores the dialect.
    ///   - dialect: the v2 application's dialect.
    public init(generation: Generation, dialect: Dialect) {
        let guide = generation == .v2 && dialect == .guide
        listShowsStatus = guide
        hasAccountIDs = guide
        hasNameParts = guide
        hasAliases = guide
        hasAdminRoles = guide
        canChangeAddress = guide
        canDelete = guide
        canImport = !guide
    }

    /// Names of the source's columns that this dialect cannot carry, as the source spells them.
    public var fieldsNotCarried: [String] {
        var names: [String] = []
        if !hasNameParts { names += ["firstName", "lastName"] }
        if !hasAliases { names.append("aliases") }
        if !hasAdminRoles { names.append("adminRoles") }
        return names
    }
}
