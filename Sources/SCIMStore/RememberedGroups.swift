import MusterStore
import SCIM
import Synchronization

/// Groups as the people in them show them: read once for as long as nothing is committed. Most people of a tenant are in the same few
/// groups, and to find those was most of what a look-up of a person asked of the database. In memory, and bounded.
public final class RememberedGroups: Sendable {
    private struct Place: Hashable {
        let tenant: String
        let id: String
    }

    private struct State {
        /// Of the view that they were read in.
        var commits: UInt64 = 0
        /// Nil is a group that is hidden, or gone.
        var groups: [Place: Reference?] = [:]
    }

    private let state = Mutex(State())
    private let most: Int

    /// - Parameter most: how many are kept; beyond that all are forgotten.
    public init(most: Int = 10_000) { self.most = max(most, 1) }

    /// The groups with these ids, in their order; nil for those that are hidden or gone.
    ///
    /// - Parameters:
    ///   - commits: of the view that `load` reads in (``MusterStore/Transaction/commits``); nil remembers nothing.
    ///   - load: finds those of some ids that are to be seen.
    func references(
        _ tenant: String, _ ids: [String], commits: UInt64?, load: ([String]) throws -> [Reference]
    ) rethrows -> [Reference?] {
        guard let commits else { return Self.sorted(try load(ids), ids) }
        var missing: [Int] = []
        var references = state.withLock { state -> [Reference?] in
            if state.commits != commits {
                // A view that is older than the last one neither finds nor leaves anything.
                missing = Array(ids.indices)
                return Array(repeating: nil, count: ids.count)
            }
            return ids.indices.map { index in
                if let known = state.groups[Place(tenant: tenant, id: ids[index])] { return known }
                missing.append(index)
                return nil
            }
        }
        if missing.isEmpty { return references }
        let names = missing.map { ids[$0] }
        let loaded = Self.sorted(try load(names), names)
        for (index, reference) in zip(missing, loaded) { references[index] = reference }
        state.withLock { state in
            guard state.commits <= commits else { return }
            if state.commits < commits || state.groups.count + loaded.count > most { state = State(commits: commits) }
            for (id, reference) in zip(names.prefix(most), loaded) { state.groups[Place(tenant: tenant, id: id)] = reference }
        }
        return references
    }

    private static func sorted(_ references: [Reference], _ ids: [String]) -> [Reference?] {
        let places = Dictionary(references.map { ($0.value, $0) }, uniquingKeysWith: { first, _ in first })
        return ids.map { places[$0] }
    }
}
