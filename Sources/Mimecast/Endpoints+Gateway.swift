extension Endpoints {
    /// The cloud gateway's REST calls, for v2 applications of either dialect. What a GET takes stands in its query, an `{id}` in its path;
    /// a body is the item itself.
    public enum Gateway {}
}

extension Endpoints.Gateway {
    public static let users = Endpoint<Nothing, GatewayUser>(
        "gateway.users", .get, "/user/cloud-gateway/v1/users", dialects: [.portal, .guide], generations: [.v2], scope: .userRead,
        category: .user, items: 0, paging: .query(standard: 100, most: 100), body: .plain, source: "facts")
    public static let createUser = Endpoint<GatewayNewUser, GatewayUser>(
        "gateway.createUser", .post, "/user/cloud-gateway/v1/users", dialects: [.portal, .guide], generations: [.v2], scope: .userWrite,
        category: .user, body: .plain, writes: true, source: "facts")
    public static let groups = Endpoint<GroupQuery, GatewayGroup>(
        "gateway.groups", .get, "/directory/cloud-gateway/v1/groups", dialects: [.portal, .guide], generations: [.v2], scope: .userRead,
        category: .directory, items: 0, paging: .query(standard: 100, most: 100), body: .plain, source: "facts")
    public static let createGroup = Endpoint<NewGroup, GatewayCreatedGroup>(
        "gateway.createGroup", .post, "/directory/cloud-gateway/v1/groups", dialects: [.portal, .guide], generations: [.v2],
        scope: .userWrite, category: .directory, body: .plain, writes: true, source: "facts")
    public static let group = Endpoint<GroupKey, GatewayGroup>(
        "gateway.group", .get, "/directory/cloud-gateway/v1/groups/{id}", dialects: [.portal, .guide], generations: [.v2], scope: .userRead,
        category: .directory, items: 0, body: .plain, source: "facts")
    public static let members = Endpoint<GroupKey, GatewayMember>(
        "gateway.members", .get, "/directory/cloud-gateway/v1/groups/{id}/members", dialects: [.portal, .guide], generations: [.v2],
        scope: .userRead, category: .directory, items: 0, paging: .query(standard: 100, most: 100), body: .plain, source: "facts")
    public static let addMembers = Endpoint<GatewayMemberChange, GatewayMemberResults>(
        "gateway.addMembers", .post, "/directory/cloud-gateway/v1/groups/{id}/members", dialects: [.portal, .guide], generations: [.v2],
        scope: .userWrite, category: .directory, body: .plain, writes: true, source: "facts")
    public static let removeMembers = Endpoint<GatewayMemberChange, GatewayMemberResults>(
        "gateway.removeMembers", .post, "/directory/cloud-gateway/v1/groups/{id}/remove-members", dialects: [.portal, .guide],
        generations: [.v2], scope: .userWrite, category: .directory, body: .plain, writes: true, source: "facts")
    public static let roles = Endpoint<Nothing, GatewayRole>(
        "gateway.roles", .get, "/role/cloud-gateway/v1/roles", dialects: [.portal, .guide], generations: [.v2], scope: .userRead,
        category: .user, items: 0, paging: .query(standard: 100, most: 100), body: .plain, source: "facts")
    public static let internalDomains = Endpoint<Nothing, GatewayDomain>(
        "gateway.internalDomains", .get, "/domain/cloud-gateway/v1/internal-domains", dialects: [.portal, .guide], generations: [.v2],
        scope: .userRead, category: .domain, items: 0, paging: .query(standard: 100, most: 100), body: .plain, source: "facts")
    public static let externalDomains = Endpoint<Nothing, GatewayDomain>(
        "gateway.externalDomains", .get, "/domain/cloud-gateway/v1/external-domains", dialects: [.portal, .guide], generations: [.v2],
        scope: .userRead, category: .domain, items: 0, paging: .query(standard: 100, most: 100), body: .plain, source: "facts")
    public static let pendingDomains = Endpoint<Nothing, GatewayDomain>(
        "gateway.pendingDomains", .get, "/domain/cloud-gateway/v1/pending-domains", dialects: [.portal, .guide], generations: [.v2],
        scope: .userRead, category: .domain, items: 0, paging: .query(standard: 100, most: 100), body: .plain, source: "facts")
    public static let whoami = Endpoint<Nothing, WhoAmI>(
        "gateway.whoami", .get, "/identity/whoami", dialects: [.portal, .guide], generations: [.v2], scope: nil, category: .account,
        items: 0, body: .plain, source: "facts")

    public static let all: [EndpointDescription] = [
        users.description, createUser.description, groups.description, createGroup.description, group.description, members.description,
        addMembers.description, removeMembers.description, roles.description, internalDomains.description, externalDomains.description,
        pendingDomains.description, whoami.description,
    ]
}
