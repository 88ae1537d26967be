import HTTPTransport

/// Puts on a request what proves who sends it, anew for each try.
protocol Authorization: Sendable {
    /// - Parameter target: path and query, as sent.
    func sign(target: String) async throws(AuthorizationFailure) -> SignedHeaders

    /// The vendor no longer takes the token or binding in these headers.
    ///
    /// - Parameter ranOut: the vendor said so: what can be renewed as it is, is.
    func discard(_ headers: SignedHeaders, ranOut: Bool) async
}

/// The headers of one try.
struct SignedHeaders: Sendable {
    let headers: [(String, String)]
    /// What can be renewed: the bearer token, or the access key of a binding. Nil where there is nothing of the kind.
    let token: String?
    /// The token was fetched for this very try.
    let isFresh: Bool
    /// v1: the call is signed.
    var isSignature = false
    /// What must appear in no message besides: a server may echo what it was sent.
    var secret: String?
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
