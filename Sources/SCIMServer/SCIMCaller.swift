import SCIM

/// Whoever sends a request, as far as the service has to know.
public struct SCIMCaller: Sendable {
    /// Cursors are good within one tenant.
    public var tenant: String
    /// What `/Me` is: the name of the resource type, and the id. Nil for a caller that is nobody's account, such as an application.
    public var resource: (type: String, id: String)?
    /// Whose habits to expect, where the token says so; otherwise the User-Agent tells.
    public var provider: IdentityProvider?

    public init(tenant: String, resource: (type: String, id: String)? = nil, provider: IdentityProvider? = nil) {
        self.tenant = tenant
        self.resource = resource
        self.provider = provider
    }
}
