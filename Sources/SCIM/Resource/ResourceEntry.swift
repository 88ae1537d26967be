/// A resource as a provider hands it out: the stored bytes, and beside them what is woven in where it is written to the client.
public struct ResourceEntry: Sendable {
    /// The name of its type.
    public var type: String
    public var id: String
    /// What changes with every change; the ETag is `W/"version"`.
    public var version: String
    /// Milliseconds since 1970.
    public var created: Int
    /// Milliseconds since 1970.
    public var modified: Int
    /// A whole JSON object with at least `schemas` and `id` in it, serialised by ``JSONValue/write(into:)`` (so it begins with `{` and
    /// ends with `}`, without blanks); no `meta`, no `groups`, no `members`.
    public var body: [UInt8]
    /// The groups of a user; empty where there are none or nobody asked.
    public var groups: [Reference]
    /// The members of a group; nil where they were not loaded, and then they are not shown.
    public var members: [Reference]?

    public init(
        type: String, id: String, version: String, created: Int, modified: Int, body: [UInt8], groups: [Reference] = [],
        members: [Reference]? = nil
    ) {
        self.type = type
        self.id = id
        self.version = version
        self.created = created
        self.modified = modified
        self.body = body
        self.groups = groups
        self.members = members
    }
}
