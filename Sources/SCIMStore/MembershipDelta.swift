import MusterStore
import SCIM

/// What a list of membership changes comes to for one group: who comes and who goes, at the cost of those that are named. Only a change
/// that is about all members reads all of them.
struct MembershipDelta {
    /// How many comparisons filters on members may come to, in all changes of one request.
    static let mostComparisons = 2_000_000

    private(set) var adding: [String] = []
    private(set) var removing: [String] = []

    var isEmpty: Bool { adding.isEmpty && removing.isEmpty }

    /// - Parameters:
    ///   - group: nil is a new one, which nobody is in.
    ///   - budget: how many comparisons filters on members may come to, in all changes together.
    /// - Throws: 400 `tooMany` where they come to more.
    init(
        _ changes: [MembershipChange], _ type: ResourceType, of group: String?, _ store: ResourceStore, _ endpoints: Endpoints,
        budget: Int = mostComparisons
    ) throws {
        guard let attribute = type.schema.attribute(ResourceType.membersAttribute) else { return }
        var plan = Plan(attribute: attribute, group: group, store: store, endpoints: endpoints, comparisonsLeft: budget)
        for change in changes { try plan.apply(change) }
        (adding, removing) = try plan.outcome()
    }

    /// What is to be, by id, on top of who is in the group.
    private struct Plan {
        let attribute: SchemaAttribute
        let group: String?
        let store: ResourceStore
        let endpoints: Endpoints
        /// In the order that they were named first.
        var named: [String] = []
        var isMember: [ExactText: Bool] = [:]
        /// Whoever was in the group and is not named is to go.
        var isCleared = false
        /// Who was in the group before, read once for all filters.
        var present: [Reference]?
        /// Of those who were added, what filters look at; nil is one that is not there.
        var fresh: [ExactText: Reference?] = [:]
        var comparisonsLeft: Int

        mutating func set(_ id: String, _ value: Bool) {
            if isMember.updateValue(value, forKey: ExactText(id)) == nil { named.append(id) }
        }

        mutating func apply(_ change: MembershipChange) throws {
            switch change {
            case .add(let references): for reference in references { set(reference.value, true) }
            case .remove(let ids): for id in ids { set(id, false) }
            case .removeAll: clear()
            case .replaceAll(let references):
                clear()
                for reference in references { set(reference.value, true) }
            case .removeMatching(let filter):
                if let ids = Self.ids(filter) {
                    for id in ids { set(id, false) }
                } else {
                    for id in try matching(filter) { set(id, false) }
                }
            }
        }

        private mutating func clear() {
            isCleared = true
            named = []
            isMember = [:]
        }

        /// `value eq "…"`, or several of them with `or`: the ids, without asking who is in the group.
        private static func ids(_ filter: Filter) -> [String]? {
            switch filter {
            case .compare(let path, .eq, .string(let id))
            where path.schema == nil && path.subAttribute == nil && path.attribute.map { AttributeName.areEqual($0, "value") } == true:
                return [id]
            case .or(let left, let right):
                guard let left = ids(left), let right = ids(right) else { return nil }
                return left + right
            default: return nil
            }
        }

        private mutating func matching(_ filter: Filter) throws -> [String] {
            let matcher = try ElementMatcher(filter, of: attribute)
            let comparisons = Self.comparisons(filter)
            let added = named.filter { isMember[ExactText($0)] == true }
            // To look through those who are named costs a tenth of a comparison each.
            try spend(max(added.count * comparisons, named.count / 10))
            var references: [Reference] = []
            if !isCleared, let group {
                // The kept count, before anything is read.
                if present == nil { try spend(0, ahead: (store.row(group)?.members ?? 0) * comparisons) }
                let known = try present ?? store.memberReferences(of: group, endpoints)
                present = known
                try spend(known.count * comparisons)
                references = known
            }
            let unknown = added.filter { fresh[ExactText($0)] == nil }
            for id in unknown { fresh.updateValue(nil, forKey: ExactText(id)) }
            for reference in try store.memberReferences(unknown, endpoints) {
                fresh.updateValue(reference, forKey: ExactText(reference.value))
            }
            references += added.compactMap { fresh[ExactText($0)] ?? nil }
            return references.filter { matcher.matches($0) }.map(\.value)
        }

        private mutating func spend(_ comparisons: Int, ahead: Int = 0) throws {
            comparisonsLeft -= comparisons
            guard comparisonsLeft >= ahead else { throw MembershipDelta.tooMany }
        }

        private static func comparisons(_ filter: Filter) -> Int {
            var count = 0
            var waiting = [filter]
            while let next = waiting.popLast() {
                switch next {
                case .and(let left, let right), .or(let left, let right): waiting += [left, right]
                case .not(let inner), .element(_, let inner): waiting.append(inner)
                case .compare, .present: count += 1
                }
            }
            return max(count, 1)
        }

        func outcome() throws -> (adding: [String], removing: [String]) {
            let wanted = named.filter { isMember[ExactText($0)] == true }
            let unwanted = named.filter { isMember[ExactText($0)] == false }
            if isCleared {
                let present = try group.map { try store.allMembers(of: $0) } ?? []
                let known = Set(present.map { ExactText($0) })
                let new = wanted.filter { !known.contains(ExactText($0)) }
                return (try store.existing(new), present.filter { isMember[ExactText($0)] != true })
            }
            guard let group else { return (try store.existing(wanted), []) }
            let present = Set(try store.membersAmong(named, of: group).map { ExactText($0) })
            let new = wanted.filter { !present.contains(ExactText($0)) }
            return (try store.existing(new), unwanted.filter { present.contains(ExactText($0)) })
        }
    }
}

extension MembershipDelta {
    static let tooMany = SCIMError.tooMany(
        "The filters on members would come to more than \(mostComparisons) comparisons. Name members by members[value eq \"…\"], or send "
            + "fewer operations at a time.")
}

extension ResourceStore {
    /// Those that are there and not hidden, in the same order.
    fileprivate func existing(_ ids: [String]) throws -> [String] {
        var found: Set<ExactText> = []
        try Self.visible.each(transaction, [tenantValue], ids) { found.insert(ExactText($0.text(0))) }
        return ids.filter { found.contains(ExactText($0)) }
    }

    private static let visible = InList("SELECT r.id FROM scim_resources r WHERE r.tenant = $1 AND r.hidden = 0 AND r.id IN ()")

    fileprivate func membersAmong(_ ids: [String], of group: String) throws -> [String] {
        var found: [String] = []
        try Self.membersNamed.each(transaction, [tenantValue, .text(group)], ids) { found.append($0.text(0)) }
        return found
    }

    static let membersNamed = InList(
        "SELECT m.member_id FROM scim_members m WHERE m.tenant = $1 AND m.group_id = $2 AND m.member_id IN ()", first: 3)

    fileprivate func allMembers(of group: String) throws -> [String] {
        try transaction.all(
            "SELECT member_id FROM scim_members WHERE tenant = $1 AND group_id = $2 ORDER BY member_id", [tenantValue, .text(group)]
        ) { $0.text(0) }
    }

    /// As members, those of them that are there.
    fileprivate func memberReferences(_ ids: [String], _ endpoints: Endpoints) throws -> [Reference] {
        var references: [Reference] = []
        try Self.asMembers.each(transaction, [tenantValue], ids) { row in
            let type = endpoints.known(row.text(1))
            references.append(Reference(row.text(0), display: row.textOrNil(2), type: type.name, endpoint: type.endpoint))
        }
        return references
    }

    private static let asMembers = InList(
        "SELECT r.id, r.type, r.display_name FROM scim_resources r WHERE r.tenant = $1 AND r.hidden = 0 AND r.id IN ()")
}
