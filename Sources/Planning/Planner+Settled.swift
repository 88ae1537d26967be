import Mimecast

extension Planner {
    /// Those of whom the next plan needs to look at nothing, as long as source, account and link stay as they are.
    ///
    /// Whatever could make somebody matter to others keeps them out: roles, groups and attributes, an address that is not the account's, a
    /// state that has to be read, anything that Muster or the source did to them before, any line that speaks of them.
    public func settlements(of plan: Plan) -> [Settlement] {
        guard !input.isByHand, !plan.isStopped, !input.desired.fingerprints.isEmpty, !input.observed.rows.isEmpty else { return [] }
        let touched = Set(plan.changes.flatMap { [EmailAddress.key($0.person), EmailAddress.key($0.account)] })
        var settled: [Settlement] = []
        for (position, match) in correlation.matches.enumerated() {
            guard case .account(let place, _) = match, let fingerprint = input.desired.fingerprints[position] else { continue }
            let (person, account) = (input.desired.people[position], input.observed.accounts[place])
            let key = EmailAddress.key(person.address)
            guard person.active != false, person.adminRoles == nil, person.groups == nil, person.ruled == nil,
                person.accountAttributes == nil, account.status != .disabled, account.adminRoles?.isEmpty ?? true, account.isInternal,
                key == EmailAddress.key(account.address), !touched.contains(key), !wasDisabledByUs(account), !wasSaidInactive(account)
            else { continue }
            let aliases = Set(((person.aliases ?? []) + (account.aliases ?? [])).map(EmailAddress.key))
            settled.append(
                Settlement(
                    account: key, fingerprint: fingerprint, row: input.observed.rows[place], says: SettledPeople.Says(person),
                    aliases: aliases.sorted()))
        }
        return settled
    }
}
