import Testing

@testable import MimecastClient

/// The client knows nothing, and the server says nothing but no.
struct LimiterHiddenQuotaTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let calls: Double
        let seconds: Double
        let isWindow: Bool
        let latency: Double
        var headers = SimulatedServer.Headers.none
        /// What is measured; an hour, where that is not more calls than a test has time for.
        var stretch = 3_600.0
        /// Seconds after the second refusal that are not measured: where an hour is too long, the share of it that learning takes.
        var learning = 0.0
        var stretches = 2
        var seed: UInt64 = 1
        var phase = 0.0
        var drift = 0.0

        var testDescription: String {
            "\(Int(calls))/\(Int(seconds)) \(isWindow ? "window" : "bucket") \(headers), \(Int(latency * 1_000)) ms, seed \(seed)"
        }
    }

    static let buckets: [Case] = [
        Case(calls: 10, seconds: 1, isWindow: false, latency: 0.05, stretch: 900, stretches: 1),
        Case(calls: 10, seconds: 1, isWindow: false, latency: 0.5, stretch: 600, learning: 120, stretches: 1, seed: 2),
        Case(calls: 300, seconds: 3_600, isWindow: false, latency: 0.005, stretches: 4),
        Case(calls: 300, seconds: 3_600, isWindow: false, latency: 0.1, stretches: 4, seed: 2, drift: 5e-4),
        Case(calls: 300, seconds: 3_600, isWindow: false, latency: 0.5, stretches: 4, seed: 3),
        Case(calls: 300, seconds: 3_600, isWindow: false, latency: 0.1, headers: .retryAfter, stretches: 4),
        Case(calls: 10_000, seconds: 3_600, isWindow: false, latency: 0.1, stretches: 1),
        Case(calls: 10_000, seconds: 3_600, isWindow: false, latency: 0.5, headers: .retryAfter, stretches: 1, drift: -5e-4),
        Case(calls: 1_000, seconds: 10, isWindow: false, latency: 0.1, stretch: 80, learning: 60, stretches: 1),
        Case(calls: 1_000, seconds: 10, isWindow: false, latency: 0.5, stretch: 80, learning: 60, stretches: 1),
        Case(calls: 5_000, seconds: 5, isWindow: false, latency: 0.05, stretch: 10, learning: 10, stretches: 1),
    ]

    static let windows: [Case] = [
        Case(calls: 10, seconds: 1, isWindow: true, latency: 0.05, stretch: 900, learning: 60, stretches: 1),
        Case(
            calls: 10, seconds: 1, isWindow: true, latency: 0.2, stretch: 600, learning: 300, stretches: 1, seed: 2, phase: 0.4, drift: 2e-4
        ),
        Case(calls: 300, seconds: 3_600, isWindow: true, latency: 0.005, stretches: 6),
        Case(calls: 300, seconds: 3_600, isWindow: true, latency: 0.1, stretches: 6, seed: 2, phase: 1_000, drift: 5e-4),
        Case(calls: 300, seconds: 3_600, isWindow: true, latency: 0.5, stretches: 6, seed: 3, phase: 3_000),
        Case(calls: 300, seconds: 3_600, isWindow: true, latency: 0.1, headers: .retryAfter, stretches: 4, phase: 1_000),
        Case(calls: 10_000, seconds: 3_600, isWindow: true, latency: 0.1, stretches: 1),
        Case(calls: 10_000, seconds: 3_600, isWindow: true, latency: 0.5, headers: .retryAfter, stretches: 1, phase: 2_000),
        Case(calls: 60, seconds: 60, isWindow: true, latency: 0.2, seed: 2, phase: 20),
        Case(calls: 1_000, seconds: 10, isWindow: true, latency: 0.1, stretch: 100, learning: 150, stretches: 1),
        Case(calls: 5_000, seconds: 5, isWindow: true, latency: 0.05, stretch: 10, learning: 50, stretches: 1),
    ]

    @Test(arguments: buckets)
    func `A hidden bucket is used to 95 percent, and fewer than one call in a hundred is refused`(of it: Case) throws {
        var world = LimiterSimulation(
            SimulatedServer(calls: it.calls, seconds: it.seconds, isWindow: false, headers: it.headers),
            latency: it.latency, seed: it.seed)
        world.server.drift = it.drift
        world.run(until: 60)
        let start = try #require(world.secondRefusal) + it.learning
        world.run(until: start + it.stretch * Double(it.stretches))
        expect(world, it, from: start)
    }

    @Test(arguments: windows)
    func `A hidden window is used to 95 percent, and fewer than one call in a hundred is refused`(of it: Case) {
        var world = LimiterSimulation(
            SimulatedServer(calls: it.calls, seconds: it.seconds, isWindow: true, headers: it.headers, phase: it.phase),
            latency: it.latency, seed: it.seed)
        world.server.drift = it.drift
        // The first window began before the first call.
        let start = (2 * it.seconds - it.phase) / (1 + it.drift) + it.learning
        world.run(until: start + it.stretch * Double(it.stretches))
        expect(world, it, from: start)
    }

    private func expect(_ world: LimiterSimulation, _ it: Case, from start: Double) {
        for number in 0..<it.stretches {
            let from = start + it.stretch / (1 + it.drift) * Double(number)
            let yield = world.yield(from: from, to: from + it.stretch / (1 + it.drift))
            #expect(yield.utilisation(of: world.server) >= 0.95, "stretch \(number)")
            #expect(yield.refusedShare < 0.01, "stretch \(number)")
        }
    }

    @Test func `An hour's window is not hammered while nobody knows when it ends`() {
        var world = LimiterSimulation(SimulatedServer(calls: 300, seconds: 3_600, isWindow: true), latency: 0.005)
        world.run(until: 3_600)
        // All of them at once, and then probes at growing distances.
        let probes = world.seen.filter { !$0.isAccepted && $0.at > 1 }
        #expect((5...20).contains(probes.count))
        #expect(zip(probes, probes.dropFirst()).allSatisfy { $1.at - $0.at >= 4 })
        #expect(world.yield(from: -1, to: 3_600).accepted == 300)
    }

    @Test func `A burst from a rested bucket is not taken for its rate`() throws {
        var world = LimiterSimulation(SimulatedServer(calls: 300, seconds: 3_600, isWindow: false), latency: 0.1)
        world.run(until: 3_600)
        let learned = try #require(world.limiter.learned)
        #expect(abs(learned.perSecond - 300.0 / 3_600) < 0.03 * 300 / 3_600)
        #expect(learned.source == .refusals)
        #expect(learned.windowSeconds == nil)
    }

    @Test func `A window's calls and length become known`() throws {
        var world = LimiterSimulation(SimulatedServer(calls: 300, seconds: 3_600, isWindow: true), latency: 0.1)
        world.run(until: 6 * 3_600)
        let learned = try #require(world.limiter.learned)
        #expect(abs((learned.burst ?? 0) - 300) <= 3)
        #expect(abs((learned.windowSeconds ?? 0) - 3_600) < 100)
    }
}
