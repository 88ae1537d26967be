/// A group's members lie beside it, and nobody knows here who they are: operations on them become steps for whoever keeps them.
extension ResourcePatcher {
    mutating func applyMembers(
        _ verb: PatchOperation.Verb, _ path: PatchPath, _ target: PatchTarget, _ value: JSONValue, hasValue: Bool
    ) throws {
        guard let attribute = target.attribute else { return }
        guard let filter = path.filter else {
            if let sub = target.subAttribute {
                if sub.mutability == .readOnly { return }
                throw SCIMError.mutability("path '\(path)': a member is added or removed whole.")
            }
            return try applyAll(verb, value, hasValue: hasValue)
        }
        // Checks names and literals.
        _ = try ElementMatcher(filter, of: attribute)
        let ids = Self.ids(filter)
        if let sub = target.subAttribute { return try applySub(sub, path, ids, verb, value) }
        switch verb {
        case .remove: step(ids.map { .remove($0) } ?? .removeMatching(filter))
        case .add, .replace:
            if value.isBlank, value.object == nil {
                if verb == .replace { step(ids.map { .remove($0) } ?? .removeMatching(filter)) }
                return
            }
            guard let ids, ids.count == 1 else {
                throw SCIMError.noTarget("path '\(path)': only what [value eq \"…\"] means can be added or replaced.")
            }
            guard var object = value.object else { throw SCIMError.invalidValue("path '\(path)': the value is an object.") }
            let named = object.value(ofAttribute: "value")
            if named == nil { object["value"] = .string(ids[0]) }
            let references = try Reference.list(.array([.object(object)]))
            if references.allSatisfy({ $0.value.utf8.elementsEqual(ids[0].utf8) }) {
                // To replace a member with itself changes nothing; that it is one cannot be known here.
                if verb == .add { step(.add(references)) }
                return
            }
            if verb == .add { throw SCIMError.mutability("path '\(path)': a member's 'value' is immutable; add another member instead.") }
            step(.remove(ids))
            step(.add(references))
        }
    }

    private mutating func applyAll(_ verb: PatchOperation.Verb, _ value: JSONValue, hasValue: Bool) throws {
        if verb == .remove, !hasValue || value == .null { return step(.removeAll) }
        var references: [Reference] = []
        if !value.isBlank { references = try Reference.list(value.array == nil ? .array([value]) : value) }
        switch verb {
        case .add: if !references.isEmpty { step(.add(references)) }
        case .remove: if !references.isEmpty { step(.remove(references.map(\.value))) }
        case .replace: step(references.isEmpty ? .removeAll : .replaceAll(references))
        }
    }

    /// `members[value eq "1"].display` and the like: what a member is besides its id is read from the member, so that nothing changes.
    private func applySub(
        _ sub: SchemaAttribute, _ path: PatchPath, _ ids: [String]?, _ verb: PatchOperation.Verb, _ value: JSONValue
    ) throws {
        if sub.name != "value" { return }
        if verb != .remove, let ids, ids.count == 1, let text = value.text, text.utf8.elementsEqual(ids[0].utf8) { return }
        throw SCIMError.mutability("path '\(path)': a member's 'value' is immutable; add and remove members whole.")
    }

    /// The ids that `value eq "1" or value eq "2"` names; nil for any other filter.
    private static func ids(_ filter: Filter) -> [String]? {
        var ids: [String] = []
        var rest = [filter]
        while let clause = rest.popLast() {
            switch clause {
            case .or(let left, let right): rest += [right, left]
            case .compare(let path, .eq, .string(let id)):
                guard path.attribute.map({ AttributeName.areEqual($0, "value") }) ?? false else { return nil }
                ids.append(id)
            default: return nil
            }
        }
        return ids
    }

    /// Adds a step; one of the same kind as the last becomes part of it.
    private mutating func step(_ change: MembershipChange) {
        switch (members.last, change) {
        case (.add(var all), .add(let more)):
            members.removeLast()
            all += more
            members.append(.add(all))
        case (.remove(var all), .remove(let more)):
            members.removeLast()
            all += more
            members.append(.remove(all))
        case (.removeAll, .removeAll): break
        default: members.append(change)
        }
    }
}
