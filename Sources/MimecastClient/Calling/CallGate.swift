import Mimecast

/// Where a limiter stands: asked before each try of a call, and told of its outcome.
///
/// Token calls do not pass it. Tries that the gate delays are not counted as tries of the policy.
public protocol CallGate: Sendable {
    /// Returns when the try may leave.
    ///
    /// - Parameters:
    ///   - category: which quota the call counts against.
    ///   - urgent: the call may use what is kept in reserve (``TenantClient/urgent``).
    /// - Throws: ``ClientError``, or `CancellationError` where the task was cancelled; the call then ends with that, and nothing was sent.
    func admit(category: EndpointDescription.Category, urgent: Bool) async throws -> CallTicket

    /// Comes once for each ticket.
    ///
    /// - Parameters:
    ///   - status: nil where no answer came.
    ///   - limit: what the answer says about the quota.
    func answered(_ ticket: CallTicket, status: Int?, limit: RateLimit) async
}

/// One try that a gate let through.
public struct CallTicket: Sendable, Hashable {
    public let category: EndpointDescription.Category
    public let urgent: Bool
    /// The gate's own, to tell its tickets apart.
    public let number: UInt64

    public init(category: EndpointDescription.Category, urgent: Bool, number: UInt64 = 0) {
        self.category = category
        self.urgent = urgent
        self.number = number
    }
}

/// Lets everything through.
public struct OpenGate: CallGate {
    public init() {}

    public func admit(category: EndpointDescription.Category, urgent: Bool) async throws -> CallTicket {
        CallTicket(category: category, urgent: urgent)
    }

    public func answered(_ ticket: CallTicket, status: Int?, limit: RateLimit) async {}
}
