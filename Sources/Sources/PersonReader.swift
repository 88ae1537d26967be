import Mimecast
import Planning

/// Checks what a source says of a person. One for all formats: they differ in their columns and in the words for states.
struct PersonReader: Sendable {
    let format: ExportFormat
    let layout: SourceLayout
    /// Its mapping is applied to whatever the source says, before anything of it is checked.
    let rules: SourceRules

    init(format: ExportFormat, layout: SourceLayout, rules: SourceRules) {
        self.format = format
        self.layout = rules.mapping(layout)
        self.rules = rules
    }

    /// Reads one person.
    ///
    /// - Throws: ``SourceError`` where a value does not say what its field needs.
    func row(_ source: RawRecord) throws(SourceError) -> PersonRow {
        let raw = isGuest(source) ? source : rules.mapped(source, composedName: composedName(source))
        var row = PersonRow(person: Person(address: "", line: raw.ordinal))
        row.named = raw.named
        row.person.externalID = raw[.externalId]
        if isGuest(raw) {
            row.leftOut = .guest
            row.person.address = raw[.email] ?? ""
            return row
        }
        let standing = try standing(raw)
        if standing == .leftOut {
            row.leftOut = .staged
            row.person.address = raw[.email] ?? raw[.principal] ?? ""
            return row
        }
        try readAddress(raw, into: &row)
        row.person.firstName = raw[.firstName]
        row.person.lastName = raw[.lastName]
        row.person.name = raw[.name] ?? (layout.mapped.contains(.name) ? nil : composedName(raw))
        row.person.active = standing.map { $0 == .active }
        if let aliases = raw.list(.aliases) {
            for alias in aliases { row.aliases.append(try address(alias, .aliases, raw.ordinal)) }
            row.person.aliases = row.aliases.map(\.text)
        }
        row.person.groups = raw.list(.groups)
        row.person.adminRoles = raw.list(.adminRoles)
        row.person.attributes = raw.attributes
        return row
    }

    private func composedName(_ raw: RawRecord) -> String? {
        guard format.composesName, let first = raw[.firstName], let last = raw[.lastName] else { return nil }
        return "\(first) \(last)"
    }

    private func isGuest(_ raw: RawRecord) -> Bool {
        guard format.kind == .entra else { return false }
        return raw[.userType]?.lowercased() == "guest" || raw[.principal]?.uppercased().contains("#EXT#") ?? false
    }

    private func readAddress(_ raw: RawRecord, into row: inout PersonRow) throws(SourceError) {
        if let text = raw[.email] {
            let address = try address(text, .email, raw.ordinal)
            row.address = address
            row.person.address = address.text
            return
        }
        guard layout.hasColumn(.principal), !layout.mapped.contains(.email) else {
            throw SourceError(
                .noAddress, at: layout.place(raw.ordinal, .email), "The \(layout.unit) has no address.",
                remedy: layout.mapped.contains(.email)
                    ? "Name another column as well: mail ?? userPrincipalName." : "Fill it in, or remove the \(layout.unit).")
        }
        row.principal = raw[.principal].flatMap { EmailAddress($0) }
    }

    private func address(_ text: String, _ field: PeopleField, _ ordinal: Int) throws(SourceError) -> EmailAddress {
        guard let address = EmailAddress(text) else {
            throw SourceError(
                .badAddress, at: layout.place(ordinal, field), "“\(text.quotable)” is no e-mail address.",
                remedy: "Write it as name@domain, one address\(field == .aliases ? ", several separated by “;”" : " to a cell").")
        }
        return address
    }

    private func standing(_ raw: RawRecord) throws(SourceError) -> ExportFormat.Standing? {
        guard let text = raw[.active] else { return nil }
        let word = text.lowercased()
        if let standing = format.standings[word] { return standing }
        guard format.standings.isEmpty || layout.mapped.contains(.active) else {
            throw SourceError(
                .badTruth, at: layout.place(raw.ordinal, .active), "“\(text.quotable)” is no state that this export is known to have.",
                remedy: "Known are \(format.standings.keys.sorted().joined(separator: ", ")); map the field active to say what it means.")
        }
        switch word {
        case "true", "yes", "1": return .active
        case "false", "no", "0": return .inactive
        default:
            throw SourceError(
                .badTruth, at: layout.place(raw.ordinal, .active), "“\(text.quotable)” says neither true nor false.",
                remedy: "Write true or false (yes, no, 1 and 0 are understood too), or leave the cell empty to say nothing.")
        }
    }
}
