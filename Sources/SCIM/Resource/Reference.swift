/// An element of a group's `members` or a user's `groups` (RFC 7643, sections 4.1.2 and 4.2).
public struct Reference: Sendable, Hashable {
    /// The id of the resource that is meant.
    public var value: String
    public var display: String?
    /// "User" or "Group" for members, "direct" or "indirect" for groups.
    public var type: String?
    /// The endpoint of the resource meant, such as "/Users", from which `$ref` is made; nil makes none.
    public var endpoint: String?

    public init(_ value: String, display: String? = nil, type: String? = nil, endpoint: String? = nil) {
        self.value = value
        self.display = display
        self.type = type
        self.endpoint = endpoint
    }
}
