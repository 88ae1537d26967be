extension ResourceType {
    /// Reads the body of a POST (RFC 7644, section 3.3). Attributes stand in the order of the schemas afterwards; the id is empty.
    ///
    /// - Returns: the resource, and whom `members` names, in order.
    /// - Throws: 400 `invalidSyntax` for missing `schemas` and an attribute that occurs twice; 400 `invalidValue` for a value of the wrong
    ///   type and a missing required one; 413.
    public func creation(_ body: JSONObject) throws -> (resource: Resource, members: [Reference]) {
        var reader = BodyReader(self)
        let resource = try reader.read(body)
        return (resource, reader.members)
    }

    /// Reads the body of a PUT (RFC 7644, section 3.5.1). What it says of an id is passed over.
    ///
    /// - Returns: the resource, and the members that it is to have; nil for a type without members.
    /// - Throws: As ``creation(_:)``.
    public func replacement(_ body: JSONObject) throws -> (Resource, members: [Reference]?) {
        let (resource, members) = try creation(body)
        return (resource, hasMembers ? members : nil)
    }

    /// The resource that a PUT makes of a stored one. The id, readOnly values, immutable values that are not mentioned, and `active` where
    /// it is not mentioned, stay (our choice: who sends no `active` disables nobody). What says the same in another order is the stored
    /// resource as it is.
    ///
    /// - Throws: 400 `mutability` where an immutable value would change; 413.
    public func replaced(_ existing: Resource, by new: Resource) throws -> Resource {
        var result = new
        result.id = existing.id
        for index in traits.keeping[0] {
            let attribute = schema.attributes[index]
            guard let old = existing.object[attribute.name] else { continue }
            result.object[attribute.name] = try kept(old, result.object[attribute.name], attribute, at: Place(attribute.name))
        }
        for (ext, positions) in zip(extensions, traits.keeping.dropFirst()) where !positions.isEmpty {
            guard let old = existing.object[ext.schema.id]?.object else { continue }
            var object = result.object[ext.schema.id]?.object ?? JSONObject()
            for index in positions {
                let attribute = ext.schema.attributes[index]
                guard let value = old[attribute.name] else { continue }
                let place = Place(urn: ext.schema.id, attribute.name)
                object[attribute.name] = try kept(value, object[attribute.name], attribute, at: place)
            }
            result.object[ext.schema.id] = object.isEmpty ? nil : .object(object)
        }
        result.announceSchemas(self)
        if result.object.isSame(as: existing.object) { return existing }
        try result.checkSize()
        return result
    }

    /// The value that an attribute has afterwards which has one now.
    private func kept(_ old: JSONValue, _ new: JSONValue?, _ attribute: SchemaAttribute, at place: Place) throws -> JSONValue? {
        switch attribute.mutability {
        case .readOnly: return old
        case .immutable:
            if let new, !new.isSame(as: old) {
                throw SCIMError.mutability("\(place.text) cannot change once it has a value: send the value that it has, or leave it out.")
            }
            return old
        case .readWrite, .writeOnly: break
        }
        if new == nil, attribute.isKeptUnlessSent { return old }
        // The elements of a list are other elements afterwards, with sub-attributes of their own.
        guard !attribute.isMultiValued, var object = new?.object, let oldObject = old.object else { return new }
        for sub in attribute.subAttributes {
            guard let value = oldObject[sub.name] else { continue }
            object[sub.name] = try kept(value, object[sub.name], sub, at: place.within(sub.name))
        }
        return .object(object)
    }
}

extension Resource {
    /// Has `schemas` list the type's schema and each extension that the resource has values of, in the type's order.
    public mutating func announceSchemas(_ type: ResourceType) {
        var urns: [JSONValue] = [.string(type.schema.id)]
        for ext in type.extensions where object[ext.schema.id] != nil { urns.append(.string(ext.schema.id)) }
        object["schemas"] = .array(urns)
    }
}
