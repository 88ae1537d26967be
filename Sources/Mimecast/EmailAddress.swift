import Foundation

/// An e-mail address as the vendor keys accounts by: shown as written, compared by ``folded``.
///
/// Not the whole of RFC 5321: quoted local parts and address literals are refused, as the vendor refuses them (our choice).
public struct EmailAddress: Sendable, Hashable, CustomStringConvertible {
    /// As written, without surrounding blanks.
    public let text: String
    /// NFC, lower case, domain labels out of `xn--` form. Compare and store keys by this, bytewise.
    public let folded: String

    /// - Parameter raw: at most 254 bytes of `local@domain`; nil where it is no address.
    public init?(_ raw: String) {
        if let isAddress = Self.isPlainAddress(raw) {
            guard isAddress else { return nil }
            text = raw
            folded = raw
            return
        }
        let trimmed = raw.trimmingCharacters(in: .whitespacesAndNewlines)
        guard trimmed.utf8.count <= 254, let at = trimmed.lastIndex(of: "@") else { return nil }
        let local = trimmed[..<at]
        let domain = trimmed[trimmed.index(after: at)...]
        guard !local.isEmpty, local.utf8.count <= 64, Self.isLocalPart(local), Self.isDomain(domain) else { return nil }
        text = trimmed
        folded = Self.fold(String(local)) + "@" + Self.foldDomain(String(domain))
    }

    public var description: String { text }

    /// The folded domain.
    public var domain: String { Self.domain(ofKey: folded) }

    public static func == (left: EmailAddress, right: EmailAddress) -> Bool { left.folded.utf8.elementsEqual(right.folded.utf8) }

    public func hash(into hasher: inout Hasher) { hasher.combine(folded) }

    /// Folds any key text: NFC, case. Idempotent.
    public static func fold(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        return text.precomposedStringWithCanonicalMapping.lowercased().precomposedStringWithCanonicalMapping
    }

    /// Folds a domain: each label out of its `xn--` form, NFC, lower case, no trailing dot.
    public static func foldDomain(_ domain: String) -> String {
        var lower = fold(domain)
        if lower.hasSuffix(".") { lower.removeLast() }
        guard lower.contains("xn--") else { return lower }
        return lower.split(separator: ".", omittingEmptySubsequences: false).map { decodedLabel(String($0)) }.joined(separator: ".")
    }

    /// A label out of its `xn--` form. One that no registrar would give out stays as it is: what decodes to plain ASCII, or to a
    /// text that folds to another, would otherwise be taken for a domain that it is not.
    private static func decodedLabel(_ label: String) -> String {
        guard label.hasPrefix("xn--"), label.utf8.count <= 63, let text = Punycode.decode(String(label.dropFirst(4))),
            text.utf8.contains(where: { $0 >= 0x80 }),
            fold(text).utf8.elementsEqual(text.utf8)
        else { return label }
        return text
    }

    /// Looks at scalars, not characters (`,` before a combining mark is no comma to a string), and in NFC, which turns a few
    /// scalars into ASCII ones (U+037E into `;`).
    private static func isLocalPart(_ local: Substring) -> Bool {
        let composed = local.utf8.allSatisfy { $0 < 0x80 } ? String(local) : String(local).precomposedStringWithCanonicalMapping
        let forbidden: Set<Unicode.Scalar> = ["\"", "(", ")", ",", ":", ";", "<", ">", "@", "[", "]", "\\"]
        let dots = composed.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false)
        return dots.allSatisfy { !$0.isEmpty }
            && composed.unicodeScalars.allSatisfy { scalar in
                scalar.value > 0x20 && !(0x7F...0x9F).contains(scalar.value) && !scalar.properties.isWhitespace
                    && !forbidden.contains(scalar)
            }
    }

    private static func isDomain(_ domain: Substring) -> Bool {
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, domain.utf8.count <= 253 else { return false }
        return labels.allSatisfy { label in
            !label.isEmpty && label.utf8.count <= 63 && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
        }
    }
}

extension EmailAddress {
    /// The folded form of an address, or of text that is none.
    public static func key(_ text: String) -> String {
        isFoldedPlainly(text) ? text : EmailAddress(text)?.folded ?? fold(text)
    }

    /// Nearly every address: lower-case ASCII, and no `--` that could belong to an `xn--` label. Folding leaves it as it is, whether it is
    /// an address or not, and a plan asks for the keys of everybody many times.
    private static func isFoldedPlainly(_ text: String) -> Bool {
        var previous: UInt8 = 0
        for byte in text.utf8 {
            guard isPlain(byte) || byte == UInt8(ascii: "@"), byte != UInt8(ascii: "-") || previous != byte else { return false }
            previous = byte
        }
        return true
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "+"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// Whether a text of plain bytes is an address, in one pass; nil where a byte is not plain, and the long way has to tell.
    private static func isPlainAddress(_ text: String) -> Bool? {
        let dot = UInt8(ascii: ".")
        let hyphen = UInt8(ascii: "-")
        var previous: UInt8 = dot
        var (count, at, dots, label) = (0, -1, 0, 0)
        var isAddress = true
        for byte in text.utf8 {
            if byte == UInt8(ascii: "@") {
                // A second one, or a local part that is empty or too long or ends with a dot.
                if at >= 0 || count == 0 || count > 64 || previous == dot { isAddress = false }
                at = count
                label = 0
            } else {
                guard isPlain(byte), byte != hyphen || previous != byte else { return nil }
                if byte == dot {
                    if previous == dot || at >= 0 && (label == 0 || label > 63 || previous == hyphen) { isAddress = false }
                    if at >= 0 { dots += 1 }
                    label = 0
                } else {
                    // In a domain: letters, digits, and hyphens that do not begin a label.
                    if at >= 0, byte == UInt8(ascii: "_") || byte == UInt8(ascii: "+") || byte == hyphen && label == 0 { isAddress = false }
                    label += 1
                }
            }
            previous = byte
            count += 1
        }
        guard at >= 0, dots > 0, label > 0, label <= 63, previous != hyphen, count <= 254, count - at - 1 <= 253 else { return false }
        return isAddress
    }

    /// The domain of a folded address; empty where it is none.
    public static func domain(ofKey key: String) -> String {
        key.utf8.lastIndex(of: UInt8(ascii: "@")).map { String(key[key.utf8.index(after: $0)...]) } ?? ""
    }
}
