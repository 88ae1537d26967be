import Mimecast

/// How a v1 application comes by a binding, and ends it. Clients with ``Credentials/v1Person(applicationID:applicationKey:login:)`` do
/// this by themselves.
extension TenantClient {
    /// Where, and how, an address signs in. `api.mimecast.com` knows all regions. Needs no binding.
    ///
    /// - Returns: without a region where nobody knows the address.
    public func discover(_ address: String) async throws -> Kept<Discovery> {
        try await one(Endpoints.Login.discover, DiscoveryKey(emailAddress: address))
    }

    /// Signs in by password: gives a new binding.
    ///
    /// - Parameter accessKey: of a binding that ran out, to be renewed instead.
    public func logIn(_ login: PersonLogin, renewing accessKey: String? = nil) async throws -> Kept<Login> {
        let endpoint = Endpoints.Login.login
        let open = try connection.get().open(login: login)
        let item = LoginKey(username: login.username, accessKey: accessKey)
        let envelope = try await exchange(endpoint.kept, items: [Kept(item)]) { $0.authorization = open }.envelope
        try envelope.throwIfRefused(endpoint.description)
        guard let row = envelope.data.first else { throw ClientError.empty(endpoint.description, writes: false) }
        return row
    }

    /// Ends a binding.
    ///
    /// - Parameter accessKey: nil for the one that signs this client's calls.
    public func logOut(accessKey: String? = nil) async throws -> Kept<LogoutReply> {
        try await one(Endpoints.Login.logout, LogoutKey(accessKey: accessKey))
    }
}
