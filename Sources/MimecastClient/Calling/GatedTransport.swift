import Foundation
import HTTPTransport
import Mimecast

/// Has each request pass a gate: for calls to the vendor that are not of its catalogue, such as SCIM, and count against the same quotas.
public struct GatedTransport: Transport {
    private let transport: any Transport
    private let gate: any CallGate
    private let category: EndpointDescription.Category
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - category: which quota the requests count against.
    ///   - now: the time of day, for answers that name one.
    public init(
        _ transport: any Transport, gate: any CallGate, category: EndpointDescription.Category,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.transport = transport
        self.gate = gate
        self.category = category
        self.now = now
    }

    /// The time that a request waits at the gate does not count against its time-out.
    public func send(_ request: WireRequest, timeout: Duration) async throws(TransportError) -> WireReply {
        let ticket: CallTicket
        do {
            ticket = try await gate.admit(category: category, urgent: false)
        } catch is CancellationError {
            throw TransportError(.cancelled, mayHaveReachedServer: false, "The request was cancelled while it waited for its turn.")
        } catch {
            throw TransportError(.invalid, mayHaveReachedServer: false, "The request had no turn: \(error)")
        }
        do throws(TransportError) {
            let reply = try await transport.send(request, timeout: timeout)
            await gate.ended(ticket, .answered(status: reply.status, limit: RateLimit(now: now(), reply.header)))
            return reply
        } catch {
            await gate.ended(ticket, error.mayHaveReachedServer ? .noAnswer : .notSent)
            throw error
        }
    }
}
