/// A group to create, at the top or in the group `parentId`.
public struct NewGroup: Codable, Sendable, Hashable {
    public var description: String?
    public var parentId: String?

    public init(description: String?, parentId: String? = nil) {
        self.description = description
        self.parentId = parentId
    }
}

/// Another name or another parent for a group; absent means unchanged.
public struct GroupUpdate: Codable, Sendable, Hashable {
    public var id: String?
    public var description: String?
    public var parentId: String?

    public init(id: String?, description: String? = nil, parentId: String? = nil) {
        self.id = id
        self.description = description
        self.parentId = parentId
    }
}

/// The group that is gone (our choice). It can have neither members nor groups in it.
public struct DeletedGroup: Codable, Sendable, Hashable {
    public var id: String

    public init(id: String) { self.id = id }
}
