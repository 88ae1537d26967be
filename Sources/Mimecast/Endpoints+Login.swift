extension Endpoints {
    /// How a v1 application comes by a binding, and ends it.
    public enum Login {}
}

extension Endpoints.Login {
    public static let discover = Endpoint<DiscoveryKey, Discovery>(
        "login.discover", .post, "/api/login/discover-authentication", dialects: [.portal], generations: [.v1], scope: nil,
        category: .account, signed: false, source: "facts")
    public static let login = Endpoint<LoginKey, Login>(
        "login.login", .post, "/api/login/login", dialects: [.portal], generations: [.v1], scope: nil, category: .account, signed: false,
        source: "facts")
    public static let logout = Endpoint<LogoutKey, LogoutReply>(
        "login.logout", .post, "/api/login/logout", dialects: [.portal], generations: [.v1], scope: nil, category: .account, source: "facts"
    )

    public static let all: [EndpointDescription] = [
        discover.description, login.description, logout.description,
    ]
}
