import Testing

@testable import MimecastClient

/// Quotas that change under way, and what another process remembers of them.
struct LimiterChangeTests {
    /// How many calls went, after the first refusal that was answered, before no stretch of the quota's length holds more calls than
    /// the new limit and a quarter.
    private func callsUntilUnder(_ server: SimulatedServer, _ calls: [LimiterSimulation.Sent], until end: Double) -> Int {
        let calls = calls.filter { $0.at < end }
        let most = Int(server.calls * 1.25)
        var last = 0
        for index in calls.indices where index + most < calls.count && calls[index + most].at - calls[index].at < server.seconds {
            last = index + 1
        }
        return last
    }

    /// The calls that were sent after the first refusal of the cut had been answered; those under way cannot be called back.
    private func callsAfterCut(isWindow: Bool, latency: Double) throws -> (LimiterSimulation, [LimiterSimulation.Sent]) {
        var world = LimiterSimulation(SimulatedServer(calls: 1_000, seconds: 10, isWindow: isWindow), latency: latency)
        world.run(until: 150)
        world.server.change(calls: 100, isEmpty: true)
        let before = world.seen.count
        world.run(until: 400)
        let after = Array(world.seen[before...])
        let refusal = try #require(after.first { !$0.isAccepted }).at
        return (world, after.filter { $0.at > refusal + latency * 1.1 })
    }

    @Test(arguments: [0.005, 0.1])
    func `After a cut to a tenth the client is under the limit within twenty calls`(latency: Double) throws {
        let (world, calls) = try callsAfterCut(isWindow: false, latency: latency)
        #expect(calls.prefix(20).count { !$0.isAccepted } <= 5)
        #expect(callsUntilUnder(world.server, calls, until: 400) <= 20)
        #expect(Yield(calls.dropFirst(20), from: 0, to: 400).refusedShare < 0.01)
    }

    /// A window gives all that it has at any pace, so that its calls alone say nothing; those beyond it do.
    @Test(arguments: [0.005, 0.1])
    func `After a cut of a window fewer than twenty calls go beyond it`(latency: Double) throws {
        let (_, calls) = try callsAfterCut(isWindow: true, latency: latency)
        #expect(calls.count { !$0.isAccepted } <= 20)
        #expect(calls.count > 1_000)
    }

    @Test func `The time after a cut is used, too`() {
        var world = LimiterSimulation(SimulatedServer(calls: 1_000, seconds: 10, isWindow: false), latency: 0.05)
        world.run(until: 100)
        world.server.change(calls: 100)
        world.run(until: 1_200)
        let yield = world.yield(from: 300, to: 1_200)
        #expect(yield.utilisation(of: world.server) >= 0.95)
        #expect(yield.refusedShare < 0.01)
    }

    @Test(arguments: [false, true])
    func `A cut of an hour's quota is got over in an hour`(isWindow: Bool) {
        var world = LimiterSimulation(SimulatedServer(calls: 2_000, seconds: 3_600, isWindow: isWindow), latency: 0.1)
        world.run(until: 3 * 3_600)
        world.server.change(calls: 300)
        world.run(until: 6 * 3_600)
        for hour in 4...5 {
            let yield = world.yield(from: Double(hour) * 3_600, to: Double(hour + 1) * 3_600)
            #expect(yield.utilisation(of: world.server) >= 0.95)
            #expect(yield.refusedShare < 0.01)
        }
    }

    @Test(arguments: [(10.0, 1.0, false), (10, 1, true), (300, 3_600, false), (300, 3_600, true)])
    func `A quota that was doubled is found by gentle looks`(calls: Double, seconds: Double, isWindow: Bool) {
        var world = LimiterSimulation(SimulatedServer(calls: calls, seconds: seconds, isWindow: isWindow), latency: 0.1)
        let hour = seconds == 1 ? 200.0 : 3_600
        world.run(until: 3 * hour)
        world.server.change(calls: calls * 2)
        world.run(until: 9 * hour)
        for number in 3..<9 { #expect(world.yield(from: Double(number) * hour, to: Double(number + 1) * hour).refusedShare < 0.01) }
        for number in 7..<9 {
            #expect(world.yield(from: Double(number) * hour, to: Double(number + 1) * hour).utilisation(of: world.server) >= 0.95)
        }
    }

    @Test(arguments: [false, true])
    func `What was learned is a good start for another process`(isWindow: Bool) throws {
        let server = SimulatedServer(calls: 1_000, seconds: 10, isWindow: isWindow)
        var first = LimiterSimulation(server, latency: 0.05)
        first.run(until: 200)
        let learned = try #require(first.limiter.learned)
        var second = LimiterSimulation(server, latency: 0.05, seed: 2, remembering: RememberedQuota(learned))
        #expect(second.limiter.learned?.source == .memory)
        second.run(until: 60)
        let yield = second.yield(from: -1, to: 60)
        #expect(yield.utilisation(of: server) >= 0.95)
        #expect(yield.refusedShare < 0.01)
    }

    @Test(arguments: [0.1, 10.0])
    func `A memory that is wrong by a factor of ten is got over`(factor: Double) {
        let server = SimulatedServer(calls: 10, seconds: 1, isWindow: false)
        let memory = LearnedQuota(perSecond: 10 * factor, burst: 10 * factor, source: .refusals)
        var world = LimiterSimulation(server, latency: 0.05, remembering: RememberedQuota(memory))
        world.run(until: 1_500)
        let yield = world.yield(from: 1_000, to: 1_500)
        #expect(yield.utilisation(of: server) >= 0.95)
        #expect(yield.refusedShare < 0.01)
    }

    @Test(arguments: [
        LearnedQuota(perSecond: .nan, source: .refusals), LearnedQuota(perSecond: 0, source: .headers),
        LearnedQuota(perSecond: -1, source: .memory), LearnedQuota(perSecond: 1, burst: -.infinity, source: .refusals),
        LearnedQuota(perSecond: 1, windowSeconds: 0, source: .refusals),
    ])
    func `A memory that cannot be one is not believed`(quota: LearnedQuota) {
        #expect(Limiter(remembering: RememberedQuota(quota), now: .zero).learned == nil)
    }
}
