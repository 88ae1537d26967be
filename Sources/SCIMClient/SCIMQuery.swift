import SCIM

/// What is wanted of a list.
public struct SCIMQuery: Sendable, Hashable {
    /// Nil for everybody.
    public var filter: Filter?
    /// Attributes to show; empty for the server's choice.
    public var attributes: [String]
    /// Attributes to leave out, such as `members`.
    public var excludedAttributes: [String]
    /// Nil for the server's own order, which should not change between pages.
    public var sortBy: AttributePath?
    /// Resources on a page; a server may give fewer.
    public var pageSize: Int

    public init(
        filter: Filter? = nil, attributes: [String] = [], excludedAttributes: [String] = [], sortBy: AttributePath? = nil,
        pageSize: Int = 500
    ) {
        self.filter = filter
        self.attributes = attributes
        self.excludedAttributes = excludedAttributes
        self.sortBy = sortBy
        self.pageSize = max(pageSize, 1)
    }

    var parameters: [(String, String)] {
        var pairs: [(String, String)] = []
        if let filter { pairs.append(("filter", filter.description)) }
        if let sortBy { pairs.append(("sortBy", sortBy.description)) }
        return pairs + SCIMClient.projection(attributes, excludedAttributes)
    }
}
