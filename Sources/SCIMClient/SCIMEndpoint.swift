/// Where the resources of one type are, below the base URL.
public struct SCIMEndpoint: Sendable, Hashable, ExpressibleByStringLiteral {
    /// `/Users`: as a resource type announces it.
    public let path: String

    public init(_ path: String) { self.path = path.hasPrefix("/") ? path : "/\(path)" }
    public init(stringLiteral value: String) { self.init(value) }

    public static let users: SCIMEndpoint = "/Users"
    public static let groups: SCIMEndpoint = "/Groups"
}
