import Crypto
import Foundation

/// Proof Key for Code Exchange (RFC 7636), by S256 alone.
enum PKCE {
    static let method = "S256"

    /// The challenge that belongs to a verifier.
    ///
    /// - Returns: nil where it is no verifier: 43 to 128 unreserved characters.
    static func challenge(_ verifier: String) -> String? {
        guard (43...128).contains(verifier.utf8.count), verifier.utf8.allSatisfy({ RedirectAddress.isUnreserved($0) }) else { return nil }
        return Base64URL.encode(SHA256.hash(data: Data(verifier.utf8)))
    }

    /// Whether a text could be an S256 challenge.
    static func isChallenge(_ text: String) -> Bool { text.utf8.count == 43 && Base64URL.isPlausible(text) }
}
