import SCIM

/// Searches: RFC 7644, sections 3.4.2 and 3.4.3; RFC 9865.
extension Exchange {
    /// - Parameter endpoints: all of them for a search at the root.
    func search(_ endpoints: [Endpoint], _ parameters: SearchParameters) async throws -> SCIMResponse {
        let types = endpoints.count == 1 ? endpoints[0].types : endpoints.map(\.type)
        let urns = endpoints.count == 1 ? endpoints[0].urns : service.registry.knownURNs
        let view = try view(endpoints, parameters)
        var query = ResourceQuery(types: types, wanted: view.wanted)
        if let text = parameters.filter {
            var filter = try Filter.parse(text, urns: urns)
            quirks.rewrite(filter: &filter, types: types)
            try check(filter, types)
            query.filter = filter
        }
        query.sort = try sort(parameters, types, urns)
        query.count = try count(parameters)

        var binding: CursorSeal.Binding?
        if let cursor = parameters.cursor {
            guard parameters.startIndex == nil else {
                throw SCIMError(400, .invalidCursor, "cursor and startIndex are two ways of paging; send one of them.")
            }
            let bound = CursorSeal.Binding(tenant: caller.tenant, query: query)
            query.start = .after(cursor.isEmpty ? nil : try service.seal.open(cursor, bound, now: service.now()))
            binding = bound
        } else {
            query.start = .index(try index(parameters))
        }

        let page = try await provider.search(query)
        // Room for about what is woven into each.
        let room = page.entries.reduce(0) { $0 + $1.body.count + 400 + 200 * ($1.groups.count + ($1.members?.count ?? 0)) }
        var list = ListWriter(total: page.total, count: page.entries.count, bytes: room)
        if let binding {
            // A page of nothing would come again and again.
            if query.count > 0, let key = page.next { list.nextCursor(try service.seal.seal(key, binding, now: service.now())) }
        } else if case .index(let index) = query.start {
            list.startIndex(index)
        }
        try write(page.entries, endpoints, view, into: &list)
        return .json(200, (consume list).finished())
    }

    private func write(_ entries: [ResourceEntry], _ endpoints: [Endpoint], _ view: View, into list: inout ListWriter) throws {
        var written = endpoints.map { _ in WrittenReferences() }
        // By their places: to take an entry out of the list is to retain all that it has.
        for index in entries.indices {
            let place = endpoints.count == 1 ? 0 : endpoints.firstIndex { ExactText.areEqual($0.type.name, entries[index].type) }
            guard let place else { throw SCIMError(500, nil, "The search found a resource of a type that is not served.") }
            try list.element { bytes in try view.renderers[place].write(entries[index], into: &bytes, &written[place]) }
        }
    }

    /// In a search over several types a name counts as unassigned where a type does not have it; one that no type has is a mistake.
    private func check(_ filter: Filter, _ types: [ResourceType]) throws {
        if types.count == 1 { return }
        switch filter {
        case .compare(let path, _, _), .present(let path), .element(let path, _):
            if types.contains(where: { $0.resolve(path) != nil }) { return }
            throw SCIMError.invalidFilter("Filter: '\(path)' is no attribute of any resource type; see /Schemas.")
        case .and(let left, let right), .or(let left, let right):
            try check(left, types)
            try check(right, types)
        case .not(let inner): try check(inner, types)
        }
    }

    private func sort(_ parameters: SearchParameters, _ types: [ResourceType], _ urns: [String]) throws -> ResourceQuery.Sort? {
        var isAscending = true
        if let order = parameters.sortOrder {
            isAscending = AttributeName.areEqual(order, "ascending")
            guard isAscending || AttributeName.areEqual(order, "descending") else {
                throw SCIMError.invalidValue("sortOrder is ascending or descending.")
            }
        }
        guard let name = parameters.sortBy else { return nil }
        let path = try AttributePath.parse(name, urns: urns)
        let found = types.compactMap { $0.resolve(path) }.filter { resolved in
            resolved.attribute.map { $0.returned != .never } ?? false && resolved.subAttribute?.returned != .never
        }
        guard !found.isEmpty else {
            throw SCIMError.invalidPath("sortBy names \(name.prefix(100)), which is no attribute that can be sorted by.")
        }
        return ResourceQuery.Sort(path, isAscending: isAscending)
    }

    private func count(_ parameters: SearchParameters) throws -> Int {
        switch parameters.count {
        case nil: return min(settings.defaultPageSize, settings.mostPageSize)
        case .value(let count): return max(0, min(count, settings.mostPageSize))
        case .malformed:
            let kind = parameters.cursor == nil ? SCIMError.Kind.invalidValue : .invalidCount
            throw SCIMError(400, kind, "count must be a whole number.")
        }
    }

    private func index(_ parameters: SearchParameters) throws -> Int {
        switch parameters.startIndex {
        case nil: return 1
        case .value(let index): return max(1, index)
        case .malformed: throw SCIMError.invalidValue("startIndex must be a whole number.")
        }
    }
}
