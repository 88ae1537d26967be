/// Paces calls by what replies say is left.
///
/// What is left is believed and never guessed upwards: each call that was sent after the one whose reply was read is taken off. So the
/// server refuses nothing, however wrong the pace, and only a server that lies is refused by; then its headers are not believed any more.
/// Of a quota that gives back one by one, a fifth is kept in hand by a pace in proportion to what is left; a window is spread to its end.
struct HeaderPacer {
    private(set) var isBelieved = true
    private var reading: Reading?
    /// The largest rest that was seen.
    private(set) var most = 0.0
    private var limit: Int?
    /// Replies in a row without a rest.
    private var silent = 0
    /// Refused calls since the last reading: sent, but not taken off.
    private var refusals = 0.0

    /// Calls given back, and seconds in which they were.
    private var gained = 0.0
    private var gainedIn = 0.0
    /// Calls a second that came back in an earlier process. It only spreads what the headers say is left, so that it does no harm if it is
    /// wrong.
    private var remembered: Double?
    /// What came back in great leaps, and what did not; older gains count less.
    private var leaps = 0.0
    private var trickle = 0.0
    /// How often the word about the reset did not come true.
    private var falseResets = 0
    private var lastLeap: Double?
    private var lastGain = 0.0
    private var leapGap: Double?
    private var leapCount = 0.0
    private var longGaps = 0
    /// What share of a short window's rate is used.
    private var share = mostShare
    private static let mostShare = 0.97
    private var lastSent = 0.0

    private struct Reading {
        let sequence: Int
        let at: Double
        let left: Double
        /// When something comes back, by the server's word.
        let reset: Double?
    }

    /// The word about the reset has come true so far.
    var resetIsBelieved: Bool { falseResets < 3 }
    var isUsable: Bool { isBelieved && reading != nil }
    var isWindow: Bool { leaps > trickle }

    /// Calls a second that come back.
    var rate: Double? {
        if isWindow { return leapGap.map { most / $0 } }
        return gained >= 5 && gainedIn > 0 ? gained / gainedIn : nil
    }

    var windowSeconds: Double? { isWindow ? leapGap : nil }

    /// Calls that may be sent without doubt.
    ///
    /// - Parameters:
    ///   - sequence: of the last call that was sent.
    ///   - inFlight: calls without an answer; the server may not have counted those yet that were overtaken by the one that was read.
    func left(sequence: Int, inFlight: Int) -> Double {
        reading.map { $0.left - Double(max(inFlight, sequence - $0.sequence)) } ?? 0
    }

    /// Begins with what an earlier process learned.
    mutating func remember(_ quota: LearnedQuota) { remembered = quota.perSecond }

    // MARK: Reading

    /// - Parameters:
    ///   - sequence: of the call that was answered.
    ///   - sent: when that was.
    mutating func read(_ headers: QuotaHeaders?, sequence: Int, sent: Double, now: Double) {
        guard let remaining = headers?.remaining, remaining >= 0 else {
            silent += 1
            if silent > 10 { reading = nil }
            return
        }
        silent = 0
        guard sequence > reading?.sequence ?? -1 else { return }
        if let new = headers?.limit, let old = limit, new < old { most = 0 }
        limit = headers?.limit ?? limit
        let left = Double(remaining)
        most = max(most, left + 1)
        var reset = headers?.reset.map(\.inSeconds).flatMap { $0 >= 0 && $0 <= 3_600 ? now + $0 : nil }
        if !resetIsBelieved { reset = nil }
        if let old = reading {
            let gain = left - old.left + Double(sequence - old.sequence) - refusals
            // Overtaken on the way, at the turn of a window: what it says is over.
            if let lastLeap, now - lastLeap < 2 * (now - sent), gain < -0.3 * most { return }
            // Nothing came back, and yet it is another moment at which something will.
            if let reset, let before = old.reset, gain <= 0, abs(reset - before) > 1 + 0.1 * max(0, before - now) { falseResets += 1 }
            learn(gain, left: left, now: now, sent: sent, since: old)
        }
        refusals = 0
        reading = Reading(sequence: sequence, at: now, left: left, reset: reset)
    }

    private mutating func learn(_ gain: Double, left: Double, now: Double, sent: Double, since old: Reading) {
        gained += gain
        gainedIn += now - old.at
        if gained > 200 {
            gained /= 2
            gainedIn /= 2
        }
        if gain >= 1 { lastGain = now }
        // Something was to be back by then, and was not.
        if let reset = old.reset, sent > reset, gain <= 0 { falseResets += 1 }
        guard gain >= max(3, 0.3 * most), left >= 0.8 * most else {
            trickle = max(0, trickle + gain)
            return
        }
        leaps = (leaps + gain) / 2
        trickle /= 2
        share = min(share + 0.001, Self.mostShare)
        defer { lastLeap = now }
        guard let lastLeap else { return }
        let gap = now - lastLeap
        guard gap > now - sent else { return }
        // All was back long before.
        if let reset = old.reset, reset - now > 0.1 * gap + 1 { falseResets += 1 }
        leapGap = average(gap)
    }

    /// One leap is seen a little later than another, so that only several of them give the length. One that is far longer may be two, and is
    /// believed the second time.
    private mutating func average(_ gap: Double) -> Double {
        guard let leapGap, gap > 0.6 * leapGap else {
            // Poor, since the leap before was seen late; the next one takes its place.
            leapCount = 0
            return gap
        }
        guard gap < 1.6 * leapGap else {
            longGaps += 1
            guard longGaps > 1 else { return leapGap }
            longGaps = 0
            leapCount = 1
            return gap
        }
        longGaps = 0
        leapCount = min(leapCount + 1, 16)
        return leapGap + (gap - leapGap) / leapCount
    }

    /// A refusal. It overrules the headers if they said that there was something left.
    ///
    /// - Parameters:
    ///   - headers: of the refusal itself.
    ///   - left: what was believed to be left when the call was sent.
    mutating func refused(_ headers: QuotaHeaders?, believed left: Double) {
        refusals += 1
        // In a short window, delays that vary may bring one call too many together.
        if isWindow { share = max(0.9, share - 0.002) }
        if let remaining = headers?.remaining { if remaining >= 1 { isBelieved = false } } else if left >= 2 { isBelieved = false }
    }

    // MARK: Pacing

    mutating func sent(at now: Double) { lastSent = now }

    /// When the next call may go; nil where an answer must come first.
    func due(_ lane: LimiterLane, now: Double, sequence: Int, inFlight: Int, reserve: Double) -> Double? {
        guard let reading else { return nil }
        let left = left(sequence: sequence, inFlight: inFlight)
        if lane == .normal, isWindow, let leapGap, leapGap <= 60 { return lastSent + leapGap / (share * most) }
        let floor = lane == .urgent ? 0 : reserve * most * reserveShare(now: now)
        if left >= 1 + floor {
            return lane == .urgent ? now : max(lastSent, lastSent + horizon(now: now) / (left + 1))
        }
        // Something has come back by now, and one call will tell how much.
        if inFlight > 0, left < 1 { return nil }
        let last = max(lastSent, reading.at)
        // Slower than calls come back, so that a reserve that was used grows again.
        return last + patience(now: last) * (left >= 1 && !isWindow ? 1.2 : 1)
    }

    /// A window's reserve is given free as it comes to its end, when it can be of no more use.
    private func reserveShare(now: Double) -> Double {
        guard isWindow, let lastLeap, let leapGap else { return 1 }
        return max(0, 1 - (now - lastLeap) / leapGap)
    }

    /// Seconds over which what is left is spread.
    private func horizon(now: Double) -> Double {
        if isWindow, let lastLeap, let leapGap {
            let end = lastLeap + leapGap
            if let reset = reading?.reset, abs(reset - end) < 0.1 * leapGap { return max(reset - now, 0.01 * leapGap) }
            return max(end - now, 0.02 * leapGap)
        }
        if let rate = rate ?? remembered { return 0.2 * most / rate }
        // Nothing came back yet. The reset is the end of a window, or the next call of a bucket.
        return reading?.reset.map { min(max($0 - now, 1), 60) } ?? 60
    }

    /// How long to wait for something to come back, where the rest is used.
    ///
    /// - now: when the last call was sent or read.
    func patience(now: Double) -> Double {
        if let reset = reading?.reset, reset > now { return max(reset - now, 0.001) }
        if isWindow, let lastLeap, let leapGap {
            let end = lastLeap + leapGap
            return end > now ? end - now : max(0.02 * leapGap, 0.2 * (now - end))
        }
        if let rate { return 1 / rate }
        // Nobody knows: the longer it took so far, the less another look costs.
        return max(1, 0.2 * (now - lastGain))
    }
}
