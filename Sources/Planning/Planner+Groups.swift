import Mimecast

extension DesiredState {
    /// The ids of the groups whose members a plan looks at, beside those that were managed before.
    public func groupsThatMatter(_ groups: [Group]) -> Set<String> {
        var names = Set(ruledGroups.map(EmailAddress.fold))
        for person in people {
            for name in person.groups ?? [] { names.insert(EmailAddress.fold(name)) }
            for ruled in person.ruled ?? [] { names.insert(EmailAddress.fold(ruled.name)) }
        }
        return Set(groups.filter { names.contains(EmailAddress.fold($0.name)) }.map(\.id))
    }
}

extension Planner {
    /// Group membership of everybody about whose groups the source says something.
    ///
    /// A group is managed once the source has named it: people whose cell leaves it out are taken out of it. Other groups, and people
    /// with an empty cell, stay as they are. A group that a rule of the configuration names is managed as long as the rule is there, for
    /// everybody in scope.
    func memberships() -> [Change] {
        let spoken = groupsSpokenOf
        let ruled = groupsOfRules
        let byName = Dictionary(grouping: input.observed.groups) { EmailAddress.fold($0.name) }
        let byID = Dictionary(input.observed.groups.map { ($0.id, $0) }) { first, _ in first }
        var changes: [Change] = []
        for (person, match) in zip(input.desired.people, correlation.matches) {
            guard person.groups != nil || person.ruled != nil, person.active != false else { continue }
            let account: Account?
            switch match {
            case .undecided: continue
            case .account(let position, _): account = input.observed.accounts[position]
            case .nobody:
                // A joiner who cannot be created cannot become a member either.
                guard joiner(person).contains(where: { $0.kind == .create }) else { continue }
                account = nil
            }
            var wanted = Set<String>()
            for (name, rule) in named(person) {
                let found = byName[EmailAddress.fold(name)] ?? []
                let writable = found.filter { $0.authority == .cloud }
                if writable.count == 1, let group = writable.first {
                    if wanted.insert(group.id).inserted, !isMember(account, of: group.id) {
                        changes.append(membership(.addMember, person, account, group, rule: rule))
                    }
                } else if let group = found.first(where: { $0.authority == .ldap }), writable.isEmpty {
                    if !isMember(account, of: group.id) {
                        changes.append(
                            impossible(
                                person, account, name, "the group is directory-synced and cannot be written",
                                "Add the person in the company's directory; the vendor takes it over at its next sync."))
                    }
                } else if found.isEmpty, input.observed.completeness.isClosed {
                    // Its line is made by newGroups, which finds it named here.
                    if wanted.insert("new " + EmailAddress.fold(name)).inserted {
                        changes.append(membership(.addMember, person, account, Group(id: "", name: name, authority: .cloud), rule: rule))
                    }
                } else {
                    // Whichever of them is meant: nobody is taken out of a group that the source names.
                    wanted.formUnion(found.map(\.id))
                    changes.append(
                        impossible(
                            person, account, name,
                            found.isEmpty
                                ? "the read is open: the group may exist unseen" : "\(writable.count) cloud groups have this name",
                            found.isEmpty
                                ? "Run muster sync until it is closed; then plan again."
                                : "Rename all but one of them in the administration console."))
                }
            }
            // As long as a read is open nobody is taken out of anything.
            guard let account, input.observed.completeness.isClosed(EmailAddress(account.address)?.domain ?? "") else { continue }
            let managed = person.groups == nil ? ruled : person.ruled == nil ? spoken : spoken.union(ruled)
            for id in managed.subtracting(wanted) where isMember(account, of: id) {
                if let group = byID[id], group.authority == .cloud {
                    changes.append(membership(.removeMember, person, account, group, rule: ruled.contains(id) ? 0 : nil))
                }
            }
        }
        return changes
    }

    /// The groups that a person is to be in: those that the source names, and those that rules add, with the rule.
    private func named(_ person: Person) -> [(name: String, rule: Int?)] {
        let names = person.groups ?? []
        guard let ruled = person.ruled, !ruled.isEmpty else { return names.map { ($0, nil) } }
        let known = Set(names.map(EmailAddress.fold))
        return names.map { ($0, nil) } + ruled.filter { !known.contains(EmailAddress.fold($0.name)) }.map { ($0.name, $0.rule) }
    }

    /// Ids of the cloud groups that rules of the configuration name. Where two have one name, nobody can say which is meant.
    private var groupsOfRules: Set<String> {
        let names = Set(input.desired.ruledGroups.map(EmailAddress.fold))
        guard !names.isEmpty else { return [] }
        let found = input.observed.groups.filter { $0.authority == .cloud && names.contains(EmailAddress.fold($0.name)) }
        return Set(Dictionary(grouping: found) { EmailAddress.fold($0.name) }.values.filter { $0.count == 1 }.map { $0[0].id })
    }

    private func isMember(_ account: Account?, of group: String) -> Bool {
        guard let account, let members = input.observed.members[group] else { return false }
        return members.contains(EmailAddress.key(account.address))
            || (account.aliases ?? []).contains { members.contains(EmailAddress.key($0)) }
    }

    /// - Parameter rule: the rule of the configuration that speaks of the group, from 1; 0 where it is one that puts others there.
    private func membership(_ kind: Change.Kind, _ person: Person, _ account: Account?, _ group: Group, rule: Int?) -> Change {
        // After a rename the member is known by the new address.
        let address = account.map { fieldChange(person, $0)?.kind == .rename ? person.address : $0.address }
        return Change(
            kind: kind, person: person.address, account: address ?? person.address, accountID: account?.id,
            reason: Self.reason(kind, rule), evidence: evidence(person), groupID: group.id.isEmpty ? nil : group.id, group: group.name)
    }

    private static func reason(_ kind: Change.Kind, _ rule: Int?) -> String {
        switch (kind, rule) {
        case (.addMember, let rule?): "rule \(rule) of the configuration's groups puts the person there"
        case (.addMember, nil): "the source names the group"
        case (_, .some): "rules of the configuration manage the group, and none puts the person there"
        case (_, nil): "the source names the person's groups, and not this one"
        }
    }

    private func impossible(_ person: Person, _ account: Account?, _ group: String, _ why: String, _ remedy: String) -> Change {
        Change(
            kind: .blocked, person: person.address, account: account?.address ?? "", accountID: account?.id,
            reason: "cannot join \(group): \(why)", evidence: evidence(person), group: group, calls: 0, remedy: remedy)
    }
}
