/// How often and after what wait a call is made again. Data; each client has its own loop.
public struct RetryPolicy: Sendable, Hashable {
    /// Tries of a call that meets trouble, the first included.
    public var attempts: Int
    /// Tries of a call that the server's limits refuse (429), the first included. More than `attempts`: nothing went wrong, it said wait.
    public var limitedAttempts: Int
    /// Wait after the first try; it doubles with each further one.
    public var base: Duration
    /// Longest wait that the policy chooses itself.
    public var cap: Duration
    /// Share of a wait that chance may take away, 0 to 1. A wait that the server named is only ever made longer, by up to this share
    /// of `base`, so that callers who were refused together do not come back together.
    public var jitter: Double
    /// Longest wait that the server may name; beyond it the call fails and says how long.
    public var patience: Duration
    /// Time for one try, the answer's body included.
    public var timeout: Duration

    /// - Parameters:
    ///   - attempts: at least 1.
    ///   - jitter: 0 to 1; other values are brought into range.
    public init(
        attempts: Int = 4, limitedAttempts: Int = 20, base: Duration = .milliseconds(250), cap: Duration = .seconds(30),
        jitter: Double = 0.5, patience: Duration = .seconds(300), timeout: Duration = .seconds(30)
    ) {
        self.attempts = max(attempts, 1)
        self.limitedAttempts = max(limitedAttempts, 1)
        self.base = base
        self.cap = cap
        self.jitter = min(max(jitter, 0), 1)
        self.patience = patience
        self.timeout = timeout
    }

    /// Four tries with 250 ms doubling, twenty where the limits refuse, 30 s a try.
    public static let standard = RetryPolicy()
    /// One try.
    public static let never = RetryPolicy(attempts: 1, limitedAttempts: 1)

    /// The wait before the next try: what the server named, else exponential.
    ///
    /// - Parameters:
    ///   - attempt: tries made so far, from 1.
    ///   - told: how long the answer said to wait, where it did.
    ///   - random: from 0 up to 1.
    public func delay(attempt: Int, told: Duration?, random: Double) -> Duration {
        if let told, told > .zero { return told + base * (jitter * random) }
        let doublings = min(max(attempt, 1) - 1, 30)
        let full = min(base * (1 << doublings), cap)
        return full * (1 - jitter * random)
    }
}
