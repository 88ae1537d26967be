extension Endpoints.Portal {
    public static let internalUsers = Endpoint<DomainKey, UserList>(
        "portal.internalUsers", .post, "/api/user/get-internal-users", dialects: [.portal], scope: .userRead, category: .user,
        paging: Endpoints.page, source: "facts")
    public static let externalUsers = Endpoint<DomainKey, UserList>(
        "portal.externalUsers", .post, "/api/user/get-external-users", dialects: [.portal], scope: .userRead, category: .user,
        paging: Endpoints.page, source: "ours")
    public static let createUser = Endpoint<NewUser, CreatedUser>(
        "portal.createUser", .post, "/api/user/create-user", dialects: [.portal, .guide], scope: .userWrite, category: .user,
        writes: true, source: "facts")
    public static let updateUser = Endpoint<UserUpdate, UserState>(
        "portal.updateUser", .post, "/api/user/update-user", dialects: [.portal, .guide], scope: .userWrite, category: .user, items: 5,
        writes: true, source: "facts")
    public static let profile = Endpoint<ProfileKey, UserProfile>(
        "portal.profile", .post, "/api/user/get-profile", dialects: [.portal, .guide], scope: .userRead, category: .user, source: "facts")
    public static let aliases = Endpoint<AddressKey, AliasRow>(
        "portal.aliases", .post, "/api/user/get-aliases", dialects: [.portal, .guide], scope: .userRead, category: .user, source: "facts")
    /// Adds an alias; the vendor has no add-alias.
    public static let updateAlias = Endpoint<AliasChange, AliasRow>(
        "portal.updateAlias", .post, "/api/user/update-alias", dialects: [.portal, .guide], scope: .userWrite, category: .user, items: 5,
        writes: true, source: "facts")
    public static let removeAlias = Endpoint<AliasChange, AliasRow>(
        "portal.removeAlias", .post, "/api/user/remove-alias", dialects: [.portal, .guide], scope: .userWrite, category: .user, items: 5,
        writes: true, source: "facts")
    public static let attributes = Endpoint<AddressKey, AttributeList>(
        "portal.attributes", .post, "/api/user/get-attributes", dialects: [.portal, .guide], scope: .userRead, category: .user, items: 25,
        source: "facts")
    public static let updateAttributes = Endpoint<AttributeChange, AttributeList>(
        "portal.updateAttributes", .post, "/api/user/update-attributes", dialects: [.portal, .guide], scope: .userWrite, category: .user,
        items: 25, writes: true, source: "facts")
    public static let addDelegate = Endpoint<DelegateChange, DelegateReply>(
        "portal.addDelegate", .post, "/api/user/add-delegate-user", dialects: [.portal, .guide], scope: .userWrite, category: .user,
        items: 25, writes: true, source: "facts")
    public static let delegates = Endpoint<DelegateQuery, DelegateList>(
        "portal.delegates", .post, "/api/user/find-delegate-users", dialects: [.portal, .guide], scope: .userRead, category: .user,
        paging: Endpoints.page, source: "facts")
    public static let removeDelegate = Endpoint<IDKey, DelegateReply>(
        "portal.removeDelegate", .post, "/api/user/remove-delegate-user", dialects: [.portal, .guide], scope: .userWrite, category: .user,
        items: 25, writes: true, source: "facts")
    public static let importUsers = Endpoint<ImportOrder, ImportReply>(
        "portal.importUsers", .post, "/api/user/import-users", dialects: [.portal, .guide], scope: .userWrite, category: .user, body: .file,
        writes: true, source: "facts")
    public static let importStatus = Endpoint<IDKey, ImportStatus>(
        "portal.importStatus", .post, "/api/user/get-import-status", dialects: [.portal, .guide], scope: .userRead, category: .user,
        items: 10, source: "facts")
    public static let addToPurgeList = Endpoint<PurgeChange, PurgeReply>(
        "portal.addToPurgeList", .post, "/api/user/add-to-purge-list", dialects: [.portal, .guide], scope: .userDelete, category: .user,
        writes: true, source: "facts")
    public static let removeFromPurgeList = Endpoint<PurgeChange, PurgeReply>(
        "portal.removeFromPurgeList", .post, "/api/user/remove-from-purge-list", dialects: [.portal, .guide], scope: .userDelete,
        category: .user, writes: true, source: "facts")

    static let userCalls: [EndpointDescription] = [
        internalUsers.description, externalUsers.description, createUser.description, updateUser.description, profile.description,
        aliases.description, updateAlias.description, removeAlias.description, attributes.description, updateAttributes.description,
        addDelegate.description, delegates.description, removeDelegate.description, importUsers.description, importStatus.description,
        addToPurgeList.description, removeFromPurgeList.description,
    ]
}
