import HTTPTransport
import SCIM
import Synchronization

/// What a service provider says that it can do (RFC 7643, section 5; RFC 9865, section 4). What is not announced is not used.
public struct SCIMFeatures: Sendable, Hashable {
    public struct Bulk: Sendable, Hashable {
        /// Operations of one call, at least 1.
        public var maxOperations: Int
        /// Bytes of one call, at least 1.
        public var maxPayloadSize: Int
    }

    public var patch = false
    /// Nil where it is not supported.
    public var bulk: Bulk?
    public var filter = false
    /// Resources in one answer; nil where nothing is said.
    public var maxResults: Int?
    public var sort = false
    public var etag = false
    public var changePassword = false
    public var cursor = false
    /// Index paging; true unless the server says otherwise, since RFC 7644 has no other.
    public var index = true
    /// Resources on a page read by cursor; nil where nothing is said.
    public var maxPageSize: Int?

    /// A server that announces nothing.
    public init() {}

    /// Reads `/ServiceProviderConfig`. Numbers that make no sense count as nothing said.
    public init(_ document: JSONObject) {
        func part(_ name: String) -> JSONObject? { document.value(ofAttribute: name)?.object }
        func isSupported(_ name: String) -> Bool { part(name)?.value(ofAttribute: "supported")?.lenientBool ?? false }
        func number(_ part: JSONObject?, _ name: String) -> Int? {
            part?.value(ofAttribute: name)?.lenientInteger.flatMap { $0 > 0 ? $0 : nil }
        }
        patch = isSupported("patch")
        filter = isSupported("filter")
        maxResults = number(part("filter"), "maxResults")
        sort = isSupported("sort")
        etag = isSupported("etag")
        changePassword = isSupported("changePassword")
        if isSupported("bulk") {
            bulk = Bulk(
                maxOperations: number(part("bulk"), "maxOperations") ?? 1,
                maxPayloadSize: number(part("bulk"), "maxPayloadSize") ?? 1_048_576)
        }
        cursor = part("pagination")?.value(ofAttribute: "cursor")?.lenientBool ?? false
        index = part("pagination")?.value(ofAttribute: "index")?.lenientBool ?? true
        maxPageSize = number(part("pagination"), "maxPageSize")
    }
}

extension SCIMClient {
    /// What the server announces: asked for once, and remembered when it was answered. A server without that endpoint (404 or 501)
    /// announces nothing.
    public func features() async throws -> SCIMFeatures {
        if let known = announced.withLock({ $0 }) { return known }
        let call = Call(method: "GET", path: "/ServiceProviderConfig")
        let answer = try await answer(to: call, or: [404, 501])
        var features = SCIMFeatures()
        if (200..<300).contains(answer.reply.status) { features = SCIMFeatures(try requiredObject(in: answer, of: call)) }
        announced.withLock { $0 = features }
        return features
    }
}
