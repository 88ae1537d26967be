import Mimecast

/// Where a limiter stands: asked before each try of a call, and told how it ended.
///
/// Token calls do not pass it: one application has one under way at most, and one in half an hour. Tries that the gate delays are not
/// counted as tries of the policy.
public protocol CallGate: Sendable {
    /// Returns when the try may leave.
    ///
    /// - Parameters:
    ///   - category: which quota the call counts against.
    ///   - urgent: the call may use what is kept in reserve (``TenantClient/urgent``).
    /// - Throws: ``ClientError``, or `CancellationError` where the task was cancelled; the call then ends with that, and nothing was sent.
    func admit(category: EndpointDescription.Category, urgent: Bool) async throws -> CallTicket

    /// Comes once for each ticket.
    func ended(_ ticket: CallTicket, _ outcome: CallOutcome) async
}

/// How one try ended, as far as a quota is concerned.
public enum CallOutcome: Sendable, Hashable {
    /// An answer came, with what it says about the quota.
    case answered(status: Int, limit: RateLimit)
    /// It may have left, and no answer came: the server may have counted it.
    case noAnswer
    /// It never left: there was no token for it, no connection, or it was given up before.
    case notSent
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

    public func ended(_ ticket: CallTicket, _ outcome: CallOutcome) async {}
}
