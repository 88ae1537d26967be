import Mimecast

extension Planner {
    /// The lines for one thing that was asked for by hand.
    func lines(for ask: HandAsk) -> [Change] {
        switch ask {
        case .purge(let address):
            guard let account = account(at: address) else { return [byHand(.purge, address)] }
            return purge(account, reason: "asked for by hand", evidence: input.desired.source)
        case .unpurge(let address): return [byHand(.unpurge, address)]
        case .addAlias(let alias, let address):
            var change = byHand(.addAlias, address, alias)
            let key = EmailAddress.key(alias)
            if change.kind.isWork {
                let isAccount = input.observed.accounts.contains { EmailAddress.key($0.address) == key }
                if isAccount || input.observed.takenAddresses.contains(key) || aliasOwners[key] != nil {
                    change.block(
                        "\(alias) is taken: an account, an alias, or an address of the system", "Free the address, or choose another.")
                } else if let domain = EmailAddress(alias)?.domain, !input.observed.domains.contains(domain) {
                    change.block("\(domain) is no domain of this tenant", "Choose an address in one of its domains.")
                }
            }
            return [change]
        case .removeAlias(let alias, let address): return [byHand(.removeAlias, address, alias)]
        case .addDelegate(let delegate, let address):
            var change = byHand(.addDelegate, address, delegate)
            if change.kind.isWork, account(at: delegate) == nil {
                change.block("there is no account \(delegate)", "Look at the spelling; muster users list shows who is there.")
            }
            return [change]
        case .removeDelegate(let delegate, let address): return [byHand(.removeDelegate, address, delegate)]
        case .setAttribute(let name, let value, let address):
            let change = byHand(.attribute, address, name)
            return change.kind.isWork ? [attribute(name, value, of: address, change)].compactMap { $0 } : [change]
        case .createGroup(let name):
            var change = newGroup(name, reason: "asked for by hand", evidence: input.desired.source)
            if input.observed.groups.contains(where: { EmailAddress.fold($0.name) == EmailAddress.fold(name) }) {
                change.block("there is a group of this name", "muster groups list shows it.")
            } else if !input.observed.completeness.isClosed {
                change.block("the read is open: the group may exist unseen", "Run muster sync until it is closed; then repeat.")
            }
            return [change]
        }
    }

    /// Groups that lines name and that are not there yet, one line each, before those who join them.
    func newGroups(for changes: [Change]) -> [Change] {
        var known = Set<String>()
        return changes.compactMap { change in
            guard change.kind == .addMember, change.groupID == nil, let name = change.group, known.insert(EmailAddress.fold(name)).inserted
            else { return nil }
            return newGroup(
                name, reason: "\(whoNames(EmailAddress.fold(name))), and the tenant has none of this name", evidence: change.evidence)
        }
    }

    /// Whoever wants a group, by its folded name: the source before a rule of the configuration.
    private func whoNames(_ group: String) -> String {
        func means(_ name: String) -> Bool { EmailAddress.fold(name) == group }
        if input.desired.people.contains(where: { $0.groups?.contains(where: means) ?? false }) { return "the source names the group" }
        let rule = input.desired.people.lazy.compactMap { $0.ruled?.first { means($0.name) }?.rule }.first
        return "rule \(rule ?? 0) of the configuration's groups names the group"
    }

    private func newGroup(_ name: String, reason: String, evidence: String) -> Change {
        // A group is looked for before it is made, and after.
        Change(
            kind: .createGroup, person: name, account: "", reason: reason, evidence: evidence, reversible: false, group: name, calls: 3)
    }

    func account(at address: String) -> Account? {
        let key = EmailAddress.key(address)
        return input.observed.accounts.first { EmailAddress.key($0.address) == key }
    }

    private func byHand(_ kind: Change.Kind, _ address: String, _ counterpart: String? = nil) -> Change {
        guard let account = account(at: address) else {
            return Change(
                kind: .blocked, person: address, account: address, reason: "\(kind.verb) is impossible: there is no such account",
                evidence: input.desired.source, calls: 0, remedy: "Look at the spelling; muster users list shows who is there.")
        }
        var change = Change(
            kind: kind, person: account.address, account: account.address, accountID: account.id, reason: "asked for by hand",
            evidence: input.desired.source)
        change.counterpart = counterpart
        // Rights to open a mailbox are kept beside the directory, so that directory-synced accounts have them, too.
        return [.addDelegate, .removeDelegate].contains(kind) ? change : writable(change, account)
    }
}

extension Change {
    /// Makes a line that cannot be of it.
    mutating func block(_ why: String, _ remedy: String) {
        reason = "\(kind.verb) (\(reason)) is impossible: \(why)"
        kind = .blocked
        removal = false
        privilege = false
        calls = 0
        facts = nil
        self.remedy = remedy
    }
}
