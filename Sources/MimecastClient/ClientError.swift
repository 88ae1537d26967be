import Mimecast

/// A call that did not do what was asked, with its cause and what to do about it. Holds no secret.
public struct ClientError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Stable; scripts see the raw value.
    public enum Code: String, Sendable, CaseIterable {
        /// No answer: no connection, a broken one, or no time left.
        case unreachable
        /// 401, or an application the vendor does not know.
        case unauthorized
        /// 418: the v1 keys have run out.
        case expiredBinding = "expired-binding"
        /// 403.
        case forbidden
        /// 404 or 405: the application is not served this call.
        case notFound = "not-found"
        /// 429 until the policy's tries were used up, or a wait longer than its patience.
        case rateLimited = "rate-limited"
        /// 5xx.
        case server
        /// An answer that cannot be read.
        case malformedReply = "malformed-reply"
        /// The vendor says no (`fail`, or another 4xx), or the dialect cannot carry what was asked.
        case refused
        /// An answer that can be read and cannot be true, such as a page token that comes back; a list that cannot be read to its end.
        case wrongAnswer = "wrong-answer"
        /// The base URL or the keys cannot be used as they are; the call itself was not sent.
        case misconfigured
    }

    public let code: Code
    /// What happened, one sentence.
    public let message: String
    /// What to do, one sentence.
    public let remedy: String
    /// The HTTP status, where an answer came.
    public let status: Int?
    /// The vendor's own reasons.
    public let reasons: [Failure.Reason]
    /// What it was exactly, where that is known.
    public let cause: Cause?
    /// The call writes and may have been carried out: only a read can tell.
    public let outcomeUnknown: Bool

    /// - Parameter cause: nil for what the first reason that is known says.
    public init(
        _ code: Code, _ message: String, remedy: String, status: Int? = nil, reasons: [Failure.Reason] = [], cause: Cause? = nil,
        outcomeUnknown: Bool = false
    ) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.status = status
        self.reasons = reasons
        self.cause = cause ?? reasons.lazy.compactMap(Cause.init).first
        self.outcomeUnknown = outcomeUnknown
    }

    public var description: String { "\(message) \(remedy)" }

    /// Whether one of the reasons has this code of the vendor's.
    public func has(_ reason: String) -> Bool { reasons.contains { $0.code == reason } }
}
