import Mimecast
import Planning

/// The header of a people file: which format it is, and which column holds what.
struct PeopleHeader {
    let format: ExportFormat
    let file: String
    /// As the file spells them.
    let names: [String]
    let layout: SourceLayout
    /// Columns that belong to no field. Those that speak of a password are in neither.
    private let attributes: [Column]
    /// Columns that expressions of the configuration ask for, by their keys.
    private let wanted: [(key: String, column: Column)]

    /// - Throws: ``SourceError`` where a column has no name or another's, or none holds the address.
    init(_ record: CSVReader.Record, file: String, rules: SourceRules) throws(SourceError) {
        self.file = file
        let names = record.cells.map(\.withoutBlanks)
        self.names = names
        var seen: [String: Int] = [:]
        for (index, name) in names.enumerated() {
            let place = Place(file: file, line: record.line, column: index + 1)
            guard !name.isEmpty else {
                throw SourceError(
                    .unnamedColumn, at: place, "The column has no name.",
                    remedy: "Give it one, or remove the column (a spreadsheet writes one that is empty, too).")
            }
            if let earlier = seen.updateValue(index, forKey: EmailAddress.fold(name)) {
                throw SourceError(
                    .duplicateColumn, at: place, "The column “\(name.quotable)” is there already: column \(earlier + 1).",
                    remedy: "Remove or rename one of the two.")
            }
        }
        let keys = names.map(ExportFormat.key)
        guard let format = ExportFormat.recognise(Set(keys)) ?? (rules.mapsAddress ? .mapped : nil) else {
            throw Self.noAddressColumn(names, at: Place(file: file, line: record.line))
        }
        self.format = format
        var columns: [PeopleField: (column: Column, rank: Int)] = [:]
        var attributes: [Column] = []
        for (index, key) in keys.enumerated() where !ExportFormat.isSecret(key) {
            let column = Column(index: index, name: names[index])
            guard let (field, rank) = format.field(key) else {
                attributes.append(column)
                continue
            }
            // What decides about other fields says something of its own as well.
            if field.isAttribute { attributes.append(column) }
            guard let earlier = columns[field] else {
                columns[field] = (column, rank)
                continue
            }
            // The better name is the field's; the other column is as any other.
            if rank < earlier.rank { columns[field] = (column, rank) }
            if !field.isAttribute { attributes.append(rank < earlier.rank ? earlier.column : column) }
        }
        self.attributes = attributes
        layout = SourceLayout(file: file, shape: .table, columns: columns.mapValues(\.column))
        let readable = names.indices.filter { !ExportFormat.isSecret(keys[$0]) }
        try rules.check(Set(readable.map { keys[$0] }), names: readable.map { names[$0] }, format, layout)
        wanted = readable.filter { rules.wanted.contains(keys[$0]) }.map { (keys[$0], Column(index: $0, name: names[$0])) }
    }

    /// The cells of a record by field.
    ///
    /// - Throws: ``SourceError`` where it has another number of cells than the header.
    func raw(_ record: CSVReader.Record) throws(SourceError) -> RawRecord {
        guard record.cells.count == names.count else {
            let isShort = record.cells.count < names.count
            throw SourceError(
                .cellCount, at: Place(file: file, line: record.line, column: min(record.cells.count, names.count) + 1),
                "The row has \(record.cells.count) cells, the header \(names.count).",
                remedy: isShort
                    ? "Add the missing cells; a file cut off in the middle looks like this too."
                    : "Put a cell that holds a separator in quotes.")
        }
        var raw = RawRecord(ordinal: record.line)
        for (field, column) in layout.columns { raw[field] = record.cells[column.index].withoutBlanks }
        for column in attributes {
            let cell = record.cells[column.index].withoutBlanks
            if !cell.isEmpty { raw.attributes[column.name] = cell }
        }
        for (key, column) in wanted {
            let cell = record.cells[column.index].withoutBlanks
            if !cell.isEmpty { raw.named[key] = [cell] }
        }
        return raw
    }

    static func noAddressColumn(_ names: [String], at place: Place) -> SourceError {
        let listed = names.prefix(40).map(\.quotable).joined(separator: ", ") + (names.count > 40 ? ", …" : "")
        let candidates = names.filter { name in
            ["mail", "login", "upn", "principal", "address"].contains { name.lowercased().contains($0) }
        }
        let candidate = candidates.first { !$0.lowercased().contains("recovery") }
        return SourceError(
            .noAddressColumn, at: place, "No column holds the people's addresses. Columns found: \(listed).",
            remedy: candidate.map { "Rename the column “\($0.quotable)”, if it holds the mail address, to “email”." }
                ?? "Rename the column that holds the mail address to “email”, or map it in the configuration (source.map); the first line has to name the columns."
        )
    }
}
