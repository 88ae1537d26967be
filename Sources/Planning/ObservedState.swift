import Mimecast

/// One read of a tenant.
public struct ObservedState: Sendable {
    /// The snapshot's id in the store.
    public var snapshot: String
    /// SHA-256 over everything that was read, in a fixed order: equal digests mean an equal tenant.
    public var digest: String
    /// Accounts in the tenant's own domains.
    public var accounts: [Account]
    /// Folded addresses that are nobody's primary address but taken: aliases whose owner the dialect does not show, system rows.
    public var takenAddresses: Set<String>
    public var groups: [Group]
    /// Folded member addresses by group id.
    public var members: [String: Set<String>]
    /// Folded.
    public var domains: Set<String>
    public var completeness: Completeness
    /// Contracted seats, where the vendor shows them.
    public var seats: Int?
    /// The numbers of the accounts' stored rows, in the accounts' order; empty where there are none.
    public var rows: [Int] = []
    /// Whose accounts were left out of ``accounts``.
    public var settled = SettledPeople()

    public init(
        snapshot: String, digest: String, accounts: [Account], takenAddresses: Set<String> = [], groups: [Group] = [],
        members: [String: Set<String>] = [:], domains: Set<String>, completeness: Completeness, seats: Int? = nil
    ) {
        self.snapshot = snapshot
        self.digest = digest
        self.accounts = accounts
        self.takenAddresses = takenAddresses
        self.groups = groups
        self.members = members
        self.domains = domains
        self.completeness = completeness
        self.seats = seats
    }

    /// How many accounts there are, those of settled people included.
    var population: Int { accounts.count + settled.count }

    /// How many there are in each folded domain.
    var sizes: [String: Int] {
        accounts.reduce(into: settled.accounts) { $0[EmailAddress($1.address)?.domain ?? "", default: 0] += 1 }
    }
}
