import Foundation
import MusterStore
import Planning

/// Reads one tenant again and again: its people at an interval and when the audit log shows that they changed, the log itself in between.
///
/// One at a time for each tenant, also between processes: the second is told who reads.
public struct Poller: Sendable {
    /// What the loop works with.
    public struct Hands: Sendable {
        /// Reads everybody.
        public var read: @Sendable () async throws -> SyncReport
        /// Reads what is new in the audit log.
        public var look: @Sendable () async throws -> AuditReport
        /// Calls a second that the quotas of reads and of looks give; nil where nobody knows.
        public var quotas: @Sendable () async -> (read: Double?, look: Double?)
        /// Delivers what is due to those who subscribed. Runs beside the turns, one at a time: it holds up no read.
        public var deliver: @Sendable () async -> Void
        /// Whether a trouble passes, so that the loop goes on.
        public var passes: @Sendable (any Error) -> Bool

        public init(
            read: @escaping @Sendable () async throws -> SyncReport, look: @escaping @Sendable () async throws -> AuditReport,
            quotas: @escaping @Sendable () async -> (read: Double?, look: Double?), deliver: @escaping @Sendable () async -> Void = {},
            passes: @escaping @Sendable (any Error) -> Bool
        ) {
            self.read = read
            self.look = look
            self.quotas = quotas
            self.deliver = deliver
            self.passes = passes
        }
    }

    /// What is worth saying.
    public enum Turn: Sendable {
        case read(SyncReport, PollSchedule.Reason, Freshness)
        case looked(AuditReport)
        case failed(any Error)
    }

    /// How often the lock is renewed, in seconds.
    private static let renewal = 30.0

    let store: any Store
    let tenant: String
    let who: String
    let settings: PollSchedule.Settings
    let hands: Hands
    let time: SteadyTime
    let lease: SteadyTime
    let now: @Sendable () -> Date
    let random: @Sendable () -> Double

    /// - Parameters:
    ///   - who: reads; others are told.
    ///   - time: what the schedule goes by.
    ///   - lease: by which the lock is renewed.
    ///   - random: from 0 up to 1.
    public init(
        store: any Store, tenant: String, who: String, settings: PollSchedule.Settings, hands: Hands, time: SteadyTime = SteadyTime(),
        lease: SteadyTime = SteadyTime(), now: @escaping @Sendable () -> Date = { Date() },
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.store = store
        self.tenant = tenant
        self.who = who
        self.settings = settings
        self.hands = hands
        self.time = time
        self.lease = lease
        self.now = now
        self.random = random
    }

    /// Reads until it is cancelled.
    ///
    /// - Throws: ``LifecycleError`` where another reads; whatever a turn throws that does not pass.
    public func run(_ say: @escaping @Sendable (Turn) async -> Void) async throws {
        let lock = TenantLock(store: store, tenant: tenant, now: now, purpose: .reading)
        let fence = try await lock.acquire(who: who)
        let (ticks, tick) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let result: Result<Void, any Error>
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { [self] in try await turns(say) { tick.yield() } }
                group.addTask { [lease] in
                    while true {
                        try await lease.sleep(Self.renewal)
                        try await lock.renew(fence)
                    }
                }
                group.addTask { [hands] in
                    for await _ in ticks { await hands.deliver() }
                    throw CancellationError()
                }
                defer { group.cancelAll() }
                try await group.next()
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        // In a task of its own, which Ctrl-C does not cancel.
        await Task { try? await lock.release(fence) }.value
        try result.get()
    }

    private func turns(_ say: @Sendable (Turn) async -> Void, _ tick: @Sendable () -> Void) async throws {
        let memory = PollMemory(store: store, tenant: tenant, now: now)
        var schedule = try await memory.recall(settings, steady: time.now())
        while true {
            try Task.checkCancellation()
            switch schedule.step(time.now()) {
            case .wait(let seconds):
                try await time.sleep(seconds)
                continue
            case .look: await say(try await look(&schedule))
            case .read(let reason):
                // What an apply changes is read when it is done, and not between its lines.
                if reason == .changed, try await TenantLock(store: store, tenant: tenant, now: now).isHeld() {
                    schedule.postpone(time.now())
                    continue
                }
                let turn = try await read(&schedule, reason)
                // Not kept is not fatal: the next process reads at once.
                try? await memory.keep(schedule, steady: time.now())
                await say(turn)
            }
            tick()
        }
    }

    private func look(_ schedule: inout PollSchedule) async throws -> Turn {
        let started = time.now()
        do {
            let report = try await hands.look()
            let cost = PollSchedule.Cost(calls: report.calls, seconds: time.now() - started, perSecond: await hands.quotas().look)
            if report.refused != nil {
                schedule.lookRefused(time.now(), random: random())
            } else {
                schedule.lookEnded(time.now(), cost, news: report.new, random: random())
            }
            return .looked(report)
        } catch {
            schedule.lookFailed(time.now(), random: random())
            return try passing(error)
        }
    }

    private func read(_ schedule: inout PollSchedule, _ reason: PollSchedule.Reason) async throws -> Turn {
        let started = time.now()
        do {
            let report = try await hands.read()
            let cost = PollSchedule.Cost(calls: report.calls, seconds: time.now() - started, perSecond: await hands.quotas().read)
            schedule.readEnded(time.now(), cost, random: random())
            if report.audit?.refused != nil { schedule.lookRefused(time.now(), random: random()) }
            return .read(report, reason, schedule.freshness)
        } catch {
            schedule.readFailed(time.now(), random: random())
            return try passing(error)
        }
    }

    /// A loop that ends because one turn failed would end silently: it says so and goes on.
    private func passing(_ error: any Error) throws -> Turn {
        guard !Task.isCancelled, !(error is CancellationError) else { throw CancellationError() }
        guard hands.passes(error) else { throw error }
        return .failed(error)
    }
}
