import Foundation
import Mimecast

/// v1's calls before there is a binding: who asks is named, and proved by a password at most (facts, section 2).
struct OpenAuthorization: Authorization {
    let applicationID: String
    /// Nil for discovery, which proves nothing.
    var login: PersonLogin?
    let now: @Sendable () -> Date

    /// The headers of one try.
    func headers() -> [(String, String)] {
        let named = [
            ("x-mc-app-id", applicationID), ("x-mc-req-id", UUID().uuidString.lowercased()), ("x-mc-date", RequestSignature.date(now())),
        ]
        return named + (login.map { [("Authorization", $0.header)] } ?? [])
    }

    func sign(target: String) async throws(AuthorizationFailure) -> SignedHeaders {
        SignedHeaders(headers: headers(), token: nil, isFresh: true, isSignature: true, secret: login?.password)
    }

    func discard(_ headers: SignedHeaders, ranOut: Bool) async {}
}
