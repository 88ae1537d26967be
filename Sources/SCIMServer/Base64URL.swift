import Foundation

/// Base64 for addresses, without padding (RFC 4648, section 5). What encodes to the same bytes is one text alone.
enum Base64URL {
    static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }

    /// - Returns: nil for other characters, and where bits are left over that are not zero.
    static func decode(_ text: String) -> [UInt8]? {
        let standard = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        let padded = standard + String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        guard let bytes = Data(base64Encoded: padded).map([UInt8].init), encode(bytes).utf8.elementsEqual(text.utf8) else { return nil }
        return bytes
    }
}
