/// What a PUT or a PATCH asks for.
public enum ResourceChange: Sendable {
    /// PUT: the checked resource as the client sent it, and a group's members (nil where the type has none).
    case replace(Resource, members: [Reference]?)
    /// PATCH.
    case patch([PatchOperation], PatchOptions)
}

/// Where identity providers and the RFC part ways.
public struct PatchOptions: Sendable, Hashable {
    /// A replace whose brackets match nothing makes the element instead of failing with `noTarget`.
    public var createsMissingElements: Bool

    public init(createsMissingElements: Bool = false) { self.createsMissingElements = createsMissingElements }
}

/// A step that changes a group's members, whose order among the other steps is kept.
public enum MembershipChange: Sendable, Hashable {
    /// Adds those that are not in it.
    case add([Reference])
    /// Takes these ids out; those that are not in it count for nothing.
    case remove([String])
    /// Takes out whoever matches: the names in it are sub-attributes of `members`.
    case removeMatching(Filter)
    case removeAll
    /// These and nobody else.
    case replaceAll([Reference])
}

/// What a change comes to for one resource.
public struct ChangedResource: Sendable {
    public var resource: Resource
    public var members: [MembershipChange]

    public init(_ resource: Resource, members: [MembershipChange] = []) {
        self.resource = resource
        self.members = members
    }
}
