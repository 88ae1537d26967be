import MusterStore
import SCIM

/// One search in one transaction.
///
/// A filter that the database decides whole costs what its page costs, and a count. What it cannot decide is looked at resource by
/// resource, at most ``mostCandidates`` of them.
struct ResourceSearch {
    /// How many resources a search looks at one by one; more are refused with `tooMany`.
    static let mostCandidates = 20_000
    /// Positions above this are remembered; below, counting costs next to nothing.
    static let countedAnew = 1_000

    let query: ResourceQuery
    let store: ResourceStore
    let endpoints: Endpoints
    let remembered: RememberedPositions
    /// Milliseconds since 1970.
    let now: Int
    let stretches: [Stretch]
    /// How many there are of a type, by its place in the query.
    private var totals: [Int: Int] = [:]
    /// What there is of each type, hidden ones apart, once it was asked.
    private var kept: [Int]?

    struct Stretch {
        /// The place of its type in the query.
        let type: Int
        let statement: SearchStretch
        /// Nil where the database decides.
        let matcher: FilterMatcher?
        /// Sorted in memory.
        let sorter: ResourceSorter?
        /// Nothing is left out, so that what there is of the type is known.
        var isWhole: Bool { matcher == nil && statement.filter.condition == .always }
    }

    /// What one stretch gives to a page.
    private struct Part {
        var rows: [LoadedRow] = []
        /// Of the last row, where the page ends with it.
        var last: PageKey?
        var hasMore = false
    }

    init(
        _ query: ResourceQuery, _ store: ResourceStore, _ endpoints: Endpoints, _ remembered: RememberedPositions, now: Int
    ) throws {
        self.query = query
        self.store = store
        self.endpoints = endpoints
        self.remembered = remembered
        self.now = now
        stretches = try Self.stretches(query)
    }

    // MARK: - The page

    mutating func page() throws -> ResourcePage {
        guard !stretches.isEmpty else { return ResourcePage(total: 0, entries: []) }
        try checkCandidates()
        guard query.count > 0 else { return ResourcePage(total: try total(), entries: []) }
        var (key, skip) = try start()
        let isFirst = key == nil && skip == 0
        var rows: [(stretch: Int, rows: [LoadedRow])] = []
        var last: PageKey?
        var found = 0
        var hasMore = false
        var index = key?.stretch ?? 0
        while index < stretches.count, !hasMore {
            // One more than is wanted tells whether there is a next page.
            let part = try take(index, after: key, skip: &skip, limit: query.count - found)
            found += part.rows.count
            hasMore = part.hasMore
            last = part.last ?? last
            if !part.rows.isEmpty { rows.append((index, part.rows)) }
            key = nil
            index += 1
        }
        let total = isFirst && !hasMore ? found : try total()
        let next = hasMore ? last : nil
        // Whoever begins anew is to see what there is now; of what fits on one page nothing is remembered.
        if isFirst, hasMore, case .index = query.start { remembered.forget(identity) }
        if let next, case .index(let start) = query.start, max(start, 1) - 1 + found >= Self.countedAnew {
            remembered.remember(identity, counts: try keptCounts(), count: max(start, 1) - 1 + found, next.short, now: now)
        }
        return ResourcePage(total: total, entries: try entries(rows), next: next?.short.text)
    }

    private var identity: RememberedPositions.Query { RememberedPositions.Query(tenant: store.tenant, query) }

    /// The key to begin after, and how many resources behind it are left out.
    private mutating func start() throws -> (PageKey?, Int) {
        switch query.start {
        case .after(nil): return (nil, 0)
        case .after(let text?):
            let key = try PageKey(text)
            guard key.stretch < stretches.count else { throw PageKey.invalid }
            let stretch = stretches[key.stretch]
            if stretch.sorter != nil {
                guard case .rank = key.place else { throw PageKey.invalid }
            } else if !stretch.statement.accepts(key) {
                throw PageKey.invalid
            }
            guard let whole = try whole(key) else { throw PageKey.gone }
            return (whole, 0)
        case .index(let start):
            let skip = max(start, 1) - 1
            guard skip >= Self.countedAnew,
                let known = remembered.position(identity, counts: try keptCounts(), upTo: skip, now: now),
                let key = try whole(known.key)
            else { return (nil, skip) }
            return (key, skip - known.count)
        }
    }

    /// With the value that a short key leaves out; nil where its resource has none any more.
    private func whole(_ key: PageKey) throws -> PageKey? {
        guard key.place == .row else { return key }
        guard let statement = stretches[key.stretch].statement.value(store.tenantValue, of: key.id) else { return nil }
        var value: String?
        try run(statement) { row in
            value = row.textOrNil(0)
            return false
        }
        return value.map { PageKey(stretch: key.stretch, place: .text(ExactText($0)), id: key.id) }
    }

    private mutating func keptCounts() throws -> [Int] {
        if let kept { return kept }
        let counts = try query.types.flatMap { type in
            let counts = try store.counts(type.name)
            return [counts.all, counts.hidden]
        }
        kept = counts
        return counts
    }

    private func entries(_ parts: [(stretch: Int, rows: [LoadedRow])]) throws -> [ResourceEntry] {
        var entries: [ResourceEntry] = []
        var budget = ReferenceBudget()
        for (index, rows) in parts {
            let stretch = stretches[index]
            let isRun = stretch.isWhole && stretch.sorter == nil && stretch.statement.order == .id && stretch.statement.isAscending
            let found = try store.entries(rows, stretch.statement.type, query.wanted, endpoints, isRun: isRun, &budget)
            if parts.count == 1 { return found }
            entries += found
        }
        return entries
    }

    // MARK: - Walking

    /// The next rows of one stretch.
    ///
    /// - Parameter skip: how many are left out before; what is left of it belongs to the next stretch.
    private mutating func take(
        _ index: Int, after: PageKey?, skip: inout Int, limit: Int
    ) throws -> Part {
        let stretch = stretches[index]
        if stretch.statement.filter.condition == .never { return Part() }
        if stretch.sorter != nil { return try takeSorted(index, after: after, skip: &skip, limit: limit) }
        if stretch.matcher != nil { return try takeMatching(index, after: after, skip: &skip, limit: limit) }
        var key = after
        if skip > 0 {
            let counts = try store.counts(stretch.statement.type.name)
            if key == nil, stretch.isWhole, skip >= counts.all - counts.hidden, stretch.statement.part == .all {
                skip -= counts.all - counts.hidden
                return Part()
            }
            let place = stretch.statement.place(store.tenantValue, after: key, offset: skip - 1, hasHidden: counts.hidden > 0)
            var reached: PageKey?
            try run(place) { row in
                reached = stretch.statement.key(row, stretch: index, value: 0, id: row.text(1))
                return false
            }
            if let reached, stretch.matcher == nil, after == nil || skip >= Self.countedAnew, case .index(let start) = query.start,
                start > Self.countedAnew
            {
                remembered.remember(identity, counts: try keptCounts(), count: start - 1, reached.short, now: now)
            }
            guard let reached else {
                skip -= try count(stretch.statement.count(store.tenantValue, after: key))
                return Part()
            }
            key = reached
            skip = 0
        }
        var part = Part()
        part.rows.reserveCapacity(min(limit, 1_000))
        try run(stretch.statement.page(store.tenantValue, after: key, limit: limit + 1)) { row in
            guard part.rows.count < limit else {
                part.hasMore = true
                return false
            }
            Self.add(row, to: &part, limit, stretch, index)
            return true
        }
        return part
    }

    /// A stretch in which every resource has to be looked at.
    private mutating func takeMatching(
        _ index: Int, after: PageKey?, skip: inout Int, limit: Int
    ) throws -> Part {
        let stretch = stretches[index]
        // Whoever begins at the beginning counts all on the way.
        let counts = after == nil && stretch.statement.part == .all
        var part = Part()
        var matched = 0
        try candidates(stretch, after: after) { row in
            matched += 1
            if matched <= skip { return true }
            guard part.rows.count == limit else {
                Self.add(row, to: &part, limit, stretch, index)
                return true
            }
            part.hasMore = true
            return counts
        }
        if counts { totals[stretch.type] = matched }
        skip -= min(skip, matched)
        return part
    }

    /// A stretch that no index sorts.
    private mutating func takeSorted(
        _ index: Int, after: PageKey?, skip: inout Int, limit: Int
    ) throws -> Part {
        let stretch = stretches[index]
        let sorted = try self.sorted(stretch)
        totals[stretch.type] = sorted.count
        var start = min(skip, sorted.count)
        skip -= start
        if let after, case .rank(let rank) = after.place {
            // Where the last one went or came to another place, its number tells.
            let known = sorted.firstIndex { ExactText.areEqual($0, after.id) }.map { $0 + 1 }
            start += known ?? rank
        }
        guard start < sorted.count else { return Part() }
        let ids = Array(sorted[start..<min(start + limit, sorted.count)])
        let loaded = try store.loaded(ids)
        let last = ids.last.map { PageKey(stretch: index, place: .rank(start + ids.count), id: $0) }
        return Part(
            rows: ids.compactMap { loaded[ExactText($0)] }, last: last, hasMore: start + ids.count < sorted.count)
    }

    /// The ids of a whole stretch in order.
    private func sorted(_ stretch: Stretch) throws -> [String] {
        guard let sorter = stretch.sorter else { return [] }
        var found: [(key: SortKey, id: String)] = []
        try candidates(stretch, after: nil) { row, subject in
            found.append((try sorter.key(of: subject), row.text(0)))
            return true
        }
        return found.sorted { $0.key < $1.key }.map(\.id)
    }

    // MARK: - Counting

    /// How many match in all, counted for every page: a number kept from an earlier one would cut off whoever came since.
    private mutating func total() throws -> Int {
        var total = 0
        for (place, stretch) in stretches.enumerated() where place == 0 || stretches[place - 1].type != stretch.type {
            total += try totals[stretch.type] ?? count(stretch)
        }
        return total
    }

    /// How many resources of the type match.
    private func count(_ stretch: Stretch) throws -> Int {
        if stretch.statement.filter.condition == .never { return 0 }
        let counts = try store.counts(stretch.statement.type.name)
        if stretch.isWhole { return counts.all - counts.hidden }
        guard stretch.matcher == nil else {
            var matched = 0
            try candidates(stretch.whole, after: nil) { _ in
                matched += 1
                return true
            }
            return matched
        }
        // An index has the filter's column but not whether a resource is hidden, so the few hidden ones are counted by themselves.
        let all = try count(stretch.statement.countAll(store.tenantValue))
        return counts.hidden == 0 ? all : all - (try count(stretch.statement.countHidden(store.tenantValue)))
    }

    private func count(_ statement: SearchStretch.Statement) throws -> Int {
        var count = 0
        try run(statement) { row in
            count = row.int(0)
            return false
        }
        return count
    }

    // MARK: - Rows

    private func run(_ statement: SearchStretch.Statement, _ row: (any SQLRow) throws -> Bool) throws {
        if statement.isCommon {
            try store.transaction.each(statement.sql, statement.arguments, row)
        } else {
            try store.transaction.eachOnce(statement.sql, statement.arguments, row)
        }
    }

    private static func add(_ row: any SQLRow, to part: inout Part, _ limit: Int, _ stretch: Stretch, _ index: Int) {
        let loaded = LoadedRow(row)
        if part.rows.count + 1 == limit {
            part.last = stretch.statement.key(row, stretch: index, value: LoadedRow.width, id: loaded.id)
        }
        part.rows.append(loaded)
    }

    private func candidates(_ stretch: Stretch, after: PageKey?, _ body: (any SQLRow) throws -> Bool) throws {
        try candidates(stretch, after: after) { row, _ in try body(row) }
    }

    /// Those that match, in order, until `body` returns false.
    ///
    /// - Throws: 400 `tooMany`.
    private func candidates(
        _ stretch: Stretch, after: PageKey?, _ body: (any SQLRow, FilterSubject) throws -> Bool
    ) throws {
        let type = stretch.statement.type
        var seen = 0
        let budget = MemberBudget()
        try run(stretch.statement.page(store.tenantValue, after: after, limit: Self.mostCandidates + 1)) { row in
            seen += 1
            guard seen <= Self.mostCandidates else { throw Self.tooMany }
            if seen % 256 == 0 { try Task.checkCancellation() }
            let subject = try subject(LoadedRow(row), type, budget)
            if let matcher = stretch.matcher, try !matcher.matches(subject) { return true }
            return try body(row, subject)
        }
    }

    /// Refuses what would be refused after thousands of resources were read.
    ///
    /// - Throws: 400 `tooMany`.
    private func checkCandidates() throws {
        for (place, stretch) in stretches.enumerated() where stretch.matcher != nil || stretch.sorter != nil {
            // The parts of a type are counted as one.
            if place > 0, stretches[place - 1].type == stretch.type { continue }
            switch stretch.statement.filter.condition {
            case .never: continue
            case .always:
                let counts = try store.counts(stretch.statement.type.name)
                if counts.all - counts.hidden > Self.mostCandidates { throw Self.tooMany }
            case .sql:
                try run(stretch.whole.statement.beyond(store.tenantValue, Self.mostCandidates)) { _ in throw Self.tooMany }
            }
        }
    }

    /// How many memberships may be read while resources are looked at one by one.
    private final class MemberBudget {
        var left = 200_000
    }

    private func subject(_ row: LoadedRow, _ type: ResourceType, _ budget: MemberBudget) throws -> FilterSubject {
        let resource = try ResourceStore.parse(row.body, row.id)
        return FilterSubject(
            type: type, object: resource.object, created: row.created, modified: row.modified, version: String(row.version),
            location: nil, groups: { try store.groupReferences(of: row.id, endpoints) },
            members: {
                budget.left -= row.members
                guard budget.left >= 0 else { throw Self.tooMany }
                return try store.memberReferences(of: row.id, endpoints)
            })
    }

    static let tooMany = SCIMError.tooMany(
        "More than \(mostCandidates) resources would have to be looked at one by one. Narrow the filter by an eq on userName, externalId, "
            + "emails.value or id, or leave the sorting out.")
}
