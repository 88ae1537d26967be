import Mimecast
import Planning

extension PeopleHeader {
    /// Reads a row.
    ///
    /// - Throws: ``SourceError`` where it has another number of cells than the header, or a cell does not say what its column needs.
    func person(_ record: CSVReader.Record) throws(SourceError) -> PersonRow {
        guard record.cells.count == names.count else {
            let isShort = record.cells.count < names.count
            throw SourceError(
                .cellCount, at: Place(file: file, line: record.line, column: min(record.cells.count, names.count) + 1),
                "The row has \(record.cells.count) cells, the header \(names.count).",
                remedy: isShort
                    ? "Add the missing cells; a file cut off in the middle looks like this too."
                    : "Put a cell that holds a separator in quotes.")
        }
        var row = PersonRow(person: Person(address: "", line: record.line))
        row.isGuest = isGuest(record)
        row.person.externalID = value(.externalId, record)
        if row.isGuest {
            row.person.address = value(.email, record) ?? ""
            return row
        }
        try readAddress(record, into: &row)
        row.person.name = value(.name, record)
        row.person.firstName = value(.firstName, record)
        row.person.lastName = value(.lastName, record)
        row.person.active = try truth(record)
        if let aliases = list(.aliases, record) {
            for alias in aliases { row.aliases.append(try address(alias, columns[.aliases], record.line)) }
            row.person.aliases = row.aliases.map(\.text)
        }
        row.person.groups = list(.groups, record)
        row.person.adminRoles = list(.adminRoles, record)
        for column in attributes {
            let cell = record.cells[column.index].withoutBlanks
            if !cell.isEmpty { row.person.attributes[column.name] = cell }
        }
        return row
    }

    func place(_ line: Int, _ column: Column?) -> Place {
        Place(file: file, line: line, column: column.map { $0.index + 1 }, columnName: column?.name)
    }

    private func isGuest(_ record: CSVReader.Record) -> Bool {
        if cell(userType, record)?.lowercased() == "guest" { return true }
        return cell(principal, record)?.uppercased().contains("#EXT#") ?? false
    }

    private func readAddress(_ record: CSVReader.Record, into row: inout PersonRow) throws(SourceError) {
        if let text = value(.email, record) {
            let address = try address(text, columns[.email], record.line)
            row.address = address
            row.person.address = address.text
            return
        }
        guard format == .entra else {
            throw SourceError(
                .noAddress, at: place(record.line, columns[.email]), "The row has no address.",
                remedy: "Fill it in, or remove the row.")
        }
        row.principal = cell(principal, record).flatMap { EmailAddress($0) }
    }

    private func address(_ text: String, _ column: Column?, _ line: Int) throws(SourceError) -> EmailAddress {
        guard let address = EmailAddress(text) else {
            throw SourceError(
                .badAddress, at: place(line, column), "“\(text.quotable)” is no e-mail address.",
                remedy: "Write it as name@domain, one address\(column == columns[.aliases] ? ", several separated by “;”" : " to a cell").")
        }
        return address
    }

    private func truth(_ record: CSVReader.Record) throws(SourceError) -> Bool? {
        guard let text = value(.active, record) else { return nil }
        switch text.lowercased() {
        case "true", "yes", "1": return true
        case "false", "no", "0": return false
        default:
            throw SourceError(
                .badTruth, at: place(record.line, columns[.active]), "“\(text.quotable)” says neither true nor false.",
                remedy: "Write true or false (yes, no, 1 and 0 are understood too), or leave the cell empty to say nothing.")
        }
    }

    private func value(_ field: Field, _ record: CSVReader.Record) -> String? { cell(columns[field], record) }

    private func cell(_ column: Column?, _ record: CSVReader.Record) -> String? {
        guard let column else { return nil }
        let text = record.cells[column.index].withoutBlanks
        return text.isEmpty ? nil : text
    }

    /// The values of a cell that may hold several; nil where it says nothing.
    private func list(_ field: Field, _ record: CSVReader.Record) -> [String]? {
        guard let text = value(field, record) else { return nil }
        let values = text.split(separator: ";").map { String($0).withoutBlanks }.filter { !$0.isEmpty }
        return values.isEmpty ? nil : values
    }
}
