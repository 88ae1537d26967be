/// What a canary's title is for a moment: it tells what it is, and what to put back where nobody came to do it.
struct CanaryMarker: Sendable, Hashable {
    private static let start = "[muster doctor canary"
    private static let had = "; undo to: "
    private static let none = "; undo to none"
    /// Characters of a title that surely come back whole (our choice; no source names the vendor's limit).
    static let longest = 100

    /// The title before; nil where there was none.
    let old: String?

    init(over old: String?) { self.old = old.flatMap { $0.isEmpty ? nil : $0 } }

    /// - Returns: nil for a title that is no marker.
    init?(reading title: String?) {
        guard let title, title.hasPrefix(Self.start), title.hasSuffix("]") else { return nil }
        let rest = title.dropFirst(Self.start.count).dropLast()
        if rest == Self.none {
            old = nil
        } else if rest.hasPrefix(Self.had) {
            old = String(rest.dropFirst(Self.had.count))
        } else {
            return nil
        }
    }

    var title: String { Self.start + (old.map { Self.had + $0 } ?? Self.none) + "]" }
}
