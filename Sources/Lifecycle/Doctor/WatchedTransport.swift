import Foundation
import HTTPTransport
import Mimecast
import Synchronization

/// Passes calls on, and keeps what every answer says beside its body: the vendor's time of day, and the quota.
final class WatchedTransport: Transport {
    struct Seen: Sendable {
        var calls = 0
        /// Seconds that the server's clock is ahead.
        var lead: TimeInterval?
        var limit: RateLimit?
    }

    private let base: any Transport
    private let now: @Sendable () -> Date
    private let state = Mutex(Seen())

    init(_ base: any Transport, now: @escaping @Sendable () -> Date) {
        self.base = base
        self.now = now
    }

    var seen: Seen { state.withLock { $0 } }

    func send(_ request: WireRequest, timeout: Duration) async throws(TransportError) -> WireReply {
        state.withLock { $0.calls += 1 }
        let start = now()
        let reply = try await base.send(request, timeout: timeout)
        let end = now()
        let limit = RateLimit(now: end, reply.header)
        // Halfway between question and answer; the header itself has whole seconds.
        let middle = start.addingTimeInterval(end.timeIntervalSince(start) / 2)
        let lead = reply.header("Date").flatMap(RequestSignature.instant).map { $0.timeIntervalSince(middle) }
        state.withLock { seen in
            if let lead { seen.lead = lead }
            if limit.limit != nil { seen.limit = limit }
        }
        return reply
    }
}
