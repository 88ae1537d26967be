extension Quirks {
    /// Rewrites a PatchOp message (RFC 7644, section 3.5.2): paths, and values by what their paths mean.
    public func rewrite(patch: inout JSONObject, type: ResourceType) {
        if quirks.isEmpty { return }
        for quirk in quirks { quirk.rewrite(patch: &patch) }
        for index in patch.members.indices where AttributeName.areEqual(patch.members[index].name, "Operations") {
            guard case .array(var operations) = patch.members[index].value else { continue }
            patch.members[index].value = .null
            for index in operations.indices {
                guard case .object(var operation) = operations[index] else { continue }
                operations[index] = .null
                rewrite(operation: &operation, type)
                operations[index] = .object(operation)
            }
            patch.members[index].value = .array(operations)
        }
    }

    private func rewrite(operation: inout JSONObject, _ type: ResourceType) {
        let place = operation.members.firstIndex { AttributeName.areEqual($0.name, "value") }
        var value = place.map { operation.members[$0].value } ?? .null
        if let place { operation.members[place].value = .null }
        defer { if let place { operation.members[place].value = value } }

        let pathPlace = operation.members.firstIndex { AttributeName.areEqual($0.name, "path") }
        if let pathPlace, !BlankClears.isBlank(operation.members[pathPlace].value) {
            guard var path = operation.members[pathPlace].value.text else { return }
            let isRemoval = operation.value(ofAttribute: "op")?.text.map { AttributeName.areEqual($0, "remove") } ?? false
            rewrite(path: &path, value: &value, isRemoval: isRemoval, type)
            operation.members[pathPlace].value = .string(path)
        } else if case .object(var attributes) = value {
            value = .null
            rewrite(attributes: &attributes, type: type)
            value = .object(attributes)
        }
    }

    /// A path, and the value that belongs to it.
    func rewrite(path text: inout String, value: inout JSONValue, isRemoval: Bool = false, _ type: ResourceType) {
        guard let path = try? PatchPath.parse(text, urns: type.urns) else { return }
        var better = path
        for quirk in quirks { quirk.rewrite(path: &better.attribute, type: type) }
        guard let found = type.resolve(better.attribute) else { return }
        if let attribute = found.attribute { better.filter = better.filter.map { rewritten($0, in: attribute) } }
        if better != path { text = better.description }
        guard let attribute = found.subAttribute ?? found.attribute else {
            return rewrite(value: &value, ofSchema: found.extensionURN, type: type)
        }
        if let name = better.subAttribute {
            guard let sub = attribute.subAttribute(name) else { return }
            rewrite(value: &value, of: sub, as: isRemoval ? .removed : .whole)
        } else {
            rewrite(value: &value, of: attribute, as: isRemoval ? .removed : better.filter == nil ? .whole : .element)
        }
    }
}
