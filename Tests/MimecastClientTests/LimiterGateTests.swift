import Mimecast
import Synchronization
import TestSupport
import Testing

@testable import MimecastClient

/// The runner, on a clock that is moved by hand.
struct LimiterGateTests {
    private final class Order: Sendable {
        private let state = Mutex<[String]>([])
        var names: [String] { state.withLock(\.self) }
        func append(_ name: String) { state.withLock { $0.append(name) } }
    }

    /// One call a second.
    private static let slow = LearnedQuota(perSecond: 1, burst: 5, source: .refusals)

    private func gate(_ clock: ManualClock, remembering quota: LearnedQuota? = slow, idle: Duration = .zero) -> LimiterGate {
        LimiterGate(remembering: quota.map { RememberedQuota($0, idle: idle) }, clock: clock)
    }

    @Test func `A call waits for its turn and no longer`() async throws {
        let clock = ManualClock(advancesItself: true)
        let gate = gate(clock)
        for _ in 0..<4 { await gate.answered(try await gate.admit(task: "a"), .accepted) }
        // The first goes at once, the others at a bit less than one a second.
        #expect(clock.now.elapsed > .seconds(2.9) && clock.now.elapsed < .seconds(3.2))
    }

    @Test func `Nobody who waits, nobody who sleeps`() async throws {
        let clock = ManualClock()
        let gate = gate(clock)
        await gate.answered(try await gate.admit(task: "a"), .accepted)
        #expect(clock.sleeps.isEmpty)
        #expect(await gate.waiting == 0)
    }

    @Test func `One alarm serves all that wait, and wakes them one by one`() async throws {
        let clock = ManualClock()
        let gate = gate(clock)
        await gate.answered(try await gate.admit(task: "first"), .accepted)
        let order = Order()
        var tasks: [Task<Void, any Error>] = []
        for name in ["a", "b", "c"] {
            tasks.append(
                Task {
                    let ticket = try await gate.admit(task: LimiterTask(name))
                    order.append(name)
                    await gate.answered(ticket, .accepted)
                })
            while await gate.waiting < tasks.count { await Task.yield() }
        }
        await clock.waitForSleepers()
        #expect(clock.sleeps.count == 1)
        for (woken, task) in tasks.enumerated() {
            clock.advance(by: .seconds(1.1))
            try await task.value
            #expect(await gate.waiting == 2 - woken)
            if woken < 2 { await clock.waitForSleepers() }
        }
        #expect(order.names == ["a", "b", "c"])
        #expect(clock.sleeps.count == 3)
    }

    @Test func `A cancelled caller leaves at once, and the next one has its turn`() async throws {
        let clock = ManualClock()
        let gate = gate(clock)
        await gate.answered(try await gate.admit(task: "first"), .accepted)
        let cancelled = Task { try await gate.admit(task: "cancelled") }
        while await gate.waiting < 1 { await Task.yield() }
        let other = Task { try await gate.admit(task: "other") }
        while await gate.waiting < 2 { await Task.yield() }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        #expect(await gate.waiting == 1)
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1.1))
        _ = try await other.value
        #expect(await gate.waiting == 0)
        #expect(await gate.inFlight == 1)
    }

    @Test func `A task that is cancelled before it asks has no turn`() async {
        let gate = gate(ManualClock())
        let open = Gate()
        let task = Task {
            await open.pass()
            return try await gate.admit(task: "a")
        }
        task.cancel()
        open.open()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(await gate.waiting == 0)
        #expect(await gate.inFlight == 0)
    }

    @Test func `An answer lets the next one go without a look at the clock`() async throws {
        let clock = ManualClock()
        let gate = gate(clock, remembering: nil)
        var tickets: [LimiterTicket] = []
        for _ in 0..<4 { tickets.append(try await gate.admit(task: "a")) }
        let fifth = Task { try await gate.admit(task: "a") }
        while await gate.waiting < 1 { await Task.yield() }
        #expect(await gate.inFlight == 4)
        await gate.answered(tickets[0], .accepted)
        _ = try await fifth.value
        #expect(clock.now.elapsed == .zero)
    }

    @Test func `After a refusal the gate opens when the server said`() async throws {
        let clock = ManualClock()
        let gate = gate(clock, remembering: nil)
        await gate.answered(try await gate.admit(task: "a"), .refused(retryAfter: .seconds(9)))
        let next = Task { try await gate.admit(task: "a") }
        await clock.waitForSleepers()
        clock.advance(by: .seconds(8.9))
        #expect(await gate.waiting == 1)
        clock.advance(by: .seconds(0.2))
        _ = try await next.value
    }

    @Test func `A gate tells what it learned of the quotas that it was asked for`() async throws {
        let clock = ManualClock(advancesItself: true)
        let memory = RememberedQuota(Self.slow)
        let gate = AdaptiveGate(remembering: [.user: memory, .directory: memory], clock: clock)
        #expect(await gate.learned().isEmpty)
        for category in [EndpointDescription.Category.user, .user, .domain] {
            let ticket = try await gate.admit(category: category, urgent: false)
            await gate.ended(ticket, .answered(status: 200, limit: RateLimit(limit: nil, remaining: nil, reset: nil)))
        }
        let learned = await gate.learned()
        #expect(learned.keys.map(\.rawValue) == ["user"])
        #expect(learned[.user]?.perSecond == 1)
        #expect(clock.now.elapsed > .seconds(0.9), "the second call waited for what was remembered")
    }

    @Test func `What was learned is told`() async throws {
        let gate = gate(ManualClock())
        let learned = try #require(await gate.learned)
        #expect(learned.source == .memory)
        #expect(learned.perSecond == 1)
    }
}
