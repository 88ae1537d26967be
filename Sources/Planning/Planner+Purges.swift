import Foundation
import Mimecast

/// Removal for good: long after the account was disabled, and only where nothing speaks against it.
extension Planner {
    /// As many as a plan reads belongings for (our choice): the next plan goes on.
    static let mostPurges = 100

    /// Accounts that Muster disabled long enough ago, and whom the source does not want active, the longest disabled first.
    private var candidates: [(account: Account, retired: RetiredAccount)] {
        guard let days = input.removal?.purgeAfterDays, !input.isByHand, !input.retired.isEmpty else { return [] }
        let latest = Int(input.now.timeIntervalSince1970) - days * 86_400
        let due = input.retired.filter { $0.purgeListed == nil && $0.since <= latest }
        guard !due.isEmpty else { return [] }
        var kept = Set<Int>()
        var disputed = Set<String>()
        for (person, match) in zip(input.desired.people, correlation.matches) {
            switch match {
            case .account(let position, _):
                let isInactive = person.active == false || person.active == nil && wasSaidInactive(input.observed.accounts[position])
                if !isInactive { kept.insert(position) }
            case .undecided: disputed.insert(EmailAddress.key(person.address))
            case .nobody: break
            }
        }
        for link in input.links where disputed.contains(link.person) { disputed.insert(link.account) }
        let byAddress = Dictionary(due.map { ($0.account, $0) }) { first, _ in first }
        let byID = Dictionary(due.compactMap { record in record.accountID.map { ($0, record) } }) { first, _ in first }
        return input.observed.accounts.indices.compactMap { position in
            let account = input.observed.accounts[position]
            let key = EmailAddress.key(account.address)
            guard let record = account.id.flatMap({ byID[$0] }) ?? byAddress[key] else { return nil }
            // Under this address there is another account now.
            if let id = account.id, let recorded = record.accountID, id != recorded { return nil }
            guard !kept.contains(position), !disputed.contains(key), account.authority == .cloud, !isProtected(account), !isOnHold(account),
                input.observed.completeness.isClosed(EmailAddress(account.address)?.domain ?? "")
            else { return nil }
            return (account, record)
        }.sorted { ($0.retired.since, $0.account.address) < ($1.retired.since, $1.account.address) }
    }

    /// Those of them whose state no list shows.
    var statesToPurge: [String] {
        let asked = input.asks.compactMap(\.purges).filter { account(at: $0).map { $0.status == nil } ?? false }
        return asked + candidates.prefix(Self.mostPurges).filter { $0.account.status == nil }.map(\.account.address)
    }

    /// Addresses of accounts whose belongings have to be read, once the states are known: never everybody.
    public var belongingsToRead: [String] {
        let due = candidates.prefix(Self.mostPurges).filter { status(of: $0.account) == .disabled }.map(\.account.address)
        return input.asks.compactMap(\.purges).filter { account(at: $0) != nil } + due
    }

    /// The purges that a plan from a source proposes beside its other changes: as many as the removal guards leave room for, so that a
    /// purge never stops a leaver.
    func purges(besides changes: [Change]) -> [Change] {
        let due = candidates.prefix(Self.mostPurges).filter { status(of: $0.account) == .disabled }
        guard !due.isEmpty else { return [] }
        // The same account is not asked for twice: whoever is named in another line waits.
        let busy = Set(changes.map { EmailAddress.key($0.account) })
        let free = due.filter { !busy.contains(EmailAddress.key($0.account.address)) }
        let lines = free.map { account, record in
            let days = (Int(input.now.timeIntervalSince1970) - record.since) / 86_400
            return purge(account, reason: "disabled by Muster \(days) days ago, and not wanted since", evidence: "Muster's own record")
        }
        func trips(_ count: Int) -> Bool {
            Guards.judge(
                changes + lines.prefix(count).joined(), people: nil, observed: input.observed, administrators: nil, context: input.guards
            ).contains { $0.tripped && GuardName(rawValue: $0.name)?.directions.contains(.removals) ?? false }
        }
        // The most that no guard stops: one more is never allowed where one less is not.
        guard !trips(0) else { return [] }
        var (most, tooMany) = (0, lines.count + 1)
        while tooMany - most > 1 {
            let middle = (most + tooMany) / 2
            if trips(middle) { tooMany = middle } else { most = middle }
        }
        return Array(lines.prefix(most).joined())
    }

    /// What was not proposed, in a sentence.
    func purgeNotices(_ changes: [Change]) -> [String] {
        let due = candidates.count { status(of: $0.account) == .disabled }
        let lines = changes.count { $0.kind == .purge || $0.kind == .blocked && $0.facts != nil }
        guard due > lines else { return [] }
        return ["\(counted(due - lines, "account")) more may be purged later: a plan takes no more than the removal guards leave room for."]
    }

    /// The lines that remove an account for good: the rights that it has over other mailboxes go first.
    func purge(_ account: Account, reason: String, evidence: String) -> [Change] {
        var change = Change(
            kind: .purge, person: account.address, account: account.address, accountID: account.id, reason: reason, evidence: evidence,
            removal: true, calls: 2)
        let found = input.belongings[EmailAddress.key(account.address)]
        if isProtected(account) {
            change.block("the account is protected", "Take it out of the protected list of the configuration, if it is really meant to go.")
        } else if isOnHold(account) {
            change.block("the account is on hold", "Take it out of removal.holds of the configuration, once the hold is over.")
        } else if account.authority == .ldap {
            change = writable(change, account)
        } else if !input.observed.completeness.isClosed(EmailAddress(account.address)?.domain ?? "") {
            change.block("the read of its domain is open", "Run muster sync until the domain is closed; then repeat.")
        } else if status(of: account) != .disabled {
            change.block("the account is not disabled", "Disable it first; purge it when nobody has missed it for a while.")
        } else if let role = account.adminRoles?.sorted().first ?? found?.role {
            change.block(
                "the account has the administrative role \(role), and the vendor purges no administrator",
                "Take the role away in the administration console (Account > Roles); then plan again.")
        } else if found == nil {
            change.block("its roles and rights were not read", "Plan again.")
        }
        guard change.kind == .purge, let found else { return [change] }
        change.facts = facts(of: account, found)
        return found.opens.sorted().map { mailbox in
            var right = Change(
                kind: .removeDelegate, person: account.address, account: mailbox, reason: "\(account.address) is to be purged",
                evidence: evidence)
            right.counterpart = account.address
            return right
        } + [change]
    }

    private func facts(of account: Account, _ found: Belongings) -> [String] {
        let aliases = Set((account.aliases ?? []) + found.aliases).sorted()
        let names = [account.address] + aliases
        let archive: String =
            switch found.archive {
            case true?: "the tenant's archive stays" + (found.retentionDays.map { ", for at most \($0) days" } ?? "")
            case false?: "the tenant has no archive: nothing of the mailbox stays"
            case nil: "whether the tenant has an archive, this dialect does not tell"
            }
        return [
            archive, "mail to \(names.joined(separator: ", ")) will bounce",
            found.opens.isEmpty
                ? "it may open no other mailbox" : "it may open \(found.opens.sorted().joined(separator: ", ")), which ends before",
            "muster undo takes it off the purge list as long as the vendor has not purged it",
        ]
    }

    func isOnHold(_ account: Account) -> Bool {
        guard let holds = input.removal?.holds, !holds.isEmpty else { return false }
        return ([account.address] + (account.aliases ?? [])).contains { holds.contains(EmailAddress.key($0)) }
    }

    /// Whether Muster put it on the purge list, and has not taken it off.
    func isPurgeListed(_ account: Account) -> Bool {
        let key = EmailAddress.key(account.address)
        return input.retired.contains { record in
            guard record.purgeListed != nil else { return false }
            if let id = account.id, let recorded = record.accountID { return id == recorded }
            return record.account == key
        }
    }

    /// Whoever is enabled again comes off the list first.
    func unpurge(_ person: Person, _ account: Account, at address: String) -> Change {
        writable(
            Change(
                kind: .unpurge, person: person.address, account: address, accountID: account.id,
                reason: "wanted again, after Muster had put the account on the purge list", evidence: evidence(person)), account)
    }
}
