import SCIM
import Synchronization

/// Where pages of earlier searches ended: with them a page in the depth of a long list costs what a cursor costs. In memory, bounded, and
/// forgotten after five minutes, when a search begins anew, and when resources of its types came or went; what is forgotten is counted
/// anew.
public final class RememberedPositions: Sendable {
    /// The search that a position belongs to: tenant, types, filter and sort.
    struct Query: Sendable, Hashable {
        let text: ExactText

        init(tenant: String, _ query: ResourceQuery) {
            var text = tenant
            for type in query.types { text += "\u{1}" + type.name }
            text += "\u{2}"
            if let filter = query.filter { text += filter.description }
            if let sort = query.sort { text += (sort.isAscending ? "\u{3}" : "\u{4}") + sort.path.description }
            self.text = ExactText(text)
        }
    }

    fileprivate struct Position {
        /// How many resources stand before it, itself included.
        let count: Int
        let key: PageKey
        let time: Int
    }

    fileprivate struct Known {
        /// Ascending by count.
        var positions: [Position] = []
        /// What there was of each type, hidden ones apart, when they were noted.
        var counts: [Int] = []
        var used = 0
    }

    private struct State {
        var queries: [Query: Known] = [:]
        var positions = 0
        var uses = 0

        mutating func forget(_ query: Query) {
            positions -= queries.removeValue(forKey: query)?.positions.count ?? 0
        }
    }

    private let state = Mutex(State())
    private let most: Int
    /// In milliseconds.
    private let lifetime: Int

    /// - Parameters:
    ///   - most: how many positions are kept in all.
    ///   - lifetime: for how long one is kept, in milliseconds.
    public init(most: Int = 10_000, lifetime: Int = 300_000) {
        self.most = max(most, 2)
        self.lifetime = lifetime
    }

    /// Forgets all positions of all searches.
    public func forget() { state.withLock { $0 = State() } }

    /// Forgets the positions of one search, which is put into words only where there are any.
    func forget(_ query: @autoclosure () -> Query) {
        if state.withLock({ $0.positions == 0 }) { return }
        let query = query()
        state.withLock { $0.forget(query) }
    }

    /// The last known position that at most so many resources stand before, itself included.
    ///
    /// - Parameter counts: what there is of each type; positions that were noted when there was something else are forgotten.
    func position(_ query: Query, counts: [Int], upTo count: Int, now: Int) -> (count: Int, key: PageKey)? {
        state.withLock { state in
            // In place throughout: a list that is copied costs more than it saves.
            state.uses += 1
            if let known = state.queries[query]?.counts, known != counts { state.forget(query) }
            state.queries[query]?.used = state.uses
            let last = state.queries[query]?.last(upTo: count)
            guard let last, !isYoung(last.time, now) else { return last.map { ($0.count, $0.key) } }
            let gone = state.queries[query]?.removeAll { !isYoung($0.time, now) }
            state.positions -= gone ?? 0
            return state.queries[query]?.last(upTo: count).map { ($0.count, $0.key) }
        }
    }

    /// - Parameters:
    ///   - counts: what there is of each type.
    ///   - count: how many resources stand before the next page.
    func remember(_ query: Query, counts: [Int], count: Int, _ key: PageKey, now: Int) {
        state.withLock { state in
            state.uses += 1
            if let known = state.queries[query]?.counts, known != counts { state.forget(query) }
            let isNew = state.queries[query, default: Known(counts: counts)].insert(
                Position(count: count, key: key, time: now), state.uses)
            guard isNew else { return }
            state.positions += 1
            if state.positions > most { shrink(&state, keeping: query) }
        }
    }

    /// A clock that was set back makes old what it knows.
    private func isYoung(_ time: Int, _ now: Int) -> Bool { (0..<lifetime).contains(now - time) }

    /// Forgets the half that was used least lately, and half of the positions of a search that has too many by itself.
    private func shrink(_ state: inout State, keeping query: Query) {
        let oldest = state.queries.filter { $0.key != query }.sorted { $0.value.used < $1.value.used }
        for (old, known) in oldest where state.positions > most / 2 {
            state.positions -= known.positions.count
            state.queries[old] = nil
        }
        guard state.positions > most / 2, var known = state.queries[query] else { return }
        state.positions -= known.positions.count
        let last = known.positions.count - 1
        known.positions = known.positions.enumerated().filter { $0.offset % 2 == last % 2 }.map(\.element)
        state.positions += known.positions.count
        state.queries[query] = known
    }
}

extension RememberedPositions.Known {
    /// Of the first position that more than so many stand before.
    private func firstIndex(above count: Int) -> Int {
        var (low, high) = (0, positions.count)
        while low < high {
            let middle = (low + high) / 2
            if positions[middle].count <= count { low = middle + 1 } else { high = middle }
        }
        return low
    }

    fileprivate func last(upTo count: Int) -> RememberedPositions.Position? {
        let index = firstIndex(above: count)
        return index > 0 ? positions[index - 1] : nil
    }

    /// - Returns: how many went.
    fileprivate mutating func removeAll(where isGone: (RememberedPositions.Position) -> Bool) -> Int {
        let before = positions.count
        positions.removeAll(where: isGone)
        return before - positions.count
    }

    /// - Returns: false where it took the place of one.
    fileprivate mutating func insert(_ position: RememberedPositions.Position, _ use: Int) -> Bool {
        used = use
        let index = firstIndex(above: position.count)
        if index > 0, positions[index - 1].count == position.count {
            positions[index - 1] = position
            return false
        }
        positions.insert(position, at: index)
        return true
    }
}
