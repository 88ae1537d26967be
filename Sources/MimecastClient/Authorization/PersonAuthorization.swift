import Foundation
import Mimecast
import Synchronization

/// v2 by a person's token. It is used until it runs out or is refused; then somebody has to sign in again (the vendor has no refresh
/// tokens).
final class PersonAuthorization: Authorization {
    private let token: PersonToken
    private let now: @Sendable () -> Date
    private let isRefused = Mutex(false)

    init(token: PersonToken, now: @escaping @Sendable () -> Date) {
        self.token = token
        self.now = now
    }

    func sign(target: String) async throws(AuthorizationFailure) -> SignedHeaders {
        guard !isRefused.withLock({ $0 }), now() < token.expires else {
            throw .unusable(
                ClientError(
                    .unauthorized, "The sign-in has run out, or was ended by the vendor.",
                    remedy: ClientError.Cause.signInExpired.remedy ?? "", cause: .signInExpired))
        }
        return SignedHeaders(headers: [("Authorization", "Bearer \(token.accessToken)")], token: token.accessToken, isFresh: false)
    }

    func discard(_ headers: SignedHeaders, ranOut: Bool) async {
        if headers.token == token.accessToken { isRefused.withLock { $0 = true } }
    }
}

/// The token that a person gave the application. Its descriptions show no secret.
public struct PersonToken: Sendable, Hashable, Codable {
    public let accessToken: String
    public let expires: Date

    public init(accessToken: String, expires: Date) {
        self.accessToken = accessToken
        self.expires = expires
    }
}

extension PersonToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "token until \(expires)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["token": description]) }
}
