import Mimecast

/// One page of the group list, directory groups included.
public struct GroupPage: Sendable, Hashable {
    /// From 1.
    public let number: Int
    public let groups: [Group]
    public let rows: Int
    /// The vendor's own total.
    public let claimed: Int?
    /// Rows of this page by the vendor's own count.
    public let announced: Int?
    public let isLast: Bool

    public init(number: Int, groups: [Group], rows: Int, claimed: Int?, isLast: Bool, announced: Int? = nil) {
        self.number = number
        self.groups = groups
        self.rows = rows
        self.claimed = claimed
        self.announced = announced
        self.isLast = isLast
    }
}

/// One page of a group's members.
public struct MemberPage: Sendable, Hashable {
    public struct Member: Sendable, Hashable {
        /// As the vendor spells it.
        public let address: String
        /// Whether the address is in one of the tenant's domains, where the vendor says so.
        public let `internal`: Bool?

        public init(address: String, internal: Bool?) {
            self.address = address
            self.internal = `internal`
        }
    }

    /// From 1.
    public let number: Int
    public let addresses: [Member]
    /// Domains that are members as a whole, as the vendor spells them.
    public let domains: [String]
    /// Addresses and domains together.
    public let rows: Int
    /// The vendor's own total.
    public let claimed: Int?
    /// Rows of this page by the vendor's own count.
    public let announced: Int?
    public let isLast: Bool

    public init(number: Int, addresses: [Member], domains: [String] = [], rows: Int, claimed: Int?, isLast: Bool, announced: Int? = nil) {
        self.number = number
        self.addresses = addresses
        self.domains = domains
        self.rows = rows
        self.claimed = claimed
        self.announced = announced
        self.isLast = isLast
    }
}

extension MemberPage {
    init(_ members: [GroupMember], claimed: Int?, at place: TenantClient.PagePlace) {
        let people = members.filter { !$0.emailAddress.isEmpty }
        self.init(
            number: place.number, addresses: people.map { Member(address: $0.emailAddress, internal: $0.internal) },
            domains: members.filter(\.emailAddress.isEmpty).compactMap(\.domain), rows: members.count, claimed: claimed,
            isLast: place.isLast, announced: place.announced)
    }
}
