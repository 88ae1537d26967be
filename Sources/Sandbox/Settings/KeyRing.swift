import Crypto
import Foundation
import Mimecast

/// Everything secret or opaque that a data file gives out, derived from one random key in that file.
///
/// Our choice: v2 secrets are stored as SHA-256 alone, yet the credentials file has to be written again after every restart. So
/// they are derived, not stored. That is fit for a sandbox only.
struct KeyRing: Sendable {
    private let key: SymmetricKey

    /// - Parameter bytes: 32 random bytes.
    init(_ bytes: [UInt8]) { key = SymmetricKey(data: bytes) }

    static func randomBytes() -> [UInt8] {
        SymmetricKey(size: .bits256).withUnsafeBytes { [UInt8]($0) }
    }

    /// 32 bytes that belong to a label.
    func bytes(_ label: String) -> [UInt8] { [UInt8](HMAC<SHA256>.authenticationCode(for: Data(label.utf8), using: key)) }

    /// 43 characters that belong to a label.
    func text(_ label: String) -> String { Base64URL.encode(bytes(label)) }

    /// Standard base64, as v1's secret keys are.
    func base64(_ label: String) -> String { Data(bytes(label)).base64EncodedString() }

    /// In the form of a UUID, as v1's application ids are.
    func uuid(_ label: String) -> String {
        let hex = bytes(label).prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { hex[$0].joined() }.joined(separator: "-")
    }

    /// The seal of a message, for page tokens.
    func seal(_ message: Data) -> Data { Data(HMAC<SHA256>.authenticationCode(for: message, using: key)).prefix(16) }

    /// Compares in constant time.
    func isSealed(_ message: Data, by seal: Data) -> Bool { ConstantTime.areEqual(self.seal(message), seal) }

    static func hash(_ secret: String) -> [UInt8] {
        var (secret, hash) = (secret, SHA256())
        secret.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return hash.finalize().withUnsafeBytes { [UInt8]($0) }
    }

    /// An id that belongs to a name for ever; in the vendor's form, opaque and starting with "eN".
    static func id(_ name: String) -> String { "eN" + Base64URL.encode(SHA256.hash(data: Data(name.utf8)).prefix(24)) }

    /// An id that nothing else has.
    static func newID() -> String { "eN" + Base64URL.encode(randomBytes().prefix(24)) }
}
