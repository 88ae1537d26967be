/// Whether one domain of a read is proved whole.
public struct DomainProof: Sendable, Hashable, Codable {
    public enum State: String, Sendable, Codable {
        /// Rows, pages and the vendor's own count agree; nobody turned up elsewhere who should be in it.
        case closed
        /// Something is missing or unproved: nobody of this domain may be removed.
        case open
    }

    public var domain: String
    public var pages: Int
    /// Rows as the vendor counts them, aliases and system addresses included.
    public var rows: Int
    /// The vendor's own count; nil where the dialect counts only the whole list.
    public var claimed: Int?
    public var state: State
    /// Why it is open.
    public var reason: String?

    public init(domain: String, pages: Int, rows: Int, claimed: Int?, state: State, reason: String? = nil) {
        self.domain = domain
        self.pages = pages
        self.rows = rows
        self.claimed = claimed
        self.state = state
        self.reason = reason
    }

    /// `claimed` is written also where it is null: the contract names it.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(domain, forKey: .domain)
        try container.encode(pages, forKey: .pages)
        try container.encode(rows, forKey: .rows)
        try container.encode(claimed, forKey: .claimed)
        try container.encode(state, forKey: .state)
        try container.encodeIfPresent(reason, forKey: .reason)
    }
}

/// What one read of a tenant proves about its population.
public struct Completeness: Sendable, Hashable, Codable {
    public var domains: [DomainProof]
    /// The whole list, where the dialect reads one list for all domains.
    public var list: DomainProof?
    /// External people have a state of their own; nil where no call gives them.
    public var external: DomainProof?

    public init(domains: [DomainProof], list: DomainProof? = nil, external: DomainProof? = nil) {
        self.domains = domains
        self.list = list
        self.external = external
    }

    /// All internal domains are closed, or the whole list where there are no domains.
    public var isClosed: Bool {
        if domains.isEmpty { return list?.state == .closed }
        return domains.allSatisfy { $0.state == .closed } && (list.map { $0.state == .closed } ?? true)
    }

    /// Whether an account of this folded domain that is not in the read is proved to be absent.
    public func isClosed(_ domain: String) -> Bool {
        if let list, list.state == .open { return false }
        return domains.first { $0.domain == domain }.map { $0.state == .closed } ?? (list != nil)
    }

    /// Opens the domains in which group members were found that no list shows.
    ///
    /// - Parameter strangers: member addresses in no list, folded.
    public func accounting(forMembersInNoList strangers: [String]) -> Completeness {
        var result = self
        let counts = strangers.reduce(into: [String: Int]()) { counts, address in
            guard let at = address.lastIndex(of: "@") else { return }
            counts[String(address[address.index(after: at)...]), default: 0] += 1
        }
        for index in result.domains.indices {
            guard let count = counts[result.domains[index].domain] else { continue }
            result.domains[index].state = .open
            result.domains[index].reason = "\(count) group member\(count == 1 ? "" : "s") of this domain in no list"
        }
        return result
    }

    /// Opens every domain, where what else was read is not whole: nobody can say whose witness is missing.
    public func opened(by reasons: [String]) -> Completeness {
        guard let first = reasons.first else { return self }
        var result = self
        let reason = reasons.count == 1 ? first : "\(first), and \(reasons.count - 1) more like it"
        for index in result.domains.indices where result.domains[index].state == .closed {
            result.domains[index].state = .open
            result.domains[index].reason = reason
        }
        if result.list?.state == .closed {
            result.list?.state = .open
            result.list?.reason = reason
        }
        return result
    }

    /// Judges one counted read.
    ///
    /// - Parameters:
    ///   - claims: the vendor's own count on each page.
    ///   - repeated: rows seen twice.
    public static func judge(domain: String, pages: Int, rows: Int, claims: [Int?], repeated: Int) -> DomainProof {
        let counts = Set(claims.compactMap { $0 })
        let reason: String? =
            if counts.isEmpty {
                "the vendor gave no count"
            } else if counts.count > 1 {
                "the vendor's count changed between pages (\(counts.sorted().map(String.init).joined(separator: ", ")))"
            } else if repeated > 0 {
                "\(repeated) row\(repeated == 1 ? "" : "s") came twice"
            } else if let claimed = counts.first, claimed != rows {
                claimed > rows ? "\(claimed - rows) of \(claimed) missing" : "\(rows - claimed) more than the vendor counts"
            } else {
                nil
            }
        return DomainProof(
            domain: domain, pages: pages, rows: rows, claimed: claims.last ?? nil, state: reason == nil ? .closed : .open, reason: reason)
    }
}
