/// When a tenant's people are read, and its audit log: a schedule without a clock of its own.
///
/// A *read* reads everybody and proves it; a *look* reads what is new in the audit log, by one call or two. A look that finds that people
/// or groups changed brings the next read forward.
///
/// All times are seconds of a steady clock, which runs on while the machine sleeps and which nobody sets: a wall clock that jumps makes
/// neither a storm of reads nor a standstill. Only what has to outlive the process is kept in calendar time, by
/// whoever keeps it.
public struct PollSchedule: Sendable, Hashable {
    public struct Settings: Sendable, Hashable {
        /// Seconds from one read to the next, and from one look to the next, where the quota allows it.
        public var read: Double
        public var look: Double
        /// The part of the learned quota that may be used, 0 to 1: the rest is for those who apply plans, and for other programs.
        public var share: Double
        /// The part of an interval by which it is shortened or prolonged at random, so that a thousand tenants are not read at once.
        public var jitter: Double
        /// After a change, seconds without another before a read (whoever edits a group edits it several times), and at most so many.
        public var quiet: Double
        public var patience: Double

        public init(
            read: Double, look: Double = 60, share: Double = 0.2, jitter: Double = 0.1, quiet: Double = 15, patience: Double = 60
        ) {
            self.read = read
            self.look = look
            self.share = share
            self.jitter = jitter
            self.quiet = quiet
            self.patience = patience
        }
    }

    /// What a turn cost.
    public struct Cost: Sendable, Hashable, Codable {
        public var calls: Int
        public var seconds: Double
        /// Calls a second that the quota gives; nil where nobody knows.
        public var perSecond: Double?

        public init(calls: Int, seconds: Double, perSecond: Double? = nil) {
            self.calls = calls
            self.seconds = seconds
            self.perSecond = perSecond
        }
    }

    public enum Reason: String, Sendable, Hashable, Codable {
        case due
        /// The audit log shows that people or groups changed.
        case changed
    }

    public enum Step: Sendable, Hashable {
        /// Seconds.
        case wait(Double)
        case look
        case read(Reason)
    }

    /// The longest wait before the schedule is asked again.
    public static let mostWait = 30.0
    /// The first wait after a failure, and the longest; it doubles in between.
    static let firstRetry = 30.0
    static let lastRetry = 3_600.0
    /// After a log that may not be read.
    static let refusedFor = 86_400.0

    public let settings: Settings
    public private(set) var readDue: Double
    public private(set) var lookDue: Double
    /// Of reads, one after the other.
    public private(set) var failures = 0
    private var lookFailures = 0
    private var readCost: Cost?
    private var lookCost: Cost?
    private var lastRead: Double?
    private var firstNews: Double?
    private var lastNews: Double?

    /// - Parameters:
    ///   - now: steady.
    ///   - readIn: seconds until the next read, as an earlier process left it; nil is at once. Nonsense, such as from a clock that was
    ///     wrong then or is now, is cut down to one interval.
    ///   - lookIn: the same of a look.
    ///   - cost: of the last read.
    ///   - failures: of reads before this process.
    public init(_ settings: Settings, now: Double, readIn: Double? = nil, lookIn: Double? = nil, cost: Cost? = nil, failures: Int = 0) {
        self.settings = settings
        self.failures = max(0, failures)
        readCost = cost
        readDue = now
        lookDue = now
        let longest = max(interval * (1 + settings.jitter), failures > 0 ? Self.lastRetry : 0)
        readDue = now + min(max(readIn ?? 0, 0), longest)
        lookDue = now + min(max(lookIn ?? 0, 0), lookInterval)
    }

    /// What the last read cost; nil before the first.
    public var lastCost: Cost? { readCost }

    /// Seconds from one read to the next.
    public var interval: Double { max(settings.read, gap(readCost)) }
    /// Seconds from one look to the next.
    public var lookInterval: Double { max(settings.look, gap(lookCost)) }

    /// The time that the share of the quota needs for what a turn costs.
    private func gap(_ cost: Cost?) -> Double {
        guard let cost, let perSecond = cost.perSecond, perSecond > 0, settings.share > 0 else { return 0 }
        return Double(cost.calls) / (settings.share * perSecond)
    }

    /// What is to be done now.
    public func step(_ now: Double) -> Step {
        if readDue <= now { return .read(.due) }
        let news = newsDue
        if let news, news <= now { return .read(.changed) }
        if lookDue <= now { return .look }
        return .wait(min(min(readDue, lookDue, news ?? .infinity) - now, Self.mostWait))
    }

    /// When changes that are known are read: not before it is quiet, and no more often than the quota allows.
    private var newsDue: Double? {
        guard let first = firstNews, let last = lastNews else { return nil }
        return max(min(last + settings.quiet, first + settings.patience), (lastRead ?? -.infinity) + gap(readCost))
    }

    /// - Parameter random: 0 up to 1.
    public mutating func readEnded(_ now: Double, _ cost: Cost, random: Double) {
        readCost = cost
        failures = 0
        lastRead = now
        firstNews = nil
        lastNews = nil
        readDue = now + jittered(interval, random)
        // A read looks into the log, too.
        lookDue = now + jittered(lookInterval, random)
    }

    public mutating func readFailed(_ now: Double, random: Double) {
        failures += 1
        let retry = min(Self.firstRetry * Self.power(failures - 1), Self.lastRetry)
        readDue = now + jittered(min(retry, max(interval, Self.firstRetry)), random)
        // What the log showed is read then, too.
        firstNews = nil
        lastNews = nil
    }

    /// - Parameter news: how many changes it showed.
    public mutating func lookEnded(_ now: Double, _ cost: Cost, news: Int, random: Double) {
        lookCost = cost
        lookFailures = 0
        lookDue = now + jittered(lookInterval, random)
        guard news > 0 else { return }
        firstNews = firstNews ?? now
        lastNews = now
        // Whether it is quiet, only another look can tell.
        lookDue = min(lookDue, now + max(settings.quiet * 0.8, gap(lookCost)))
    }

    public mutating func lookFailed(_ now: Double, random: Double) {
        lookFailures += 1
        let retry = min(Self.firstRetry * Self.power(lookFailures - 1), Self.lastRetry)
        lookDue = now + jittered(max(retry, lookInterval), random)
    }

    /// The log may not be read: it is tried again a day later.
    public mutating func lookRefused(_ now: Double, random: Double) { lookDue = now + jittered(Self.refusedFor, random) }

    /// Somebody changes the tenant right now, such as an apply of ours: what changed is read when they are done.
    public mutating func postpone(_ now: Double) {
        guard firstNews != nil else { return }
        firstNews = now
        lastNews = now
    }

    private func jittered(_ seconds: Double, _ random: Double) -> Double { seconds * (1 + settings.jitter * (2 * random - 1)) }

    private static func power(_ count: Int) -> Double { count <= 0 ? 1 : count > 20 ? 1_048_576 : Double(1 << count) }

    /// What it promises.
    public var freshness: Freshness {
        let jitter = 1 + settings.jitter
        let seconds = readCost?.seconds ?? 0
        let whole = interval * jitter + seconds
        let calls = 3_600 * (Double(readCost?.calls ?? 0) / interval + Double(lookCost?.calls ?? 1) / lookInterval)
        let logged = lookInterval * jitter + max(settings.patience, gap(readCost)) + seconds
        return Freshness(
            readEvery: Self.rounded(interval), lookEvery: Self.rounded(lookInterval), within: Self.rounded(whole),
            loggedWithin: lookDue - (lastRead ?? lookDue) > Self.refusedFor / 2 ? nil : Self.rounded(min(logged, whole)),
            callsPerHour: Self.rounded(calls), isSlowed: interval > settings.read * 1.001)
    }

    private static func rounded(_ seconds: Double) -> Int { Int(min(seconds.rounded(.up), 1e9)) }
}

/// How old what is known of a tenant can be, and what it costs to keep it so.
public struct Freshness: Sendable, Hashable, Codable {
    /// Seconds from one read of everybody to the next, and from one look into the audit log to the next.
    public var readEvery: Int
    public var lookEvery: Int
    /// Seconds after which any change is known.
    public var within: Int
    /// Seconds after which a change is known that the vendor logs at once; nil where the log may not be read.
    public var loggedWithin: Int?
    /// Calls, but for those that changes bring forward.
    public var callsPerHour: Int
    /// The quota does not allow what was asked for.
    public var isSlowed: Bool
}
