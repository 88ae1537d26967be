import Mimecast
import Planning

/// A file of people, read and checked as far as that goes without knowing the tenant.
///
/// Tables (CSV) are recognised by their header, in any order of columns and whatever the letter case; JSON, a list or one object to a line,
/// by the names of its members, which are the same:
/// - Muster's own: `email` (required), `externalId`, `name`, `firstName`, `lastName`, `active` (true/false, yes/no, 1/0), `aliases`, `groups`,
///   `adminRoles` (several values separated by `;`, in JSON a list); further columns become attributes.
/// - Entra ID's “Download users”: `userPrincipalName` with `accountEnabled` or `displayName`, and no `email`. Guests are left out, and so are
///   members without an address in the tenant's domains; a notice counts them.
/// - Google Workspace's “Download users”: `Email Address [Required]` with the org unit or the names. SUSPENDED asks to disable.
/// - Okta: `login` with first and last name, by profile names, report titles or as its API writes users. Who is STAGED is left out.
///
/// An empty cell, null and a missing column say nothing. Cells are data, never formulas. Columns that speak of a password or a secret are
/// dropped. Encodings: UTF-8 and UTF-16. Separator: the comma, or what the header has instead of it: semicolon or tab (our choice, since
/// spreadsheets save so in some countries).
public struct PeopleFile: Sendable {
    public enum Format: String, Sendable, Codable {
        case muster, entra, google, okta
        /// None of these: the configuration maps its columns.
        case mapped
    }

    /// More people than this are none of a tenant's.
    public static let mostPeople = JSONElements.mostElements

    public let format: Format
    /// The name that the reader was given.
    public let name: String
    /// SHA-256 of the file's bytes, lower-case hex, as the reader was given it.
    public let digest: String

    let rows: [PersonRow]
    /// Rows that name people who are neither made nor removed, such as guests.
    let leftOut: [PersonRow]
    let layout: SourceLayout
    let rules: SourceRules
    /// Digest of the configuration's rules; nil where there are none.
    let policyDigest: String?
    /// Records that were passed over, since what they say is known.
    let passedOver: PassedOver

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - name: its name, for errors and notices.
    ///   - digest: SHA-256 of `bytes`, lower-case hex; passed on.
    ///   - policy: how fields are made of columns, who is in scope, which groups rules add.
    ///   - known: people whom a plan found in line: their records are passed over until somebody asks for them. Records of JSON have no
    ///     fingerprints.
    /// - Throws: ``SourceError``, naming the first wrong line and how many more are wrong.
    public static func parse(
        _ bytes: [UInt8], name: String, digest: String, policy: DesiredPolicy = DesiredPolicy(),
        known: SettledBook = SettledBook()
    ) throws(SourceError) -> PeopleFile {
        let text = try SourceText.utf8(bytes, name: name)
        var found = Found()
        let rules = SourceRules(policy)
        let reader =
            JSONElements.looksLikeJSON(text)
            ? try readObjects(text, name, rules, &found) : try readTable(text, name, rules, digest: policy.digest, known, &found)
        guard !found.rows.isEmpty || !found.leftOut.isEmpty || !found.findings.isEmpty || !found.passedOver.isEmpty else {
            throw namesNobody(name, "The file has a header and no rows, so it names nobody")
        }
        let file = PeopleFile(
            format: reader.format.kind, name: name, digest: digest, rows: found.rows, leftOut: found.leftOut, layout: reader.layout,
            rules: rules, policyDigest: policy.digest, passedOver: found.passedOver)
        file.checkUnique(found.rows, &found.findings)
        // What is wrong is told of the whole file.
        if !found.findings.isEmpty, !found.passedOver.isEmpty { return try parse(bytes, name: name, digest: digest, policy: policy) }
        try found.findings.check()
        return file
    }

    /// What was read so far.
    private struct Found {
        var rows: [PersonRow] = []
        var leftOut: [PersonRow] = []
        var passedOver = PassedOver()
        var findings = Findings()

        /// Takes a person over, or notes what is wrong.
        mutating func add(_ row: () throws(SourceError) -> PersonRow) {
            do throws(SourceError) {
                let row = try row()
                if row.leftOut == nil { rows.append(row) } else { leftOut.append(row) }
            } catch {
                findings.add(error)
            }
        }
    }

    private static func readTable(
        _ text: [UInt8], _ name: String, _ rules: SourceRules, digest: String?, _ known: SettledBook, _ found: inout Found
    ) throws(SourceError) -> PersonReader {
        var csv = CSVReader(text, file: name)
        var first = try csv.next()
        while first?.isBlank == true { first = try csv.next() }
        guard let first else {
            throw SourceError(
                .empty, at: Place(file: name), "The file is empty: it has no header line.",
                remedy: "Export it again; the first line has to name the columns.")
        }
        let header = try PeopleHeader(first, file: name, rules: rules)
        csv.columnNames = header.names
        let reader = PersonReader(format: header.format, layout: header.layout, rules: rules)
        let prints = RecordPrints(format: header.format.kind, separator: csv.separator, names: header.names, rules: digest)
        found.passedOver = PassedOver(known.entries.count, csv, header, reader, prints)
        try readRows(&csv, header, reader, prints, known, &found)
        return reader
    }

    /// Reads the records after the header. A wrong row is noted and the next one read; what is no CSV at all ends the reading.
    private static func readRows(
        _ csv: inout CSVReader, _ header: PeopleHeader, _ reader: PersonReader, _ prints: RecordPrints, _ known: SettledBook,
        _ found: inout Found
    ) throws(SourceError) {
        var blankLines: [Int] = []
        var last = -1
        do throws(SourceError) {
            while true {
                let (bytes, next, nextLine) = csv.ahead()
                let print = prints.print(of: bytes)
                // Twice the same record is a mistake, and told as any other.
                if !bytes.isEmpty, let place = known.place(of: print, after: last),
                    found.passedOver.add(place, at: csv.position, line: csv.line)
                {
                    last = place
                    note(&blankLines, csv.file, &found)
                    try checkCount(found, csv.file)
                    csv.go(to: next, line: nextLine)
                    continue
                }
                guard let record = try csv.next() else { break }
                if record.isBlank {
                    blankLines.append(record.line)
                    continue
                }
                note(&blankLines, csv.file, &found)
                try checkCount(found, csv.file)
                found.add { () throws(SourceError) in
                    var row = try reader.row(try header.raw(record))
                    row.print = print
                    return row
                }
            }
        } catch {
            found.findings.add(error)
            try found.findings.check()
        }
    }

    /// Blank lines are none at the end of a file.
    private static func note(_ blankLines: inout [Int], _ name: String, _ found: inout Found) {
        for line in blankLines {
            found.findings.add(
                SourceError(
                    .blankLine, at: Place(file: name, line: line), "The line is blank, and rows follow it.",
                    remedy: "Remove the line, or find out what was lost there."))
        }
        blankLines = []
    }

    private static func readObjects(
        _ text: [UInt8], _ name: String, _ rules: SourceRules, _ found: inout Found
    ) throws(SourceError) -> PersonReader {
        var elements = JSONElements(text, file: name)
        guard let first = try elements.next() else { throw namesNobody(name, "The file has a list without elements, so it names nobody") }
        let objects = try PeopleObjects(first, file: name, isList: elements.isList, rules: rules)
        let reader = PersonReader(format: objects.format, layout: objects.layout, rules: rules)
        var names = MemberNames(isNeeded: !rules.wanted.isEmpty)
        func add(_ element: JSONElements.Element) {
            found.add { () throws(SourceError) in try reader.row(try objects.raw(element, &names)) }
        }
        add(first)
        do throws(SourceError) {
            while let element = try elements.next() { add(element) }
        } catch {
            found.findings.add(error)
            try found.findings.check()
        }
        // Each object has its own members: only now it is known which there are.
        try rules.check(names.keys, names: names.spelled, objects.format, objects.layout)
        return reader
    }

    private static func checkCount(_ found: Found, _ name: String) throws(SourceError) {
        guard found.rows.count + found.leftOut.count + found.passedOver.count < mostPeople else {
            throw SourceError(
                .tooManyRows, at: Place(file: name), "There are more than \(mostPeople) people.", remedy: "Split the export by tenant.")
        }
    }

    static func namesNobody(_ file: String, _ text: String) -> SourceError {
        SourceError(
            .namesNobody, at: Place(file: file), "\(text): an empty export would ask to disable everybody.",
            remedy: "Export the people again, and look at the export's filter and rights, and at the scope in the configuration.")
    }
}
