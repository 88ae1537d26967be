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
}
