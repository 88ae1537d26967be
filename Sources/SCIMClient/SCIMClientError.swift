/// A call that did not do what was asked, with its cause and what to do about it. Holds no token.
public struct SCIMClientError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Stable; scripts see the raw value.
    public enum Code: String, Sendable, CaseIterable {
        /// No answer: no connection, a broken one, or no time left.
        case unreachable
        /// 401, also with another token.
        case unauthorized
        /// 403.
        case forbidden
        /// 404.
        case notFound = "not-found"
        /// 409: another resource has the name, or whatever else must be unique.
        case conflict
        /// 412: the resource is not of the version that the write was meant for. Nothing was changed.
        case versionMismatch = "version-mismatch"
        /// 413, or larger than the server announces to take. Nothing was changed.
        case tooLarge = "too-large"
        /// 429 until the policy's tries were used up, or a wait longer than its patience.
        case rateLimited = "rate-limited"
        /// 5xx.
        case server
        /// 501, or something that the server does not announce.
        case notSupported = "not-supported"
        /// An answer that cannot be read.
        case malformedReply = "malformed-reply"
        /// Any other 4xx.
        case refused
        /// An answer that can be read and cannot be true or was not to be expected, such as a redirect.
        case wrongAnswer = "wrong-answer"
        /// A list that cannot be read to an end that the server itself vouches for: a page repeated, rows missing, totals at odds.
        case incomplete
        /// The base URL or the request cannot be used as it is; nothing was sent.
        case misconfigured
    }

    public let code: Code
    /// What happened, one sentence.
    public let message: String
    /// What to do, one sentence.
    public let remedy: String
    /// The HTTP status, where an answer came.
    public let status: Int?
    /// The server's `scimType` (RFC 7644, section 3.12; RFC 9865, section 2.1), known to us or not.
    public let scimType: String?
    /// The server's own words.
    public let detail: String?
    /// The call writes and may have been carried out: only a read can tell.
    public let outcomeUnknown: Bool

    public init(
        _ code: Code, _ message: String, remedy: String, status: Int? = nil, scimType: String? = nil, detail: String? = nil,
        outcomeUnknown: Bool = false
    ) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.status = status
        self.scimType = scimType
        self.detail = detail
        self.outcomeUnknown = outcomeUnknown
    }

    public var description: String { "\(message) \(remedy)" }
}
