public struct GroupQuery: Codable, Sendable, Hashable {
    public var query: String?
    public var source: String?

    public init(query: String? = nil, source: String? = nil) {
        self.query = query
        self.source = source
    }
}

public struct GroupKey: Codable, Sendable, Hashable {
    public var id: String?

    public init(id: String?) { self.id = id }
}

/// A group as the guide lists it.
public struct GuideGroup: Codable, Sendable, Hashable {
    public var id: String
    public var description: String
    public var source: String?

    public init(id: String, description: String, source: String?) {
        self.id = id
        self.description = description
        self.source = source
    }
}

/// The portal's answer to find-groups: one object that echoes the query and holds the groups.
public struct FolderList: Codable, Sendable, Hashable {
    public var source: String?
    public var query: String?
    public var folders: [Folder]

    public init(source: String?, query: String?, folders: [Folder]) {
        self.source = source
        self.query = query
        self.folders = folders
    }
}

public struct Folder: Codable, Sendable, Hashable {
    public var id: String
    public var description: String
    public var source: String?
    public var parentId: String?
    public var userCount: Int?
    public var folderCount: Int?

    public init(id: String, description: String, source: String?, parentId: String?, userCount: Int?, folderCount: Int?) {
        self.id = id
        self.description = description
        self.source = source
        self.parentId = parentId
        self.userCount = userCount
        self.folderCount = folderCount
    }
}

public struct MemberList: Codable, Sendable, Hashable {
    public var groupMembers: [GroupMember]

    public init(groupMembers: [GroupMember]) { self.groupMembers = groupMembers }
}

/// A member of a group; a domain that is a member has an empty address.
public struct GroupMember: Codable, Sendable, Hashable {
    public var name: String?
    public var emailAddress: String
    public var domain: String?
    public var `internal`: Bool?
    public var type: String?
    public var notes: String?

    public init(name: String?, emailAddress: String, domain: String?, internal: Bool?, type: String?, notes: String? = nil) {
        self.name = name
        self.emailAddress = emailAddress
        self.domain = domain
        self.internal = `internal`
        self.type = type
        self.notes = notes
    }
}

/// One member to add or remove: the group's id, and an address or a domain. `notes` has at most 100 characters.
public struct MemberChange: Codable, Sendable, Hashable {
    public var id: String?
    public var emailAddress: String?
    public var domain: String?
    public var notes: String?

    public init(id: String?, emailAddress: String? = nil, domain: String? = nil, notes: String? = nil) {
        self.id = id
        self.emailAddress = emailAddress
        self.domain = domain
        self.notes = notes
    }
}

/// The guide's answer: `id` is the group, `status` says added or removed. `domain` instead of an address is our choice.
public struct GuideMemberReply: Codable, Sendable, Hashable {
    public var id: String
    public var emailAddress: String?
    public var domain: String?
    public var status: String

    public init(id: String, emailAddress: String? = nil, domain: String? = nil, status: String) {
        self.id = id
        self.emailAddress = emailAddress
        self.domain = domain
        self.status = status
    }
}

/// The portal's answer: `id` is the member, `folderId` the group. A domain has no address.
public struct PortalMemberReply: Codable, Sendable, Hashable {
    public var id: String
    public var folderId: String
    public var emailAddress: String?
    public var `internal`: Bool?
    public var domain: String?

    public init(id: String, folderId: String, emailAddress: String? = nil, internal: Bool? = nil, domain: String? = nil) {
        self.id = id
        self.folderId = folderId
        self.emailAddress = emailAddress
        self.internal = `internal`
        self.domain = domain
    }
}
