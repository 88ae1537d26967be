import MusterStore
import SCIM

/// What SCIM shows of resources: the stored bytes, and the memberships of a whole page in one query. Hidden ones are not found.
extension ResourceStore {
    /// One statement for all that there is to a resource, unless it has members.
    func entry(_ type: ResourceType, _ key: UniqueKey, _ wanted: Wanted, _ endpoints: Endpoints) throws -> ResourceEntry? {
        var found: LoadedRow?
        var groups: [String] = []
        var budget = ReferenceBudget()
        let arguments: [SQLValue] = [tenantValue, .text(type.name), .text(key.value)]
        if wanted.groups, type.hasGroups {
            try transaction.each(key.statements.withGroups, arguments) { row in
                if found == nil { found = LoadedRow(row) }
                if let group = row.textOrNil(LoadedRow.width) {
                    try budget.spend(1)
                    groups.append(group)
                }
                return true
            }
        } else {
            found = try transaction.first(key.statements.alone, arguments) { LoadedRow($0) }
        }
        guard let found else { return nil }
        return found.entry(
            type, groups: try groupReferences(groups, endpoints).compactMap { $0 },
            members: try members([found], type, wanted, endpoints, &budget)?[found.id])
    }

    /// - Parameters:
    ///   - isRun: the rows are all that there are between the first and the last, by id.
    ///   - budget: of the whole page.
    /// - Throws: 400 `tooMany` where they have too many members and groups.
    func entries(
        _ rows: [LoadedRow], _ type: ResourceType, _ wanted: Wanted, _ endpoints: Endpoints, isRun: Bool, _ budget: inout ReferenceBudget
    ) throws -> [ResourceEntry] {
        guard !rows.isEmpty else { return [] }
        let groups = wanted.groups && type.hasGroups ? try groups(rows, endpoints, isRun: isRun, &budget) : nil
        let members = try members(rows, type, wanted, endpoints, &budget)
        return rows.enumerated().map { index, row in
            row.entry(type, groups: groups?[index] ?? [], members: members?[row.id])
        }
    }

    /// Some resources by their ids, hidden ones left out.
    func loaded(_ ids: [String]) throws -> [ExactText: LoadedRow] {
        var rows: [ExactText: LoadedRow] = [:]
        try Self.rowsNamed.each(transaction, [tenantValue], ids) { row in
            let loaded = LoadedRow(row)
            rows[ExactText(loaded.id)] = loaded
        }
        return rows
    }

    private static let rowsNamed = InList(
        "SELECT \(LoadedRow.columns) FROM scim_resources r WHERE r.tenant = $1 AND r.hidden = 0 AND r.id IN ()")

    // MARK: - Groups of a user

    /// By the place of the row.
    private func groups(
        _ rows: [LoadedRow], _ endpoints: Endpoints, isRun: Bool, _ budget: inout ReferenceBudget
    ) throws -> [[Reference]] {
        if rows.count == 1, let only = rows.first {
            return [try groupReferences(of: only.id, endpoints, &budget)]
        }
        // A group is shown many times on a page, so it is read once.
        var memberships: [(row: Int, group: Int)] = []
        memberships.reserveCapacity(rows.count * 4)
        var groups = SeenIDs()
        if isRun, rows.count > 3, let first = rows.first, let last = rows.last {
            var (index, id) = (0, first.id)
            try transaction.each(Self.membershipsOfRun, [tenantValue, .text(first.id), .text(last.id)]) { row in
                // Both go up by id; in between may be members that are no users.
                if !row.holds(id, 0) {
                    let member = row.text(0)
                    guard let next = rows[index...].firstIndex(where: { $0.id == member }) else { return true }
                    (index, id) = (next, member)
                }
                try budget.spend(1)
                memberships.append((index, groups.place(row, 1)))
                return true
            }
        } else {
            let places = Dictionary(rows.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
            try Self.memberships.each(transaction, [tenantValue], rows.map(\.id)) { row in
                guard let place = places[row.text(0)] else { return }
                try budget.spend(1)
                memberships.append((place, groups.place(row, 1)))
            }
        }
        var result = [[Reference]](repeating: [], count: rows.count)
        let references = try groupReferences(groups.ids, endpoints)
        for (row, group) in memberships {
            if let reference = references[group] { result[row].append(reference) }
        }
        return result
    }

    static let membershipsOfRun = """
        SELECT m.member_id, m.group_id FROM scim_members m
        WHERE m.tenant = $1 AND m.member_id >= $2 AND m.member_id <= $3 ORDER BY m.member_id, m.group_id
        """
    static let membershipsOfOne = "SELECT group_id FROM scim_members WHERE tenant = $1 AND member_id = $2 ORDER BY group_id"
    static let memberships = InList("SELECT m.member_id, m.group_id FROM scim_members m WHERE m.tenant = $1 AND m.member_id IN ()")
    static let displays = InList(
        "SELECT r.id, r.display_name FROM scim_resources r WHERE r.tenant = $1 AND r.hidden = 0 AND r.id IN ()")

    /// The groups that one resource is directly in.
    func groupReferences(of id: String, _ endpoints: Endpoints) throws -> [Reference] {
        var budget = ReferenceBudget()
        return try groupReferences(of: id, endpoints, &budget)
    }

    private func groupReferences(of id: String, _ endpoints: Endpoints, _ budget: inout ReferenceBudget) throws -> [Reference] {
        var groups: [String] = []
        try transaction.each(Self.membershipsOfOne, [tenantValue, .text(id)]) { row in
            try budget.spend(1)
            groups.append(row.text(0))
            return true
        }
        return try groupReferences(groups, endpoints).compactMap { $0 }
    }

    /// The groups with these ids, in their order; nil for hidden ones.
    private func groupReferences(_ ids: [String], _ endpoints: Endpoints) throws -> [Reference?] {
        if ids.isEmpty { return [] }
        let remembered = remembered ?? RememberedGroups()
        return try remembered.references(tenant, ids, commits: transaction.commits) { ids in
            let endpoint = endpoints[GroupResource.resourceType]
            var found: [Reference] = []
            try Self.displays.each(transaction, [tenantValue], ids) { row in
                found.append(Reference(row.text(0), display: row.textOrNil(1), type: "direct", endpoint: endpoint))
            }
            return found
        }
    }

    // MARK: - Members of a group

    /// By group; nil where nobody asked. Groups that have more than are wanted are not in it.
    private func members(
        _ rows: [LoadedRow], _ type: ResourceType, _ wanted: Wanted, _ endpoints: Endpoints, _ budget: inout ReferenceBudget
    ) throws -> [String: [Reference]]? {
        guard type.hasMembers else { return nil }
        let most: Int
        switch wanted.members {
        case .none: return nil
        case .atMost(let number): most = number
        case .all: most = .max
        }
        var members: [String: [Reference]] = [:]
        var filled: [String] = []
        for row in rows where row.members <= most {
            // The count is kept, so that nothing is read in vain.
            try budget.spend(row.members)
            members[row.id] = []
            if row.members > 0 { filled.append(row.id) }
        }
        if let only = filled.first, filled.count == 1 {
            members[only] = try memberReferences(of: only, endpoints)
            return members
        }
        try Self.membersOfGroups.each(transaction, [tenantValue], filled) { row in
            members[row.text(3), default: []].append(Self.member(row, endpoints))
        }
        return members
    }

    /// The members of one group.
    func memberReferences(of group: String, _ endpoints: Endpoints) throws -> [Reference] {
        try transaction.all(Self.membersOfGroup, [tenantValue, .text(group)]) { Self.member($0, endpoints) }
    }

    private static func member(_ row: any SQLRow, _ endpoints: Endpoints) -> Reference {
        let type = endpoints.known(row.text(1))
        return Reference(row.text(0), display: row.textOrNil(2), type: type.name, endpoint: type.endpoint)
    }

    // CROSS JOIN, which SQLite never reorders: the members first.
    static let membersOfGroup = """
        SELECT m.member_id, r.type, r.display_name FROM scim_members m CROSS JOIN scim_resources r
        WHERE m.tenant = $1 AND m.group_id = $2 AND r.tenant = m.tenant AND r.id = m.member_id AND r.hidden = 0
        ORDER BY m.member_id
        """
    static let membersOfGroups = InList(
        """
        SELECT m.member_id, r.type, r.display_name, m.group_id FROM scim_members m CROSS JOIN scim_resources r
        WHERE m.tenant = $1 AND m.group_id IN () AND r.tenant = m.tenant AND r.id = m.member_id AND r.hidden = 0
        ORDER BY m.group_id, m.member_id
        """)
}

/// Where resources are found, by the name of their type.
struct Endpoints: Sendable {
    private let registry: SchemaRegistry

    init(_ registry: SchemaRegistry) { self.registry = registry }

    /// - Parameter type: also one that the registry does not have (any more).
    func known(_ type: String) -> (name: String, endpoint: String?) { (type, self[type]) }

    subscript(type: String) -> String? {
        registry.types.firstIndex { ExactText.areEqual($0.name, type) }.flatMap { registry.types[$0].endpoint }
    }
}
