extension ResourceChange {
    /// Works out what the change makes of a resource; the resource itself stays as it is, also where this throws.
    ///
    /// Operations on a group's members become ``ChangedResource/members``, in their order. `schemas` is computed, `password` checked and
    /// discarded. What changes nothing returns the same object, member for member.
    ///
    /// - Throws: 400 `noTarget`, `invalidPath`, `invalidFilter`, `invalidValue` or `mutability`; 413 where they look at too many
    ///   values.
    public func applied(to existing: Resource, type: ResourceType) throws -> ChangedResource {
        switch self {
        case .replace(let resource, let members):
            return ChangedResource(
                try type.replaced(existing, by: resource),
                members: members.map { [$0.isEmpty ? .removeAll : .replaceAll($0)] } ?? [])
        case .patch(let operations, let options):
            var patcher = ResourcePatcher(existing, type: type, options: options)
            for (index, operation) in operations.enumerated() {
                try SCIMError.inOperation(index) { try patcher.apply(operation) }
            }
            return try patcher.finished()
        }
    }
}
