import Mimecast

/// One line of a plan.
public struct Change: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// Group first, then who is in it; what makes room before what takes it; rights before the account goes.
        case createGroup, create, unpurge, rename, update, removeAlias, addAlias, enable, attribute, addDelegate, addMember,
            removeDelegate, removeMember, disable, purge, remove
        /// Impossible, with what to do instead.
        case blocked
        /// A human has to say which account is meant.
        case undecided

        /// The order in which lines are applied: who comes first, who goes last.
        var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
        /// Whether an apply does anything for it.
        public var isWork: Bool { self != .blocked && self != .undecided }
    }

    /// A field's old and new value, as a person reads it.
    public struct Difference: Sendable, Hashable, Codable {
        public var field: String
        public var from: String?
        public var to: String?

        public init(field: String, from: String?, to: String?) {
            self.field = field
            self.from = from
            self.to = to
        }
    }

    /// What the change sets; nil leaves a field alone.
    public struct Values: Sendable, Hashable, Codable {
        public var address: String?
        public var name: String?
        public var firstName: String?
        public var lastName: String?
        public var aliases: [String]?
        public var adminRoles: [String]?

        public init(
            address: String? = nil, name: String? = nil, firstName: String? = nil, lastName: String? = nil, aliases: [String]? = nil,
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

    /// Position in the plan, 1-based.
    public var line: Int
    public var kind: Kind
    /// The person's address in the source, or the account's where the source no longer names them.
    public var person: String
    /// The account's address before the change.
    public var account: String
    public var accountID: String?
    /// The source's immutable id of the person, which the link keeps.
    public var externalID: String?
    public var reason: String
    /// Where the reason stands: a line of the source, a link.
    public var evidence: String
    public var authority: Authority
    public var reversible: Bool
    /// Gives or takes an administrative role.
    public var privilege: Bool
    /// Counts against the removal budget.
    public var removal: Bool
    public var values: Values?
    public var differences: [Difference]
    public var groupID: String?
    public var group: String?
    /// What the line is about beside the account: an alias, who may open the mailbox, or the name of an attribute.
    public var counterpart: String?
    /// What a person has to know of it before they let it pass, a sentence each.
    public var facts: [String]?
    /// Calls that it takes, its part of the verification included; none of an attribute, whose calls are shared (``Plan/Cost``).
    public var calls: Int
    /// Of a blocked or undecided line: what to do instead.
    public var remedy: String?
    /// Nil is a call of its own.
    public var route: Route?

    public init(
        kind: Kind, person: String, account: String, accountID: String? = nil, externalID: String? = nil, reason: String, evidence: String,
        authority: Authority = .cloud, reversible: Bool = true, privilege: Bool = false, removal: Bool = false, values: Values? = nil,
        differences: [Difference] = [], groupID: String? = nil, group: String? = nil, calls: Int? = nil, remedy: String? = nil
    ) {
        line = 0
        self.kind = kind
        self.person = person
        self.account = account
        self.accountID = accountID
        self.externalID = externalID
        self.reason = reason
        self.evidence = evidence
        self.authority = authority
        self.reversible = reversible
        self.privilege = privilege
        self.removal = removal
        self.values = values
        self.differences = differences
        self.groupID = groupID
        self.group = group
        // The line and its read-back.
        self.calls = calls ?? (kind.isLookedAtFirst ? 3 : 2)
        self.remedy = remedy
    }
}
