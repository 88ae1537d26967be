/// What happened since the quota was last used up, and what that says about its rate.
///
/// A quota that gives calls back one by one stands at nothing when it refuses a call. Between two such moments it gave exactly what was
/// accepted, give or take one: the rate follows from one division, whatever the capacity, and the more exactly the longer the round.
/// A quota that was full in between, or a fixed window, gave less than it could have; then the division is a lower bound, and the pace
/// at which the refusal came an upper one.
struct QuotaRound {
    /// The rate, in calls a second, after a round.
    struct Finding: Equatable {
        var low: Double
        var high: Double
        /// Accepted calls by time.
        var mean: Double
        /// The quota may have been full in between.
        var mayHaveOverflowed: Bool

        /// So close together that one of them will do.
        var isExact: Bool { high <= low * 1.12 }
    }

    /// The sequence number of the refused call that began it, and when that was sent. The first round begins with a call that was not
    /// refused, and so says nothing about the rate.
    let first: Int
    let began: Double
    let followsRefusal: Bool
    /// Calls of this round, after the one that began it, that were refused or never answered.
    private(set) var lost = 0
    /// Accepted calls that were under way when it began: they may have overtaken the refused one, and belong to the round before.
    private(set) var overtakers: Int

    init(first: Int, began: Double, followsRefusal: Bool, overtakers: Int = 0) {
        self.first = first
        self.began = began
        self.followsRefusal = followsRefusal
        self.overtakers = overtakers
    }

    mutating func lose(_ sequence: Int) {
        // Answers overtake each other: a call from before the first refusal that is known belongs to the round before.
        if sequence > first { lost += 1 }
    }

    mutating func overtake(_ sequence: Int) {
        if sequence > first { overtakers += 1 }
    }

    /// Calls accepted before the one with this number, which counts those for accepted that are still under way.
    func accepted(before sequence: Int) -> Int { max(0, sequence - first - 1 - lost) }

    /// - Parameters:
    ///   - sequence: the refused call's number.
    ///   - at: when it was sent.
    ///   - pace: at which the refusal came, in calls a second.
    ///   - mayHaveOverflowed: the quota may have been full in between.
    func finding(sequence: Int, at: Double, pace: Double, mayHaveOverflowed: Bool) -> Finding {
        let count = Double(accepted(before: sequence))
        let time = max(at - began, 1e-3)
        // One call on each side, and what delays that vary from call to call may have put out of order.
        let slack = 1 + 0.02 * count
        let low = max(count - slack - min(Double(overtakers), 3 + 0.04 * count), 0.2 * max(count, 0.5)) / time
        let high = (count + slack) / time
        return Finding(
            low: low, high: mayHaveOverflowed ? max(high, pace) : high, mean: max(count, 0.5) / time,
            mayHaveOverflowed: mayHaveOverflowed)
    }
}
