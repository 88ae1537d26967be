import Mimecast

/// What an event tells: the `data` of its envelope. Nothing is ever null, and no secret is in it.
public struct EventData: Sendable, Hashable, Codable {
    /// The person of the source whose account it is, where a plan's link or a human said so.
    public struct Person: Sendable, Hashable, Codable {
        /// In the source.
        public var address: String
        /// The source's immutable id.
        public var externalId: String?

        public init(address: String, externalId: String? = nil) {
            self.address = address
            self.externalId = externalId
        }
    }

    public struct Account: Sendable, Hashable, Codable {
        /// As the vendor spells it, after the change.
        public var address: String
        /// The vendor's id, where the dialect has one.
        public var id: String?

        public init(address: String, id: String? = nil) {
            self.address = address
            self.id = id
        }
    }

    public struct Group: Sendable, Hashable, Codable {
        /// Missing where only the vendor's audit event names it.
        public var id: String?
        public var name: String?

        public init(id: String?, name: String? = nil) {
            self.id = id
            self.name = name
        }
    }

    /// Something with a name, such as a domain or a connection to a directory.
    public struct Named: Sendable, Hashable, Codable {
        public var name: String
        public var id: String?

        public init(name: String, id: String? = nil) {
            self.name = name
            self.id = id
        }
    }

    /// One side of a change. What was not there, or was not shown, is missing.
    public struct Values: Sendable, Hashable, Codable {
        public var address: String?
        public var id: String?
        public var name: String?
        public var firstName: String?
        public var lastName: String?
        public var aliases: [String]?
        public var adminRoles: [String]?
        /// `active`, `disabled`; of a connection `ok`, `failed`, `gone`; of a domain `closed`, `open`.
        public var status: String?
        /// Who may write it: `cloud`, `ldap`.
        public var source: String?
        public var `internal`: Bool?
        public var role: String?
        public var alias: String?
        public var delegate: String?
        public var reason: String?
        /// Seats.
        public var taken: Int?
        public var contracted: Int?
        /// `free`, `near` (90 % and more), `over`.
        public var level: String?

        public init() {}

        public init(_ account: Mimecast.Account) {
            address = account.address
            id = account.id
            name = account.name
            firstName = account.firstName
            lastName = account.lastName
            aliases = account.aliases
            adminRoles = account.adminRoles
            status = account.status?.rawValue
            source = account.authority.rawValue
            `internal` = account.isInternal
        }

        public init(_ group: Mimecast.Group) {
            name = group.name
            source = group.authority.rawValue
        }
    }

    /// The read that showed it.
    public struct Read: Sendable, Hashable, Codable {
        public var snapshot: String
        /// When the read began, RFC 3339.
        public var at: String
        /// The read before, which showed it otherwise: what happened, happened in between.
        public var previous: Earlier?
        /// Whether the whole read is proved: `closed`, `open`.
        public var proof: String

        public init(snapshot: String, at: String, proof: String, previous: Earlier? = nil) {
            self.snapshot = snapshot
            self.at = at
            self.proof = proof
            self.previous = previous
        }
    }

    public struct Earlier: Sendable, Hashable, Codable {
        public var snapshot: String
        public var at: String
        public var proof: String

        public init(snapshot: String, at: String, proof: String) {
            self.snapshot = snapshot
            self.at = at
            self.proof = proof
        }
    }

    /// Who did it.
    public struct By: Sendable, Hashable, Codable {
        public var actor: String?
        /// The vendor's audit event that says so.
        public var audit: String?
        /// When that was, RFC 3339.
        public var at: String?
        /// A line of a plan of Muster's own.
        public var plan: String?
        public var line: Int?
        /// Why, as that line has it.
        public var reason: String?
        /// True where Muster did it.
        public var own: Bool?

        public init(
            actor: String? = nil, audit: String? = nil, at: String? = nil, plan: String? = nil, line: Int? = nil, reason: String? = nil,
            own: Bool? = nil
        ) {
            self.actor = actor
            self.audit = audit
            self.at = at
            self.plan = plan
            self.line = line
            self.reason = reason
            self.own = own
        }
    }

    public var tenant: String?
    public var person: Person?
    public var account: Account?
    public var group: Group?
    public var domain: Named?
    public var integration: Named?
    /// Names of the fields that differ, of `account.changed` and `group.changed`.
    public var fields: [String]?
    public var before: Values?
    public var after: Values?
    public var read: Read?
    public var by: By?
    /// True where it was undone before a read could show it: the vendor's audit events alone tell of it.
    public var undone: Bool?

    public init(before: Values? = nil, after: Values? = nil) {
        self.before = before
        self.after = after
    }
}
