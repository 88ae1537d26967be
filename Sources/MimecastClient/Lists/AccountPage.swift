import Mimecast

/// One page of an account list.
public struct AccountPage: Sendable, Hashable {
    /// From 1.
    public let number: Int
    /// Without aliases and system rows.
    public let accounts: [Account]
    /// Aliases that are rows of their own, as the vendor spells them: portal and v1. The owner does not show.
    public let aliasAddresses: [String]
    /// `abuse@` and `postmaster@`, rows of every domain in the portal list: taken, but nobody's.
    public let systemAddresses: [String]
    /// All rows of the page, whatever they are.
    public let rows: Int
    /// The vendor's own total of the list: `userCount` or `totalCount`.
    public let claimed: Int?
    /// Rows of this page by the vendor's own count.
    public let announced: Int?
    public let isLast: Bool

    public init(
        number: Int, accounts: [Account], aliasAddresses: [String] = [], systemAddresses: [String] = [], rows: Int, claimed: Int?,
        isLast: Bool, announced: Int? = nil
    ) {
        self.number = number
        self.accounts = accounts
        self.aliasAddresses = aliasAddresses
        self.systemAddresses = systemAddresses
        self.rows = rows
        self.claimed = claimed
        self.announced = announced
        self.isLast = isLast
    }
}

extension AccountPage {
    /// The guide's rows are accounts one and all.
    init(_ users: [GuideUser], claimed: Int?, at place: TenantClient.PagePlace, isInternal: Bool) throws {
        self.init(
            number: place.number, accounts: try users.map { try Account($0, isInternal: isInternal) }, rows: users.count, claimed: claimed,
            isLast: place.isLast, announced: place.announced)
    }

    /// The portal's rows are accounts, aliases and system rows.
    init(_ users: [PortalUser], claimed: Int?, at place: TenantClient.PagePlace, isInternal: Bool) {
        var accounts: [Account] = []
        var aliases: [String] = []
        var system: [String] = []
        for user in users {
            if user.alias == true {
                aliases.append(user.emailAddress)
            } else if isInternal, Self.isSystem(user.emailAddress) {
                system.append(user.emailAddress)
            } else {
                accounts.append(Account(user, isInternal: isInternal))
            }
        }
        self.init(
            number: place.number, accounts: accounts, aliasAddresses: aliases, systemAddresses: system, rows: users.count,
            claimed: claimed, isLast: place.isLast, announced: place.announced)
    }

    private static func isSystem(_ address: String) -> Bool {
        guard let at = address.lastIndex(of: "@") else { return false }
        return ["abuse", "postmaster"].contains(EmailAddress.fold(String(address[..<at])))
    }
}

extension Account {
    /// - Throws: ``ClientError`` (malformedReply) where the row has no address.
    init(_ user: GuideUser, isInternal: Bool) throws {
        guard let address = user.emailAddress else {
            throw ClientError(
                .malformedReply, "A row of the user list has no emailAddress.", remedy: "Check the dialect of the application.", status: 200
            )
        }
        self.init(
            id: user.id, address: address, name: user.name, firstName: user.firstName, lastName: user.lastName, aliases: user.alias,
            adminRoles: user.adminRoles, status: user.status.flatMap { Status(rawValue: $0.lowercased()) },
            authority: Authority(source: user.source), isInternal: isInternal)
    }

    init(_ user: PortalUser, isInternal: Bool) {
        self.init(
            address: user.emailAddress, name: user.name, authority: Authority(source: user.source, addressType: user.addressType),
            isInternal: isInternal)
    }
}

extension Authority {
    /// Nothing said means the cloud's. A source that is not known counts as the directory's: what cannot be judged is not written.
    init(source: String?, addressType: String? = nil) {
        if let source, !source.isEmpty {
            self = source.lowercased() == "cloud" ? .cloud : .ldap
        } else {
            self = addressType?.lowercased().contains("ldap") == true ? .ldap : .cloud
        }
    }
}
