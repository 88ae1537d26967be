/// An element of a group's `members` or a user's `groups` (RFC 7643, sections 4.1.2 and 4.2).
///
/// A class, because a page shows the same groups again and again.
public final class Reference: Sendable, Hashable {
    /// The id of the resource that is meant.
    public let value: String
    public let display: String?
    /// "User" or "Group" for members, "direct" or "indirect" for groups.
    public let type: String?
    /// The endpoint of the resource meant, such as "/Users", from which `$ref` is made; nil makes none.
    public let endpoint: String?

    public init(_ value: String, display: String? = nil, type: String? = nil, endpoint: String? = nil) {
        self.value = value
        self.display = display
        self.type = type
        self.endpoint = endpoint
    }

    public static func == (left: Reference, right: Reference) -> Bool {
        left === right
            || left.value == right.value && left.display == right.display && left.type == right.type
                && left.endpoint == right.endpoint
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
