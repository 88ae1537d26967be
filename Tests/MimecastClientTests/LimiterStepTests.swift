import Testing

@testable import MimecastClient

/// The state machine, step by step.
struct LimiterStepTests {
    /// A limiter, and the calls that it admitted.
    private struct Bench {
        var limiter: Limiter
        var now = Duration.zero

        init(remembering quota: RememberedQuota? = nil, settings: LimiterSettings = LimiterSettings()) {
            limiter = Limiter(remembering: quota, settings: settings, now: .zero)
        }

        /// What may go now, out of so many that wait.
        mutating func admitted(of waiting: Int) -> [LimiterTicket] {
            while limiter.waiting < waiting { _ = limiter.submit(task: "a") }
            var tickets: [LimiterTicket] = []
            while case .admit(let ticket) = limiter.next(now: now) { tickets.append(ticket) }
            return tickets
        }

        mutating func accept(_ tickets: [LimiterTicket], _ headers: QuotaHeaders? = nil) {
            for ticket in tickets { limiter.answered(ticket, .accepted, headers: headers, now: now) }
        }

        mutating func refuse(_ tickets: [LimiterTicket], after: Duration? = nil) {
            for ticket in tickets { limiter.answered(ticket, .refused(retryAfter: after), now: now) }
        }

        /// Seconds until it is to be asked again.
        mutating func wait() -> Double? {
            if limiter.waiting == 0 { _ = limiter.submit(task: "a") }
            guard case .wait(let until) = limiter.next(now: now) else { return nil }
            return (until - now).inSeconds
        }
    }

    @Test func `Nobody who waits, nothing to do`() {
        var limiter = Limiter(now: .seconds(7))
        var step = limiter.next(now: .seconds(7))
        #expect(step == .idle)
        let ticket = limiter.submit(task: "a")
        let wasWaiting = limiter.cancel(ticket)
        #expect(wasWaiting)
        step = limiter.next(now: .seconds(7))
        #expect(step == .idle)
        #expect(limiter.learned == nil)
    }

    @Test func `The first calls go at once, and more of them the more are accepted`() {
        var bench = Bench()
        let first = bench.admitted(of: 100)
        #expect(first.count == 4)
        bench.now = .milliseconds(100)
        bench.accept(first)
        var rounds: [Int] = []
        for _ in 0..<10 {
            let tickets = bench.admitted(of: 100)
            bench.accept(tickets)
            rounds.append(tickets.count)
        }
        #expect(rounds == rounds.sorted())
        #expect((rounds.last ?? 0) > 8)
    }

    @Test func `After a refusal single probes go, at growing distances`() {
        var bench = Bench()
        let tickets = bench.admitted(of: 100)
        bench.accept(Array(tickets.dropLast()))
        bench.refuse([tickets[3]])
        var waits: [Double] = []
        for _ in 0..<12 {
            let wait = bench.wait() ?? 0
            waits.append(wait)
            bench.now += .seconds(wait)
            let probes = bench.admitted(of: 100)
            #expect(probes.count == 1)
            bench.refuse(probes)
        }
        #expect(abs(waits[0] - 4) < 0.01)
        #expect(zip(waits, waits.dropFirst()).allSatisfy { $1 >= $0 - 0.01 })
        // Bounded: an hour's window is not slept through.
        #expect(waits.allSatisfy { $0 <= 600.1 })
        #expect((waits.last ?? 0) > 500)
    }

    @Test func `A bunch of refusals is one event`() {
        var bench = Bench()
        bench.accept(bench.admitted(of: 100))
        let tickets = bench.admitted(of: 100)
        #expect(tickets.count == 4)
        bench.now = .seconds(1)
        bench.refuse(tickets)
        #expect(abs((bench.wait() ?? 0) - 4) < 0.01)
        #expect(bench.limiter.closure?.refusedProbes == 0)
    }

    @Test func `A refusal that is answered after calls go again belongs to the old event`() {
        var bench = Bench()
        bench.accept(bench.admitted(of: 100))
        let tickets = bench.admitted(of: 100)
        bench.refuse([tickets[0]])
        bench.now = .seconds(5)
        bench.accept(bench.admitted(of: 100))
        #expect(bench.limiter.closure == nil)
        bench.refuse([tickets[1]])
        #expect(bench.limiter.closure == nil)
    }

    @Test(arguments: [(1.0, 1.0), (30, 30), (60, 60), (3_000, 1_500)])
    func `A wait that the server names is kept, and a long one tested at its half`(told: Double, first: Double) {
        var bench = Bench()
        bench.refuse(bench.admitted(of: 1).prefix(1).map { $0 }, after: .seconds(told))
        #expect(abs((bench.wait() ?? 0) - first) < 0.01)
        guard told > 60 else { return }
        // Refused again: it was true, and the rest of it is waited for.
        bench.now = .seconds(first)
        bench.refuse(bench.admitted(of: 1))
        #expect(abs((bench.wait() ?? 0) - (told - first)) < 0.01)
        bench.now = .seconds(told)
        bench.accept(bench.admitted(of: 1))
        #expect(bench.limiter.waitsAreTrue == true)
    }

    @Test func `A long wait that was a lie is not believed again`() {
        var bench = Bench()
        bench.refuse(bench.admitted(of: 1), after: .seconds(3_600))
        bench.now = .seconds(1_800)
        bench.accept(bench.admitted(of: 1))
        #expect(bench.limiter.waitsAreTrue == false)
        bench.now = .seconds(1_801)
        bench.refuse(bench.admitted(of: 1), after: .seconds(3_600))
        // By then it is known that the quota gives a call in many minutes at best; but no more than that is waited for.
        #expect((bench.wait() ?? 0) <= 600.1)
    }

    @Test func `A short wait that never comes true does not make probes come thick`() {
        var bench = Bench()
        bench.refuse(bench.admitted(of: 1), after: .seconds(1))
        var probes = 0
        while bench.now < .seconds(3_600) {
            bench.now += .seconds(bench.wait() ?? 1)
            let tickets = bench.admitted(of: 1)
            probes += tickets.count
            bench.refuse(tickets, after: .seconds(1))
        }
        #expect((8...25).contains(probes))
    }

    @Test(arguments: [Duration.seconds(-5), .seconds(1_000_000)])
    func `A wait that is nonsense is as none`(wait: Duration) {
        var bench = Bench()
        bench.refuse(bench.admitted(of: 1), after: wait)
        #expect(abs((bench.wait() ?? 0) - 4) < 0.01)
    }

    @Test func `A call that never left gives its turn back`() {
        let memory = LearnedQuota(perSecond: 1, burst: 5, source: .refusals)
        var bench = Bench(remembering: RememberedQuota(memory))
        let first = bench.admitted(of: 10)
        #expect(first.count == 1)
        bench.limiter.answered(first[0], .notSent, now: bench.now)
        #expect(bench.admitted(of: 10).count == 1)
        #expect(bench.admitted(of: 10).isEmpty)
    }

    @Test(arguments: [(0.0, 1), (30, 31), (1_000_000, 81)])
    func `What came back since an earlier process may go at once`(idle: Double, count: Int) {
        let quota = LearnedQuota(perSecond: 1, burst: 100, source: .refusals)
        var bench = Bench(remembering: RememberedQuota(quota, idle: .seconds(idle)))
        // The pace is a hundredth below the rate, and a fifth of a full quota is left to whoever else there is.
        var sent = 0
        while sent < 200 {
            let tickets = bench.admitted(of: 200)
            if tickets.isEmpty { break }
            bench.accept(tickets)
            sent += tickets.count
        }
        #expect(abs(sent - count) <= 1)
    }

    @Test func `A remembered rate spreads what the headers say is left, and does not stretch it`() throws {
        func secondCall(_ memory: RememberedQuota?) throws -> Double {
            var bench = Bench(remembering: memory)
            let first = bench.admitted(of: 1)
            bench.limiter.answered(first[0], .accepted, headers: QuotaHeaders(limit: 100, remaining: 99), now: bench.now)
            let second = bench.admitted(of: 1)
            #expect(second.isEmpty)
            let wait = bench.wait()
            return try #require(wait)
        }
        let unknown = try secondCall(nil)
        let known = try secondCall(RememberedQuota(LearnedQuota(perSecond: 10, burst: 100, source: .headers)))
        #expect(known < unknown / 10)
        // A memory that is far too high: what is left is still all that goes.
        var bench = Bench(remembering: RememberedQuota(LearnedQuota(perSecond: 1_000, burst: 1_000, source: .headers)))
        let first = bench.admitted(of: 1)
        bench.limiter.answered(first[0], .accepted, headers: QuotaHeaders(limit: 100, remaining: 5), now: bench.now)
        var sent = 0
        for second in 1...50 {
            bench.now = .seconds(second)
            sent += bench.admitted(of: 50).count
        }
        #expect((4...5).contains(sent))
    }

    @Test(arguments: [LimiterOutcome.noAnswer, .notSent])
    func `A probe that is lost is followed by another`(outcome: LimiterOutcome) {
        var bench = Bench()
        bench.refuse(bench.admitted(of: 1))
        bench.now = .seconds(5)
        let probe = bench.admitted(of: 1)
        #expect(bench.admitted(of: 1).isEmpty)
        bench.limiter.answered(probe[0], outcome, now: bench.now)
        bench.now = .seconds(7)
        #expect(bench.admitted(of: 1).count == 1)
    }

    @Test func `An answer that is never told does not shut the limiter for good`() {
        var bench = Bench()
        bench.refuse(bench.admitted(of: 1))
        bench.now = .seconds(5)
        #expect(bench.admitted(of: 1).count == 1)
        let wait = bench.wait() ?? 0
        #expect(wait > 290 && wait < 301)
        bench.now += .seconds(wait)
        #expect(bench.admitted(of: 1).isEmpty)
        bench.now += .seconds(2)
        #expect(bench.admitted(of: 1).count == 1)
        #expect(bench.limiter.inFlight == 1)
    }

    @Test func `A ticket is answered once, and an unknown one not at all`() {
        var bench = Bench()
        let tickets = bench.admitted(of: 10)
        bench.accept(tickets)
        let before = bench.limiter.accepted
        bench.accept(tickets)
        bench.refuse([LimiterTicket(number: 999)])
        #expect(bench.limiter.accepted == before)
        #expect(bench.limiter.closure == nil)
    }

    @Test func `No more calls are under way than allowed`() {
        var settings = LimiterSettings()
        settings.mostInFlight = 2
        var bench = Bench(settings: settings)
        #expect(bench.admitted(of: 10).count == 2)
    }

    @Test func `What is kept does not grow with the calls`() {
        var world = LimiterSimulation(SimulatedServer(calls: 1_000, seconds: 10, isWindow: false), latency: 0.05)
        world.run(until: 60)
        #expect(world.limiter.flights.count < 100)
        #expect(world.limiter.waiting <= 2)
    }

    // MARK: What rounds and windows teach

    @Test func `A round between two refusals gives the rate`() {
        let round = QuotaRound(first: 10, began: 100, followsRefusal: true)
        // Calls 11 to 110 were accepted in 50 seconds.
        let finding = round.finding(sequence: 111, at: 150, pace: 9, mayHaveOverflowed: false)
        #expect(abs(finding.mean - 2) < 1e-9)
        #expect(finding.low < 2 && finding.low > 1.9)
        #expect(finding.high > 2 && finding.high < 2.1)
        #expect(finding.isExact)
        // If the quota was full in between, the division is a lower bound only.
        #expect(round.finding(sequence: 111, at: 150, pace: 9, mayHaveOverflowed: true).high == 9)
    }

    @Test func `Lost calls do not count, and those of an earlier round neither`() {
        var round = QuotaRound(first: 10, began: 100, followsRefusal: true)
        round.lose(9)
        round.lose(12)
        #expect(round.accepted(before: 21) == 9)
        #expect(!round.finding(sequence: 13, at: 101, pace: 1, mayHaveOverflowed: false).isExact)
    }

    @Test func `Looks at windows narrow their length, however coarse each is`() {
        var marks = WindowMarks(first: WindowMarks.Span(low: 90, high: 110), atLeast: 50)
        #expect(marks.period.high == .infinity)
        // A window of 100 that begins at 100, 200, 300, ..., seen to within twenty.
        for begin in stride(from: 200.0, through: 900, by: 100) {
            marks.append(WindowMarks.Span(low: begin - 10, high: begin + 10))
            #expect(marks.period.low <= 100 && 100 <= marks.period.high)
        }
        #expect(marks.period.width < 10)
        let next = marks.beginning(ahead: 1)
        #expect(next.low <= 1_000 && 1_000 <= next.high)
    }

    @Test func `Two looks that cannot both be true begin anew`() {
        var marks = WindowMarks(first: WindowMarks.Span(low: 99, high: 101), atLeast: 50)
        marks.append(WindowMarks.Span(low: 199, high: 201))
        marks.append(WindowMarks.Span(low: 359, high: 361))
        #expect(marks.period.low <= marks.period.high)
        #expect(marks.beginning(ahead: 1).low > 361)
    }

    @Test func `A window is spread to its earliest end, and shut when it is used up`() {
        var window = WindowPacer(began: WindowMarks.Span(low: 0, high: 2), length: 100, count: 50, used: 1)
        // Until second 98, less the slack of a second and what is left free.
        let due = window.due(.normal, now: 2, inFlight: 0) ?? 0
        #expect(due > 2 + 95.0 / 51 && due < 2 + 98.0 / 49)
        #expect(window.due(.urgent, now: 2, inFlight: 0) == 2)
        for _ in 0..<49 { window.sent(at: 50) }
        #expect(window.isUsedUp(now: 51))
        #expect(window.due(.urgent, now: 51, inFlight: 0) == nil)
    }
}
