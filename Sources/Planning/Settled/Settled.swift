import Mimecast

/// People who need no second look: the source says of them what it said when a plan found them in line, and the tenant shows their accounts as
/// it did then. They are neither among the people nor among the accounts that a planner compares; what guards and counts have to know of
/// them stands here.
///
/// A plan is the same with them and without (``Planner/settlements(of:)`` has the conditions).
public struct SettledPeople: Sendable, Hashable {
    /// Their accounts by folded domain. None of them is disabled or holds a role.
    public var accounts: [String: Int] = [:]
    public var says = Says()

    public init() {}

    public var count: Int { accounts.values.reduce(0, +) }

    /// What the source says of at least one of them.
    public struct Says: OptionSet, Sendable, Hashable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }

        public static let externalID = Says(rawValue: 1)
        public static let firstName = Says(rawValue: 2)
        public static let lastName = Says(rawValue: 4)
        public static let aliases = Says(rawValue: 8)

        init(_ person: Person) {
            self = []
            if person.externalID != nil { insert(.externalID) }
            if person.firstName != nil { insert(.firstName) }
            if person.lastName != nil { insert(.lastName) }
            if person.aliases != nil { insert(.aliases) }
        }
    }

    /// To be raised with every version of the planner that compares more: what was in line may not be so any longer.
    private static let version = 1

    /// Stands for what decides, beside a record and an account, whether they are in line: what the planner compares, and what of it a
    /// generation and a dialect can carry. Whoever was settled on another basis needs a look.
    public static func basis(_ generation: Generation, _ dialect: Dialect) -> Int {
        version * 4 + (generation == .v1 ? 2 : 0) + (dialect == .portal ? 1 : 0)
    }
}

/// Somebody whom a plan found in line.
public struct Settlement: Sendable, Hashable {
    /// The account's folded address, which is the person's, too.
    public var account: String
    public var fingerprint: Fingerprint
    /// The number of the stored row that shows the account so.
    public var row: Int
    public var says: SettledPeople.Says
    /// Folded aliases of the account, and those that the source gives the person.
    public var aliases: [String]

    public init(account: String, fingerprint: Fingerprint, row: Int, says: SettledPeople.Says, aliases: [String] = []) {
        self.account = account
        self.fingerprint = fingerprint
        self.row = row
        self.says = says
        self.aliases = aliases
    }
}
