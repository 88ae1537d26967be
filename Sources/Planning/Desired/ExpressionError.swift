/// Why a text is no expression, with the place and the remedy.
public struct ExpressionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A sentence without the place.
    public let message: String
    public let remedy: String
    /// From 1, counted in Unicode scalars of ``text``.
    public let column: Int
    /// The whole text, on one line.
    public let text: String

    init(_ message: String, remedy: String, column: Int, in text: String) {
        self.message = message
        self.remedy = remedy
        self.column = column
        self.text = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }

    /// The text with a caret under the wrong place, two lines; of a long text the neighbourhood.
    public var excerpt: String {
        let scalars = Array(text.unicodeScalars)
        let start = max(0, min(column - 1, scalars.count) - 40)
        let end = min(scalars.count, start + 80)
        let shown = String(String.UnicodeScalarView(scalars[start..<end]))
        return shown + "\n" + String(repeating: " ", count: column - 1 - start) + "^"
    }

    public var description: String { "column \(column): \(message) \(remedy)\n\(excerpt)" }
}
