/// One call as it is told to whoever watches the client: never a query, a header or a body.
public struct SCIMExchange: Sendable, Hashable {
    public var method: String
    /// Below the base URL.
    public var path: String
    /// An HTTP status, or what kind of trouble came instead of an answer.
    public var outcome: String
    public var duration: Duration
}
