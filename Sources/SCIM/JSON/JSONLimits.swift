/// What the parser puts up with from a stranger. The length in bytes is for the caller to limit.
public struct JSONLimits: Sendable, Hashable {
    /// Objects and lists within one another, at most 500.
    public var depth: Int
    /// Values of every kind in the whole text.
    public var values: Int
    /// Members of one object.
    public var members: Int

    public init(depth: Int = 32, values: Int = 400_000, members: Int = 500) {
        self.depth = min(depth, 500)
        self.values = values
        self.members = members
    }

    /// Bytes of a number.
    static let digits = 100
}
