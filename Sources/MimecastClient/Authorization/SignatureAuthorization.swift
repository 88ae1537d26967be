import Foundation
import Mimecast

/// v1: each try carries a request id of its own and an HMAC-SHA1 over date, id, target and application key.
struct SignatureAuthorization: Authorization {
    let applicationID: String
    let applicationKey: String
    let accessKey: String
    let secretKey: String
    let now: @Sendable () -> Date
    /// A new id a call and a retry: a server may refuse one it has seen.
    var requestID: @Sendable () -> String = { UUID().uuidString.lowercased() }

    func sign(target: String) async throws(AuthorizationFailure) -> SignedHeaders {
        let date = RequestSignature.date(now())
        let requestID = requestID()
        guard
            let signature = RequestSignature(
                date: date, requestID: requestID, path: target, applicationKey: applicationKey, accessKey: accessKey, secretKey: secretKey)
        else {
            throw .unusable(
                ClientError(
                    .misconfigured, "The v1 secret key is not base64.", remedy: "Copy the secret key of the binding again, whole."))
        }
        let headers = [
            ("x-mc-app-id", applicationID), ("x-mc-req-id", requestID), ("x-mc-date", date), ("Authorization", signature.header),
        ]
        return SignedHeaders(headers: headers, token: nil, isFresh: true, isSignature: true)
    }

    func discard(_ headers: SignedHeaders, ranOut: Bool) async {}
}
