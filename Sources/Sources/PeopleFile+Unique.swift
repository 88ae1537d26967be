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
                        .duplicateAddress, at: place(row, addressField(row)),
                        "“\(row.person.address.quotable)” is the address of \(unit) \(earlier.person.line) already, written "
                            + "“\(earlier.person.address.quotable)” there.",
                        remedy: "Remove one of the two, or give one its own address."))
            } else {
                addresses[address.folded] = row
            }
            guard let id = row.person.externalID else { continue }
            if let earlier = externalIDs.updateValue(row, forKey: id) {
                externalIDs[id] = earlier
                findings.add(
                    SourceError(
                        .duplicateExternalID, at: place(row, .externalId),
                        "The id “\(id.quotable)” belongs to \(unit) \(earlier.person.line) (\(earlier.person.address.quotable)) already; here it stands "
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
                            .aliasIsAddress, at: place(row, .aliases),
                            "The alias “\(alias.text.quotable)” is the address of \(unit) \(owner.person.line) (\(owner.person.address.quotable)).",
                            remedy: "Remove the alias, or that row."))
                }
                if let earlier = aliases[alias.folded] {
                    findings.add(
                        SourceError(
                            .duplicateAlias, at: place(row, .aliases),
                            "The alias “\(alias.text.quotable)” stands on \(unit) \(earlier.line) already, written “\(earlier.text.quotable)” there.",
                            remedy: "Leave it with one person, once."))
                } else {
                    aliases[alias.folded] = (row.person.line, alias.text)
                }
            }
        }
    }

    /// The field that the row's address came from.
    func addressField(_ row: PersonRow) -> PeopleField { row.principal == nil ? .email : .principal }

    func place(_ row: PersonRow, _ field: PeopleField) -> Place { layout.place(row.person.line, field) }

    private var unit: String { layout.unit }
}
