import Foundation
import Mimecast

/// The prose of an audit event, taken apart: `User ann@example.com disabled, Date: …, Time: …, IP: …, Application: …` (recorded).
struct AuditProse: Sendable {
    /// What was done, without the labels.
    let action: String
    /// Which application did it; empty where the prose does not say.
    let application: String
    /// Folded, in the order in which they stand there.
    let addresses: [String]

    /// Longer prose is cut.
    static let most = 4_000
    private static let mostAddresses = 20

    init(_ text: String) {
        let text = String(text.prefix(Self.most))
        // The labels come last: what somebody was named after a label is before them.
        let cut = text.range(of: ", Date:", options: .backwards) ?? text.range(of: ", IP:", options: .backwards)
        action = String(text[..<(cut?.lowerBound ?? text.endIndex)]).trimmingCharacters(in: .whitespacesAndNewlines)
        if let label = text.range(of: ", Application: ", options: .backwards) {
            application = Self.safe(String(text[label.upperBound...].prefix(100)), long: 100)
        } else {
            application = ""
        }
        var found: [String] = []
        for word in action.split(whereSeparator: { $0.isWhitespace || "<>()[]\"',;:".contains($0) }) where word.contains("@") {
            let word = word.hasSuffix(".") ? word.dropLast() : word
            guard found.count < Self.mostAddresses, let address = EmailAddress(String(word)) else { continue }
            found.append(address.folded)
        }
        addresses = found
    }

    /// `ann@example.com added to group Staff`: Staff.
    var groupOfMember: String? {
        let found = [" to group ", " from group "].compactMap { action.range(of: $0) }.min { $0.lowerBound < $1.lowerBound }
        return found.flatMap { name(action[$0.upperBound...]) }
    }

    /// `Group Staff created`: Staff.
    var groupItself: String? {
        guard let start = afterNoun, let end = action.lastIndex(of: " "), start <= end else { return nil }
        return name(action[start..<end])
    }

    /// `Group Staff renamed to Crew`.
    var groupNames: (old: String, new: String)? {
        guard let start = afterNoun, let found = action.range(of: " renamed to "), start <= found.lowerBound,
            let old = name(action[start..<found.lowerBound]), let new = name(action[found.upperBound...])
        else { return nil }
        return (old, new)
    }

    private var afterNoun: String.Index? {
        for noun in ["Group ", "Folder "] where action.hasPrefix(noun) { return action.index(action.startIndex, offsetBy: noun.count) }
        return nil
    }

    private func name(_ text: Substring) -> String? {
        let name = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return name.isEmpty || name.utf8.count > 1_000 ? nil : name
    }

    /// Text that may be kept: bounded, on one line, without words that could be keys or tokens.
    ///
    /// - Parameter long: from how many characters on a word of letters and digits, which is no address, counts as a key.
    static func safe(_ text: String, long: Int = 24) -> String {
        let words = text.split(whereSeparator: { $0.isWhitespace || $0.isNewline || ($0.unicodeScalars.first?.value ?? 0) < 0x20 })
        let kept = words.map { word -> Substring in
            let isKey =
                word.count >= long && EmailAddress(String(word)) == nil && word.contains(where: \.isNumber)
                && word.contains(where: \.isLetter)
            return isKey ? "…" : word
        }
        return String(kept.joined(separator: " ").prefix(AuditTrace.mostText))
    }
}
