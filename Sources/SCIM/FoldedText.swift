import Foundation

/// The form in which text is compared where letter case does not count: NFC, lower case, NFC. Compared bytewise afterwards.
public enum FoldedText {
    /// Folds a text. Folding what is folded changes nothing; ASCII takes a short way without Foundation.
    public static func fold(_ text: String) -> String {
        var text = text
        let short: String?? = text.withUTF8 { bytes in
            var hasCapital = false
            for byte in bytes {
                if byte >= 0x80 { return .none }
                if byte &- 0x41 < 26 { hasCapital = true }
            }
            guard hasCapital else { return .some(nil) }
            return .some(
                String(unsafeUninitializedCapacity: bytes.count) { target in
                    for (index, byte) in bytes.enumerated() { target[index] = byte &- 0x41 < 26 ? byte | 0x20 : byte }
                    return bytes.count
                })
        }
        guard let short else {
            return text.precomposedStringWithCanonicalMapping.lowercased().precomposedStringWithCanonicalMapping
        }
        return short ?? text
    }

    /// Whether two texts are the same where letter case does not count.
    public static func areEqual(_ left: String, _ right: String) -> Bool {
        fold(left).utf8.elementsEqual(fold(right).utf8)
    }
}
