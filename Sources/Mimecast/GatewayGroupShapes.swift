/// A group in the cloud gateway.
public struct GatewayGroup: GatewayRow, Hashable {
    public var id: String
    public var description: String
    public var source: String?
    public var parentId: String?
    public var userCount: Int?
    public var groupCount: Int?

    public init(
        id: String, description: String, source: String? = nil, parentId: String? = nil, userCount: Int? = nil, groupCount: Int? = nil
    ) {
        self.id = id
        self.description = description
        self.source = source
        self.parentId = parentId
        self.userCount = userCount
        self.groupCount = groupCount
    }

    public static let listName = "groups"
}

/// The new group's id, and nothing else.
public struct GatewayCreatedGroup: Codable, Sendable, Hashable {
    public var id: String

    public init(id: String) { self.id = id }
}

/// A member of a group in the cloud gateway; a domain that is a member has no address. It says `note` where the envelope says `notes`.
public struct GatewayMember: GatewayRow, Hashable {
    public var emailAddress: String?
    public var domain: String?
    public var name: String?
    public var `internal`: Bool?
    public var type: String?
    public var note: String?

    public init(
        emailAddress: String? = nil, domain: String? = nil, name: String? = nil, internal: Bool? = nil, type: String? = nil,
        note: String? = nil
    ) {
        self.emailAddress = emailAddress
        self.domain = domain
        self.name = name
        self.internal = `internal`
        self.type = type
        self.note = note
    }

    public static let listName = "groupMembers"
}

/// Members to add to, or to remove from, the group in the path: an address or a domain each, `note` with at most 100 characters.
public struct GatewayMemberChange: Codable, Sendable, Hashable {
    public struct Member: Codable, Sendable, Hashable {
        public var emailAddress: String?
        public var domain: String?
        public var note: String?

        public init(emailAddress: String? = nil, domain: String? = nil, note: String? = nil) {
            self.emailAddress = emailAddress
            self.domain = domain
            self.note = note
        }
    }

    public var groupMembers: [Member]?

    public init(groupMembers: [Member]?) { self.groupMembers = groupMembers }
}

/// One result a member, in the order in which they were sent (the order is our choice).
public struct GatewayMemberResults: Codable, Sendable, Hashable {
    public struct Result: Codable, Sendable, Hashable {
        public var success: Bool

        public init(success: Bool) { self.success = success }
    }

    public var results: [Result]

    public init(results: [Result]) { self.results = results }
}
