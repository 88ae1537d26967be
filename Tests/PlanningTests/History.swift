import Mimecast

@testable import Planning

/// A company over the years: people come, go, come back, move and change their names and ids, and colleagues meddle at the console. The
/// history knows of each account whose it truly is, which Muster has to find out. Addresses are made as they are when folded.
struct History {
    /// Somebody who works there, or once did.
    struct Human {
        var id: String?
        var address: String
        var name: String?
        var active: Bool?
        var aliases: [String]?
        var groups: [String]?
        var isEmployed = true
        /// Stands for whoever an account belonged to of whom nobody knows any more.
        var isForgotten = false

        var person: Person {
            Person(address: address, externalID: id, name: name, active: active, aliases: aliases, groups: groups)
        }
    }

    /// What happens between two plans.
    enum Event: CaseIterable {
        case joins, joinsWithAccount, leaves, leavesAndIsGone, comesBack, comesBackUnderNewID
        case moves, movesBack, movesToTakenAddress, swapsAddress, takesOverAddress, takesOverAlias
        case changesID, allChangeIDs, isDecided
        case isActive, isInactive, saysNothing
        case changesName, changesGroups, changesAliases
        case consoleRenames, consoleDeletes, consoleDisables, consoleMovesMembers
    }

    static let second = "branch.example"

    var random: Seeded
    var scene: Scene
    var humans: [Human] = []
    /// Whose an account is, by its key.
    var owner: [String: Int] = [:]
    /// Whom Muster disabled and did not enable since, and what the source last said about `active`: the reference's own memory.
    var disabledByMuster: Set<Int> = []
    var lastWord: [Int: Bool] = [:]
    private let hasIDs: Bool
    private var serial = 0

    init(_ flavour: Flavour, seed: Int) {
        random = Seeded(seed)
        scene = Scene(flavour)
        scene.domains = [domain, Self.second]
        scene.groups = [
            Group(id: "g1", name: "Staff", authority: .cloud), Group(id: "g2", name: "Sales", authority: .cloud),
            Group(id: "g3", name: "Directory", authority: .ldap),
        ]
        for group in scene.groups { scene.members[group.id] = [] }
        scene.guards.limits.raised = Dictionary(uniqueKeysWithValues: GuardName.allCases.map { ($0.rawValue, 1_000_000) })
        hasIDs = random.chance(90)
        for _ in 0..<Int.random(in: 3...8, using: &random) {
            let human = join()
            if random.chance(85) { open(human) }
        }
        // Accounts that are nobody's in the source.
        for _ in 0..<Int.random(in: 0...2, using: &random) { scene.account(fresh()) }
    }

    static func key(_ account: Account) -> String { account.id ?? account.address }

    func account(of human: Int) -> Int? { scene.accounts.firstIndex { owner[Self.key($0)] == human } }

    /// The source as it is exported now.
    var people: [Person] { humans.filter(\.isEmployed).map(\.person) }

    // MARK: Events

    private mutating func fresh() -> String {
        serial += 1
        return "u\(serial)@\(random.chance(75) ? domain : Self.second)"
    }

    private mutating func freshID() -> String? {
        serial += 1
        return hasIDs ? "x\(serial)" : nil
    }

    @discardableResult
    private mutating func join(at address: String? = nil) -> Int {
        let address = address ?? fresh()
        humans.append(
            Human(
                id: freshID(), address: address, name: random.chance(60) ? "Name \(serial)" : nil,
                active: random.chance(70) ? nil : random.chance(70), groups: someGroups()))
        return humans.count - 1
    }

    private mutating func someGroups() -> [String]? {
        guard random.chance(50) else { return nil }
        var groups: [String] = []
        for name in ["Staff", "Sales", "Directory", "Nowhere"] where random.chance(40) { groups.append(name) }
        return groups
    }

    /// Gives somebody an account of the console's making.
    private mutating func open(_ human: Int) {
        serial += 1
        let account = scene.account(
            humans[human].address, name: "Account \(serial)", aliases: random.chance(15) ? ["alias\(serial)"] : [],
            status: random.chance(10) ? .disabled : .active, authority: random.chance(8) ? .ldap : .cloud, id: "id-\(serial)")
        owner[Self.key(account)] = human
        if random.chance(8) { scene.protected.insert(account.address) }
        for group in ["g1", "g2"] where random.chance(30) { scene.members[group, default: []].insert(account.address) }
    }

    private mutating func anybody(_ isMeant: (History, Int) -> Bool) -> Int? {
        humans.indices.filter { isMeant(self, $0) }.randomElement(using: &random)
    }

    private mutating func employed() -> Int? { anybody { $0.humans[$1].isEmployed } }

    /// Somebody who left, whose account is there still, and whose address nobody has.
    private mutating func formerWithAccount() -> Int? {
        anybody { history, human in
            let former = history.humans[human]
            return !former.isEmployed && history.account(of: human) != nil
                && !history.humans.contains { $0.isEmployed && $0.address == former.address }
        }
    }

    /// Lets one thing happen, where it can.
    mutating func happen(_ event: Event) {
        switch event {
        case .joins: join()
        case .joinsWithAccount: open(join())
        case .leaves, .leavesAndIsGone:
            guard humans.count(where: \.isEmployed) > 1, let human = employed() else { return }
            humans[human].isEmployed = false
            if event == .leavesAndIsGone, let account = account(of: human) { remove(account) }
        case .comesBack, .comesBackUnderNewID:
            guard
                let human = anybody({ history, human in
                    !history.humans[human].isEmployed && !history.humans[human].isForgotten
                        && !history.humans.contains { $0.isEmployed && $0.address == history.humans[human].address }
                })
            else { return }
            humans[human].isEmployed = true
            if event == .comesBackUnderNewID { humans[human].id = freshID() }
        case .moves:
            guard hasIDs, let human = employed() else { return }
            humans[human].address = fresh()
        case .movesBack:
            // To an address that the account keeps as an alias.
            guard hasIDs, let human = employed(), let account = account(of: human), let alias = scene.accounts[account].aliases?.last,
                !humans.contains(where: { $0.isEmployed && $0.address == alias })
            else { return }
            humans[human].address = alias
        case .movesToTakenAddress:
            // The console made a second account at the new address already.
            guard hasIDs, let human = employed(), account(of: human) != nil else { return }
            humans[human].address = fresh()
            serial += 1
            scene.account(humans[human].address, id: "id-\(serial)")
        case .swapsAddress:
            guard hasIDs, let one = employed(), let other = employed(), one != other else { return }
            (humans[one].address, humans[other].address) = (humans[other].address, humans[one].address)
        case .takesOverAddress:
            guard hasIDs, let former = formerWithAccount() else { return }
            join(at: humans[former].address)
        case .takesOverAlias:
            guard hasIDs, let former = formerWithAccount(), let account = account(of: former),
                let alias = scene.accounts[account].aliases?.first(where: { alias in
                    !humans.contains { $0.isEmployed && $0.address == alias }
                })
            else { return }
            join(at: alias)
        case .changesID:
            guard hasIDs, let human = employed() else { return }
            humans[human].id = freshID()
        case .allChangeIDs:
            guard hasIDs else { return }
            for human in humans.indices { humans[human].id = freshID() }
        case .isDecided: decide()
        case .isActive, .isInactive, .saysNothing:
            guard let human = employed() else { return }
            humans[human].active = event == .isActive ? true : event == .isInactive ? false : nil
        case .changesName:
            guard let human = employed() else { return }
            serial += 1
            humans[human].name = "Name \(serial)"
        case .changesGroups:
            guard let human = employed() else { return }
            humans[human].groups = someGroups()
        case .changesAliases:
            guard let human = employed(), account(of: human).map({ !isProtected(scene.accounts[$0]) }) ?? true else { return }
            serial += 1
            humans[human].aliases = random.chance(30) ? [] : ["wish\(serial)@\(domain)"]
        case .consoleRenames: consoleRenames()
        case .consoleDeletes:
            guard let account = scene.accounts.indices.randomElement(using: &random) else { return }
            remove(account)
        case .consoleDisables:
            guard let account = scene.accounts.indices.randomElement(using: &random) else { return }
            let key = scene.accounts[account].address
            if scene.flavour == .guide { scene.accounts[account].status = .disabled } else { scene.states[key] = .disabled }
        case .consoleMovesMembers:
            guard let account = scene.accounts.randomElement(using: &random), let group = ["g1", "g2"].randomElement(using: &random) else {
                return
            }
            let key = account.address
            if scene.members[group, default: []].remove(key) == nil { scene.members[group, default: []].insert(key) }
        }
    }

    func isProtected(_ account: Account) -> Bool {
        ([account.address] + (account.aliases ?? [])).contains { scene.protected.contains($0) }
    }

    private mutating func remove(_ account: Int) {
        let gone = scene.accounts.remove(at: account)
        let key = gone.address
        scene.states[key] = nil
        for group in scene.members.keys { scene.members[group]?.remove(key) }
        if let human = owner.removeValue(forKey: Self.key(gone)) { disabledByMuster.remove(human) }
    }

    /// The guide's ids survive it.
    private mutating func consoleRenames() {
        guard scene.flavour == .guide, let account = scene.accounts.indices.randomElement(using: &random),
            !isProtected(scene.accounts[account])
        else { return }
        let old = scene.accounts[account].address
        scene.accounts[account].address = fresh()
        let new = scene.accounts[account].address
        for group in scene.members.keys where scene.members[group]?.remove(old) != nil { scene.members[group]?.insert(new) }
    }

    /// A human says of somebody whose rows are a question which account is meant, as `muster resolve` keeps it.
    private mutating func decide() {
        guard let human = anybody({ $0.humans[$1].isEmployed && Reference($0).isQuestion($1) }), let own = account(of: human) else {
            return
        }
        let account = scene.accounts[own]
        let key = account.address
        let person = humans[human].address
        let old = scene.links.first { $0.account == key }
        scene.links.removeAll { $0.account == key || $0.externalID != nil && $0.externalID == humans[human].id || $0.person == person }
        scene.links.append(
            Link(
                account: key, accountID: account.id, externalID: humans[human].id, person: person, disabledByUs: old?.disabledByUs ?? false,
                saidInactive: old?.saidInactive ?? false))
    }

    // MARK: Steps

    /// Some things happen, and the source is exported and the tenant read again.
    mutating func goOn() {
        let calm: Set<Event> = [.allChangeIDs]
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            guard let event = Event.allCases.randomElement(using: &random) else { continue }
            if calm.contains(event), random.chance(70) { continue }
            happen(event)
        }
        recognise()
        scene.people = people.shuffled(using: &random)
        scene.openDomains = []
        scene.unseen = []
        guard random.chance(25) else { return }
        scene.openDomains = random.chance(70) ? [random.chance(50) ? domain : Self.second] : Set(scene.domains)
        // Of an open domain some accounts do not show; but not together with a question, which is about what is seen.
        let reference = Reference(self)
        guard !humans.indices.contains(where: { humans[$0].isEmployed && reference.isQuestion($0) }) else { return }
        for account in scene.accounts where random.chance(30) && reference.isFoundByLink(account) {
            let address = account.address
            if let at = address.firstIndex(of: "@"), scene.openDomains.contains(String(address[address.index(after: at)...])) {
                scene.unseen.insert(address)
            }
        }
    }

    /// What nobody can know is not so, as far as the reference goes: an account that was never linked is whoever's has its address, and one
    /// that is linked to nobody who is in the source now is somebody's who left.
    private mutating func recognise() {
        let reference = Reference(self)
        func addresses(_ account: Account) -> [String] { [account.address] + (account.aliases ?? []) }
        for account in scene.accounts {
            guard let human = owner[Self.key(account)], humans[human].isEmployed else { continue }
            if !addresses(account).contains(humans[human].address), !reference.isFoundByLink(account) { abandon(account) }
        }
        for account in scene.accounts where reference.links(to: account).isEmpty || !reference.knowsIDs {
            // The stored link speaks before the address.
            let names = reference.links(to: account).map(\.person) + addresses(account)
            let heirs = humans.indices.filter { humans[$0].isEmployed && names.contains(humans[$0].address) }
            let heir = heirs.first { humans[$0].address == names[0] } ?? heirs.first
            guard let heir, heir != owner[Self.key(account)], self.account(of: heir) == nil || !Reference(self).isLinked(heir) else {
                continue
            }
            // Whatever else was theirs and is linked to nobody, nobody knows of either.
            for other in scene.accounts where owner[Self.key(other)] == heir { abandon(other) }
            owner[Self.key(account)] = heir
            disabledByMuster.remove(heir)
        }
    }

    private mutating func abandon(_ account: Account) {
        if let human = owner[Self.key(account)] { disabledByMuster.remove(human) }
        humans.append(Human(address: account.address, isEmployed: false, isForgotten: true))
        owner[Self.key(account)] = humans.count - 1
    }

    /// Remembers what the plan did, as the people know it.
    mutating func remember(_ plan: Plan, _ after: Scene) {
        let reference = Reference(self)
        for human in humans.indices where humans[human].isEmployed && !reference.isQuestion(human) && reference.isSeen(human) {
            if let word = humans[human].active { lastWord[human] = word }
        }
        for change in plan.work where change.kind == .enable || change.kind == .disable {
            let account = after.accounts.first { $0.address == change.account }
            guard let account, let human = owner[Self.key(account)] else { continue }
            if change.kind == .disable { disabledByMuster.insert(human) } else { disabledByMuster.remove(human) }
        }
        scene = after
        for change in plan.work where change.kind == .create {
            guard let account = after.accounts.first(where: { $0.address == change.account }),
                let human = humans.firstIndex(where: { $0.isEmployed && $0.address == change.person })
            else { continue }
            owner[Self.key(account)] = human
            disabledByMuster.remove(human)
            lastWord[human] = nil
        }
    }
}
