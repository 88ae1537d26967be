extension ResourceType {
    public static let user = ResourceType(
        name: UserResource.resourceType, endpoint: "/Users", description: "User Account", schema: .user,
        extensions: [Extension(.enterpriseUser)])
    public static let group = ResourceType(
        name: GroupResource.resourceType, endpoint: "/Groups", description: "Group", schema: .group)

    /// Whether its resources have members that lie beside them: complex values, each with the id of a resource.
    public var hasMembers: Bool { traits.hasMembers }

    /// Whether its resources show the groups that they are in.
    public var hasGroups: Bool { traits.hasGroups }
}
