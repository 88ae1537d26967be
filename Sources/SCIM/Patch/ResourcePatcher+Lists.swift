extension ResourcePatcher {
    /// Changes the values of an attribute that has several.
    mutating func change(
        _ list: inout PatchedList, _ verb: PatchOperation.Verb, _ path: PatchPath, _ target: PatchTarget, _ value: JSONValue,
        hasValue: Bool
    ) throws {
        guard let filter = path.filter else {
            if let sub = target.subAttribute {
                let all = Array(list.elements.indices)
                if all.isEmpty, verb != .remove { return try append(JSONObject(), sub, value, to: &list) }
                return try set(sub, at: all, verb, value, in: &list)
            }
            switch verb {
            case .add: try list.add(try elements(value, of: list.attribute))
            case .replace: list.replace(with: try elements(value, of: list.attribute))
            case .remove where !hasValue || value == .null: list.removeAll()
            case .remove:
                // One by one: `{"type": "work"}` says what to remove, though as a value it would say nothing.
                let removed = try (value.array ?? [value]).compactMap { element in
                    element.isBlank ? nil : try reader.element(element, of: list.attribute, at: list.attribute.name)
                }
                try spend(removed.count { $0.object.map { $0["value"] == nil } ?? false } * list.elements.count)
                list.remove(removed)
            }
            return
        }
        let matcher = try ElementMatcher(filter, of: list.attribute)
        let places = list.elements.indices.filter { matcher.matches(list.elements[$0]) }
        if verb == .remove || value.isBlank && value.object == nil {
            if let sub = target.subAttribute {
                try set(sub, at: places, .remove, .null, in: &list)
            } else {
                list.change(places) { _ in nil }
            }
            return
        }
        if places.isEmpty {
            if verb == .replace, !options.createsMissingElements {
                throw SCIMError.noTarget("path '\(path)': no value matches; 'add' would make one.")
            }
            return try create(filter, path, target, value, in: &list)
        }
        if let sub = target.subAttribute { return try set(sub, at: places, verb, value, in: &list) }
        try changeWhole(filter, places, verb, value, in: &list)
    }

    /// The values of a list that a client sent; a single one stands for a list of it.
    private func elements(_ value: JSONValue, of attribute: SchemaAttribute) throws -> [JSONValue] {
        if value.isBlank { return [] }
        let list = value.array == nil ? .array([value]) : value
        return try reader.value(list, of: attribute, at: attribute.name)?.array ?? []
    }

    /// The one value that a client sent for an element.
    private func element(_ value: JSONValue, of attribute: SchemaAttribute) throws -> JSONValue? {
        guard value.array == nil else {
            throw SCIMError.invalidValue("the value of what brackets match in '\(attribute.name)' is one value, not a list.")
        }
        return try elements(value, of: attribute).first
    }

    private func set(
        _ sub: SchemaAttribute, at places: [Int], _ verb: PatchOperation.Verb, _ value: JSONValue, in list: inout PatchedList
    ) throws {
        let name = "\(list.attribute.name).\(sub.name)"
        let promotes = sub.name == "primary" && verb != .remove && value == .bool(true)
        try list.change(places, promotes: promotes) { element in
            var object = element.object ?? JSONObject()
            object[sub.name] = try changedSub(object[sub.name], sub, verb, value, at: name)
            return .object(object)
        }
    }

    /// A new value with one sub-attribute besides what it has already.
    private func append(
        _ base: JSONObject, _ sub: SchemaAttribute, _ value: JSONValue, to list: inout PatchedList
    ) throws {
        var object = base
        object[sub.name] = try changedSub(nil, sub, .replace, value, at: "\(list.attribute.name).\(sub.name)")
        if !object.isEmpty { list.append(.object(object)) }
    }

    /// `add` to, or `replace` of, all of the values that brackets match.
    private func changeWhole(
        _ filter: Filter, _ places: [Int], _ verb: PatchOperation.Verb, _ value: JSONValue, in list: inout PatchedList
    ) throws {
        let attribute = list.attribute
        guard attribute.kind == .complex else {
            guard let element = try element(value, of: attribute) else { return }
            if verb == .add { return try list.add([element]) }
            return list.change(places) { _ in element }
        }
        guard let given = value.object else {
            throw SCIMError.invalidValue("the value of what brackets match in '\(attribute.name)' is an object.")
        }
        if given.isEmpty { return }
        let described = try description(filter, of: attribute)
        let promotes = given.value(ofAttribute: "primary") == .bool(true) && attribute.subAttribute("primary") != nil
        try list.change(places, promotes: promotes) { element in
            let old = element.object ?? JSONObject()
            var object = verb == .add ? old : described
            try merge(given, into: &object, of: attribute)
            for sub in attribute.subAttributes where sub.mutability == .immutable {
                try sub.checkChange(from: old[sub.name], to: object[sub.name])
            }
            return .object(object)
        }
    }

    /// Makes the value that brackets describe.
    private func create(
        _ filter: Filter, _ path: PatchPath, _ target: PatchTarget, _ value: JSONValue, in list: inout PatchedList
    ) throws {
        let attribute = list.attribute
        guard attribute.kind == .complex else {
            if let element = try element(value, of: attribute) { try list.add([element]) }
            return
        }
        var object = try description(filter, of: attribute)
        if object.isEmpty {
            throw SCIMError.noTarget("path '\(path)': no value matches, and the brackets do not say by 'eq' what a new one is to be.")
        }
        if let sub = target.subAttribute { return try append(object, sub, value, to: &list) }
        guard let given = value.object else {
            throw SCIMError.invalidValue("the value of what brackets match in '\(attribute.name)' is an object.")
        }
        if given.isEmpty { return }
        try merge(given, into: &object, of: attribute)
        if !object.isEmpty { list.append(.object(object)) }
    }

    /// What must be true of every value that a filter matches: its `eq` clauses, as far as they stand in no `or` and no `not`.
    private func description(_ filter: Filter, of attribute: SchemaAttribute) throws -> JSONObject {
        var object = JSONObject()
        var rest = [filter]
        while let clause = rest.popLast() {
            switch clause {
            case .and(let left, let right): rest += [right, left]
            case .compare(let path, .eq, let literal):
                guard let name = path.attribute, let sub = attribute.subAttribute(name), sub.mutability != .readOnly else { continue }
                let value: JSONValue =
                    switch literal {
                    case .null: .null
                    case .bool(let bool): .bool(bool)
                    case .number(let number): .number(number)
                    case .string(let text): .string(text)
                    }
                object[sub.name] = value.isBlank ? nil : try reader.value(value, of: sub, at: "\(attribute.name).\(sub.name)")
            default: continue
            }
        }
        return object
    }
}
