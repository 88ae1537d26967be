import SCIM

/// Keeps resources in a list, and does by walking it what a store does by its indexes.
actor MemoryProvider: ResourceProvider {
    private struct Row {
        var type: ResourceType
        var resource: Resource
        var members: [Reference] = []
        var version = 1
        var created = 1_700_000_000_000
        var modified = 1_700_000_000_000

        var id: String { resource.id }
    }

    /// A failure that is no ``SCIMError``.
    struct Broken: Error {}

    private var rows: [Row] = []
    private var count = 0
    private var failure: (any Error)?
    /// What was asked of it, in order.
    private(set) var wants: [Wanted] = []
    private(set) var searches: [ResourceQuery] = []
    /// Calls that change something.
    private(set) var writes: [String] = []

    func fail(with error: (any Error)?) { failure = error }

    func forget() {
        wants = []
        searches = []
        writes = []
    }

    var ids: [String] { rows.map(\.id) }

    // MARK: Reading

    private func place(_ type: ResourceType, _ id: String) -> Int? {
        rows.firstIndex { $0.type.name == type.name && ExactText.areEqual($0.id, id) }
    }

    private func groups(of id: String) -> [Reference] {
        rows.filter { row in row.members.contains { $0.value == id } }.map {
            Reference($0.id, display: $0.resource.object["displayName"]?.text, type: "direct", endpoint: $0.type.endpoint)
        }
    }

    private func entry(_ row: Row, _ wanted: Wanted) -> ResourceEntry {
        var members: [Reference]?
        switch wanted.members {
        case .none: break
        case .all: members = row.members
        case .atMost(let most): if row.members.count <= most { members = row.members }
        }
        if !row.type.hasMembers { members = nil }
        return ResourceEntry(
            type: row.type.name, id: row.id, version: String(row.version), created: row.created, modified: row.modified,
            body: row.resource.object.serialized, groups: wanted.groups && !row.type.hasMembers ? groups(of: row.id) : [], members: members)
    }

    func get(_ type: ResourceType, id: String, _ wanted: Wanted) async throws -> ResourceEntry? {
        if let failure { throw failure }
        wants.append(wanted)
        return place(type, id).map { entry(rows[$0], wanted) }
    }

    func search(_ query: ResourceQuery) async throws -> ResourcePage {
        if let failure { throw failure }
        searches.append(query)
        let isMixed = query.types.count > 1
        var found: [Row] = []
        for type in query.types {
            let matcher = try query.filter.map { try FilterMatcher($0, type: type, ignoringUnknown: isMixed) }
            found += try rows.filter { row in try row.type.name == type.name && matcher?.matches(subject(row)) ?? true }
        }
        if let sort = query.sort {
            let sorters = try Dictionary(
                uniqueKeysWithValues: query.types.map { ($0.name, try ResourceSorter(sort, type: $0, ignoringUnknown: isMixed)) })
            found = try found.map { (try sorters[$0.type.name]?.key(of: subject($0)), $0) }.sorted { left, right in
                left.0.flatMap { key in right.0.map { key < $0 } } ?? false
            }.map(\.1)
        }
        var rest = found[...]
        switch query.start {
        case .index(let index): rest = rest.dropFirst(index - 1)
        case .after(nil): break
        case .after(let key?): rest = rest.drop { $0.id != key }.dropFirst()
        }
        let page = rest.prefix(query.count)
        return ResourcePage(
            total: found.count, entries: page.map { entry($0, query.wanted) }, next: page.count < rest.count ? page.last?.id : nil)
    }

    private func subject(_ row: Row) -> FilterSubject {
        let groups = groups(of: row.id)
        return FilterSubject(
            type: row.type, object: row.resource.object, created: row.created, modified: row.modified, version: String(row.version),
            groups: { groups }, members: { row.members })
    }

    // MARK: Writing

    func create(_ type: ResourceType, _ resource: Resource, members: [Reference], _ wanted: Wanted) async throws -> ResourceEntry {
        if let failure { throw failure }
        writes.append("create \(type.name)")
        wants.append(wanted)
        var resource = resource
        try checkName(type, resource)
        count += 1
        resource.id = "\(type.name.lowercased())-\(count)"
        rows.append(Row(type: type, resource: resource, members: known(members)))
        return entry(rows[rows.count - 1], wanted)
    }

    func modify(
        _ type: ResourceType, id: String, _ condition: VersionCondition, _ change: ResourceChange, _ wanted: Wanted
    ) async throws -> ResourceEntry {
        if let failure { throw failure }
        writes.append("modify \(id)")
        wants.append(wanted)
        guard let place = place(type, id) else { throw SCIMError.notFound(type.name, id) }
        var row = rows[place]
        try condition.check(String(row.version))
        let changed = try change.applied(to: row.resource, type: type)
        try checkName(type, changed.resource)
        for change in changed.members {
            switch change {
            case .add(let added): row.members += known(added).filter { new in !row.members.contains { $0.value == new.value } }
            case .remove(let ids): row.members.removeAll { ids.contains($0.value) }
            case .removeMatching(let filter):
                guard case .compare(_, .eq, .string(let id)) = filter else {
                    throw SCIMError.invalidFilter("This provider knows eq alone.")
                }
                row.members.removeAll { $0.value == id }
            case .removeAll: row.members = []
            case .replaceAll(let all): row.members = known(all)
            }
        }
        if changed.resource != row.resource || row.members != rows[place].members {
            row.resource = changed.resource
            row.version += 1
            row.modified += 1_000
            rows[place] = row
        }
        return entry(row, wanted)
    }

    func delete(_ type: ResourceType, id: String, _ condition: VersionCondition) async throws {
        if let failure { throw failure }
        writes.append("delete \(id)")
        guard let place = place(type, id) else { throw SCIMError.notFound(type.name, id) }
        try condition.check(String(rows[place].version))
        rows.remove(at: place)
        for index in rows.indices { rows[index].members.removeAll { $0.value == id } }
    }

    private func known(_ members: [Reference]) -> [Reference] {
        members.compactMap { member in
            rows.first { $0.id == member.value }.map {
                Reference(
                    $0.id, display: $0.resource.object["displayName"]?.text ?? $0.resource.object["userName"]?.text, type: $0.type.name,
                    endpoint: $0.type.endpoint)
            }
        }
    }

    private func checkName(_ type: ResourceType, _ resource: Resource) throws {
        guard let name = resource.object["userName"]?.text else { return }
        let isTaken = rows.contains { row in
            row.type.name == type.name && row.id != resource.id
                && row.resource.object["userName"]?.text.map { FoldedText.areEqual($0, name) } ?? false
        }
        if isTaken { throw SCIMError.uniqueness("The userName \(name) is taken.") }
    }
}
