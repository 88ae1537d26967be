import Crypto
import Foundation

/// What proves that the one who redeems an authorization code is the one who asked for it (RFC 7636), by S256 alone.
public struct CodeVerifier: Sendable {
    public static let method = "S256"

    /// 43 unreserved characters.
    public let text: String

    /// - Parameter random: 32 bytes that nobody can guess.
    public init(random: [UInt8]) { text = Self.base64URL(random) }

    /// What is shown beforehand: the verifier's hash.
    public var challenge: String { Self.base64URL(Array(SHA256.hash(data: Data(text.utf8)))) }

    /// Base64 for URLs, without padding (RFC 4648, section 5).
    public static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
