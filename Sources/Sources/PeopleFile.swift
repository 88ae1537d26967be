import Mimecast
import Planning

/// A CSV file of people, read and checked as far as that goes without knowing the tenant.
///
/// Two headers are recognised, in any order of columns and whatever the letter case:
/// - Muster's own: `email` (required), `externalId`, `name`, `firstName`, `lastName`, `active` (true/false, yes/no, 1/0), `aliases`, `groups`,
///   `adminRoles` (several values separated by `;`); further columns become attributes.
/// - Entra ID's “Download users”: `userPrincipalName` with `accountEnabled` or `displayName`, and no `email`. Guests are left out, and so are
///   members without an address in the tenant's domains; a notice counts them.
///
/// An empty cell and a missing column say nothing. Cells are data, never formulas. Encodings: UTF-8 and UTF-16. Separator: the comma, or
/// what the header has instead of it: semicolon or tab (our choice, since spreadsheets save so in some countries).
public struct PeopleFile: Sendable {
    public enum Format: String, Sendable, Codable {
        case muster, entra
    }

    public let format: Format
    /// The name that the reader was given.
    public let name: String
    /// SHA-256 of the file's bytes, lower-case hex, as the reader was given it.
    public let digest: String

    let rows: [PersonRow]
    /// Which column holds what, for errors.
    let columns: [PeopleHeader.Field: Column]
    /// Entra's column of user principal names.
    let principalColumn: Column?
    /// Guests, who are left out.
    let guests: [Person]

    var guestLines: [Int] { guests.map(\.line) }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - name: its name, for errors and notices.
    ///   - digest: SHA-256 of `bytes`, lower-case hex; passed on.
    /// - Throws: ``SourceError``, naming the first wrong line and how many more are wrong.
    public static func parse(_ bytes: [UInt8], name: String, digest: String) throws(SourceError) -> PeopleFile {
        var reader = CSVReader(try SourceText.utf8(bytes, name: name), file: name)
        var first = try reader.next()
        while first?.isBlank == true { first = try reader.next() }
        guard let first else {
            throw SourceError(
                .empty, at: Place(file: name), "The file is empty: it has no header line.",
                remedy: "Export it again; the first line has to name the columns.")
        }
        let header = try PeopleHeader(first, file: name)
        reader.columnNames = header.names
        var rows: [PersonRow] = []
        var guests: [Person] = []
        var findings = Findings()
        try readRows(&reader, header, &findings) { row in
            if row.isGuest { guests.append(row.person) } else { rows.append(row) }
        }
        guard !rows.isEmpty || !guests.isEmpty || !findings.isEmpty else {
            throw namesNobody(name, "The file has a header and no rows, so it names nobody")
        }
        let file = PeopleFile(
            format: header.format, name: name, digest: digest, rows: rows, columns: header.columns,
            principalColumn: header.principal, guests: guests)
        file.checkUnique(rows, &findings)
        try findings.check()
        return file
    }

    /// Reads the records after the header. A wrong row is noted and the next one read; what is no CSV at all ends the reading.
    private static func readRows(
        _ reader: inout CSVReader, _ header: PeopleHeader, _ findings: inout Findings, _ row: (PersonRow) -> Void
    ) throws(SourceError) {
        var blankLines: [Int] = []
        do throws(SourceError) {
            while let record = try reader.next() {
                if record.isBlank {
                    blankLines.append(record.line)
                    continue
                }
                for line in blankLines {
                    findings.add(
                        SourceError(
                            .blankLine, at: Place(file: reader.file, line: line), "The line is blank, and rows follow it.",
                            remedy: "Remove the line, or find out what was lost there."))
                }
                blankLines = []
                do throws(SourceError) {
                    row(try header.person(record))
                } catch {
                    findings.add(error)
                }
            }
        } catch {
            findings.add(error)
            try findings.check()
        }
    }

    static func namesNobody(_ file: String, _ text: String) -> SourceError {
        SourceError(
            .namesNobody, at: Place(file: file), "\(text): an empty export would ask to disable everybody.",
            remedy: "Export the people again, and look at the export's filter and rights.")
    }
}
