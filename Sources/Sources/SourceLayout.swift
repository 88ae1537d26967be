/// How a source counts its people and names its columns, for messages: `people.csv, line 3, column 2 (active)`,
/// `users.json, entry 3, /2/profile/email`.
struct SourceLayout: Sendable {
    enum Shape: Sendable {
        /// Lines with columns.
        case table
        /// One JSON object to a line, or one after the other.
        case objects
        /// A JSON list.
        case list
    }

    let file: String
    let shape: Shape
    /// Which column holds what.
    var columns: [PeopleField: Column] = [:]
    /// Fields that a mapping fills, whatever columns there are.
    var mapped: Set<PeopleField> = []

    /// What a person stands on: a line, an entry.
    var unit: String { shape == .list ? "entry" : "line" }

    func hasColumn(_ field: PeopleField) -> Bool { columns[field] != nil }

    func place(_ ordinal: Int, _ field: PeopleField?) -> Place {
        let isMapped = field.map { mapped.contains($0) } ?? false
        let column = isMapped ? nil : field.flatMap { columns[$0] }
        var place = Place(file: file)
        if shape == .list { place.entry = ordinal } else { place.line = ordinal }
        if isMapped, let name = field?.contractName {
            place.pointer = "as source.map says, \(name)"
        } else if shape == .table {
            place.column = column.map { $0.index + 1 }
            place.columnName = column?.name
        } else if let column {
            place.pointer = (shape == .list ? "/\(ordinal - 1)/" : "/") + column.name
        }
        return place
    }
}

/// A column of the header, or a member of JSON objects.
struct Column: Sendable, Hashable {
    /// From 0; of JSON members without meaning.
    let index: Int
    /// As the header spells it, without blanks around it; of JSON members the pointer below the person's object (RFC 6901).
    let name: String
}
