import MusterStore

/// A scripted misfortune: which calls it waits for, what it does to them, and how often.
struct Fault: Codable, Sendable {
    struct Match: Codable, Sendable {
        /// The call's path, exactly, with an id or `{id}` in it where it has one; `*` is every path.
        var path: String
        /// GET or POST; nil is any.
        var method: String?
        /// The application's id; nil is any. One that signs in is not known before it has.
        var application: String?
    }

    enum Kind: String, Codable, Sendable {
        /// The connection closes before anything is carried out.
        case dropBefore = "drop-before"
        /// The call is carried out and committed, then the connection closes without an answer.
        case dropAfter = "drop-after"
        /// Every item is turned down in `fail` with `code` (default `err_xdk_operation_forbidden_for_address`).
        case refuse
        /// The call is carried out after `seconds` (default 1).
        case delay
        /// 429 with `Retry-After: seconds` (default 1), nothing carried out.
        case rateLimit = "rate-limit"
        /// `status` (default 500), nothing carried out.
        case serverError = "server-error"
        /// A list's answer carries the token of the page itself.
        case repeatToken = "repeat-token"
        /// A list's page lacks its second half without saying so.
        case shortPage = "short-page"
        /// A read answers as of the moment at which the fault was scripted.
        case staleRead = "stale-read"
        /// Every token and binding of the application expires now; this call is told so, as `token_expired` or 418.
        case expireTokens = "expire-tokens"
        /// The whole call is turned down in the envelope, without a key, with `status` (default 200) and `code` (default
        /// `err_developer_key`, which real clients have met at random).
        case reject
        /// A SCIM write is answered as if all were well, and nothing is kept: single sign-on is broken silently.
        case degradeSSO = "degrade-sso"
        /// The answer's bytes come one by one, `seconds` (default 1) in all.
        case slowBody = "slow-body"
    }

    var match: Match
    var kind: Kind
    /// How many matching calls pass first.
    var skip: Int?
    /// How many calls it then strikes; 1 where nothing is said.
    var count: Int?
    /// It strikes each so-many-th of the calls that did not pass first; 1 where nothing is said.
    var every: Int?
    var seconds: Double?
    var status: Int?
    var code: String?
}

extension Fault {
    /// More calls than anybody makes, and few enough to be added up.
    private static let most = 1_000_000_000

    /// - Parameter isServed: whether there is a call with a path.
    /// - Throws: ``CallRefusal`` 422 for one that could never strike, or not as it says.
    func check(isServed: (String) -> Bool) throws {
        func require(_ isRight: Bool, _ message: String) throws {
            guard isRight else { throw CallRefusal(422, "invalid_fault", "A fault cannot be carried out: \(message)") }
        }
        try require(match.path == "*" || isServed(match.path), "there is no call with the path \(match.path.prefix(200)) (* is every path)")
        let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        try require(match.method.map { methods.contains($0.uppercased()) } ?? true, "method is one of \(methods.joined(separator: ", "))")
        try require((0...Self.most).contains(skip ?? 0), "skip is 0 to \(Self.most)")
        try require((1...Self.most).contains(count ?? 1), "count is 1 to \(Self.most)")
        try require((1...Self.most).contains(every ?? 1), "every is 1 to \(Self.most)")
        try require((0...3_600).contains(seconds ?? 0), "seconds is 0 to 3600")
        let statuses = kind == .reject ? 200...599 : 400...599
        try require(status.map { statuses.contains($0) } ?? true, "status is \(statuses.lowerBound) to 599")
        try require(status == nil || [.serverError, .reject].contains(kind), "status is for server-error and reject")
        try require(
            kind != .degradeSSO || match.path == "*" || match.path.hasPrefix(SandboxOptions.scimPath + "/"),
            "degrade-sso is for SCIM's paths")
        let isList = match.path == "*" || !match.path.hasPrefix("/oauth/")
        try require(
            isList || ![.shortPage, .repeatToken, .staleRead, .expireTokens].contains(kind), "\(kind.rawValue) is not for \(match.path)")
        try require((1...200).contains(code?.utf8.count ?? 1), "code has 1 to 200 bytes")
    }
}

/// A fault that strikes a call.
struct Struck: Sendable {
    let fault: Fault
    /// The store as it was when a stale read was scripted.
    var past: (any ReadableStore)?

    var kind: Fault.Kind { fault.kind }
    var code: String? { fault.code }
}
