/// A scripted misfortune: which calls it waits for, what it does to them, and how often.
struct Fault: Codable, Sendable {
    struct Match: Codable, Sendable {
        /// The call's path, exactly.
        var path: String
        /// GET or POST; nil is any.
        var method: String?
        /// The application's id; nil is any.
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
    }

    var match: Match
    var kind: Kind
    /// How many matching calls pass first.
    var skip: Int?
    /// How many calls it then strikes; 1 where nothing is said.
    var count: Int?
    var seconds: Double?
    var status: Int?
    var code: String?
}
