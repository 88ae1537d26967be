import Foundation
import HTTPTransport
import MusterStore

/// What a lane did.
public struct LaneReport: Sendable, Hashable {
    public var tenant: String
    public var hook: String
    /// Tries that arrived.
    public var delivered = 0
    /// Tries that did not.
    public var failed = 0
    /// Whether the receiver wants no more.
    public var isGone = false
    /// When there is something to do next, in seconds since 1970; nil where nothing waits.
    public var next: Int?
    /// Why the last try failed, or why there was none.
    public var note: String?
}

/// Delivers to one hook until nothing is due: several events at a time, one of a person at a time, each person's in order.
///
/// An answer is stored after it came. Who is killed in between sends the event again, with the same id.
struct HookLane: Sendable {
    let store: LaneStore
    let parts: HookDispatcher.Parts

    private enum Job: Sendable {
        case forward(HookStretch, EventLog.Entry)
        case lag(LaneStore.Lag, EventLog.Entry)

        var event: EventLog.Entry {
            switch self {
            case .forward(_, let event), .lag(_, let event): event
            }
        }
    }

    /// What a receiver is called with.
    private struct Line: Sendable {
        var url: HookURL
        var secrets: [WebhookSecret]
        var transport: any Transport
        var filter: HookFilter
    }

    private var now: Int { Int(parts.now().timeIntervalSince1970) }

    func run() async throws -> LaneReport {
        var report = LaneReport(tenant: store.tenant, hook: store.hook)
        while !Task.isCancelled {
            let instant = now
            guard let work = try await store.work(now: instant), work.hook.state == .active else { break }
            if work.health.isPaused(instant) {
                report.next = work.health.pausedUntil
                break
            }
            if work.lags.isEmpty, work.forward == nil {
                report.next = work.nextDue
                break
            }
            let line: Line
            do {
                line = try self.line(work.hook, instant)
            } catch {
                // The secret is not where it was, say: nothing is tried, so nothing counts against an event.
                report.note = Self.words(error)
                report.next = instant + 60
                try await store.pause(until: instant + 60, note: report.note ?? "", now: instant)
                break
            }
            try await deliver(work, line, &report)
            if report.isGone { break }
        }
        return report
    }

    private func deliver(_ work: LaneStore.Work, _ line: Line, _ report: inout LaneReport) async throws {
        // While the receiver is down, what was never tried is tried first: one event that cannot be digested must not decide for all.
        if let forward = work.forward, work.lags.isEmpty || work.health.isDown {
            guard !forward.isEmpty else { return try await store.pass(forward.stretch, to: forward.window.place, now: now) }
            var window = forward.window
            return try await send(
                line, work.health, &report, next: { window.next().map { .forward(forward.stretch, $0) } },
                settle: { job, outcome in
                    window.settle(job.event, arrived: outcome == nil)
                    return try await store.settle(job.event, of: forward.stretch, place: window.place, outcome, now: now)
                })
        }
        for case (let lag, nil) in work.lags { _ = try await store.settle(nil, of: lag, filter: line.filter, nil, now: now) }
        var rest = work.lags.compactMap { lag, event in event.map { Job.lag(lag, $0) } }[...]
        try await send(
            line, work.health, &report, next: { rest.popFirst() },
            settle: { job, outcome in
                guard case .lag(let lag, let event) = job else { return work.health }
                return try await store.settle(event, of: lag, filter: line.filter, outcome, now: now)
            })
    }

    /// Sends what `next` hands out, several at a time, until there is nothing more or the receiver is to be left alone.
    private func send(
        _ line: Line, _ health: LaneStore.Health, _ report: inout LaneReport, next: () -> Job?,
        settle: (Job, LaneStore.Failure?) async throws -> LaneStore.Health
    ) async throws {
        var health = health
        var flying = 0
        try await withThrowingTaskGroup(of: (Job, DeliveryVerdict).self) { group in
            while true {
                let width = health.isDown ? 1 : parts.width
                while flying < width, !report.isGone, !health.isPaused(now), !Task.isCancelled, let job = next() {
                    flying += 1
                    group.addTask { (job, try await attempt(job.event, line)) }
                }
                guard flying > 0, let (job, verdict) = try await group.next() else { return }
                flying -= 1
                failpoint()
                switch verdict {
                case .delivered:
                    report.delivered += 1
                    report.note = nil
                    health = try await settle(job, nil)
                case .failed(let note, let asked, let isReceivers):
                    report.failed += 1
                    report.note = note
                    health = try await settle(
                        job, LaneStore.Failure(note: note, asked: asked, isReceivers: isReceivers, random: parts.random()))
                case .gone where !report.isGone:
                    report.isGone = true
                    report.note = "HTTP 410"
                    try await store.end(who: parts.who, now: now)
                case .gone: break
                }
                failpoint()
            }
        }
    }

    private func attempt(_ event: EventLog.Entry, _ line: Line) async throws -> DeliveryVerdict {
        failpoint()
        let request = WebhookRequest.make(line.url, id: event.id, body: event.body, at: now, secrets: line.secrets)
        do throws(TransportError) {
            return DeliveryVerdict(try await line.transport.send(request, timeout: WebhookRequest.timeout), now: parts.now())
        } catch {
            // Nobody's failure: this process ends.
            if error.kind == .cancelled { throw CancellationError() }
            return DeliveryVerdict(error)
        }
    }

    private func line(_ hook: Hook, _ instant: Int) throws -> Line {
        let url = try HookURL(hook.url, allowPrivate: hook.allowPrivate)
        let secrets = try hook.secrets(at: instant).map { try WebhookSecret(parts.secret($0)) }
        return Line(url: url, secrets: secrets, transport: parts.transport(url, hook.allowPrivate), filter: hook.filter)
    }

    static func words(_ error: any Error) -> String { String("\(error)".prefix(300)) }

    private func failpoint() {
        #if FAILPOINTS
            Failpoint.pass("hooks")
        #endif
    }
}
