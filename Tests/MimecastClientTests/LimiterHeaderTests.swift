import Testing

@testable import MimecastClient

/// Servers that say what is left, truly or not.
struct LimiterHeaderTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let calls: Double
        let seconds: Double
        let isWindow: Bool
        let headers: SimulatedServer.Headers
        var latency = 0.1
        /// Until when nothing is measured, and how long it is then.
        let from: Double
        let stretch: Double

        var testDescription: String {
            "\(Int(calls))/\(Int(seconds)) \(isWindow ? "window" : "bucket") \(headers), \(Int(latency * 1_000)) ms"
        }
    }

    static let truths: [Case] = [
        Case(calls: 10, seconds: 1, isWindow: false, headers: .truthful, from: 10, stretch: 600),
        Case(calls: 10, seconds: 1, isWindow: true, headers: .truthful, from: 60, stretch: 600),
        Case(calls: 300, seconds: 3_600, isWindow: false, headers: .truthful, latency: 0.5, from: 3_600, stretch: 3_600),
        Case(calls: 300, seconds: 3_600, isWindow: true, headers: .truthful, latency: 0.5, from: 10_800, stretch: 3_600),
        Case(calls: 1_000, seconds: 10, isWindow: false, headers: .truthful, latency: 0.5, from: 20, stretch: 100),
        Case(calls: 1_000, seconds: 10, isWindow: true, headers: .truthful, from: 100, stretch: 100),
        Case(calls: 3_000, seconds: 3_600, isWindow: false, headers: .truthful, from: 3_600, stretch: 3_600),
        Case(calls: 3_000, seconds: 3_600, isWindow: true, headers: .truthful, from: 10_800, stretch: 3_600),
    ]

    @Test(arguments: truths)
    func `True headers are obeyed without a refusal`(of it: Case) throws {
        var world = LimiterSimulation(
            SimulatedServer(calls: it.calls, seconds: it.seconds, isWindow: it.isWindow, headers: it.headers), latency: it.latency)
        world.run(until: it.from + it.stretch)
        let yield = world.yield(from: it.from, to: it.from + it.stretch)
        #expect(yield.utilisation(of: world.server) >= 0.95)
        #expect(world.yield(from: -1, to: it.from + it.stretch).refusedShare < 0.0005)
        let learned = try #require(world.limiter.learned)
        #expect(learned.source == .headers)
        #expect(abs(learned.perSecond - world.server.perSecond) < 0.05 * world.server.perSecond)
        #expect((learned.windowSeconds != nil) == it.isWindow)
    }

    static let lies: [Case] = [SimulatedServer.Headers.neverFalling, .limitTooHigh].flatMap { headers in
        [
            Case(calls: 10, seconds: 1, isWindow: false, headers: headers, from: 100, stretch: 300),
            Case(calls: 300, seconds: 3_600, isWindow: false, headers: headers, from: 60, stretch: 3_600),
            Case(calls: 300, seconds: 3_600, isWindow: true, headers: headers, from: 7_200, stretch: 3_600),
            Case(calls: 200, seconds: 10, isWindow: true, headers: headers, from: 300, stretch: 300),
        ]
    }

    @Test(arguments: lies)
    func `A refusal overrules what the headers say`(of it: Case) throws {
        var world = LimiterSimulation(
            SimulatedServer(calls: it.calls, seconds: it.seconds, isWindow: it.isWindow, headers: it.headers), latency: it.latency)
        world.run(until: it.from + it.stretch)
        let yield = world.yield(from: it.from, to: it.from + it.stretch)
        #expect(yield.utilisation(of: world.server) >= 0.95)
        #expect(yield.refusedShare < 0.01)
        #expect(try #require(world.limiter.learned).source == .refusals)
    }

    static let nonsense: [Case] = [
        Case(calls: 10, seconds: 1, isWindow: false, headers: .nonsenseReset, from: 60, stretch: 600),
        Case(calls: 300, seconds: 3_600, isWindow: false, headers: .nonsenseReset, from: 3_600, stretch: 3_600),
        Case(calls: 300, seconds: 3_600, isWindow: true, headers: .nonsenseReset, from: 14_400, stretch: 3_600),
        Case(calls: 100, seconds: 10, isWindow: true, headers: .nonsenseReset, from: 400, stretch: 200),
    ]

    @Test(arguments: nonsense)
    func `A reset that is nonsense does no harm beside a true rest`(of it: Case) {
        var world = LimiterSimulation(
            SimulatedServer(calls: it.calls, seconds: it.seconds, isWindow: it.isWindow, headers: it.headers), latency: it.latency)
        world.run(until: it.from + it.stretch)
        let yield = world.yield(from: it.from, to: it.from + it.stretch)
        #expect(yield.utilisation(of: world.server) >= 0.95)
        #expect(yield.refusedShare < 0.01)
    }

    @Test func `A rest that falls is not run into`() {
        var pacer = HeaderPacer()
        pacer.read(QuotaHeaders(limit: 3, remaining: 1, reset: .seconds(5)), sequence: 1, sent: 0, now: 0.1)
        #expect(pacer.left(sequence: 1, inFlight: 0) == 1)
        // One is under way: none is left for another, and an answer tells more than waiting.
        #expect(pacer.left(sequence: 2, inFlight: 1) == 0)
        #expect(pacer.due(.urgent, now: 0.2, sequence: 2, inFlight: 1, reserve: 0.1) == nil)
        // Answered without headers: the reset is what is known.
        let due = pacer.due(.normal, now: 0.2, sequence: 2, inFlight: 0, reserve: 0.1)
        #expect(abs((due ?? 0) - 5.1) < 0.01)
    }

    @Test func `An older reply that comes late changes nothing`() {
        var pacer = HeaderPacer()
        pacer.read(QuotaHeaders(limit: 10, remaining: 4), sequence: 6, sent: 0, now: 1)
        pacer.read(QuotaHeaders(limit: 10, remaining: 7), sequence: 3, sent: 0, now: 1.1)
        #expect(pacer.left(sequence: 6, inFlight: 0) == 4)
    }

    @Test func `Headers that vanish are not missed for ever`() {
        var pacer = HeaderPacer()
        pacer.read(QuotaHeaders(limit: 10, remaining: 4), sequence: 1, sent: 0, now: 1)
        for sequence in 2...11 { pacer.read(nil, sequence: sequence, sent: 1, now: 2) }
        #expect(pacer.isUsable)
        pacer.read(QuotaHeaders(reset: .seconds(1)), sequence: 12, sent: 1, now: 2)
        #expect(!pacer.isUsable)
    }
}
