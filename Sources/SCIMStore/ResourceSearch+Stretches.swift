import SCIM

extension ResourceSearch {
    /// A search as a walk over indexes: the types one after the other in the order that they are given, in each of them those without a
    /// value in the sorting attribute last, or first where the order goes down (RFC 7644, section 3.4.2.3).
    ///
    /// - Throws: 400 `invalidFilter` or `invalidPath` for what no type has, or for what cannot be compared so.
    static func stretches(_ query: ResourceQuery) throws -> [Stretch] {
        var stretches: [Stretch] = []
        var refusal: (any Error)?
        var isUnderstood = false
        for (place, type) in query.types.enumerated() {
            do {
                stretches += try self.stretches(query, type, place, ignoringUnknown: false)
                isUnderstood = true
            } catch let error as SCIMError where query.types.count > 1 {
                // What one type does not have is unassigned in it; what no type has is a mistake.
                refusal = refusal ?? error
                stretches += try self.stretches(query, type, place, ignoringUnknown: true)
            }
        }
        if let refusal, !isUnderstood { throw refusal }
        return stretches
    }

    private static func stretches(
        _ query: ResourceQuery, _ type: ResourceType, _ place: Int, ignoringUnknown: Bool
    ) throws -> [Stretch] {
        var filter = FilterSQL.all
        var matcher: FilterMatcher?
        if let wanted = query.filter {
            let checked = try FilterMatcher(wanted, type: type, ignoringUnknown: ignoringUnknown)
            filter = FilterSQL(wanted, type)
            if !filter.isExact { matcher = checked }
        }
        let isAscending = query.sort?.isAscending ?? true
        func stretch(_ order: SearchOrder, _ part: SearchStretch.Part, _ sorter: ResourceSorter? = nil) -> Stretch {
            Stretch(
                type: place,
                statement: SearchStretch(
                    type: type, filter: filter, order: order, isAscending: sorter == nil ? isAscending : true, part: part),
                matcher: matcher, sorter: sorter)
        }
        guard let sort = query.sort else { return [stretch(filter.order, .all)] }
        let sorter = try ResourceSorter(sort, type: type, ignoringUnknown: ignoringUnknown)
        guard let resolved = type.resolve(sort.path) else { return [stretch(.id, .all)] }
        guard let order = order(resolved, type) else { return [stretch(.id, .all, sorter)] }
        guard order.isOptional else { return [stretch(order, .all)] }
        let parts: [SearchStretch.Part] = isAscending ? [.assigned, .unassigned] : [.unassigned, .assigned]
        return parts.map { stretch(order, $0) }
    }

    /// - Returns: nil where no index has this order.
    private static func order(_ path: ResolvedPath, _ type: ResourceType) -> SearchOrder? {
        switch FilterTarget(path, type) {
        case .text(let column): column.name == "r.id" ? .id : column.order
        case .date(let order): order
        case .namePart, .active, .typeName, .values, .members, .groups, nil: nil
        }
    }
}

extension ResourceSearch.Stretch {
    /// The same with all resources of the type, by id.
    var whole: Self {
        Self(
            type: type,
            statement: SearchStretch(type: statement.type, filter: statement.filter, order: .id, isAscending: true, part: .all),
            matcher: matcher, sorter: nil)
    }
}
