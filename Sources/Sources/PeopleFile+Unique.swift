import Mimecast
import Planning

extension PeopleFile {
    /// Notes addresses, immutable ids and aliases that two rows claim. Addresses are compared folded: letter case, NFC, `xn--`.
    func checkUnique(_ rows: [PersonRow], _ findings: inout Findings) {
        var addresses: [String: PersonRow] = [:]
        var externalIDs: [String: PersonRow] = [:]
        addresses.reserveCapacity(rows.count)
        for row in rows {
            guard let address = row.address else { continue }
            if let earlier = addresses[address.folded] {
                findings.add(
                    SourceError(
                        .duplicateAddress, at: place(row, addressColumn(row)),
                        "“\(row.person.address.quotable)” is the address of line \(earlier.person.line) already, written "
                            + "“\(earlier.person.address.quotable)” there.",
                        remedy: "Remove one of the two rows, or give one its own address."))
            } else {
                addresses[address.folded] = row
            }
            guard let id = row.person.externalID else { continue }
            if let earlier = externalIDs.updateValue(row, forKey: id) {
                externalIDs[id] = earlier
                findings.add(
                    SourceError(
                        .duplicateExternalID, at: place(row, columns[.externalId]),
                        "The id “\(id.quotable)” belongs to line \(earlier.person.line) (\(earlier.person.address.quotable)) already; here it stands "
                            + "with \(row.person.address.quotable).",
                        remedy: "Give each person an id of their own, or leave the cell empty."))
            }
        }
        checkAliases(rows, addresses, &findings)
    }

    private func checkAliases(_ rows: [PersonRow], _ addresses: [String: PersonRow], _ findings: inout Findings) {
        var aliases: [String: (line: Int, text: String)] = [:]
        for row in rows {
            for alias in row.aliases {
                if let owner = addresses[alias.folded] {
                    findings.add(
                        SourceError(
                            .aliasIsAddress, at: place(row, columns[.aliases]),
                            "The alias “\(alias.text.quotable)” is the address of line \(owner.person.line) (\(owner.person.address.quotable)).",
                            remedy: "Remove the alias, or that row."))
                }
                if let earlier = aliases[alias.folded] {
                    findings.add(
                        SourceError(
                            .duplicateAlias, at: place(row, columns[.aliases]),
                            "The alias “\(alias.text.quotable)” stands on line \(earlier.line) already, written “\(earlier.text.quotable)” there.",
                            remedy: "Leave it with one person, once."))
                } else {
                    aliases[alias.folded] = (row.person.line, alias.text)
                }
            }
        }
    }

    /// The column that the row's address came from.
    func addressColumn(_ row: PersonRow) -> Column? { row.principal == nil ? columns[.email] : principalColumn }

    func place(_ row: PersonRow, _ column: Column?) -> Place {
        Place(file: name, line: row.person.line, column: column.map { $0.index + 1 }, columnName: column?.name)
    }
}
