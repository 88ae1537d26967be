/// When a disabled account may go for good.
public struct RemovalPolicy: Sendable, Hashable {
    /// The least number of days between disabling and purging, unless an earlier purge is allowed in so many words (facts of the life
    /// cycle, section 4).
    public static let leastDays = 30

    /// A plan from a source proposes to purge accounts that Muster disabled at least so many days ago; nil proposes none.
    public var purgeAfterDays: Int?
    /// Folded addresses of accounts on hold: they are never purged. No call of the vendor's tells of a hold.
    public var holds: Set<String>

    public init(purgeAfterDays: Int? = nil, holds: Set<String> = []) {
        self.purgeAfterDays = purgeAfterDays
        self.holds = holds
    }
}

/// An account that Muster disabled, in its own records: no call of the vendor's tells since when an account is disabled, nor who is on
/// the purge list.
public struct RetiredAccount: Sendable, Hashable, Codable {
    /// Folded address.
    public var account: String
    /// The vendor's id, where the dialect has one.
    public var accountID: String?
    /// When it was disabled, or taken off the purge list if that was later; seconds since 1970.
    public var since: Int
    /// When it was put on the purge list; nil where it is not on it.
    public var purgeListed: Int?

    public init(account: String, accountID: String? = nil, since: Int, purgeListed: Int? = nil) {
        self.account = account
        self.accountID = accountID
        self.since = since
        self.purgeListed = purgeListed
    }
}

/// What hangs on an account that may go, as it was read for it alone.
public struct Belongings: Sendable, Hashable {
    public var aliases: [String]
    /// Mailboxes that it may open.
    public var opens: [String]
    /// An administrative role; nil for none.
    public var role: String?
    /// Whether the tenant has an archive, and for how many days it keeps mail at most; nil where the dialect does not tell.
    public var archive: Bool?
    public var retentionDays: Int?

    public init(aliases: [String] = [], opens: [String] = [], role: String? = nil, archive: Bool? = nil, retentionDays: Int? = nil) {
        self.aliases = aliases
        self.opens = opens
        self.role = role
        self.archive = archive
        self.retentionDays = retentionDays
    }
}
