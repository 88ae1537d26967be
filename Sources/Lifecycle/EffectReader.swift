import Mimecast
import MimecastClient
import Planning

/// Reads whether changes are in effect: each account and each group once, however many lines ask.
struct EffectReader: Sendable {
    let client: TenantClient
    /// What the last read of the tenant cost; nil reads account by account.
    var lists: SyncReport?

    /// For each line, nil where the change is in effect, else what was found instead.
    func read(_ changes: [Change]) async throws -> [Int: String?] {
        var accounts: [String: Account] = [:]
        var asked = changes.filter(\.isReadByAccount)
        let shown = asked.filter(isShownByLists)
        let domains = Set(shown.map { EmailAddress.domain(ofKey: EmailAddress.key($0.addressAfter)) }).sorted()
        if let pages = pages(of: domains), pages < Self.calls(for: shown, client) {
            accounts = try await listed(Set(shown.map { EmailAddress.key($0.addressAfter) }), domains)
            // A list may lag, or leave somebody out: what it does not show as it should be is asked for by itself.
            asked.removeAll { isShownByLists($0) && Self.difference($0, account: account($0, accounts), group: nil, members: [:]) == nil }
        }
        // Who is asked for singly and is absent is absent, whatever a list said before.
        for change in asked { accounts[EmailAddress.key(change.addressAfter)] = nil }
        if !asked.isEmpty { accounts.merge(try await client.lookUp(Set(asked.map(\.addressAfter)).sorted())) { $1 } }
        var members: [String: Set<String>] = [:]
        let groups = try await groupIDs(changes)
        for group in Set(groups.values).sorted() {
            var keys = Set<String>()
            for try await page in client.members(ofGroup: group) { keys.formUnion(page.addresses.map { EmailAddress.key($0.address) }) }
            members[group] = keys
        }
        let belongings = BelongingsReader(client: client)
        let attributes = try await AttributeReader(client: client).read(changes.filter { $0.kind == .attribute }.map(\.account))
        var found: [Int: String?] = [:]
        for change in changes {
            found.updateValue(
                try await belongings.difference(change) ?? AttributeReader.difference(change, attributes)
                    ?? Self.difference(change, account: account(change, accounts), group: groups[change.line], members: members),
                forKey: change.line)
        }
        return found
    }

    private func account(_ change: Change, _ accounts: [String: Account]) -> Account? { accounts[EmailAddress.key(change.addressAfter)] }

    /// Whether a page of a list can show the change in effect. That somebody is gone is no list's to say.
    private func isShownByLists(_ change: Change) -> Bool {
        switch change.kind {
        case .create, .rename, .update: true
        case .enable, .disable: client.capabilities.listShowsStatus
        default: false
        }
    }

    /// How many calls it takes to ask for each by itself.
    private static func calls(for changes: [Change], _ client: TenantClient) -> Int {
        let each = client.accountsPerLookUp
        return (Set(changes.map(\.addressAfter)).count + each - 1) / each
    }

    /// How many pages these domains had when they were read last.
    private func pages(of domains: [String]) -> Int? {
        guard let lists else { return nil }
        if let list = lists.list { return list.pages }
        let pages = domains.map { domain in lists.domains.first { $0.domain == domain }?.pages }
        return pages.contains(nil) ? nil : pages.reduce(0) { $0 + ($1 ?? 0) }
    }

    private func listed(_ keys: Set<String>, _ domains: [String]) async throws -> [String: Account] {
        var accounts: [String: Account] = [:]
        do {
            for domain in lists?.list == nil ? domains.map(Optional.some) : [nil] {
                for try await page in client.internalAccounts(domain: domain) {
                    for account in page.accounts {
                        let key = EmailAddress.key(account.address)
                        if keys.contains(key) { accounts[key] = account }
                    }
                }
            }
        } catch let error as ClientError where error.code == .wrongAnswer {
            // Whom it has not shown by now is asked for.
        }
        return accounts
    }

    /// The group of each line that is about one, by line; a group that the plan makes is found by its name.
    private func groupIDs(_ changes: [Change]) async throws -> [Int: String] {
        var ids: [Int: String] = [:]
        var named: [String: String]?
        for change in changes {
            if let id = change.groupID {
                ids[change.line] = id
            } else if let name = change.group {
                if named == nil {
                    var found: [String: String] = [:]
                    for try await page in client.groups() {
                        for group in page.groups where group.authority == .cloud { found[EmailAddress.fold(group.name)] = group.id }
                    }
                    named = found
                }
                ids[change.line] = named?[EmailAddress.fold(name)]
            }
        }
        return ids
    }

    /// What is not as the change wants it; nil where all is.
    static func difference(_ change: Change, account: Account?, group: String?, members: [String: Set<String>]) -> String? {
        let key = EmailAddress.key(change.account)
        switch change.kind {
        case .create, .rename, .update:
            guard let account else { return "no account \(change.addressAfter)" }
            return change.values.flatMap { fieldDifference($0, account) }
        case .enable: return account == nil ? "no account \(change.account)" : account?.status == .active ? nil : "still disabled"
        case .disable: return account == nil || account?.status == .disabled ? nil : "still active"
        case .remove: return account == nil ? nil : "still there"
        case .addMember: return group.flatMap { members[$0] }?.contains(key) == true ? nil : "not a member"
        case .removeMember: return group.flatMap { members[$0] }?.contains(key) == true ? "still a member" : nil
        case .createGroup: return group == nil ? "no group \(change.group ?? "")" : nil
        // No call shows the purge list: whoever is gone is purged, and of whoever is there nothing is seen.
        case .unpurge: return account == nil ? "no account \(change.account)" : nil
        case .purge, .addAlias, .removeAlias, .addDelegate, .removeDelegate, .attribute, .blocked, .undecided: return nil
        }
    }

    private static func fieldDifference(_ values: Change.Values, _ account: Account) -> String? {
        func text(_ field: String, _ wanted: String?, _ found: String?) -> String? {
            guard let wanted, let found, wanted != found else { return nil }
            return "\(field) is \(found)"
        }
        func list(_ field: String, _ wanted: [String]?, _ found: [String]?) -> String? {
            guard let wanted, let found, Set(wanted.map(EmailAddress.key)) != Set(found.map(EmailAddress.key)) else { return nil }
            return "\(field) is \(found.sorted().joined(separator: "; "))"
        }
        return text("name", values.name, account.name) ?? text("firstName", values.firstName, account.firstName)
            ?? text("lastName", values.lastName, account.lastName) ?? list("aliases", values.aliases, account.aliases)
            ?? list("adminRoles", values.adminRoles, account.adminRoles)
    }
}

extension Change {
    /// The account itself shows whether the line is in effect.
    fileprivate var isReadByAccount: Bool {
        switch kind {
        case .createGroup, .addMember, .removeMember, .addAlias, .removeAlias, .addDelegate, .removeDelegate, .attribute: false
        default: true
        }
    }

    /// Where the account is found once the change is in effect.
    var addressAfter: String { kind == .rename ? values?.address ?? account : account }
}
