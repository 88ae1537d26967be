extension Endpoints {
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

        public static let all: [EndpointDescription] = [
            listUsers.description, getUsers.description, externalUsers.description, createUser.description, updateUser.description,
            deleteUser.description, findGroups.description, groupMembers.description, addMember.description, removeMember.description,
            account.description,
        ]
    }
}
