import HTTPTransport

/// Puts on a request what proves who sends it, anew for each try.
protocol Authorization: Sendable {
    /// - Parameter target: path and query, as sent.
    func sign(target: String) async throws(AuthorizationFailure) -> SignedHeaders

    /// The vendor no longer takes the token in these headers.
    func discard(_ headers: SignedHeaders) async
}

/// The headers of one try.
struct SignedHeaders: Sendable {
    let headers: [(String, String)]
    /// The bearer token in the headers; nil where each call is signed.
    let token: String?
    /// The token was fetched for this very try.
    let isFresh: Bool
}

/// There are no headers to send. The call itself has not left.
enum AuthorizationFailure: Error {
    /// The token call got no answer.
    case transport(TransportError)
    /// The token call was answered, but not with a token.
    case reply(WireReply)
    /// No try can succeed.
    case unusable(ClientError)
}
