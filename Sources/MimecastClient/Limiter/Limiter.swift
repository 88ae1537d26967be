/// Decides when calls to one quota may go: learns the quota, spreads calls, is fair among tasks, and keeps a reserve for urgent ones.
///
/// Pure: it neither sleeps nor sends. Its owner passes the time in (from any origin, never backwards), asks ``next(now:)`` until it says to
/// wait, and tells what became of each call that it admitted. A refusal overrules whatever was learned or told; after one, everything waits
/// but single probes, until one of them is accepted.
struct Limiter {
    struct Flight {
        let sequence: Int
        let at: Double
        /// What the headers said was left when it was sent.
        let believed: Double
    }

    /// A time in which the quota was shut, and when it was first open again.
    struct Doubt {
        let shut: WindowMarks.Span
        let opened: Double
    }

    let settings: LimiterSettings
    var queue = FairQueue()
    var flights: [LimiterTicket: Flight] = [:]
    /// Calls admitted so far; the last one has this number.
    var sequence = 0
    var rate: RatePacer
    var window: WindowPacer?
    var headers = HeaderPacer()
    var closure: Closure?
    /// What may turn out to be the beginning of a window.
    var doubt: Doubt?
    /// Calls up to this number belong to refusals that are over.
    var settledSequence = 0
    /// Answers that were not refusals, for the caution of a beginning.
    var accepted = 0
    /// Long waits that the server names: found true, found false, or not looked at yet.
    var waitsAreTrue: Bool?
    private var tickets = 0
    private var oldest = 0.0

    /// - Parameters:
    ///   - memory: what an earlier process learned. A guess: what happens overrules it.
    ///   - now: since any origin.
    init(remembering memory: RememberedQuota? = nil, settings: LimiterSettings = LimiterSettings(), now: Duration) {
        self.settings = settings
        let now = now.inSeconds
        guard let memory, memory.quota.isSane else {
            rate = RatePacer(now: now)
            return
        }
        rate = RatePacer(remembering: memory, now: now)
        headers.remember(memory.quota)
    }

    var waiting: Int { queue.count }
    var inFlight: Int { flights.count }

    /// What is known about the quota; nil where nothing is.
    var learned: LearnedQuota? {
        if headers.isUsable, let rate = headers.rate {
            return LearnedQuota(perSecond: rate, burst: max(1, headers.most), windowSeconds: headers.windowSeconds, source: .headers)
        }
        if let window {
            return LearnedQuota(
                perSecond: window.count / window.length, burst: window.count, windowSeconds: window.length, source: .refusals)
        }
        guard let rate = rate.rate else { return nil }
        let burst = self.rate.burst
        return LearnedQuota(
            perSecond: rate, burst: burst.isFinite ? burst : nil, source: self.rate.isRemembered ? .memory : .refusals)
    }

    // MARK: Calls

    /// A call that wants to go.
    mutating func submit(task: LimiterTask, lane: LimiterLane = .normal) -> LimiterTicket {
        tickets += 1
        let ticket = LimiterTicket(number: tickets)
        queue.append(ticket, task: task, lane: lane)
        return ticket
    }

    /// A call that does not want to go any more.
    ///
    /// - Returns: whether it still waited; a call that was admitted must be answered all the same.
    @discardableResult
    mutating func cancel(_ ticket: LimiterTicket) -> Bool { queue.remove(ticket) }

    /// What to do now.
    mutating func next(now: Duration) -> LimiterStep {
        let moment = now.inSeconds
        dropLost(now: moment)
        guard let lane = queue.nextLane else { return .idle }
        guard let due = due(lane, now: moment) else { return .wait(until: .seconds(oldest + settings.patience.inSeconds + 0.001)) }
        // Less than a nanosecond is what is lost between the two kinds of time.
        if due > moment + 1e-9 { return .wait(until: .seconds(due) + .nanoseconds(1)) }
        guard let ticket = queue.popFirst() else { return .idle }
        admit(ticket, now: moment)
        return .admit(ticket)
    }

    /// When the next call of a lane may go; nil where an answer must come first.
    private mutating func due(_ lane: LimiterLane, now: Double) -> Double? {
        guard flights.count < settings.mostInFlight else { return nil }
        foresee(now: now)
        if let closure { return closure.probe == nil ? closure.probeAt : nil }
        // A burst into the unknown loses as many calls as are under way when it ends.
        guard flights.count < 4 + accepted / 8 else { return nil }
        if headers.isUsable {
            return headers.due(lane, now: now, sequence: sequence, inFlight: flights.count, reserve: settings.reserve)
        }
        if let window { return window.due(lane, now: now, inFlight: flights.count) }
        return rate.due(lane, now: now, sequence: sequence, inFlight: flights.count)
    }

    /// Shuts by itself where a window is used up by our own count.
    private mutating func foresee(now: Double) {
        guard closure == nil, !headers.isUsable, var window else { return }
        window.roll(to: now)
        self.window = window
        if window.isLost {
            dropWindow(now: now)
        } else if window.isUsedUp(now: now) {
            let probe = window.probe(after: window.end.low, now: now, refused: 0, since: now)
            closure = Closure(since: now, lastSequence: sequence, probeAt: probe, isForeseen: true)
        }
    }

    private mutating func admit(_ ticket: LimiterTicket, now: Double) {
        sequence += 1
        flights[ticket] = Flight(sequence: sequence, at: now, believed: headers.left(sequence: sequence - 1, inFlight: flights.count))
        if flights.count == 1 { oldest = now }
        headers.sent(at: now)
        if closure != nil {
            closure?.probe = ticket
        } else {
            rate.sent(sequence, at: now)
            window?.sent(at: now)
        }
    }

    /// A call whose answer was never told must not shut the limiter for good.
    private mutating func dropLost(now: Double) {
        guard now - oldest > settings.patience.inSeconds, !flights.isEmpty else { return }
        let late = flights.filter { now - $0.value.at > settings.patience.inSeconds }
        for ticket in late.keys { answered(ticket, .noAnswer, headers: nil, now: .seconds(now)) }
        oldest = flights.values.map(\.at).min() ?? now
    }

    /// Falls back from a window to a rate.
    mutating func dropWindow(now: Double) {
        guard let window else { return }
        self.window = nil
        if window.period.high.isFinite {
            rate.settle(rate: window.count / window.length, burst: window.count)
        } else {
            rate.explore(at: now, foothold: 1)
        }
    }
}
