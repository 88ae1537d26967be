import Foundation
import HTTPTransport
import MusterStore
import Synchronization

/// Delivers to all hooks, each in a lane of its own: a receiver that answers slowly, or never, holds nobody else up. Several dispatchers may run;
/// a hook is one's at a time.
public struct HookDispatcher: Sendable {
    /// What a dispatcher works with.
    struct Parts: Sendable {
        var transport: @Sendable (HookURL, Bool) -> any Transport
        var secret: @Sendable (String) throws -> String
        var who: String
        var width: Int
        var now: @Sendable () -> Date
        var random: @Sendable () -> Double
    }

    private let store: any Store
    private let parts: Parts

    /// - Parameters:
    ///   - secret: the secret that a reference means. What it throws is told of the hook, which waits.
    ///   - who: delivers; recorded where a receiver ends its subscription.
    ///   - width: tries under way for a hook, each about another person.
    ///   - transport: calls a hook's URL; whether private addresses are allowed is said beside it.
    ///   - random: from 0 up to 1.
    public init(
        store: any Store, who: String, width: Int = 8, secret: @escaping @Sendable (String) throws -> String,
        transport: @escaping @Sendable (HookURL, Bool) -> any Transport,
        now: @escaping @Sendable () -> Date = { Date() }, random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.store = store
        parts = Parts(transport: transport, secret: secret, who: who, width: max(width, 1), now: now, random: random)
    }

    /// Delivers what is due now, and comes back when nothing is: after an outage that may take a while. A poller that must not wait runs
    /// ``run(tenant:every:clock:report:)`` beside itself.
    ///
    /// - Parameter tenant: nil for all.
    /// - Returns: what each hook's lane did, those included that had nothing to do but wait.
    public func deliverDue(tenant: String? = nil) async throws -> [LaneReport] {
        let hooks = try await HookAgenda.all(store, tenant: tenant)
        return try await withThrowingTaskGroup(of: LaneReport?.self) { group in
            for hook in hooks {
                group.addTask { try await lane(hook) }
            }
            var reports: [LaneReport] = []
            for try await report in group {
                if let report { reports.append(report) }
            }
            return reports.sorted { ($0.tenant, $0.hook) < ($1.tenant, $1.hook) }
        }
    }

    /// Delivers what is due, again and again, until the task is cancelled.
    ///
    /// - Parameters:
    ///   - every: how often it is looked whether something is due. A hook that is being delivered to is not looked at.
    ///   - report: called when a lane has tried something, from any task.
    public func run(
        tenant: String? = nil, every: Duration = .seconds(1), clock: some Clock<Duration> = ContinuousClock(),
        report: @escaping @Sendable (LaneReport) -> Void = { _ in }
    ) async throws {
        let running = Running()
        try await withThrowingDiscardingTaskGroup { group in
            while true {
                let now = Int(parts.now().timeIntervalSince1970)
                for hook in try await HookAgenda.due(store, tenant: tenant, now: now) {
                    guard running.hooks.withLock({ $0.insert(hook).inserted }) else { continue }
                    group.addTask {
                        defer { running.hooks.withLock { _ = $0.remove(hook) } }
                        if let done = try await lane(hook), done.delivered + done.failed > 0 || done.note != nil { report(done) }
                    }
                }
                try await clock.sleep(for: every)
            }
        }
    }

    /// The hooks that have a lane now.
    private final class Running: Sendable {
        let hooks = Mutex<Set<HookAgenda>>([])
    }

    /// Sends an event that tells nothing, signed like any other, and stores nothing.
    ///
    /// - Returns: nil where the receiver took it, else why not.
    public func test(_ hook: Hook) async throws -> String? {
        let instant = parts.now()
        let seconds = Int(instant.timeIntervalSince1970)
        let url = try HookURL(hook.url, allowPrivate: hook.allowPrivate)
        let secrets = try hook.secrets(at: seconds).map { try WebhookSecret(parts.secret($0)) }
        let id = "test-" + UUID().uuidString.lowercased()
        let event = TestEvent(
            id: id, source: "/tenants/\(hook.tenant)", time: instant.formatted(.iso8601), data: .init(hook: hook.name, tenant: hook.tenant))
        let request = WebhookRequest.make(url, id: id, body: try StoredJSON.text(event), at: seconds, secrets: secrets)
        let verdict: DeliveryVerdict
        do throws(TransportError) {
            verdict = DeliveryVerdict(
                try await parts.transport(url, hook.allowPrivate).send(request, timeout: WebhookRequest.timeout), now: instant)
        } catch {
            verdict = DeliveryVerdict(error)
        }
        return switch verdict {
        case .delivered: nil
        case .gone: "HTTP 410: the receiver wants no more"
        case .failed(let note, _, _): note
        }
    }

    private struct TestEvent: Encodable {
        struct Data: Encodable {
            var hook: String
            var tenant: String
        }
        var specversion = "1.0"
        var type = "hook.test"
        var datacontenttype = "application/json"
        var id: String
        var source: String
        var time: String
        var data: Data
    }

    /// - Returns: nil where somebody else delivers to the hook.
    private func lane(_ hook: HookAgenda) async throws -> LaneReport? {
        do {
            let now = Int(parts.now().timeIntervalSince1970)
            guard let held = try await LaneStore.acquire(store, hook.tenant, hook.name, who: parts.who, now: now) else { return nil }
            let result: Result<LaneReport, any Error>
            do {
                result = .success(try await HookLane(store: held, parts: parts).run())
            } catch {
                result = .failure(error)
            }
            // In a task of its own, which Ctrl-C does not cancel: the next one need not wait for the lease to end.
            await Task { try? await held.release() }.value
            return try result.get()
        } catch let error where !(error is CancellationError) {
            // One hook's trouble is not another's.
            return LaneReport(tenant: hook.tenant, hook: hook.name, note: HookLane.words(error))
        }
    }
}

/// A hook that somebody may have to deliver to.
struct HookAgenda: Sendable, Hashable {
    var tenant: String
    var name: String

    static func all(_ store: any Store, tenant: String?) async throws -> [HookAgenda] {
        try await store.read { tx in
            try tx.all("SELECT tenant, name FROM hooks WHERE state = 'active' AND ($1 = '' OR tenant = $1)", [.text(tenant ?? "")], row)
        }
    }

    /// Those with something to do.
    static func due(_ store: any Store, tenant: String?, now: Int) async throws -> [HookAgenda] {
        try await store.read { tx in
            try tx.all(
                """
                SELECT tenant, name FROM hooks h WHERE state = 'active' AND ($1 = '' OR tenant = $1) AND COALESCE(paused_until, 0) <= $2 AND (
                EXISTS (SELECT 1 FROM hook_stretches s JOIN event_heads e ON e.tenant = s.tenant
                    WHERE s.tenant = h.tenant AND s.hook = h.name AND s.place < e.number AND (s.until IS NULL OR s.place < s.until))
                OR EXISTS (SELECT 1 FROM hook_lags l WHERE l.tenant = h.tenant AND l.hook = h.name AND (l.due <= $2 OR h.failures >= $3)))
                """, [.text(tenant ?? ""), .int(now), .int(RetrySchedule.outage)], row)
        }
    }

    private static func row(_ row: any SQLRow) -> HookAgenda { HookAgenda(tenant: row.text(0), name: row.text(1)) }
}
