/// The vendor's calls. Nothing else in Muster names a path.
public enum Endpoints {
    /// Token endpoint of v2, outside the envelope: form-encoded (RFC 6749, section 4.4).
    public static let tokenPath = "/oauth/token"

    /// Authorization endpoint of v2, where a person gives an application leave (RFC 6749, section 4.1; the path is our choice).
    public static let authorizePath = "/oauth/authorize"

    /// Standard and largest page (guide).
    public static let page = EndpointDescription.Paging.envelope(standard: 100, most: 500)

    /// The catalogue's calls and shapes, for v1 and for v2 applications of the portal dialect. Where the guide has nothing of its own,
    /// v2 applications of the guide dialect are served them too.
    public enum Portal {
        public static let all = userCalls + directoryCalls + tenantCalls
    }

    /// Every description, for the sandbox's router, the scope tests and the coverage document.
    public static let all = Guide.all + Portal.all + Gateway.all + Logs.all + Login.all
}

/// A call without items.
public struct Nothing: Codable, Sendable, Hashable {
    public init() {}
}
