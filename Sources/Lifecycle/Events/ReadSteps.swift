import Mimecast
import MusterStore
import Planning

/// The steps of accounts, groups and memberships from the reads before to this one, as events.
struct ReadSteps {
    let tenant: String
    let number: Int
    let facts: SnapshotStore.Facts
    let writer: EventWriter
    let tx: any Transaction
    let absences: Absences

    init(tenant: String, number: Int, facts: SnapshotStore.Facts, writer: EventWriter, _ tx: any Transaction) {
        self.tenant = tenant
        self.number = number
        self.facts = facts
        self.writer = writer
        self.tx = tx
        absences = Absences(tenant: tenant, tx: tx)
    }

    /// A key, and since when its last version held; the version ended.
    struct Gone {
        var key: String
        var since: Int
        /// Not seen in this read; otherwise in an earlier one.
        var isNew: Bool
        /// The vendor's id, where another account has the address now.
        var ousted = ""
    }

    /// What became of the accounts.
    struct Accounts {
        var gone: [Gone] = []
        var come: [String] = []
        /// Seen before and now, and different.
        var kept: [(key: String, since: Int)] = []
        var renames: [(from: Gone, to: String)] = []
    }

    func write(
        _ accounts: SnapshotStore.Turned, _ aliases: SnapshotStore.Turned, _ groups: SnapshotStore.Turned, _ members: SnapshotStore.Turned
    ) throws {
        let sorted = try sort(accounts)
        let memberships = try MembershipSteps(self, members, renames: sorted.renames.map { ($0.from.key, $0.to) })
        try memberships.writeLeft()
        var owned = OwnedAliases()
        try write(sorted, &owned)
        try write(aliases, besides: owned)
        let goneGroups = try write(groups)
        try memberships.writeJoined()
        for (group, since) in goneGroups {
            for draft in GroupSteps.drafts(from: group, to: nil) { try writer.add(draft, start(since)) }
        }
    }

    /// The place of a version, as ids of events have it.
    func start(_ since: Int) -> String { String(since) }

    // MARK: Accounts

    private func sort(_ turned: SnapshotStore.Turned) throws -> Accounts {
        var result = Accounts()
        let ended = Dictionary(turned.ended.map { ($0.keys[0], $0.since) }) { first, _ in first }
        var seen = Set<String>()
        for keys in turned.added {
            let key = keys[0]
            seen.insert(key)
            guard let since = try ended[key] ?? absences.take(.account, key) else {
                result.come.append(key)
                continue
            }
            if let old = try id(key, since), let new = try id(key, number), old != new {
                // Another account under the address.
                result.gone.append(Gone(key: key, since: since, isNew: true, ousted: old))
                result.come.append(key)
            } else {
                result.kept.append((key, since))
            }
        }
        for (since, keys) in turned.ended where !seen.contains(keys[0]) {
            result.gone.append(Gone(key: keys[0], since: since, isNew: true))
        }
        result.gone += try absences.all(.account).map { Gone(key: $0.id, since: $0.since, isNew: false, ousted: $0.member) }
        try match(&result)
        return result
    }

    /// Finds out who was renamed: by the vendor's id, or because Muster did it.
    private func match(_ accounts: inout Accounts) throws {
        guard !accounts.gone.isEmpty, !accounts.come.isEmpty else { return }
        var byID: [String: Int] = [:]
        var byKey: [String: Int] = [:]
        for (place, gone) in accounts.gone.enumerated() {
            byKey[gone.key] = place
            if let id = try id(gone.key, gone.since) { byID[id] = place }
        }
        var taken = Set<Int>()
        var come: [String] = []
        for key in accounts.come {
            let known = try id(key, number).flatMap { byID[$0] } ?? writer.own.oldAddress(of: key).flatMap { byKey[$0] }
            if let place = known, accounts.gone[place].key != key, taken.insert(place).inserted {
                accounts.renames.append((accounts.gone[place], key))
            } else {
                come.append(key)
            }
        }
        accounts.come = come
        accounts.gone = accounts.gone.enumerated().filter { !taken.contains($0.offset) }.map(\.element)
        accounts.renames = RenameOrder.sorted(accounts.renames.map { ($0.from.key, $0.to) }).map { accounts.renames[$0] }
    }

    private func write(_ accounts: Accounts, _ owned: inout OwnedAliases) throws {
        for gone in accounts.gone {
            guard let account = try account(gone.key, gone.since) else { continue }
            guard isProved(account) else {
                owned.hidden.formUnion((account.aliases ?? []).map(EmailAddress.key))
                if gone.isNew { try absences.put(.account, gone.key, gone.ousted, since: gone.since) }
                continue
            }
            if !gone.isNew { try absences.take(.account, gone.key, gone.ousted) }
            owned.removed.formUnion((account.aliases ?? []).map(EmailAddress.key))
            try write(AccountSteps.drafts(from: account, to: nil), gone.since)
        }
        for (from, to) in accounts.renames {
            if !from.isNew { try absences.take(.account, from.key, from.ousted) }
            guard let old = try account(from.key, from.since), let new = try account(to, number) else { continue }
            try write(step(from: try told(old, new, from.key, from.since), to: new, &owned), from.since, from: from.key)
        }
        for key in accounts.come {
            guard let account = try account(key, number) else { continue }
            owned.added.formUnion((account.aliases ?? []).map(EmailAddress.key))
            try write(AccountSteps.drafts(from: nil, to: account), try lastEnd(key))
        }
        for (key, since) in accounts.kept {
            guard let old = try account(key, since), let new = try account(key, number) else { continue }
            try write(step(from: try told(old, new, key, since), to: new, &owned), since)
        }
    }

    private func step(from old: Account, to new: Account, _ owned: inout OwnedAliases) -> [EventDraft] {
        let drafts = AccountSteps.drafts(from: old, to: new)
        let (before, after) = (Set((old.aliases ?? []).map(EmailAddress.key)), Set((new.aliases ?? []).map(EmailAddress.key)))
        owned.removed.formUnion(before.subtracting(after))
        owned.added.formUnion(after.subtracting(before))
        return drafts
    }

    private func write(_ drafts: [EventDraft], _ since: Int, from address: String? = nil) throws {
        for draft in drafts {
            var draft = draft
            draft.data.person = try writer.person(draft.person, or: address)
            try writer.add(draft, start(since), from: address)
        }
    }

    /// What the version shows, and beyond it what earlier ones showed: a list that leaves a field out in between changes nothing.
    private func told(_ old: Account, _ new: Account, _ key: String, _ since: Int) throws -> Account {
        guard AccountSteps.showsMore(new, than: old) else { return old }
        var result = old
        var next = since
        try tx.each(
            """
            SELECT since, until, \(ObservedAccount.columns().joined(separator: ", ")) FROM observed_accounts
            WHERE tenant = $1 AND key = $2 AND since < $3 ORDER BY since DESC
            """, [.text(tenant), .text(key), .int(since)]
        ) { row in
            // Whoever was away in between began anew.
            guard row.int(1) == next else { return false }
            next = row.int(0)
            result = AccountSteps.told(result, by: try ObservedAccount.account(row, at: 2))
            return AccountSteps.showsMore(new, than: result)
        }
        return result
    }

    private func isProved(_ account: Account) -> Bool {
        guard account.isInternal else { return facts.completeness.external?.state == .closed }
        return facts.completeness.isClosed(EmailAddress.domain(ofKey: EmailAddress.key(account.address)))
    }

    func account(_ key: String, _ since: Int) throws -> Account? {
        try tx.first(Self.version, [.text(tenant), .text(key), .int(since)]) { try ObservedAccount.account($0) }
    }

    private func id(_ key: String, _ since: Int) throws -> String? {
        try tx.first(
            "SELECT account_id FROM observed_accounts WHERE tenant = $1 AND key = $2 AND since = $3",
            [.text(tenant), .text(key), .int(since)]
        ) { $0.textOrNil(0) } ?? nil
    }

    /// Where the last version of an address ended; 0 where it never had one.
    private func lastEnd(_ key: String) throws -> Int {
        try tx.first(
            "SELECT max(until) FROM observed_accounts WHERE tenant = $1 AND key = $2", [.text(tenant), .text(key)]
        ) { $0.intOrNil(0) ?? 0 } ?? 0
    }

    private static let version =
        "SELECT \(ObservedAccount.columns().joined(separator: ", ")) FROM observed_accounts WHERE tenant = $1 AND key = $2 AND since = $3"

    // MARK: Aliases whose owner does not show

    /// Folded aliases that changes of their owners tell of.
    struct OwnedAliases {
        var added = Set<String>()
        var removed = Set<String>()
        /// Of accounts that are missing without proof: they are missing with them, whatever is proved of their own domains.
        var hidden = Set<String>()
    }

    private func write(_ turned: SnapshotStore.Turned, besides owned: OwnedAliases) throws {
        let proof = facts.completeness
        var gone = turned.ended.map { (key: $0.keys[0], since: $0.since, isNew: true) }
        gone += try absences.all(.alias).map { (key: $0.id, since: $0.since, isNew: false) }
        let come = Set(turned.added.map { $0[0] })
        for (key, since, isNew) in gone where !come.contains(key) && !Self.isSystem(key) {
            guard proof.isClosed(EmailAddress.domain(ofKey: key)) && !owned.hidden.contains(key) || owned.removed.contains(key) else {
                if isNew { try absences.put(.alias, key, since: since) }
                continue
            }
            if !isNew { try absences.take(.alias, key) }
            if !owned.removed.contains(key) { try writer.add(GroupSteps.alias(.aliasRemoved, key), start(since)) }
        }
        for keys in turned.added where !Self.isSystem(keys[0]) {
            let key = keys[0]
            guard try absences.take(.alias, key) == nil, !owned.added.contains(key) else { continue }
            let last = try tx.first("SELECT max(until) FROM observed_taken WHERE tenant = $1 AND key = $2", [.text(tenant), .text(key)]) {
                $0.intOrNil(0) ?? 0
            }
            try writer.add(GroupSteps.alias(.aliasAdded, key), start(last ?? 0))
        }
    }

    /// Rows that every domain has: taken, and nobody's.
    private static func isSystem(_ key: String) -> Bool { key.hasPrefix("abuse@") || key.hasPrefix("postmaster@") }

    // MARK: Groups

    var isGroupListWhole: Bool { facts.unproved?.isListWhole ?? true }

    /// - Returns: the groups that are gone, each with the start of its last version: they are told last.
    private func write(_ turned: SnapshotStore.Turned) throws -> [(Group, Int)] {
        let ended = Dictionary(turned.ended.map { ($0.keys[0], $0.since) }) { first, _ in first }
        var seen = Set<String>()
        for keys in turned.added {
            let id = keys[0]
            seen.insert(id)
            let since = try ended[id] ?? absences.take(.group, id)
            let old = try since.flatMap { try group(id, $0) }
            let last =
                try since
                ?? tx.first("SELECT max(until) FROM observed_groups WHERE tenant = $1 AND id = $2", [.text(tenant), .text(id)]) {
                    $0.intOrNil(0) ?? 0
                }
            for draft in GroupSteps.drafts(from: old, to: try group(id, number)) { try writer.add(draft, start(last ?? 0)) }
        }
        var gone = turned.ended.filter { !seen.contains($0.keys[0]) }.map { (id: $0.keys[0], since: $0.since, isNew: true) }
        gone += try absences.all(.group).map { (id: $0.id, since: $0.since, isNew: false) }
        var result: [(Group, Int)] = []
        for (id, since, isNew) in gone {
            guard isGroupListWhole else {
                if isNew { try absences.put(.group, id, since: since) }
                continue
            }
            if !isNew { try absences.take(.group, id) }
            if let group = try group(id, since) { result.append((group, since)) }
        }
        return result
    }

    func group(_ id: String, _ since: Int) throws -> Group? {
        try tx.first(
            "SELECT id, name, authority FROM observed_groups WHERE tenant = $1 AND id = $2 AND since = $3",
            [.text(tenant), .text(id), .int(since)]
        ) { Group(id: $0.text(0), name: $0.text(1), authority: Authority(rawValue: $0.text(2)) ?? .ldap) }
    }
}
