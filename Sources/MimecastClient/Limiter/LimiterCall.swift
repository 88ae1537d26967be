/// Whose turn it is among waiting calls: tasks take turns, calls of one task go in order.
struct LimiterTask: Hashable, Sendable, ExpressibleByStringLiteral {
    let name: String

    init(_ name: String) { self.name = name }
    init(stringLiteral name: String) { self.init(name) }
}

/// How much a call matters.
enum LimiterLane: Sendable, CaseIterable {
    case normal
    /// Goes before all normal calls and may use what those leave in hand.
    case urgent
}

/// One call, from when it is submitted until it is answered or cancelled.
struct LimiterTicket: Hashable, Sendable {
    let number: Int
}

/// How a call that was admitted ended.
enum LimiterOutcome: Sendable, Hashable {
    /// The server carried it out, or refused it for a reason that is not the quota.
    case accepted
    /// The quota refused it (429).
    ///
    /// - retryAfter: how long the server says to wait; nil where it does not say, or says nonsense.
    case refused(retryAfter: Duration?)
    /// It was sent, and no answer came: the server may have counted it or not.
    case noAnswer
    /// It never left, so that the server cannot have counted it.
    case notSent
}

/// What a reply's headers say about the quota, already in units that do not depend on the vendor's mood.
struct QuotaHeaders: Sendable, Hashable {
    /// Calls in a full quota.
    var limit: Int?
    /// Calls that are left.
    var remaining: Int?
    /// Until at least one call is given back, from when the reply was received.
    var reset: Duration?

    init(limit: Int? = nil, remaining: Int? = nil, reset: Duration? = nil) {
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
    }
}

/// What the limiter's owner does next.
enum LimiterStep: Sendable, Hashable {
    /// Send this call now.
    case admit(LimiterTicket)
    /// Ask again at this time, or after the next submission or answer, whichever comes first.
    case wait(until: Duration)
    /// Nobody waits.
    case idle
}

extension Duration {
    /// Seconds, for arithmetic that a nanosecond does not matter to.
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
