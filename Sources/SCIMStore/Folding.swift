import Foundation

/// The form in which names are indexed: NFC and lower case, compared bytewise afterwards. Idempotent.
public func foldedKey(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    return text.precomposedStringWithCanonicalMapping.lowercased().precomposedStringWithCanonicalMapping
}
