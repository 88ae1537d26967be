extension TenantClient {
    /// The application's bearer token, for the vendor's services that are not of its catalogue, such as SCIM. It is the one that the
    /// client's own calls carry, and is fetched and renewed with theirs.
    ///
    /// - Parameter refused: a token that was refused there; another one is fetched.
    /// - Throws: ``ClientError``: `misconfigured` where the application has none (v1).
    public func bearerToken(inPlaceOf refused: String? = nil) async throws -> String {
        guard let token = try await connection.get().retrying.token(inPlaceOf: refused) else {
            throw ClientError(.misconfigured, "A v1 application signs its calls and has no token.", remedy: "Use a v2 application.")
        }
        return token
    }
}
