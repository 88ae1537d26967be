import HTTPTransport
import Logging
import Synchronization

/// The last step before the transport: counts each call and logs it, never with a body, header or query.
final class Wire: Sendable {
    private let transport: any Transport
    private let logger: Logger
    private let elapsed: @Sendable () -> Duration
    private let made = Atomic(0)

    init(transport: any Transport, logger: Logger, elapsed: @escaping @Sendable () -> Duration) {
        self.transport = transport
        self.logger = logger
        self.elapsed = elapsed
    }

    /// Calls made so far, token calls included.
    var calls: Int { made.load(ordering: .relaxed) }

    /// - Parameter path: for the log.
    func send(_ request: WireRequest, path: String, timeout: Duration) async throws(TransportError) -> WireReply {
        made.add(1, ordering: .relaxed)
        let start = elapsed()
        do {
            let reply = try await transport.send(request, timeout: timeout)
            log(request.method, path, "\(reply.status)", since: start)
            return reply
        } catch {
            log(request.method, path, error.kind.rawValue, since: start)
            throw error
        }
    }

    private func log(_ method: String, _ path: String, _ status: String, since start: Duration) {
        logger.debug(
            "call",
            metadata: [
                "method": "\(method)", "path": "\(path)", "status": "\(status)", "ms": "\((elapsed() - start).wholeMilliseconds)",
            ])
    }
}

extension Duration {
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }
}
