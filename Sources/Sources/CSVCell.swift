/// A cell of a CSV that Muster writes.
public enum CSVCell {
    /// Quotes a cell where RFC 4180 asks for it, and keeps spreadsheets from running it.
    ///
    /// A cell that begins with `=`, `+`, `-`, `@`, tab or CR gets a leading apostrophe, since a spreadsheet would take it for a
    /// formula. Readers, Muster's own included, take the apostrophe for part of the cell.
    public static func written(_ text: String) -> String {
        var cell = text
        if let first = cell.unicodeScalars.first, ["=", "+", "-", "@", "\t", "\r"].contains(first) { cell = "'" + cell }
        // Separators of every kind that the reader knows are quoted, so that the file reads the same whichever it takes.
        guard cell.utf8.contains(where: { [.quote, .comma, .semicolon, .tab, .cr, .lf].contains($0) }) else { return cell }
        // By bytes: to a string, a quote before a combining mark is another character.
        let quoted = cell.utf8.flatMap { $0 == .quote ? [.quote, .quote] : [$0] }
        return "\"" + String(decoding: quoted, as: UTF8.self) + "\""
    }
}
