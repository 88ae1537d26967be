/// Addresses, at most 1000, to be removed from the directory for good, or to be kept after all. Neither directory-synced addresses
/// nor administrators can be purged.
public struct PurgeChange: Codable, Sendable, Hashable {
    public var emailAddresses: [String]?

    public init(emailAddresses: [String]?) { self.emailAddresses = emailAddresses }
}

/// The addresses as they were put on the list or taken off it; `status` says added or removed (our choice).
public struct PurgeReply: Codable, Sendable, Hashable {
    public var emailAddresses: [String]
    public var status: String

    public init(emailAddresses: [String], status: String) {
        self.emailAddresses = emailAddresses
        self.status = status
    }
}
