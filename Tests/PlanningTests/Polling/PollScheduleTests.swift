import Testing

@testable import Planning

/// When what is read: by table, and over simulated days.
struct PollScheduleTests {
    private static let settings = PollSchedule.Settings(read: 300, jitter: 0)
    private static func cost(_ calls: Int, _ perSecond: Double? = nil, seconds: Double = 5) -> PollSchedule.Cost {
        PollSchedule.Cost(calls: calls, seconds: seconds, perSecond: perSecond)
    }

    @Test func `The first turn is a read, then looks in between`() {
        var schedule = PollSchedule(Self.settings, now: 1_000)
        #expect(schedule.step(1_000) == .read(.due))
        schedule.readEnded(1_005, Self.cost(10), random: 0.5)
        #expect(schedule.step(1_005) == .wait(30))
        #expect(schedule.step(1_040) == .wait(25))
        #expect(schedule.step(1_065) == .look)
        schedule.lookEnded(1_066, Self.cost(1), news: 0, random: 0.5)
        #expect(schedule.step(1_066) == .wait(30))
        #expect(schedule.step(1_305) == .read(.due))
    }

    @Test func `A change brings the next read forward, once it is quiet`() {
        var schedule = PollSchedule(Self.settings, now: 0)
        schedule.readEnded(0, Self.cost(10), random: 0.5)
        schedule.lookEnded(60, Self.cost(1), news: 2, random: 0.5)
        #expect(schedule.step(60) == .wait(12))
        #expect(schedule.step(72) == .look)
        // Still at it.
        schedule.lookEnded(72, Self.cost(1), news: 1, random: 0.5)
        #expect(schedule.step(80) != .read(.changed))
        schedule.lookEnded(84, Self.cost(1), news: 0, random: 0.5)
        #expect(schedule.step(87) == .read(.changed))
        schedule.readEnded(90, Self.cost(10), random: 0.5)
        #expect(schedule.step(90) == .wait(30))
    }

    @Test func `Who never stops is read all the same`() {
        var schedule = PollSchedule(Self.settings, now: 0)
        schedule.readEnded(0, Self.cost(10), random: 0.5)
        var now = 60.0
        while schedule.step(now) != .read(.changed) {
            if schedule.step(now) == .look { schedule.lookEnded(now, Self.cost(1), news: 1, random: 0.5) }
            now += 1
        }
        #expect(now <= 121)
    }

    @Test func `While an apply is under way, its changes wait`() {
        var schedule = PollSchedule(Self.settings, now: 0)
        schedule.readEnded(0, Self.cost(10), random: 0.5)
        schedule.lookEnded(60, Self.cost(1), news: 1, random: 0.5)
        schedule.postpone(80)
        #expect(schedule.step(90) != .read(.changed))
        #expect(schedule.step(96) == .read(.changed) || schedule.step(96) == .look)
    }

    @Test(arguments: [
        // 100 calls at a fifth of one a second take 500 s.
        (100, 1.0 as Double?, 500.0, true), (10, 1.0, 300, false), (100, nil, 300, false), (10_000, 0.1, 500_000, true),
    ]) func `The quota's share sets the pace`(calls: Int, perSecond: Double?, interval: Double, isSlowed: Bool) {
        var schedule = PollSchedule(Self.settings, now: 0)
        schedule.readEnded(0, Self.cost(calls, perSecond), random: 0.5)
        #expect(abs(schedule.interval - interval) < 1e-6)
        #expect(abs(schedule.readDue - interval) < 1e-6)
        #expect(schedule.freshness.isSlowed == isSlowed)
        #expect(schedule.freshness.readEvery == Int(interval))
        // News do not spend more than the share either.
        schedule.lookEnded(60, Self.cost(1), news: 1, random: 0.5)
        let gap = perSecond.map { Double(calls) / (0.2 * $0) } ?? 0
        if gap > 300 { #expect(schedule.step(gap - 1) != .read(.changed)) }
    }

    @Test func `Failures wait longer and longer, and never longer than an interval needs`() {
        var schedule = PollSchedule(PollSchedule.Settings(read: 86_400, jitter: 0), now: 0)
        var waits: [Double] = []
        var now = 0.0
        for _ in 0..<9 {
            schedule.readFailed(now, random: 0.5)
            waits.append(schedule.readDue - now)
            now = schedule.readDue
        }
        #expect(waits == [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600])
        var short = PollSchedule(PollSchedule.Settings(read: 45, jitter: 0), now: 0)
        for _ in 0..<5 { short.readFailed(0, random: 0.5) }
        #expect(short.readDue == 45)
    }

    @Test func `A log that may not be read is left alone for a day, and nothing is promised of it`() {
        var schedule = PollSchedule(Self.settings, now: 0)
        schedule.readEnded(0, Self.cost(10), random: 0.5)
        #expect(schedule.freshness.loggedWithin != nil)
        schedule.lookRefused(0, random: 0.5)
        #expect(schedule.freshness.loggedWithin == nil)
        #expect(schedule.step(299) == .wait(1))
        #expect(schedule.step(300) == .read(.due))
    }

    /// What an earlier process left: seconds until the next read, and what is made of them.
    @Test(arguments: [
        (nil as Double?, 0.0), (100, 100), (-5_000, 0), (1e9, 300), (-1e12, 0), (0, 0),
    ]) func `A restart goes on where it was`(readIn: Double?, expected: Double) {
        #expect(PollSchedule(Self.settings, now: 50, readIn: readIn).readDue == 50 + expected)
    }

    /// Days of a poller's life, with restarts, failures, changes, sleep and wall clocks that jump.
    @Test(arguments: 0..<40) func `Never a storm, never a standstill`(seed: Int) {
        var random = Dice(UInt64(seed))
        let settings = PollSchedule.Settings(
            read: Double(random.pick([30, 300, 3_600, 86_400])), look: Double(random.pick([10, 60, 600])), jitter: 0.1)
        let perSecond: Double? = random.below(3) == 0 ? nil : [0.05, 0.5, 5, 100][random.below(4)]
        let calls = random.pick([3, 40, 2_000])
        // Steady time is the truth; the wall clock is that and what somebody made of it.
        var steady = 0.0
        var skew = 0.0
        var schedule = PollSchedule(settings, now: steady)
        var stored = (due: 0.0, cost: nil as PollSchedule.Cost?, failures: 0)
        var reads: [Double] = []
        var good: [Double] = []
        var looks = 0
        var slept = 0.0
        var restarts = 0
        let end = Double(random.pick([1, 3])) * 86_400
        var steps = 0
        while steady < end {
            steps += 1
            switch schedule.step(steady) {
            case .wait(let seconds):
                #expect(seconds > 0 && seconds <= PollSchedule.mostWait)
                steady += seconds
                if random.below(2_000) == 0 {
                    // The lid was closed.
                    let nap = Double(random.below(20_000))
                    steady += nap
                    slept += nap
                }
            case .look:
                looks += 1
                steady += 0.5
                switch random.below(12) {
                case 0: schedule.lookFailed(steady, random: random.unit())
                case 1: schedule.lookEnded(steady, Self.cost(1, perSecond), news: 1 + random.below(3), random: random.unit())
                default: schedule.lookEnded(steady, Self.cost(1, perSecond), news: 0, random: random.unit())
                }
            case .read:
                steady += min(Double(calls) * 0.05, 60)
                reads.append(steady)
                if random.below(10) == 0 {
                    schedule.readFailed(steady, random: random.unit())
                } else {
                    good.append(steady)
                    schedule.readEnded(steady, Self.cost(calls, perSecond, seconds: 5), random: random.unit())
                }
                stored = (
                    steady + skew + (schedule.readDue - steady), Self.cost(calls, perSecond, seconds: 5), schedule.failures
                )
            }
            if random.below(3_000) == 0 { skew += Double(random.below(20_000_000)) - 10_000_000 }
            if random.below(3_000) == 0 {
                restarts += 1
                schedule = PollSchedule(
                    settings, now: steady, readIn: stored.due - (steady + skew), cost: stored.cost, failures: stored.failures)
            }
        }
        // No storm: within the quota's share, but for restarts under a clock that was set forward, and failures.
        let gap = perSecond.map { Double(calls) / (0.2 * $0) } ?? 0
        let pace = max(gap, 15)
        let failed = Double(reads.count - good.count)
        #expect(Double(reads.count) <= end / pace + Double(restarts) + failed + 2, "\(reads.count) reads in \(end) s")
        for (before, after) in zip(good, good.dropFirst()) where restarts == 0 {
            #expect(after - before >= min(gap, settings.read) * 0.85, "two reads \(after - before) s apart")
        }
        // No standstill: longer apart only by failures and sleep.
        let longest = max(settings.read, gap) * 1.1 + 3_600 * 1.1 + 120 + slept
        for (before, after) in zip([0] + reads, reads) { #expect(after - before <= longest) }
        #expect(end < longest || !reads.isEmpty)
        #expect(Double(looks) <= end / 10 + Double(restarts) + 100)
        #expect(Double(steps) <= end / 5 + 1_000)
    }

    /// SplitMix64.
    private struct Dice {
        private var state: UInt64
        init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }

        mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
        mutating func unit() -> Double { Double(next() >> 11) / Double(1 << 53) }
        mutating func pick(_ list: [Int]) -> Int { list[below(list.count)] }
    }
}
