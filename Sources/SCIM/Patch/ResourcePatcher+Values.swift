extension ResourcePatcher {
    /// What an attribute with one value has after an operation.
    ///
    /// - Returns: nil: unassigned.
    func changed(
        _ old: JSONValue?, _ attribute: SchemaAttribute, _ verb: PatchOperation.Verb, _ target: PatchTarget, _ value: JSONValue
    ) throws -> JSONValue? {
        if let sub = target.subAttribute {
            var object = old?.object ?? JSONObject()
            object[sub.name] = try changedSub(object[sub.name], sub, verb, value, at: "\(attribute.name).\(sub.name)")
            return object.isEmpty ? nil : .object(object)
        }
        if verb == .remove { return nil }
        guard attribute.kind == .complex, let given = value.object else {
            return value.isBlank ? nil : try reader.value(value, of: attribute, at: attribute.name)
        }
        var object = old?.object ?? JSONObject()
        try merge(given, into: &object, of: attribute)
        return object.isEmpty ? nil : .object(object)
    }

    /// Sets the sub-attributes that are named and leaves the others; ignores unknown and read-only ones.
    func merge(_ given: JSONObject, into object: inout JSONObject, of attribute: SchemaAttribute) throws {
        for member in given.members {
            guard let sub = attribute.subAttribute(member.name), sub.mutability != .readOnly else { continue }
            object[sub.name] = try changedSub(object[sub.name], sub, .replace, member.value, at: "\(attribute.name).\(sub.name)")
        }
    }

    /// What a sub-attribute has after an operation.
    func changedSub(
        _ old: JSONValue?, _ sub: SchemaAttribute, _ verb: PatchOperation.Verb, _ value: JSONValue, at name: String
    ) throws -> JSONValue? {
        var new: JSONValue?
        if verb != .remove {
            let value = sub.isMultiValued && value.array == nil && !value.isBlank ? .array([value]) : value
            new = value.isBlank ? nil : try reader.value(value, of: sub, at: name)
            if sub.isMultiValued, verb == .add {
                var list = PatchedList(old?.array ?? [], of: sub)
                try list.add(new?.array ?? [])
                new = list.elements.isEmpty ? nil : .array(list.elements)
            }
        }
        try sub.checkChange(from: old, to: new)
        return new
    }
}
