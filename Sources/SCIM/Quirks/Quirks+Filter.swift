extension Quirks {
    /// Rewrites a filter for all types that it searches.
    public func rewrite(filter: inout Filter, types: [ResourceType]) {
        if quirks.isEmpty { return }
        for type in types { filter = rewritten(filter, type, among: types) }
    }

    private func rewritten(_ filter: Filter, _ type: ResourceType, among types: [ResourceType]) -> Filter {
        switch filter {
        case .compare(var path, let comparison, var literal):
            rewrite(path: &path, type, among: types)
            for quirk in quirks { quirk.rewrite(compared: &path, type: type) }
            if let found = type.resolve(path), let attribute = found.subAttribute ?? found.attribute {
                rewrite(literal: &literal, of: attribute)
            }
            return .compare(path, comparison, literal)
        case .present(var path):
            rewrite(path: &path, type, among: types)
            return .present(path)
        case .and(let left, let right): return .and(rewritten(left, type, among: types), rewritten(right, type, among: types))
        case .or(let left, let right): return .or(rewritten(left, type, among: types), rewritten(right, type, among: types))
        case .not(let inner): return .not(rewritten(inner, type, among: types))
        case .element(var path, let inner):
            rewrite(path: &path, type, among: types)
            guard let attribute = type.resolve(path)?.attribute else { return .element(path, inner) }
            return .element(path, rewritten(inner, in: attribute))
        }
    }

    /// A name that one of the types knows stays what it is.
    private func rewrite(path: inout AttributePath, _ type: ResourceType, among types: [ResourceType]) {
        if types.contains(where: { $0.resolve(path) != nil }) { return }
        for quirk in quirks { quirk.rewrite(path: &path, type: type) }
    }

    /// A filter in brackets, whose names are sub-attributes.
    func rewritten(_ filter: Filter, in attribute: SchemaAttribute) -> Filter {
        switch filter {
        case .compare(let path, let comparison, var literal):
            if let sub = path.attribute.flatMap({ attribute.subAttribute($0) }) { rewrite(literal: &literal, of: sub) }
            return .compare(path, comparison, literal)
        case .and(let left, let right): return .and(rewritten(left, in: attribute), rewritten(right, in: attribute))
        case .or(let left, let right): return .or(rewritten(left, in: attribute), rewritten(right, in: attribute))
        case .not(let inner): return .not(rewritten(inner, in: attribute))
        case .present, .element: return filter
        }
    }

    private func rewrite(literal: inout FilterLiteral, of attribute: SchemaAttribute) {
        for quirk in quirks { quirk.rewrite(literal: &literal, of: attribute) }
    }
}
