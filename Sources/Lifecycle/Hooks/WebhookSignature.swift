import Crypto
import Foundation

/// The headers of a signed delivery (Standard Webhooks 1.0): HMAC-SHA256 over `id.timestamp.body`.
public enum WebhookSignature {
    /// - Parameters:
    ///   - id: of the event; the same at each try, and for each hook.
    ///   - timestamp: of this try, in seconds since 1970. Receivers refuse what is more than five minutes off.
    ///   - secrets: each signs: while a secret is changed, the new and the old one.
    public static func headers(id: String, timestamp: Int, body: [UInt8], secrets: [WebhookSecret]) -> [(String, String)] {
        [
            ("webhook-id", id),
            ("webhook-timestamp", String(timestamp)),
            ("webhook-signature", secrets.map { "v1," + sign(id: id, timestamp: timestamp, body: body, $0) }.joined(separator: " ")),
        ]
    }

    static func sign(id: String, timestamp: Int, body: [UInt8], _ secret: WebhookSecret) -> String {
        var hash = HMAC<SHA256>(key: SymmetricKey(data: secret.key))
        hash.update(data: Data("\(id).\(timestamp).".utf8))
        hash.update(data: body)
        return Data(hash.finalize()).base64EncodedString()
    }
}
