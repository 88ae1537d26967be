/// One person as the source of truth wants them. A nil field says nothing: what the tenant has stays.
public struct Person: Sendable, Hashable, Codable {
    /// As the source spells it; already known to be an address.
    public var address: String
    /// The source's immutable id, which survives a change of address.
    public var externalID: String?
    public var name: String?
    public var firstName: String?
    public var lastName: String?
    /// False asks to disable the account.
    public var active: Bool?
    public var aliases: [String]?
    /// Names of the cloud groups this person belongs to.
    public var groups: [String]?
    public var adminRoles: [String]?
    /// Cloud groups that rules of the configuration put this person into; nil where there are no rules.
    public var ruled: [RuledGroup]?
    /// Attributes that the account is to have, by name as the configuration writes it (`source.attributes`); an empty text takes one away.
    /// Nil where the configuration maps none.
    public var accountAttributes: [String: String]?
    /// Further columns, for rules.
    public var attributes: [String: String]
    /// The line of the source that says this, or the entry of a list (``DesiredState/unit``), 1-based; 0 where the source has none.
    public var line: Int

    public init(
        address: String, externalID: String? = nil, name: String? = nil, firstName: String? = nil, lastName: String? = nil,
        active: Bool? = nil, aliases: [String]? = nil, groups: [String]? = nil, adminRoles: [String]? = nil,
        attributes: [String: String] = [:], line: Int = 0
    ) {
        self.address = address
        self.externalID = externalID
        self.name = name
        self.firstName = firstName
        self.lastName = lastName
        self.active = active
        self.aliases = aliases
        self.groups = groups
        self.adminRoles = adminRoles
        self.attributes = attributes
        self.line = line
    }
}

/// Everybody whom the source of truth names.
public struct DesiredState: Sendable, Hashable {
    public var people: [Person]
    /// What stands for each of them, in their order; nil where nothing does. Empty where the reader gives none.
    public var fingerprints: [Fingerprint?] = []
    /// What the reader has to say about the source, a sentence each ("12 guests left out: …").
    public var notices: [String]
    /// Ids and folded addresses of rows that the source has and the reader leaves out, such as guests: they are not leavers.
    public var leftOut: Set<String>
    /// Further ids and folded addresses that the source claims for people who are not among ``people``. Empty where everybody was read.
    public var aside: Set<String> = []
    /// People of the source who are out of scope; nil where the configuration has no scope.
    public var scopedOut: ScopedOut?
    /// Names of the groups that rules of the configuration manage.
    public var ruledGroups: [String]
    /// Digest of the configuration's rules; nil where there are none.
    public var policy: String?
    /// Name of the source, such as a file's.
    public var source: String
    /// SHA-256 of the source's bytes, lower-case hex.
    public var digest: String
    /// What a person's ``Person/line`` counts: `line`, `entry`.
    public var unit: String

    public init(
        people: [Person], notices: [String] = [], leftOut: Set<String> = [], source: String, digest: String, unit: String = "line"
    ) {
        self.people = people
        self.notices = notices
        self.leftOut = leftOut
        self.source = source
        self.digest = digest
        self.unit = unit
        ruledGroups = []
    }
}
