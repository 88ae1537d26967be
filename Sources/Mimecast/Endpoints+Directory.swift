extension Endpoints.Portal {
    public static let findGroups = Endpoint<GroupQuery, FolderList>(
        "portal.findGroups", .post, "/api/directory/find-groups", dialects: [.portal], scope: .userRead, category: .directory,
        paging: Endpoints.page, source: "facts")
    public static let groupMembers = Endpoint<GroupKey, MemberList>(
        "portal.groupMembers", .post, "/api/directory/get-group-members", dialects: [.portal], scope: .userRead,
        category: .directory, paging: Endpoints.page, source: "facts")
    public static let addMember = Endpoint<MemberChange, PortalMemberReply>(
        "portal.addMember", .post, "/api/directory/add-group-member", dialects: [.portal], scope: .userWrite, category: .directory,
        items: 500, writes: true, source: "facts")
    public static let removeMember = Endpoint<MemberChange, PortalMemberReply>(
        "portal.removeMember", .post, "/api/directory/remove-group-member", dialects: [.portal], scope: .userWrite,
        category: .directory, items: 10, writes: true, source: "facts")
    public static let createGroup = Endpoint<NewGroup, Folder>(
        "portal.createGroup", .post, "/api/directory/create-group", dialects: [.portal, .guide], scope: .userWrite, category: .directory,
        items: 10, writes: true, source: "facts")
    public static let updateGroup = Endpoint<GroupUpdate, Folder>(
        "portal.updateGroup", .post, "/api/directory/update-group", dialects: [.portal, .guide], scope: .userWrite, category: .directory,
        items: 10, writes: true, source: "facts")
    public static let deleteGroup = Endpoint<GroupKey, DeletedGroup>(
        "portal.deleteGroup", .post, "/api/directory/delete-group", dialects: [.portal, .guide], scope: .userWrite, category: .directory,
        items: 10, writes: true, source: "facts")
    public static let connections = Endpoint<Nothing, Connection>(
        "portal.connections", .post, "/api/directory/get-connection", dialects: [.portal, .guide], scope: .accountRead,
        category: .directory, source: "facts")
    public static let executeSync = Endpoint<Nothing, SyncReply>(
        "portal.executeSync", .post, "/api/directory/execute-sync", dialects: [.portal, .guide], scope: .userWrite, category: .directory,
        writes: true, source: "facts")

    static let directoryCalls: [EndpointDescription] = [
        findGroups.description, groupMembers.description, addMember.description, removeMember.description, createGroup.description,
        updateGroup.description, deleteGroup.description, connections.description, executeSync.description,
    ]
}
