import HTTPTransport
import Mimecast

/// One call of the vendor, ready but for its authorization.
struct Call: Sendable {
    /// The vendor's path alone, as it is described: for messages and the log.
    let path: String
    let method: String
    /// Path and query, as sent and signed.
    let target: String
    var headers: [(String, String)] = []
    var body: [UInt8] = []
    /// May change something.
    let writes: Bool
    /// The caller says that it may be carried out twice, though it writes.
    var mayRepeat = false
    let category: EndpointDescription.Category
    var urgent = false
    /// Another place than the client's own.
    var origin: String?
    /// Another one than the client's own.
    var authorization: (any Authorization)?

    /// - Parameters:
    ///   - origin: `https://host:port`.
    ///   - proof: the headers that say who sends it.
    func request(to origin: String, _ proof: [(String, String)]) -> WireRequest {
        WireRequest(
            method: method, url: (self.origin ?? origin) + target, headers: proof + [("Accept", "application/json")] + headers, body: body)
    }
}
