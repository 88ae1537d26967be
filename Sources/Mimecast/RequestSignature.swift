import Crypto
import Foundation

/// The v1 generation's call signature: HMAC-SHA1 over `date:requestID:path:applicationKey` with the base64-decoded secret key.
///
/// The body is not signed. A query counts, since what is signed is the request target.
public struct RequestSignature: Sendable {
    public let accessKey: String
    /// The signature as it came, base64.
    public let value: String

    /// Signs a call.
    ///
    /// - Returns: nil where the secret key is not base64.
    public init?(date: String, requestID: String, path: String, applicationKey: String, accessKey: String, secretKey: String) {
        guard let key = Data(base64Encoded: secretKey), !key.isEmpty else { return nil }
        let text = "\(date):\(requestID):\(path):\(applicationKey)"
        let code = HMAC<Insecure.SHA1>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: key))
        self.accessKey = accessKey
        value = Data(code).base64EncodedString()
    }

    /// Reads an `Authorization` header: `MC accessKey:signature`, a blank after the colon allowed.
    public init?(header: String) {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "mc", let colon = parts[1].firstIndex(of: ":") else { return nil }
        accessKey = String(parts[1][..<colon]).trimmingCharacters(in: .whitespaces)
        value = String(parts[1][parts[1].index(after: colon)...]).trimmingCharacters(in: .whitespaces)
        guard !accessKey.isEmpty, !value.isEmpty else { return nil }
    }

    /// The header's value.
    public var header: String { "MC \(accessKey):\(value)" }

    /// Compares in constant time.
    public func matches(_ other: RequestSignature) -> Bool {
        guard let mine = Data(base64Encoded: value), let theirs = Data(base64Encoded: other.value) else { return false }
        guard mine.count == theirs.count else { return false }
        return zip(mine, theirs).reduce(into: UInt8(0)) { $0 |= $1.0 ^ $1.1 } == 0
    }

    /// The date of a call: RFC 1123 with the zone word `UTC`.
    public static func date(_ instant: Date) -> String {
        formatter("EEE, dd MMM yyyy HH:mm:ss").string(from: instant) + " UTC"
    }

    /// Reads a call's date; the zone word may be UTC or GMT.
    public static func instant(_ text: String) -> Date? {
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        guard let blank = trimmed.lastIndex(of: " ") else { return nil }
        let zone = trimmed[trimmed.index(after: blank)...].uppercased()
        guard ["UTC", "GMT", "+0000", "Z"].contains(zone) else { return nil }
        return formatter("EEE, d MMM yyyy HH:mm:ss").date(from: String(trimmed[..<blank]))
    }

    private static func formatter(_ format: String) -> DateFormatter {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = format
        return formatter
    }
}
