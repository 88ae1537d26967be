/// Sends one request and hands back its answer: no retry, no redirect, no reading of what it means.
public protocol Transport: Sendable {
    /// - Parameters:
    ///   - request: absolute URL, ready to leave.
    ///   - timeout: for the whole exchange, the body included.
    /// - Returns: any answer, whatever its status.
    /// - Throws: ``TransportError`` where there is none.
    func send(_ request: WireRequest, timeout: Duration) async throws(TransportError) -> WireReply
}

/// No answer came, or none that could be taken.
public struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        /// No connection could be made: refused, no such host, TLS not agreed.
        case unreachable
        /// The connection broke after the request may have left.
        case connectionLost
        case timedOut
        /// The answer is larger than the transport takes.
        case replyTooLarge
        case cancelled
        /// The request cannot be sent as it is, such as a URL that is none. Repeating it does not help.
        case invalid
    }

    public let kind: Kind
    /// The server may have the request, and so may have acted on it.
    public let mayHaveReachedServer: Bool
    /// For the operator; holds no header and no body.
    public let message: String

    public init(_ kind: Kind, mayHaveReachedServer: Bool, _ message: String) {
        self.kind = kind
        self.mayHaveReachedServer = mayHaveReachedServer
        self.message = message
    }

    public var description: String { message }
}
