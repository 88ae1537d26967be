/// A resource as a filter or a sort sees it: the stored attributes and what is added where it is read.
public struct FilterSubject {
    public var type: ResourceType
    /// As it is stored.
    public var object: JSONObject
    /// Milliseconds since 1970.
    public var created: Int
    /// Milliseconds since 1970.
    public var modified: Int
    /// Without `W/` and quotes.
    public var version: String
    /// Nil: `meta.location` counts as unassigned.
    public var location: String?
    /// A user's groups; called at most once a match, and only where the filter asks.
    public var groups: () throws -> [Reference]
    /// A group's members; called at most once a match, and only where the filter asks.
    public var members: () throws -> [Reference]

    public init(
        type: ResourceType, object: JSONObject, created: Int = 0, modified: Int = 0, version: String = "", location: String? = nil,
        groups: @escaping () throws -> [Reference] = { [] }, members: @escaping () throws -> [Reference] = { [] }
    ) {
        self.type = type
        self.object = object
        self.created = created
        self.modified = modified
        self.version = version
        self.location = location
        self.groups = groups
        self.members = members
    }
}

/// A subject while it is looked at: what its closures gave is kept.
struct SubjectReader {
    let subject: FilterSubject
    private var loadedGroups: [ReferenceElement]?
    private var loadedMembers: [ReferenceElement]?

    init(_ subject: FilterSubject) { self.subject = subject }

    mutating func groups() throws -> [ReferenceElement] {
        if let loadedGroups { return loadedGroups }
        let groups = elements(try subject.groups())
        loadedGroups = groups
        return groups
    }

    mutating func members() throws -> [ReferenceElement] {
        if let loadedMembers { return loadedMembers }
        let members = elements(try subject.members())
        loadedMembers = members
        return members
    }

    private func elements(_ references: [Reference]) -> [ReferenceElement] {
        let base = baseURL
        return references.map { ReferenceElement($0, baseURL: base) }
    }

    /// What stands in front of "/Users/1" in the location.
    private var baseURL: String? {
        guard let location = subject.location, let id = subject.object["id"]?.text else { return nil }
        let length = subject.type.endpoint.utf8.count + 1 + id.utf8.count
        return location.utf8.count > length ? String(decoding: location.utf8.dropLast(length), as: UTF8.self) : nil
    }
}
