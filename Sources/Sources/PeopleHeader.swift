import Mimecast
import Planning

/// The header of a people file: which format it is, and which column holds what.
struct PeopleHeader {
    /// The fields of a person, by the column's name in lower case.
    enum Field: String, Sendable {
        case email, externalId = "externalid", name, firstName = "firstname", lastName = "lastname", active, aliases, groups
        case adminRoles = "adminroles"

        /// The name of the field's column in an Entra ID export. `mail` alone is the address here: the principal name may stand in for it.
        init?(entra column: String) {
            switch column {
            case "mail": self = .email
            case "id": self = .externalId
            case "displayname": self = .name
            case "givenname": self = .firstName
            case "surname": self = .lastName
            case "accountenabled": self = .active
            default: return nil
            }
        }
    }

    let format: PeopleFile.Format
    let file: String
    /// As the file spells them.
    let names: [String]
    private(set) var columns: [Field: Column] = [:]
    private(set) var attributes: [Column] = []
    /// Entra alone.
    private(set) var principal: Column?
    private(set) var userType: Column?

    /// - Throws: ``SourceError`` where a column has no name or another's, or none holds the address.
    init(_ record: CSVReader.Record, file: String) throws(SourceError) {
        self.file = file
        names = record.cells.map(\.withoutBlanks)
        let folded = names.map(EmailAddress.fold)
        var seen: [String: Int] = [:]
        for (index, key) in folded.enumerated() {
            let place = Place(file: file, line: record.line, column: index + 1)
            guard !key.isEmpty else {
                throw SourceError(
                    .unnamedColumn, at: place, "The column has no name.",
                    remedy: "Give it one, or remove the column (a spreadsheet writes one that is empty, too).")
            }
            if let earlier = seen.updateValue(index, forKey: key) {
                throw SourceError(
                    .duplicateColumn, at: place, "The column “\(names[index].quotable)” is there already: column \(earlier + 1).",
                    remedy: "Remove or rename one of the two.")
            }
        }
        let isMuster = seen["email"] != nil
        let isEntra = seen["userprincipalname"] != nil && (seen["accountenabled"] != nil || seen["displayname"] != nil)
        guard isMuster || isEntra else { throw Self.noAddressColumn(names, at: Place(file: file, line: record.line)) }
        format = isMuster ? .muster : .entra
        for (index, key) in folded.enumerated() {
            let column = Column(index: index, name: names[index])
            if format == .entra {
                if key == "userprincipalname" { principal = column }
                if key == "usertype" { userType = column }
            }
            if let field = format == .muster ? Field(rawValue: key) : Field(entra: key) {
                columns[field] = column
            } else {
                attributes.append(column)
            }
        }
    }

    private static func noAddressColumn(_ names: [String], at place: Place) -> SourceError {
        let listed = names.prefix(40).map(\.quotable).joined(separator: ", ") + (names.count > 40 ? ", …" : "")
        let candidates = names.filter { name in
            ["mail", "login", "upn", "principal", "address"].contains { name.lowercased().contains($0) }
        }
        let candidate = candidates.first { !$0.lowercased().contains("recovery") }
        return SourceError(
            .noAddressColumn, at: place, "No column holds the people's addresses. Columns found: \(listed).",
            remedy: candidate.map { "Rename the column “\($0.quotable)”, if it holds the mail address, to “email”." }
                ?? "Rename the column that holds the mail address to “email”; the first line has to name the columns.")
    }
}
