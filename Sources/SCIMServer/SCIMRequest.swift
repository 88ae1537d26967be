import HTTPTypes

/// A request as whoever mounts the service hands it over: authenticated, and without the part of the path that the service is mounted at.
public struct SCIMRequest: Sendable {
    /// In capitals, as HTTP has it.
    public var method: String
    /// Below the base address, as it was sent, percent-encoding included: `/Users/1`; empty and `/` are the root.
    public var path: String
    /// As it was sent, without the question mark; empty where there is none.
    public var query: String
    public var headers: HTTPFields
    public var body: [UInt8]

    public init(method: String, path: String, query: String = "", headers: HTTPFields = HTTPFields(), body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }
}
