/// The vendor's calls. Nothing else in Muster names a path.
public enum Endpoints {
    /// Token endpoint of v2, outside the envelope: form-encoded (RFC 6749, section 4.4).
    public static let tokenPath = "/oauth/token"

    /// Standard and largest page (guide).
    public static let page = EndpointDescription.Paging.envelope(standard: 100, most: 500)

    /// The guide's own calls and shapes, for v2 applications of the guide dialect.
    public enum Guide {
        public static let listUsers = Endpoint<Nothing, GuideUser>(
            "guide.listUsers", .get, "/api/user/get-internal-users", dialects: [.guide], generations: [.v2], scope: .userRead,
            category: .user, items: 0, paging: .query(standard: 100, most: 500), source: "guide")
        public static let getUsers = Endpoint<UserKey, GuideUser>(
            "guide.getUsers", .post, "/api/user/get-internal-users", dialects: [.guide], generations: [.v2], scope: .userRead,
            category: .user, paging: page, source: "guide")
        public static let externalUsers = Endpoint<UserKey, GuideUser>(
            "guide.externalUsers", .post, "/api/user/get-external-users", dialects: [.guide], generations: [.v2], scope: .userRead,
            category: .user, paging: page, source: "ours")
        public static let createUser = Endpoint<GuideUser, GuideUser>(
            "guide.createUser", .post, "/api/user/create-managed-sender", dialects: [.guide], generations: [.v2], scope: .userWrite,
            category: .user, writes: true, source: "guide")
        public static let updateUser = Endpoint<GuideUser, GuideUser>(
            "guide.updateUser", .post, "/api/user/update-managed-sender", dialects: [.guide], generations: [.v2], scope: .userWrite,
            category: .user, writes: true, source: "guide")
        public static let deleteUser = Endpoint<UserKey, DeletedUser>(
            "guide.deleteUser", .post, "/api/user/delete-managed-sender", dialects: [.guide], generations: [.v2], scope: .userDelete,
            category: .user, writes: true, source: "guide")
        public static let findGroups = Endpoint<GroupQuery, GuideGroup>(
            "guide.findGroups", .post, "/api/directory/find-groups", dialects: [.guide], generations: [.v2], scope: .userRead,
            category: .directory, paging: page, source: "guide")
        public static let groupMembers = Endpoint<GroupKey, GroupMember>(
            "guide.groupMembers", .post, "/api/directory/get-group-members", dialects: [.guide], generations: [.v2], scope: .userRead,
            category: .directory, paging: page, source: "guide")
        public static let addMember = Endpoint<MemberChange, GuideMemberReply>(
            "guide.addMember", .post, "/api/directory/add-group-member", dialects: [.guide], generations: [.v2], scope: .userWrite,
            category: .directory, writes: true, source: "guide")
        public static let removeMember = Endpoint<MemberChange, GuideMemberReply>(
            "guide.removeMember", .post, "/api/directory/remove-group-member", dialects: [.guide], generations: [.v2], scope: .userWrite,
            category: .directory, writes: true, source: "ours")
        public static let account = Endpoint<Nothing, GuideAccount>(
            "guide.account", .post, "/api/account/get-account", dialects: [.guide], generations: [.v2], scope: .accountRead,
            category: .account, source: "guide")
    }

    /// The catalogue's calls and shapes, for v1 and for v2 applications of the portal dialect.
    public enum Portal {
        public static let internalUsers = Endpoint<DomainKey, UserList>(
            "portal.internalUsers", .post, "/api/user/get-internal-users", dialects: [.portal], scope: .userRead, category: .user,
            paging: page, source: "facts")
        public static let externalUsers = Endpoint<DomainKey, UserList>(
            "portal.externalUsers", .post, "/api/user/get-external-users", dialects: [.portal], scope: .userRead, category: .user,
            paging: page, source: "ours")
        public static let createUser = Endpoint<NewUser, CreatedUser>(
            "portal.createUser", .post, "/api/user/create-user", dialects: [.portal, .guide], scope: .userWrite, category: .user,
            writes: true, source: "facts")
        public static let updateUser = Endpoint<UserUpdate, UserState>(
            "portal.updateUser", .post, "/api/user/update-user", dialects: [.portal, .guide], scope: .userWrite, category: .user, items: 5,
            writes: true, source: "facts")
        public static let findGroups = Endpoint<GroupQuery, FolderList>(
            "portal.findGroups", .post, "/api/directory/find-groups", dialects: [.portal], scope: .userRead, category: .directory,
            paging: page, source: "facts")
        public static let groupMembers = Endpoint<GroupKey, MemberList>(
            "portal.groupMembers", .post, "/api/directory/get-group-members", dialects: [.portal], scope: .userRead,
            category: .directory, paging: page, source: "facts")
        public static let addMember = Endpoint<MemberChange, PortalMemberReply>(
            "portal.addMember", .post, "/api/directory/add-group-member", dialects: [.portal], scope: .userWrite, category: .directory,
            items: 500, writes: true, source: "facts")
        public static let removeMember = Endpoint<MemberChange, PortalMemberReply>(
            "portal.removeMember", .post, "/api/directory/remove-group-member", dialects: [.portal], scope: .userWrite,
            category: .directory, items: 10, writes: true, source: "facts")
        public static let account = Endpoint<Nothing, PortalAccount>(
            "portal.account", .post, "/api/account/get-account", dialects: [.portal], scope: .accountRead, category: .account,
            source: "facts")
        public static let domains = Endpoint<DomainKey, InternalDomain>(
            "portal.domains", .post, "/api/domain/get-internal-domain", dialects: [.portal, .guide], scope: .userRead, category: .domain,
            paging: page, source: "facts")
        public static let gatewayUsers = Endpoint<Nothing, GatewayUser>(
            "portal.gatewayUsers", .get, "/user/cloud-gateway/v1/users", dialects: [.portal, .guide], generations: [.v2], scope: .userRead,
            category: .user, items: 0, paging: .query(standard: 100, most: 100), body: .plain, source: "facts")
    }

    /// Every description, for the sandbox's router, the scope tests and the coverage document.
    public static let all: [EndpointDescription] = [
        Guide.listUsers.description, Guide.getUsers.description, Guide.externalUsers.description, Guide.createUser.description,
        Guide.updateUser.description, Guide.deleteUser.description, Guide.findGroups.description, Guide.groupMembers.description,
        Guide.addMember.description, Guide.removeMember.description, Guide.account.description,
        Portal.internalUsers.description, Portal.externalUsers.description, Portal.createUser.description,
        Portal.updateUser.description, Portal.findGroups.description, Portal.groupMembers.description, Portal.addMember.description,
        Portal.removeMember.description, Portal.account.description, Portal.domains.description, Portal.gatewayUsers.description,
    ]
}

/// A call without items.
public struct Nothing: Codable, Sendable, Hashable {
    public init() {}
}
