import Mimecast

/// Attributes of accounts that the configuration maps from the source (`source.attributes`).
///
/// Each is a line of its own, with the value before and after. What the source says nothing about stays as it is; an expression that
/// makes an empty text takes the attribute away.
extension Planner {
    /// So many lines share their calls, the vendor's limit of both: one that looks, one that writes, one that reads back.
    public static let attributesPerCall = 25

    /// Somebody who has attributes to be compared, or to be given.
    private struct Wanted {
        var person: Person
        var account: Account?
        /// By folded name, ascending.
        var values: [(name: String, key: String, value: String)]
    }

    /// Addresses of accounts whose attributes the plan depends on: those of people for whom the source wants something that was not seen
    /// in effect before, and those that somebody asks for by hand.
    public var attributesToRead: [String] {
        let asked = input.asks.compactMap(\.attributeOwner).compactMap { account(at: $0)?.address }
        return asked + wantedAttributes().compactMap { wanted in wanted.account.flatMap { isAccepted(wanted, $0) ? nil : $0.address } }
    }

    /// What the reads of this plan prove: accounts that are as the source wants them, and accounts that are not, by folded address.
    public var attributeFindings: (accepted: [AcceptedAttributes], different: [String]) {
        var findings: (accepted: [AcceptedAttributes], different: [String]) = ([], [])
        for wanted in wantedAttributes() {
            guard let account = wanted.account else { continue }
            let key = EmailAddress.key(account.address)
            guard let reading = input.attributes.read[key] else { continue }
            if wanted.values.allSatisfy({ (reading[$0.key] ?? "") == $0.value }) {
                findings.accepted.append(mark(wanted, account))
            } else {
                findings.different.append(key)
            }
        }
        return findings
    }

    /// The lines, and one for each attribute that the vendor refuses.
    func attributeLines() -> [Change] {
        var changes: [Change] = []
        for wanted in wantedAttributes() {
            guard let account = wanted.account else {
                changes += wanted.values.filter { !$0.value.isEmpty }.map {
                    attribute($0.name, from: nil, to: $0.value, wanted.person, nil, at: wanted.person.address)
                }
                continue
            }
            guard let reading = input.attributes.read[EmailAddress.key(account.address)] else { continue }
            let different = wanted.values.filter { (reading[$0.key] ?? "") != $0.value }
            guard !different.isEmpty else { continue }
            // After a rename the account is known by the new address.
            let address = fieldChange(wanted.person, account)?.kind == .rename ? wanted.person.address : account.address
            changes += different.map {
                writable(attribute($0.name, from: reading[$0.key], to: $0.value, wanted.person, account, at: address), account)
            }
        }
        return changes + refusedAttributeLines()
    }

    /// A line that somebody asks for by hand; nil where all is so already.
    func attribute(_ name: String, _ value: String, of address: String, _ change: Change) -> Change? {
        guard let reading = input.attributes.read[EmailAddress.key(change.account)] else {
            var change = change
            change.block("its attributes could not be read", "Repeat it; muster doctor says what the application may read.")
            return change
        }
        guard (reading[name] ?? "") != value else { return nil }
        var change = change
        change.counterpart = name
        change.differences = [Change.Difference(field: name, from: reading[name], to: value.isEmpty ? nil : value)]
        change.calls = 0
        return change
    }

    private func attribute(
        _ name: String, from old: String?, to value: String, _ person: Person, _ account: Account?, at address: String
    ) -> Change {
        var change = Change(
            kind: .attribute, person: person.address, account: address, accountID: account?.id, externalID: person.externalID,
            reason: account == nil
                ? "the source gives the new account \(name)"
                : value.isEmpty ? "the source leaves \(name) empty" : "the source says another \(name)",
            evidence: evidence(person), differences: [Change.Difference(field: name, from: old, to: value.isEmpty ? nil : value)], calls: 0)
        change.counterpart = name
        return change
    }

    /// An attribute is defined for the whole tenant, so that one line says it of all people.
    private func refusedAttributeLines() -> [Change] {
        input.attributes.refused.sorted { $0.key < $1.key }.compactMap { key, refused in
            let count = people { person in person.accountAttributes?.keys.contains { EmailAddress.fold($0) == key } ?? false }
            guard count > 0 else { return nil }
            return Change(
                kind: .blocked, person: refused.name, account: "",
                reason: "\(counted(count, "account")) cannot get the attribute \(refused.name): the vendor refused it (\(refused.why))",
                evidence: "source.attributes of the configuration", calls: 0,
                remedy: "Define it in the administration console (Directories > Attributes), or take it out of source.attributes. "
                    + "muster plan --read-attributes tries it again.")
        }
    }

    private func people(_ isMeant: (Person) -> Bool) -> Int { input.desired.people.count { $0.active != false && isMeant($0) } }

    /// Everybody about whose attributes the source says something, and who has an account or gets one.
    private func wantedAttributes() -> [Wanted] {
        var found: [Wanted] = []
        var keys: [String: String] = [:]
        func key(_ name: String) -> String {
            if let known = keys[name] { return known }
            let key = EmailAddress.fold(name)
            keys[name] = key
            return key
        }
        for (person, match) in zip(input.desired.people, correlation.matches) {
            guard person.active != false, let wishes = person.accountAttributes, !wishes.isEmpty else { continue }
            let values = wishes.map { (name: $0.key, key: key($0.key), value: $0.value) }
                .filter { input.attributes.refused[$0.key] == nil }.sorted { $0.key < $1.key }
            guard !values.isEmpty else { continue }
            switch match {
            case .undecided: continue
            case .account(let position, _):
                found.append(Wanted(person: person, account: input.observed.accounts[position], values: values))
            case .nobody:
                // A joiner who cannot be created cannot have attributes either.
                guard joiner(person).contains(where: { $0.kind == .create }) else { continue }
                found.append(Wanted(person: person, account: nil, values: values))
            }
        }
        return found
    }

    private func isAccepted(_ wanted: Wanted, _ account: Account) -> Bool {
        guard !input.attributes.isWhole, let known = input.attributes.accepted[EmailAddress.key(account.address)] else { return false }
        return known == mark(wanted, account)
    }

    private func mark(_ wanted: Wanted, _ account: Account) -> AcceptedAttributes {
        AcceptedAttributes(
            account: EmailAddress.key(account.address), accountID: account.id,
            person: wanted.person.externalID ?? EmailAddress.key(wanted.person.address),
            digest: AcceptedAttributes.digest(of: wanted.values.map { ($0.key, $0.value) }))
    }
}
