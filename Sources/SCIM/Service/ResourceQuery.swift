/// A search as a provider sees it: parsed and checked.
public struct ResourceQuery: Sendable {
    /// Where a page begins.
    public enum Start: Sendable, Hashable {
        /// The position of the first resource, from 1 (RFC 7644, section 3.4.2.4).
        case index(Int)
        /// A key that an earlier page ended with, in the provider's own form; nil is the first page (RFC 9865).
        case after(String?)
    }

    public struct Sort: Sendable, Hashable {
        public var path: AttributePath
        public var isAscending: Bool

        public init(_ path: AttributePath, isAscending: Bool = true) {
            self.path = path
            self.isAscending = isAscending
        }
    }

    /// One, or several for a search at the root.
    public var types: [ResourceType]
    public var filter: Filter?
    public var sort: Sort?
    public var start: Start
    /// Most resources to return, at least 0.
    public var count: Int
    public var wanted: Wanted

    public init(
        types: [ResourceType], filter: Filter? = nil, sort: Sort? = nil, start: Start = .index(1), count: Int = 100,
        wanted: Wanted = Wanted()
    ) {
        self.types = types
        self.filter = filter
        self.sort = sort
        self.start = start
        self.count = count
        self.wanted = wanted
    }
}

/// Which of the parts that lie beside a resource are to be loaded.
public struct Wanted: Sendable, Hashable {
    public enum Members: Sendable, Hashable {
        case none
        /// All of them where there are at most so many, else none.
        case atMost(Int)
        case all
    }

    public var members: Members
    public var groups: Bool

    public init(members: Members = .all, groups: Bool = true) {
        self.members = members
        self.groups = groups
    }
}

public struct ResourcePage: Sendable {
    /// How many resources match in all.
    public var total: Int
    public var entries: [ResourceEntry]
    /// The key that the next page starts after; nil on the last page.
    public var next: String?

    public init(total: Int, entries: [ResourceEntry], next: String? = nil) {
        self.total = total
        self.entries = entries
        self.next = next
    }
}
