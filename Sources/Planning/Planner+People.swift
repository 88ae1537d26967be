import Mimecast

extension Planner {
    /// Somebody who has no account.
    func joiner(_ person: Person) -> [Change] {
        guard person.active != false else { return [] }
        let key = EmailAddress.key(person.address)
        if input.observed.takenAddresses.contains(key) {
            return [
                blocked(
                    person, account: nil, reason: "\(person.address) is taken: an alias of an account, or an address of the system",
                    remedy: "Free the address in the administration console, or give this person another one.")
            ]
        }
        if let domain = openHome(person) {
            return [
                blocked(
                    person, account: nil, reason: "the read of \(domain) is open: this account may exist unseen",
                    remedy: "Run muster sync again; when the domain is closed, plan again.")
            ]
        }
        let name = person.name ?? [person.firstName, person.lastName].compactMap { $0 }.joined(separator: " ")
        let values = Change.Values(
            address: person.address, name: name.isEmpty ? String(person.address.prefix { $0 != "@" }) : name,
            firstName: capabilities.hasNameParts ? person.firstName : nil, lastName: capabilities.hasNameParts ? person.lastName : nil,
            aliases: capabilities.hasAliases ? person.aliases : nil, adminRoles: capabilities.hasAdminRoles ? person.adminRoles : nil)
        return [
            Change(
                kind: .create, person: person.address, account: person.address, externalID: person.externalID,
                reason: "in the source, not in the tenant",
                evidence: evidence(person), reversible: capabilities.canDelete, privilege: values.adminRoles?.isEmpty == false,
                values: values)
        ]
    }

    /// Somebody who has an account: its fields, its state.
    func lines(for person: Person, account: Account) -> [Change] {
        let fields = fieldChange(person, account)
        var changes = [fields, protectedRoles(person, account)].compactMap { $0 }
        let state = status(of: account)
        // After a rename the account is known by the new address.
        let address = fields?.kind == .rename ? person.address : account.address
        if person.active == false {
            if state != .disabled {
                let reason = input.isByHand ? "asked for by hand" : "the source says inactive"
                changes.append(disable(person.address, account, at: address, reason: reason, evidence(person)))
            }
        } else if state == .disabled, person.active == true || wasDisabledByUs(account) && !wasSaidInactive(account) {
            let reason =
                input.isByHand
                ? "asked for by hand"
                : person.active == true ? "the source says active" : "named by the source again, after Muster had disabled the account"
            if isPurgeListed(account) { changes.append(unpurge(person, account, at: address)) }
            changes.append(
                writable(
                    Change(
                        kind: .enable, person: person.address, account: address, accountID: account.id, reason: reason,
                        evidence: evidence(person)), account))
        }
        return changes
    }

    /// Somebody whom the source no longer names.
    func leaver(_ link: Link, _ position: Int?) -> [Change] {
        guard let position else { return [] }
        let account = input.observed.accounts[position]
        guard status(of: account) != .disabled else { return [] }
        let reason = "no longer in the source; the account was linked to \(link.person)"
        let (why, evidence) = scopeLeaver(link) ?? (reason, "stored link")
        return [disable(link.person, account, at: account.address, reason: why, evidence)]
    }

    /// An account that somebody wants deleted. Only by hand: whoever leaves the source is disabled.
    func deletion(_ address: String) -> Change {
        let key = EmailAddress.key(address)
        guard let account = input.observed.accounts.first(where: { EmailAddress.key($0.address) == key }) else {
            return Change(
                kind: .blocked, person: address, account: address, reason: "there is no such account", evidence: input.desired.source,
                calls: 0, remedy: "Look at the spelling; muster users list shows who is there.")
        }
        var change = Change(
            kind: .remove, person: account.address, account: account.address, accountID: account.id, reason: "asked for by hand",
            evidence: input.desired.source, reversible: false, privilege: account.adminRoles?.isEmpty == false, removal: true)
        func blocked(_ why: String, _ remedy: String) -> Change {
            change.kind = .blocked
            change.removal = false
            change.privilege = false
            change.calls = 0
            change.reason = "delete (\(change.reason)) is impossible: \(why)"
            change.remedy = remedy
            return change
        }
        if !capabilities.canDelete {
            return blocked("this dialect has no call that deletes", "Disable the account; delete it in the administration console.")
        }
        if isProtected(account) {
            return blocked(
                "the account is protected", "Take it out of the protected list of the configuration, if it is really meant to go.")
        }
        if !input.observed.completeness.isClosed(EmailAddress(account.address)?.domain ?? "") {
            return blocked("the read of its domain is open", "Run muster sync until the domain is closed; then repeat.")
        }
        return writable(change, account)
    }

    /// Under its address or an alias.
    private func isProtected(_ addresses: [String]) -> Bool {
        !input.protected.isEmpty && addresses.contains { input.protected.contains(EmailAddress.key($0)) }
    }

    func isProtected(_ account: Account) -> Bool { isProtected([account.address] + (account.aliases ?? [])) }

    private func disable(_ person: String, _ account: Account, at address: String, reason: String, _ evidence: String) -> Change {
        var change = Change(
            kind: .disable, person: person, account: address, accountID: account.id, reason: reason, evidence: evidence,
            privilege: false, removal: true)
        func blocked(_ why: String, _ remedy: String) -> Change {
            change.kind = .blocked
            change.authority = account.authority
            change.removal = false
            change.calls = 0
            change.reason = "\(reason), but \(why)"
            change.remedy = remedy
            return change
        }
        let domain = EmailAddress(account.address)?.domain ?? ""
        if !input.observed.completeness.isClosed(domain) {
            return blocked("the read of \(domain) is open", "Run muster sync until the domain is closed; then plan again.")
        }
        if isProtected(account) {
            return blocked(
                "the account is protected", "Take it out of the protected list of the configuration, if it is really meant to go.")
        }
        return writable(change, account)
    }

    func fieldChange(_ person: Person, _ account: Account) -> Change? {
        var values = Change.Values()
        var differences: [Change.Difference] = []
        var privilege = false
        func compare(_ field: String, _ wanted: String?, _ present: String?, _ set: WritableKeyPath<Change.Values, String?>) {
            guard let wanted, wanted != present else { return }
            values[keyPath: set] = wanted
            differences.append(Change.Difference(field: field, from: present, to: wanted))
        }
        func compare(_ field: String, _ wanted: [String], _ present: [String], _ set: WritableKeyPath<Change.Values, [String]?>) -> Bool {
            guard Set(wanted.map(EmailAddress.key)) != Set(present.map(EmailAddress.key)) else { return false }
            values[keyPath: set] = wanted
            differences.append(
                Change.Difference(
                    field: field, from: present.sorted().joined(separator: "; "), to: wanted.sorted().joined(separator: "; ")))
            return true
        }
        compare("name", person.name, account.name, \.name)
        if capabilities.hasNameParts {
            compare("firstName", person.firstName, account.firstName, \.firstName)
            compare("lastName", person.lastName, account.lastName, \.lastName)
        }
        let oldKey = EmailAddress.key(account.address)
        let newKey = EmailAddress.key(person.address)
        let moves = oldKey != newKey
        if capabilities.hasAliases {
            // Mail to the old address has to arrive still, unless the source lists the aliases itself.
            let present = account.aliases ?? []
            let kept = moves ? present.filter { EmailAddress.key($0) != newKey } + [account.address] : present
            _ = compare("aliases", person.aliases ?? kept, present, \.aliases)
        }
        if capabilities.hasAdminRoles, let roles = person.adminRoles, rolesLostByProtected(person, account).isEmpty {
            privilege = compare("adminRoles", roles, account.adminRoles ?? [], \.adminRoles)
        }
        var change = Change(
            kind: moves ? .rename : .update, person: person.address, account: account.address, accountID: account.id,
            externalID: person.externalID, reason: "",
            evidence: evidence(person), privilege: privilege, values: values, differences: differences)
        if moves {
            change.values?.address = person.address
            change.differences.insert(Change.Difference(field: "emailAddress", from: account.address, to: person.address), at: 0)
            change.reason = "the same person under a new address"
            guard account.authority == .cloud else { return writable(change, account) }
            if input.observed.takenAddresses.contains(newKey) || aliasOwners[newKey].map({ $0 != oldKey }) ?? false {
                return blocked(
                    person, account: account, reason: "\(account.address) became \(person.address), but that address is taken",
                    remedy: "Free the address in the administration console, then plan again.")
            }
            guard capabilities.canChangeAddress else {
                return blocked(
                    person, account: account,
                    reason: "\(account.address) became \(person.address), and this dialect keys accounts by address: it cannot rename",
                    remedy: "Rename it in the administration console (or through a guide application), then plan again.")
            }
            // The protected list names addresses: under another one the account would be anybody's.
            if isProtected(account), !isProtected([person.address] + (values.aliases ?? account.aliases ?? [])) {
                return blocked(
                    person, account: account,
                    reason: "\(account.address) became \(person.address), but the account is protected under an address that it would lose",
                    remedy: "Put the new address into the protected list of the configuration as well; then plan again.")
            }
        } else if differences.isEmpty {
            return nil
        } else {
            change.reason = "differs in " + differences.map(\.field).joined(separator: ", ")
        }
        return writable(change, account)
    }

    /// A protected account keeps its roles: what the source would take from it.
    private func rolesLostByProtected(_ person: Person, _ account: Account) -> [String] {
        guard capabilities.hasAdminRoles, let roles = person.adminRoles, isProtected(account) else { return [] }
        let wanted = Set(roles.map(EmailAddress.key))
        return (account.adminRoles ?? []).filter { !wanted.contains(EmailAddress.key($0)) }.sorted()
    }

    private func protectedRoles(_ person: Person, _ account: Account) -> Change? {
        let lost = rolesLostByProtected(person, account)
        guard !lost.isEmpty else { return nil }
        return blocked(
            person, account: account,
            reason: "the source takes the role \(lost.joined(separator: ", ")) away, but the account is protected",
            remedy: "Take it out of the protected list of the configuration, if it is really meant to lose the role.")
    }

    /// The change, or why it is impossible where only the company's directory may write the account.
    func writable(_ change: Change, _ account: Account) -> Change {
        guard account.authority == .ldap else { return change }
        var result = change
        result.kind = .blocked
        result.authority = .ldap
        result.removal = false
        result.privilege = false
        result.calls = 0
        result.reason = "\(change.kind.verb) (\(change.reason)) is impossible here: the account is directory-synced"
        result.remedy = "Change it in the company's directory; the vendor takes it over at its next sync."
        return result
    }

    private func blocked(_ person: Person, account: Account?, reason: String, remedy: String) -> Change {
        Change(
            kind: .blocked, person: person.address, account: account?.address ?? "", accountID: account?.id, reason: reason,
            evidence: evidence(person), authority: account?.authority ?? .cloud, calls: 0, remedy: remedy)
    }
}

extension Change.Kind {
    /// As a sentence begins with it.
    var verb: String {
        switch self {
        case .create: "create"
        case .createGroup: "create the group"
        case .purge: "purge"
        case .unpurge: "take off the purge list"
        case .addAlias: "add an alias"
        case .removeAlias: "take an alias away"
        case .addDelegate: "add a delegate"
        case .removeDelegate: "take a delegate's right away"
        case .attribute: "set an attribute"
        case .rename: "rename"
        case .update: "update"
        case .enable: "enable"
        case .disable: "disable"
        case .remove: "remove"
        case .addMember: "add to a group"
        case .removeMember: "take out of a group"
        case .blocked, .undecided: "change"
        }
    }
}
