import Mimecast

/// Administrative roles where the dialect's calls only show them: what a human has to do, where.
///
/// A profile is one call an account, so that only those are asked for whose roles the source names (administrators are few), and no more
/// than ``mostRoles`` of them.
extension Planner {
    /// As many profiles as a plan reads (our choice).
    static let mostRoles = 100

    private var withRoles: [(person: Person, account: Account)] {
        guard !capabilities.hasAdminRoles, !input.isByHand else { return [] }
        var found: [(person: Person, account: Account)] = []
        for (person, match) in zip(input.desired.people, correlation.matches) where person.adminRoles != nil && person.active != false {
            guard found.count < Self.mostRoles else { break }
            if case .account(let position, _) = match { found.append((person, input.observed.accounts[position])) }
        }
        return found
    }

    /// Addresses of accounts whose profile the plan depends on.
    public var rolesToRead: [String] { withRoles.map(\.account.address) }

    /// A line for each account whose role is not as the source wants it. It is no work: the next read shows it done.
    func roleTasks() -> [Change] {
        withRoles.compactMap { person, account in
            guard let role = input.roles[EmailAddress.key(account.address)] else { return nil }
            let wanted = person.adminRoles ?? []
            // A profile has one role, and one that the source names is enough.
            let isRight = role.map { role in wanted.contains { EmailAddress.fold($0) == EmailAddress.fold(role) } } ?? wanted.isEmpty
            guard !isRight else { return nil }
            let names = wanted.sorted().joined(separator: ", ")
            return Change(
                kind: .blocked, person: person.address, account: account.address, accountID: account.id,
                reason: wanted.isEmpty
                    ? "has the role \(role ?? ""), and the source names none; this dialect has no call that takes it away"
                    : "\(role.map { "has the role \($0)" } ?? "has no role"), and the source names \(names); this dialect has no call that gives it",
                evidence: evidence(person), authority: account.authority,
                differences: [Change.Difference(field: "adminRoles", from: role, to: wanted.isEmpty ? nil : names)], calls: 0,
                remedy: wanted.isEmpty
                    ? "By hand, in the administration console: Account > Roles > \(role ?? ""), and take \(account.address) out. The next plan sees it done."
                    : "By hand, in the administration console: Account > Roles > \(names), and add \(account.address). The next plan sees it done."
            )
        }
    }
}
