/// What a limiter knows about a quota: for estimates, for `doctor`, and to be stored for the next process.
public struct LearnedQuota: Sendable, Hashable, Codable {
    /// Where the knowledge comes from.
    public enum Source: String, Sendable, Hashable, Codable {
        /// The server's headers, which no refusal has contradicted.
        case headers
        /// Refusals, and what was accepted between them.
        case refusals
        /// An earlier process; nothing of this one contradicts it yet.
        case memory
    }

    /// Calls a second that can be kept up.
    public var perSecond: Double
    /// Calls that a rested quota gives at once, at most; nil where nobody knows.
    public var burst: Double?
    /// Seconds of a fixed window; nil where calls come back one by one, or nobody knows.
    public var windowSeconds: Double?
    public var source: Source

    public init(perSecond: Double, burst: Double? = nil, windowSeconds: Double? = nil, source: Source) {
        self.perSecond = perSecond
        self.burst = burst
        self.windowSeconds = windowSeconds
        self.source = source
    }

    /// Whether the numbers can be those of a quota; what is read from a store may be anything.
    var isSane: Bool {
        let isFinite = perSecond.isFinite && (burst ?? 1).isFinite && (windowSeconds ?? 1).isFinite
        return isFinite && perSecond >= 1e-6 && perSecond <= 1e6 && (burst ?? 1) >= 1 && (windowSeconds ?? 1) > 0
    }
}

/// What an earlier process learned of a quota.
public struct RememberedQuota: Sendable, Hashable {
    public var quota: LearnedQuota
    /// How long no call has counted against it: as much of it has come back since.
    public var idle: Duration

    public init(_ quota: LearnedQuota, idle: Duration = .zero) {
        self.quota = quota
        self.idle = idle
    }
}
