import Mimecast

@testable import Planning

/// What a plan has to lead to, worked out the slow and obvious way: from whose account is whose, and what the rules say of each.
struct Reference {
    /// An account as far as a plan changes it.
    struct End: Hashable {
        var address: String
        var name: String?
        var aliases: Set<String>
        var status: Account.Status?
        var groups: Set<String>
    }

    private let history: History
    private var scene: Scene { history.scene }

    /// The links of each account, by its key.
    private let links: [String: [Link]]
    /// At least one id of the source is known: then ids speak before addresses.
    let knowsIDs: Bool

    init(_ history: History) {
        self.history = history
        var found: [String: [Link]] = [:]
        for link in history.scene.links {
            let account =
                history.scene.accounts.first { link.accountID != nil && $0.id == link.accountID }
                ?? history.scene.accounts.first { $0.address == link.account }
            if let account { found[History.key(account), default: []].append(link) }
        }
        links = found
        let ids = Set(history.scene.links.compactMap(\.externalID))
        knowsIDs = history.humans.contains { $0.isEmployed && $0.id.map(ids.contains) ?? false }
    }

    /// How things are.
    static func ends(_ scene: Scene) -> [String: End] {
        Dictionary(uniqueKeysWithValues: scene.accounts.map { (History.key($0), end($0, scene)) })
    }

    private static func end(_ account: Account, _ scene: Scene) -> End {
        let key = account.address
        return End(
            address: key, name: account.name, aliases: Set((account.aliases ?? [])),
            status: account.status ?? scene.states[key], groups: Set(scene.members.filter { $0.value.contains(key) }.map(\.key)))
    }

    /// How things are to be after the plan: of accounts that are there by their key, of those that are made by their address.
    func wanted() -> [String: End] {
        var ends = Self.ends(scene)
        for account in scene.accounts where isVisible(account) {
            let key = History.key(account)
            guard let human = history.owner[key], var end = ends[key] else { continue }
            if history.humans[human].isEmployed {
                guard !isQuestion(human) else { continue }
                if account.authority == .cloud { employ(human, account, &end) }
                join(human, account.address, isNew: false, &end)
            } else if !links(to: account).isEmpty, !isNamed(account), account.authority == .cloud, mayLose(account) {
                end.status = .disabled
            }
            ends[key] = end
        }
        for human in history.humans.indices where isMade(human) {
            let person = history.humans[human]
            var end = End(
                address: person.address, name: person.name ?? String(person.address.prefix { $0 != "@" }),
                aliases: scene.flavour == .guide ? Set((person.aliases ?? [])) : [], status: .active, groups: [])
            join(human, person.address, isNew: true, &end)
            ends[end.address] = end
        }
        return ends
    }

    // MARK: People

    private func employ(_ human: Int, _ account: Account, _ end: inout End) {
        let person = history.humans[human]
        let old = end.address
        let new = person.address
        let isTaken = scene.accounts.contains { other in
            isVisible(other) && other.id != account.id && (other.aliases ?? []).contains { $0 == new }
        }
        if new == old || scene.flavour == .guide && !isTaken {
            end.address = new
            end.name = person.name ?? end.name
            if scene.flavour == .guide {
                let kept = new == old ? end.aliases : end.aliases.subtracting([new]).union([old])
                end.aliases = person.aliases.map { Set($0) } ?? kept
            }
        }
        if person.active == false {
            if mayLose(account) { end.status = .disabled }
        } else if person.active == true || history.disabledByMuster.contains(human) && history.lastWord[human] != false {
            end.status = .active
        }
    }

    private func join(_ human: Int, _ address: String, isNew: Bool, _ end: inout End) {
        let person = history.humans[human]
        guard let names = person.groups, person.active != false else { return }
        let named = scene.groups.filter { names.contains($0.name) && $0.authority == .cloud }.map(\.id)
        end.groups.formUnion(named)
        if scene.observed.completeness.isClosed {
            for name in names where !scene.groups.contains(where: { EmailAddress.fold($0.name) == EmailAddress.fold(name) }) {
                end.groups.insert("g-\(name)")
            }
        }
        if !isNew, !isOpen(address) { end.groups.subtract(spokenOf.subtracting(named)) }
    }

    /// Groups that the source names, or named before.
    private var spokenOf: Set<String> {
        var spoken = scene.managed
        for human in history.humans where human.isEmployed {
            for group in scene.groups where group.authority == .cloud && human.groups?.contains(group.name) == true {
                spoken.insert(group.id)
            }
        }
        return spoken
    }

    /// An account is made for whoever has none, as far as anybody can know.
    private func isMade(_ human: Int) -> Bool {
        let person = history.humans[human]
        // Whoever had an account may have it still, in a domain that does not show all.
        let hadOne = scene.links.contains {
            $0.externalID != nil && $0.externalID == person.id || $0.person == person.address
        }
        return person.isEmployed && history.account(of: human) == nil && person.active != false && !isOpen(person.address)
            && !(hadOne && !scene.openDomains.isEmpty)
            && !isQuestion(human) && !scene.accounts.contains { $0.address == person.address }
    }

    /// What the plan knows of them is what the tenant has.
    func isSeen(_ human: Int) -> Bool { history.account(of: human).map { isVisible(scene.accounts[$0]) } ?? true }

    /// Nobody can say whose account the row means.
    func isQuestion(_ human: Int) -> Bool {
        let person = history.humans[human]
        let address = person.address
        let visible = scene.unseen.isEmpty ? scene.accounts : scene.accounts.filter(isVisible)
        let there = visible.first { $0.address == address }
        let own = scene.links.first { $0.externalID != nil && $0.externalID == person.id }
        let named = knowsIDs && person.id != nil ? nil : scene.links.first { $0.person == address }
        if let own = own ?? named, let account = visible.first(where: { links(to: $0).contains(own) }) {
            return there.map { History.key($0) != History.key(account) } ?? false
        }
        // The row comes with an id that nobody knows, at an address or alias that is known under another id.
        guard knowsIDs, let id = person.id else {
            // Two rows for one account: whom the link names has it.
            return there.map { account in
                links(to: account).contains { link in
                    link.person != address && history.humans.contains { $0.isEmployed && $0.address == link.person }
                }
            } ?? false
        }
        if own == nil, let link = scene.links.first(where: { $0.person == address }), let old = link.externalID, old != id { return true }
        let candidates = there.map { [$0] } ?? visible.filter { ($0.aliases ?? []).contains { $0 == address } }
        return candidates.contains { account in
            links(to: account).contains { $0.externalID != nil && $0.externalID != id }
        }
    }

    /// Whoever in the source owns the account would be known without a look at it.
    func isFoundByLink(_ account: Account) -> Bool {
        guard let human = history.owner[History.key(account)].map({ history.humans[$0] }), human.isEmployed else { return true }
        return links(to: account).contains { link in
            human.id != nil && human.id == link.externalID || link.person == human.address
        }
    }

    /// Somebody in the source has what the link of this account knows.
    private func isNamed(_ account: Account) -> Bool {
        links(to: account).contains { link in
            history.humans.contains { human in
                human.isEmployed && (human.id != nil && human.id == link.externalID || human.address == link.person)
            }
        }
    }

    // MARK: Accounts

    /// Some account is linked to somebody.
    func isLinked(_ human: Int) -> Bool { history.account(of: human).map { !links(to: scene.accounts[$0]).isEmpty } ?? false }

    func links(to account: Account) -> [Link] { links[History.key(account)] ?? [] }

    private func isVisible(_ account: Account) -> Bool { !scene.unseen.contains(account.address) }

    private func isOpen(_ address: String) -> Bool {
        scene.openDomains.contains { address.hasSuffix("@" + $0) }
    }

    private func mayLose(_ account: Account) -> Bool { !isOpen(account.address) && !history.isProtected(account) }
}
