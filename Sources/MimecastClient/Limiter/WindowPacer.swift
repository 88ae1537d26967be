/// Paces calls by a fixed window of a minute or more.
///
/// A long window's rest is lost to who comes back late, and after a refusal all of it is shut; so its beginning, its length and its calls
/// are worth knowing one by one. What is left is spread over the time until the *earliest* end that the window may have: so all of it is
/// used however little is known, and evenly once more is. By its own count the client stops before it is refused.
struct WindowPacer {
    /// Calls in a window.
    private(set) var count: Double
    private(set) var used: Double
    private var marks: WindowMarks
    /// Whole windows that passed unseen since the last mark.
    private var ahead = 0
    private var lastSent: Double
    /// Calls of this window that went after its earliest end, and would be in the next one if it has ended.
    private var late = 0.0
    /// Calls accepted since one was refused; enough of them buy a look whether there are more to be had.
    private var sinceRefusal = 0
    private var isLooking = false
    /// Calls that a window gave, or is believed to from the start.
    private var proven: Double
    private var growth = leastGrowth
    private static let leastGrowth = 1.0 / 16
    /// How things stood before the present window was seen to begin.
    private var earlier: Earlier?
    private var isSuspicious = false

    private struct Earlier {
        let marks: WindowMarks
        let ahead: Int
        let used: Double
    }

    /// - Parameters:
    ///   - began: between which times the present window did.
    ///   - length: of a window at least, in seconds.
    ///   - count: calls in a window, as a guess.
    ///   - used: calls of the present one.
    init(began: WindowMarks.Span, length: Double, count: Double, used: Int) {
        marks = WindowMarks(first: began, atLeast: length)
        self.count = count.isFinite ? max(count, Double(used)) : Double(used) * 2
        proven = self.count
        self.used = Double(used)
        lastSent = began.high
    }

    var period: WindowMarks.Span { marks.period }
    /// When the present window ends.
    var end: WindowMarks.Span { marks.beginning(ahead: ahead + 1) }
    /// So much is unknown that it is of no use.
    var isLost: Bool { end.width > period.high && period.high.isFinite }
    /// In seconds; the middle of what it can be.
    var length: Double { period.high.isFinite ? (period.low + period.high) / 2 : period.low }

    /// Moves on to the next window, where it surely began.
    mutating func roll(to now: Double) {
        while now >= end.high, !isLost {
            used = late
            late = 0
            ahead += 1
        }
    }

    /// Nothing more goes until the next window.
    func isUsedUp(now: Double) -> Bool { used >= count && !isLooking && !mayLook(now: now) }

    /// When the next call may go; nil where an answer must come first.
    func due(_ lane: LimiterLane, now: Double, inFlight: Int) -> Double? {
        let left = count - used
        guard left > 0 else { return mayLook(now: now) && inFlight == 0 ? now : nil }
        // Beyond what a window ever gave, few are under way, so that few are lost where it ends.
        if used >= proven, Double(inFlight) >= max(1, (used - proven) / 8) { return nil }
        if lane == .urgent { return now }
        let target = end.low - 0.02 * period.low
        // Nobody knows how long there is time: quickly, but so that few calls are under way when it ends.
        if target <= now { return Double(inFlight) < max(1, min(used / 8, left / 4)) ? now : nil }
        return max(lastSent, lastSent + (target - lastSent) / (left + 1))
    }

    private func mayLook(now: Double) -> Bool {
        !isLooking && sinceRefusal >= 250 && period.width < 0.05 * period.low && now < end.low - 0.005 * period.low
    }

    mutating func sent(at now: Double) {
        isLooking = used >= count
        lastSent = now
        used += 1
        if now >= end.low { late += 1 }
    }

    mutating func accepted() {
        sinceRefusal += 1
        if used > proven { proven += 1 }
        guard isLooking else { return }
        isLooking = false
        // There is more than was believed; how much more is asked for doubles with each success.
        count = used + (count * growth).rounded(.down)
        growth = min(growth * 2, 1)
    }

    /// Nobody knows what became of a call; it stays counted.
    mutating func lost() { isLooking = false }

    /// A call was refused that had been counted.
    mutating func refused() {
        defer { proven = min(proven, count) }
        used = max(0, used - 1)
        late = max(0, late - 1)
        sinceRefusal = 0
        isLooking = false
        growth = Self.leastGrowth
        guard used < count / 2, let earlier else {
            count = min(count, max(1, used))
            isSuspicious = false
            return
        }
        // Far too early. Either the quota was cut, or the last window was not over yet and only had more calls in it than was believed:
        // the latter is believed once.
        self.earlier = nil
        guard !isSuspicious else {
            count = max(1, used)
            isSuspicious = false
            return
        }
        isSuspicious = true
        marks = earlier.marks
        ahead = earlier.ahead
        used += earlier.used
        count = max(count, used)
    }

    /// When to probe after the window is used up.
    ///
    /// - Parameters:
    ///   - after: the latest time at which it surely was shut.
    ///   - refused: probes that were refused since then.
    func probe(after: Double, now: Double, refused: Int, since: Double) -> Double {
        let low = max(end.low, after)
        guard end.high.isFinite, low < end.high else {
            // Not foreseen: geometrically, as after any refusal.
            return max(now, after + min(max((after - since) / 2, period.low / 8), Closure.longestStep))
        }
        // Halfway, so that a window halves what is unknown about its beginning for one refusal at most; otherwise when it surely began.
        let isWorthIt = end.high - low >= 0.02 * period.low && sinceRefusal >= 150
        let wanted = isWorthIt && refused == 0 ? (low + end.high) / 2 : end.high
        // Late enough in the new window is too late for all its calls.
        return max(now, min(wanted, low + period.low * (isWorthIt ? 0.5 : 0.8)))
    }

    /// A probe was accepted.
    ///
    /// - Parameters:
    ///   - after: the latest time at which the old window surely was on.
    ///   - wasRefused: the server refused a call then, all of the old window being used: no other one had begun by then.
    mutating func opened(at: Double, after: Double, wasRefused: Bool) {
        if wasRefused { marks.extend(toAtLeast: after - marks.beginning(ahead: ahead).high) }
        let low = min(max(after, end.low), at)
        isLooking = false
        earlier = Earlier(marks: marks, ahead: ahead, used: used)
        marks.append(WindowMarks.Span(low: low, high: at))
        ahead = 0
        used = 1
        late = 0
        lastSent = at
    }
}
