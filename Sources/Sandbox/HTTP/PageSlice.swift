/// Which part of a list a call gets.
struct PageSlice: Sendable {
    /// Most rows of the page.
    let limit: Int
    /// The list's key of the last row seen; empty is the first page.
    let after: [String]
    /// The fault of a page that lacks rows without saying so.
    let isShort: Bool
    /// The client asked for a page, or this is not the first one.
    let isAskedFor: Bool

    /// One row more than fits tells whether there is another page.
    var fetch: Int { limit + 1 }

    /// Cuts what was fetched down to the page.
    func page<Row>(_ fetched: [Row], key: (Row) -> [String]) -> (rows: [Row], next: [String]?) {
        let full = fetched.prefix(limit)
        let next = fetched.count > limit ? full.last.map(key) : nil
        return (Array(isShort ? full.prefix(full.count / 2) : full), next)
    }
}

/// What a reading call found.
struct Reading<Row: Sendable>: Sendable {
    /// When `meta.pagination` is there.
    enum Pagination: Sendable { case always, ifNeeded, never }

    var rows: [Row]
    /// How many things this page shows, however they are wrapped.
    var shown: Int
    /// All of the query, where the list says so.
    var total: Int?
    /// The list's key to go on from; nil on the last page.
    var next: [String]?
    var pagination = Pagination.always
    /// The one thing that was looked up.
    var target: String?
    /// How many rows of the list come before this page's; only audit events say so.
    var recordStart: Int?

    /// One answer without pages.
    static func single(_ row: Row, target: String? = nil) -> Reading {
        Reading(rows: [row], shown: 1, total: nil, next: nil, pagination: .never, target: target)
    }
}

/// What a writing call did with one item.
struct Written<Row: Sendable>: Sendable {
    var row: Row
    var effect: Effect
    var target: String?
}
