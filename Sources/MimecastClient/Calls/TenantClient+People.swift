import Mimecast

/// People, one by one, as the vendor's shapes have them. ``create(_:)``, ``update(_:_:)``, ``internalAccounts(domain:)`` and
/// ``lookUp(_:)`` are the same in every dialect.
extension TenantClient {
    /// A person's profile: the only call of the portal's that names a role.
    ///
    /// - Parameter avatar: the picture, too.
    public func profile(of address: String, avatar: Bool = false) async throws -> Kept<UserProfile> {
        try await one(Endpoints.Portal.profile, ProfileKey(emailAddress: address, showAvatar: avatar ? true : nil))
    }

    /// Sets what each update names, and answers the account's state.
    public func updateUsers(_ updates: [UserUpdate]) async throws -> [Result<Kept<UserState>, ClientError>] {
        try await each(Endpoints.Portal.updateUser, updates)
    }

    /// Everyone in the cloud gateway's list, the only one of the portal's that shows who is disabled. v2.
    public func gatewayUsers() -> Pages<RowPage<GatewayUser>> { list(Endpoints.Gateway.users) }

    /// Makes an account by the cloud gateway. v2.
    public func createGatewayUser(_ user: GatewayNewUser) async throws -> Kept<GatewayUser> {
        try await one(Endpoints.Gateway.createUser, user)
    }

    /// The roles that administrators can have. No call gives one. v2.
    public func roles() -> Pages<RowPage<GatewayRole>> { list(Endpoints.Gateway.roles) }
}
