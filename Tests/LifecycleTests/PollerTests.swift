import Foundation
import MusterStore
import Planning
import Synchronization
import TestSupport
import Testing

@testable import Lifecycle

/// The loop of `sync --every`, against a clock that runs by itself.
struct PollerTests {
    private struct Stop: Error {}
    private struct Passing: Error {}

    /// How many are inside, and were at most.
    private final class Meter: Sendable {
        private let state = Mutex((now: 0, most: 0))
        var most: Int { state.withLock(\.most) }
        func enter() { state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
        func leave() { state.withLock { $0.now -= 1 } }
    }

    /// Plays turns and notes when each came.
    private final class Play: Sendable {
        struct State {
            var turns: [String] = []
            var delivered = 0
        }
        let state = Mutex(State())
        let clock = ManualClock(advancesItself: true)
        let most: Int
        let onRead: @Sendable (Int) throws -> Void
        let news: @Sendable (Int) -> Int

        init(most: Int, onRead: @escaping @Sendable (Int) throws -> Void = { _ in }, news: @escaping @Sendable (Int) -> Int = { _ in 0 }) {
            self.most = most
            self.onRead = onRead
            self.news = news
        }

        var seconds: Int { Int(clock.now.elapsed.components.seconds) }
        var turns: [String] { state.withLock(\.turns) }
        func count(_ name: String) -> Int { turns.count { $0.hasPrefix(name) } }

        private func note(_ name: String) throws -> Int {
            let at = seconds
            return try state.withLock { state in
                guard state.turns.count < most else { throw Stop() }
                state.turns.append("\(name) \(at)")
                return state.turns.count { $0.hasPrefix(name) }
            }
        }

        var hands: Poller.Hands {
            Poller.Hands(
                read: {
                    try self.onRead(try self.note("read"))
                    return SyncReport(
                        snapshot: "s", closed: true, accounts: .init(internal: 1, external: 0), domains: [], groups: 0, memberships: 0,
                        calls: 10,
                        seconds: 1)
                },
                look: {
                    let number = try self.note("look")
                    var report = AuditReport(calls: 1)
                    report.new = self.news(number)
                    return report
                },
                quotas: { (nil, nil) }, deliver: { self.state.withLock { $0.delivered += 1 } }, passes: { $0 is Passing })
        }
    }

    private func poller(_ bench: Bench, _ play: Play, every: Double = 300, who: String = "pat") -> Poller {
        Poller(
            store: bench.store, tenant: "CACME", who: who, settings: PollSchedule.Settings(read: every, jitter: 0), hands: play.hands,
            time: SteadyTime(play.clock), now: bench.now, random: { 0.5 })
    }

    private func run(_ bench: Bench, _ play: Play, every: Double = 300) async throws {
        await #expect(throws: Stop.self) { try await poller(bench, play, every: every).run { _ in } }
    }

    @Test func `People at their interval, the log in between`() async throws {
        try await withBench { bench in
            let play = Play(most: 25)
            try await run(bench, play)
            #expect(play.turns.first?.hasPrefix("read") == true)
            #expect(play.count("look") >= 15 && play.count("read") >= 3, "\(play.turns)")
        }
    }

    @Test func `A change in the log brings the read forward`() async throws {
        try await withBench { bench in
            let play = Play(most: 4, news: { $0 == 1 ? 2 : 0 })
            try await run(bench, play, every: 86_400)
            #expect(play.turns.map { $0.prefix(4) } == ["read", "look", "look", "read"], "\(play.turns)")
        }
    }

    @Test func `What an apply changes is read when it is done`() async throws {
        try await withBench { bench in
            let lock = TenantLock(store: bench.store, tenant: "CACME", now: bench.now)
            let fence = try await lock.acquire(who: "somebody")
            let play = Play(most: 40, news: { $0 == 1 ? 1 : 0 })
            try await run(bench, play, every: 86_400)
            #expect(play.count("read") == 1, "\(play.turns)")
            try await lock.release(fence)
        }
    }

    @Test func `One reader for each tenant; the second is told who reads`() async throws {
        try await withBench { bench in
            let (started, start) = AsyncStream.makeStream(of: Void.self)
            let play = Play(most: 5, onRead: { _ in start.yield() })
            let gate = Gate()
            let first = Task {
                var hands = play.hands
                let read = hands.read
                hands.read = {
                    let report = try await read()
                    await gate.pass()
                    return report
                }
                let poller = Poller(
                    store: bench.store, tenant: "CACME", who: "ada.first", settings: .init(read: 300), hands: hands,
                    time: SteadyTime(ManualClock()), now: bench.now)
                try await poller.run { _ in }
            }
            for await _ in started { break }
            let error = try await lifecycleError { try await poller(bench, Play(most: 1), who: "bea.second").run { _ in } }
            #expect(error.code == "tenant-read")
            #expect(error.message.contains("ada.first"))
            // Who works on the tenant is not held up.
            let lock = TenantLock(store: bench.store, tenant: "CACME", now: bench.now)
            try await lock.release(try await lock.acquire(who: "worker"))
            first.cancel()
            gate.open()
            _ = await first.result
            let play2 = Play(most: 1)
            try await run(bench, play2)
            #expect(play2.turns.count == 1)
        }
    }

    @Test func `A trouble that passes is said and outlived; another ends the loop`() async throws {
        try await withBench { bench in
            let play = Play(most: 30, onRead: { if $0 < 4 { throw Passing() } })
            let said = Mutex<[String]>([])
            await #expect(throws: Stop.self) {
                try await poller(bench, play, every: 3_600).run { turn in
                    if case .failed(let error) = turn { said.withLock { $0.append("\(error)") } }
                }
            }
            #expect(said.withLock(\.count) == 3)
            #expect(play.count("read") >= 4)
            struct Fatal: Error {}
            let fatal = Play(most: 400, onRead: { _ in throw Fatal() })
            await #expect(throws: Fatal.self) { try await poller(bench, fatal).run { _ in } }
        }
    }

    @Test(arguments: [0.0, 0.05, 400, -4_000])
    func `A restart goes on where it was, whatever became of the calendar`(hours: Double) async throws {
        try await withBench { bench in
            try await run(bench, Play(most: 1), every: 3_600)
            bench.pass(hours: hours)
            let play = Play(most: 200)
            try await run(bench, play, every: 3_600)
            let first = try #require(play.turns.first { $0.hasPrefix("read") }.flatMap { Int($0.dropFirst(5)) })
            switch hours {
            // Due meanwhile: at once, and once.
            case 400: #expect(first == 0)
            case 0.05: #expect((3_380...3_520).contains(first), "\(first)")
            // Set back: no longer than an interval.
            default: #expect((3_580...3_720).contains(first), "\(first)")
            }
        }
    }

    @Test func `Deliveries follow turns`() async throws {
        try await withBench { bench in
            let play = Play(most: 10)
            try await run(bench, play)
            // They run beside the turns, and several turns may share one.
            #expect(play.state.withLock(\.delivered) >= 1)
        }
    }

    @Test func `A fleet: one that fails holds up no other, and newcomers are read`() async throws {
        let clock = ManualClock(advancesItself: true)
        let codes = Mutex(["A", "BAD", "C"])
        let runs = Mutex<[String: Int]>([:])
        let said = Mutex<[String]>([])
        let fleet = PollFleet(
            list: { codes.withLock(\.self) },
            run: { code in
                let count = runs.withLock { runs in
                    runs[code, default: 0] += 1
                    return runs[code] ?? 0
                }
                if code == "BAD" {
                    if count == 3 { codes.withLock { $0.append("NEW") } }
                    throw Passing()
                }
                // The others go on for ever, by a clock of their own.
                if code == "NEW" { throw Stop() }
                try await ManualClock().sleep(for: .seconds(1))
            },
            say: { code, error in
                said.withLock { $0.append("\(code) \(error)") }
                if code == "NEW" { withUnsafeCurrentTask { $0?.cancel() } }
            }, time: SteadyTime(clock))
        let task = Task { try await fleet.run() }
        _ = await task.result
        #expect(runs.withLock { $0["A"] } == 1 && runs.withLock { $0["C"] } == 1)
        #expect((runs.withLock { $0["BAD"] } ?? 0) >= 3)
        #expect(said.withLock { $0.count { $0.hasPrefix("BAD") } } == 1, "said once")
        #expect(clock.now.elapsed >= .seconds(180), "it rests longer and longer")
    }

    @Test func `Seats are given in order, and given back`() async throws {
        let seats = TurnSeats(2)
        let inside = Meter()
        let tasks = (0..<50).map { _ in
            Task {
                try await seats.with {
                    inside.enter()
                    await Task.yield()
                    inside.leave()
                }
            }
        }
        for task in tasks { try await task.value }
        #expect(inside.most == 2)
        // Whoever gives up while waiting takes no seat along.
        let gate = Gate()
        let holders = (0..<2).map { _ in Task { try await seats.with { await gate.pass() } } }
        await gate.waitForArrivals(2)
        let waiter = Task { try await seats.with {} }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        gate.open()
        for holder in holders { try await holder.value }
        try await seats.with {}
    }
}
