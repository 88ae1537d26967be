/// What a reply says about the quota that it was counted against.
public struct RateLimit: Sendable, Hashable {
    public static let limitHeader = "X-RateLimit-Limit"
    public static let remainingHeader = "X-RateLimit-Remaining"
    public static let resetHeader = "X-RateLimit-Reset"
    public static let retryAfterHeader = "Retry-After"

    public var limit: Int?
    public var remaining: Int?
    /// Milliseconds until at least one call is given back.
    public var resetMilliseconds: Int?
    /// Seconds to wait, on 429.
    public var retryAfterSeconds: Int?

    public init(limit: Int?, remaining: Int?, resetMilliseconds: Int?, retryAfterSeconds: Int? = nil) {
        self.limit = limit
        self.remaining = remaining
        self.resetMilliseconds = resetMilliseconds
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// Reads a reply's headers, found by `value`, which is asked for each name in any letter case.
    public init(_ value: (String) -> String?) {
        limit = value(Self.limitHeader).flatMap { Int($0) }
        remaining = value(Self.remainingHeader).flatMap { Int($0) }
        resetMilliseconds = value(Self.resetHeader).flatMap { Int($0) }
        retryAfterSeconds = value(Self.retryAfterHeader).flatMap { Int($0) }
    }

    /// How long a refused call waits before it is made again; nil where the reply does not say.
    public var wait: Duration? {
        if let seconds = retryAfterSeconds, seconds >= 0 { return .seconds(min(seconds, 3_600)) }
        if let milliseconds = resetMilliseconds, milliseconds >= 0, milliseconds <= 3_600_000 { return .milliseconds(milliseconds) }
        return nil
    }
}
