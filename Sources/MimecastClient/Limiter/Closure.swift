/// The time after a refusal, in which nothing is sent but single probes.
struct Closure {
    /// When the refused call was sent.
    let since: Double
    /// Calls up to this number were sent before the refusal was known; what becomes of them is part of the same event.
    let lastSequence: Int
    /// The quota was used up by our own count; nothing was refused.
    private(set) var isForeseen: Bool
    /// When the next probe may go.
    private(set) var probeAt: Double
    /// The latest time at which the server surely refused.
    private(set) var lastRefused: Double
    private(set) var refusedProbes = 0
    /// The probe that is under way.
    var probe: LimiterTicket?
    /// The time that the server named for the end; nil where it named none, or it was passed in vain.
    private(set) var told: Double?
    /// The probe goes at half of a long wait that was named, to see whether that is true.
    private(set) var isTesting = false

    /// The longest time between two probes; our choice.
    static let longestStep = 600.0

    init(since: Double, lastSequence: Int, probeAt: Double, isForeseen: Bool = false) {
        self.since = since
        self.lastSequence = lastSequence
        self.isForeseen = isForeseen
        self.probeAt = probeAt
        lastRefused = since
    }

    /// The server named a wait.
    ///
    /// - Parameters:
    ///   - wait: seconds.
    ///   - mayTest: whether a long one is doubted.
    mutating func tell(_ wait: Double, now: Double, mayTest: Bool) {
        told = max(told ?? 0, now + wait)
        isTesting = mayTest && wait > 60
        let at = isTesting ? now + wait / 2 : now + wait
        // What did not come true twice may put a probe off, and not hurry it.
        probeAt = refusedProbes < 2 ? at : max(at, probeAt)
    }

    /// A probe was refused.
    ///
    /// - Parameters:
    ///   - next: when the next one goes, if that is known; otherwise the time since the refusal doubles.
    ///   - slowly: the first time it is quadrupled.
    mutating func refused(sentAt: Double, now: Double, next: Double?, slowly: Bool) {
        refusedProbes += 1
        lastRefused = max(lastRefused, sentAt)
        probe = nil
        let elapsed = max(sentAt - since, 0.05)
        let factor = slowly && refusedProbes == 1 ? 3.0 : 1.0
        probeAt = max(now, next ?? sentAt + min(elapsed * factor, Self.longestStep))
        if isTesting, let told {
            isTesting = false
            probeAt = max(now, told)
        } else {
            told = nil
        }
    }

    /// What was foreseen has come: a call was refused that had still been sent.
    mutating func confirm(sentAt: Double) {
        isForeseen = false
        lastRefused = max(lastRefused, sentAt)
    }

    /// A probe's fate is unknown; another one goes soon.
    mutating func retry(now: Double) {
        probe = nil
        probeAt = max(probeAt, now + 1)
    }
}
