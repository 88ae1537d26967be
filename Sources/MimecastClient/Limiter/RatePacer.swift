/// Learns a rate from refusals alone, and paces calls by it.
///
/// - *Exploring*: no rate is known. As many calls are under way as an eighth of those that were accepted, so that few are lost at the end.
/// - *Learning*: the rate lies between two bounds; the pace climbs from the lower beyond the upper one, until a refusal narrows them.
/// - *Steady*: the pace starts 1 % below the rate, is about there for most of a round, and then climbs ever faster. The round ends with
///   the refusal that shows where the rate is now; so a quota that was raised is found, and one refusal in hundreds of calls is its price.
///
/// Even calls suit a bucket and a window of any phase alike, so it need not be known which of them the server has.
struct RatePacer {
    enum Stage: Equatable {
        case exploring
        /// - steps: calls from the lower bound to the upper one.
        case learning(low: Double, high: Double, steps: Double)
        case steady(rate: Double)
    }

    private(set) var stage: Stage
    private(set) var round: QuotaRound
    /// Calls that a rested quota gives at once: an upper bound. Infinite where nothing was refused yet.
    private(set) var burst: Double
    /// What is known comes from an earlier process.
    private(set) var isRemembered = false

    /// Calls that may go now; below zero where urgent calls went ahead.
    private var credit = 1.0
    private var creditAt = 0.0
    /// Calls a second.
    private(set) var pace = 0.0
    /// Calls of this round that had to wait for the pace. Only they prove anything about it.
    private var held = 0.0

    /// Calls accepted since exploring began.
    private(set) var explored = 0
    /// How many may be under way at first.
    private var foothold = 4
    /// How many calls had been accepted at two moments, between which they doubled.
    private var halfway = (count: 1, at: 0.0)
    private var quarterway = (count: 0, at: 0.0)
    private var lastSent = 0.0
    /// Short rounds in a row that speak against the rate. In a window, a refusal costs what is left of it, and the next round looks poor.
    private var contradictions = 0
    /// The last round's accepted calls and seconds.
    private var last: (count: Double, time: Double)?
    /// Seconds from the last refusal until calls went again.
    private var shutFor = 0.0

    init(now: Double) {
        stage = .exploring
        round = QuotaRound(first: 0, began: now, followsRefusal: false)
        burst = .infinity
        halfway.at = now
        quarterway.at = now
        lastSent = now
    }

    /// Begins with what another process learned, as if this one had made the calls and rested since. How full the quota was then nobody
    /// knows, so no more goes at once than has come back meanwhile.
    init(remembering memory: RememberedQuota, now: Double) {
        self.init(now: now)
        isRemembered = true
        burst = memory.quota.burst ?? .infinity
        stage = .steady(rate: memory.quota.perSecond)
        creditAt = now - max(0, memory.idle.inSeconds)
        setPace()
    }

    /// The rate as far as it is known, in calls a second.
    var rate: Double? {
        switch stage {
        case .exploring: nil
        case .learning(let low, let high, _): (low * high).squareRoot()
        case .steady(let rate): rate
        }
    }

    /// Seconds in which a full quota comes back; nil where that is not known.
    var span: Double? {
        guard burst.isFinite else { return nil }
        switch stage {
        case .exploring: return nil
        case .learning(let low, _, _): return burst / low
        case .steady(let rate): return burst / rate
        }
    }

    // MARK: Pacing

    /// When the next call may go; nil where an answer must come first.
    func due(_ lane: LimiterLane, now: Double, sequence: Int, inFlight: Int) -> Double? {
        if stage == .exploring { return inFlight < foothold + explored / 8 ? now : nil }
        if lane == .urgent, stock(now: now, sequence: sequence) >= 1 { return now }
        let credit = credit(at: now)
        return credit >= 1 ? now : now + (1 - credit) / pace
    }

    /// Calls that the quota should hold now, if the rate is right: what normal calls left in hand.
    func stock(now: Double, sequence: Int) -> Double {
        guard let rate, round.followsRefusal else { return 0 }
        let gained = rate * (now - round.began) - Double(round.accepted(before: sequence + 1))
        return min(gained, burst)
    }

    mutating func sent(_ sequence: Int, at now: Double) {
        // A burst is counted from the last lull; what trickled before it says nothing about the capacity.
        if stage == .exploring, !round.followsRefusal, now - lastSent > 10 {
            round = QuotaRound(first: sequence - 1, began: now, followsRefusal: false)
        }
        lastSent = now
        credit = credit(at: now)
        creditAt = now
        if credit < 2 { held += 1 }
        credit -= 1
        setPace()
    }

    /// A call that never left gives its turn back.
    mutating func unsend(_ sequence: Int) {
        credit += 1
        round.lose(sequence)
    }

    mutating func accepted(at: Double) {
        guard stage == .exploring else { return }
        explored += 1
        if explored >= 2 * halfway.count {
            quarterway = halfway
            halfway = (explored, at)
        }
    }

    /// Calls a second of late, while exploring: of the last half of them at least.
    private func recentRate(at: Double) -> Double {
        Double(explored - quarterway.count) / max(at - quarterway.at, 1e-3)
    }

    mutating func overtaken(_ sequence: Int) { round.overtake(sequence) }

    mutating func lost(_ sequence: Int) { round.lose(sequence) }

    private func credit(at now: Double) -> Double {
        min(mostCredit, credit + pace * max(0, now - creditAt))
    }

    /// What may go at once after a lull. A quota that takes more than a minute to come back is worth being saved up; of a shorter one, which
    /// may be a window, hardly anything is: waiting for it takes no time.
    private var mostCredit: Double {
        // Timers are late; what was missed meanwhile is made up for.
        let late = 1 + pace * 0.02
        guard case .steady = stage, let span else { return late }
        return late + (span >= 60 ? 0.8 : 0.1) * burst
    }

    private mutating func setPace() {
        switch stage {
        case .exploring: pace = 0
        case .learning(let low, let high, let steps):
            let climb = held / steps
            pace = low + (high * 1.06 - low) * (climb > 1 ? climb * climb : climb)
        case .steady(let rate):
            let climb = held / steadySteps(rate)
            pace = rate * (0.99 + 0.025 * climb * climb + 0.01 * climb * climb * climb * climb)
        }
    }

    /// Calls between two refusals that are looked for: 250 for each call that the last refusal cost, and a minute's worth at least. A short
    /// window's rest is lost with a refusal, so that little of the time may be.
    private func steadySteps(_ rate: Double) -> Double {
        max(250 * Double(round.lost + 1), 60 * rate, burst < 120 * rate ? 150 * rate * shutFor : 0)
    }

    // MARK: Refusals

    /// The quota is used up: a round ends, and another begins with the refused call.
    mutating func exhausted(sequence: Int, at: Double, overtakers: Int) {
        defer {
            round = QuotaRound(first: sequence, began: at, followsRefusal: true, overtakers: overtakers)
            held = 0
            credit = 0
            creditAt = at
            setPace()
        }
        let count = Double(round.accepted(before: sequence))
        if stage == .exploring, !round.followsRefusal {
            burst = max(count, 1)
            return
        }
        settle(count: count, sequence: sequence, at: at)
    }

    /// Takes from a round what it says about the rate.
    private mutating func settle(count: Double, sequence: Int, at: Double) {
        isRemembered = false
        let overflowed: Bool
        var paceThen = pace
        switch stage {
        case .exploring:
            // The pace was as quick as answers came, so it says little; but if nearly a whole burst came at once, the quota was full.
            overflowed = count >= 0.3 * burst
            paceThen = explored > 3 ? 1.4 * recentRate(at: at) : 0
        case .learning(_, let high, _): overflowed = mayHaveOverflowed(count, at: at, pace: min(pace, high))
        case .steady: overflowed = mayHaveOverflowed(count, at: at, pace: pace)
        }
        var finding = round.finding(sequence: sequence, at: at, pace: paceThen, mayHaveOverflowed: overflowed)
        let time = max(at - round.began, 1e-3)
        if overflowed, let last {
            // A round that is shorter than a window may be all of one that began in the middle of it; two together are not.
            let mean = (count + last.count) / (time + last.time)
            if time < burst / mean { finding.low = min(finding.low, mean * 0.95) }
        }
        last = (count, time)
        let before = stage
        // A quota that takes two minutes to come back is no short window.
        if finding.isExact, !overflowed, burst >= 120 * finding.mean {
            stage = .steady(rate: finding.mean)
        } else if count >= 27, finding.isExact || paceThen > 0 && paceThen <= finding.mean * 1.3 {
            // What a short window has left after a refusal is lost, so that the mean is too low; but the pace was only just too high.
            stage = .steady(rate: min(max(finding.mean, paceThen / 1.014), finding.mean * (overflowed ? 1.12 : 1.03)))
        } else if case .steady(let rate) = stage, count < 27, agrees(finding, with: rate) {
            stage = .steady(rate: rate * 0.98)
            return
        } else {
            stage = learning(finding)
        }
        contradictions = 0
        if case .steady(let old) = before, let rate, abs(rate - old) > 0.3 * old { burst = max(1, burst * rate / old) }
    }

    /// Whether so short a round leaves a rate as it is, but for a little: it says nothing against it, or something for the first time, and
    /// not much.
    private mutating func agrees(_ finding: QuotaRound.Finding, with rate: Double) -> Bool {
        if finding.high >= rate * 0.9 { return true }
        contradictions += 1
        return finding.mean > rate * 0.45 && contradictions < 3
    }

    /// Whether the quota was perhaps full in this round: it would have had the time, and then have given most of what it holds.
    private func mayHaveOverflowed(_ count: Double, at: Double, pace: Double) -> Bool {
        pace * (at - round.began) - count > 0.5 * burst && count >= 0.2 * burst
    }

    private func learning(_ finding: QuotaRound.Finding) -> Stage {
        var low = finding.low
        var high = finding.high
        if case .learning(let oldLow, let oldHigh, _) = stage, oldLow <= high, low <= oldHigh {
            low = max(low, oldLow * 0.95)
            high = min(high, oldHigh * 1.05)
        }
        // A quota that is soon full again says something only once all of it was used; of another one, every call counts.
        // The numbers are our choice: a round of a hundred calls gives the rate to a few per cent.
        var steps = high < 1.5 * low ? 120 : min(max(400 * high, 16), 60)
        if finding.mayHaveOverflowed {
            steps = max(100, min(2 * burst, 60 * high))
            // Climbing more gently each time, so that the pace at a refusal comes near the rate.
            if case .learning(_, _, let oldSteps) = stage { steps = max(steps, 1.5 * oldSteps) }
        }
        return .learning(low: low, high: max(high, low), steps: steps)
    }

    /// How long to rest after a refusal, so that there is something in hand again; nil where no rate is known.
    ///
    /// No longer than a hundredth of an hour, and a call's time: what a window gives meanwhile is lost.
    func rest(reserve: Double) -> Double? {
        guard let rate else { return nil }
        let stock = burst.isFinite ? min(reserve * burst / rate, 36) : 0
        return min(stock + 1 / rate, Closure.longestStep)
    }

    /// A call was accepted after a refusal.
    ///
    /// - Parameters:
    ///   - isSurprise: the rate that is believed in would have given a call long before.
    mutating func reopened(at: Double, now: Double, isSurprise: Bool) {
        held = 0
        credit = 0
        creditAt = now
        shutFor = now - round.began
        if isSurprise || rate == nil { explore(at: at, foothold: 1) }
        setPace()
    }

    /// Forgets the rate.
    mutating func explore(at: Double, foothold: Int) {
        stage = .exploring
        explored = 1
        halfway = (1, at)
        quarterway = (0, at)
        self.foothold = foothold
    }

    /// Takes over a rate that was found in another way.
    mutating func settle(rate: Double, burst: Double) {
        stage = .steady(rate: rate)
        self.burst = burst
        setPace()
    }
}
