import Mimecast
import Testing

@testable import Planning

extension Scene {
    /// A random tenant, source and memory.
    static func random(_ flavour: Flavour, seed: Int) -> Scene {
        var random = Seeded(seed)
        var scene = Scene(flavour)
        scene.isOpen = random.chance(20)
        let size = Int.random(in: 0...24, using: &random)
        for number in 0..<size {
            let local = "p\(number)"
            let account = scene.account(
                local, name: random.chance(50) ? "Name \(number)" : "", aliases: random.chance(30) ? ["\(local).alias"] : [],
                roles: random.chance(20) ? ["Super"] : [], status: random.chance(20) ? .disabled : .active,
                authority: random.chance(10) ? .ldap : .cloud)
            if random.chance(70) {
                scene.links.append(
                    Link(
                        account: at(local), accountID: account.id, externalID: random.chance(80) ? "x\(number)" : nil,
                        person: at(random.chance(90) ? local : "\(local).source"), disabledByUs: random.chance(20)))
            }
            if random.chance(10) { scene.protected.insert(at(local)) }
            if random.chance(80) {
                let moves = random.chance(15)
                scene.people.append(.random(at: moves ? "p\(number).new" : local, id: "x\(number)", &random))
            }
        }
        for number in 0..<Int.random(in: 0...6, using: &random) {
            scene.people.append(.random(at: "joiner\(number)", id: "j\(number)", &random))
        }
        scene.groups = [
            Group(id: "g1", name: "Staff", authority: .cloud), Group(id: "g2", name: "Sales", authority: .cloud),
            Group(id: "g3", name: "Directory", authority: .ldap), Group(id: "g4", name: "Twins", authority: .cloud),
            Group(id: "g5", name: "twins", authority: .cloud),
        ]
        for group in scene.groups {
            scene.members[group.id] = Set(scene.accounts.filter { _ in random.chance(40) }.map { EmailAddress.key($0.address) })
            if group.authority == .cloud, random.chance(30) { scene.managed.insert(group.id) }
        }
        if random.chance(30) { scene.taken.insert(at("joiner0")) }
        return scene
    }

    /// The same, with everything in another order.
    func shuffled(seed: Int) -> Scene {
        var random = Seeded(seed)
        var scene = self
        scene.people.shuffle(using: &random)
        scene.accounts.shuffle(using: &random)
        scene.links.shuffle(using: &random)
        scene.groups.shuffle(using: &random)
        return scene
    }

    /// What the tenant and Muster's memory are after the plan.
    func applying(_ planner: Planner, _ plan: Plan? = nil) throws -> Scene {
        var scene = self
        var links = Dictionary(uniqueKeysWithValues: self.links.map { ($0.account, $0) })
        func put(_ link: Link) {
            links = links.filter { key, old in
                key == link.account
                    || (link.externalID == nil || old.externalID != link.externalID)
                        && (link.accountID == nil || old.accountID != link.accountID)
            }
            links[link.account] = link
        }
        for link in planner.correlation.links { put(link) }
        scene.managed = planner.groupsSpokenOf
        for change in (plan ?? planner.plan()).work {
            let key = EmailAddress.key(change.account)
            let found = scene.accounts.firstIndex {
                change.accountID != nil ? $0.id == change.accountID : EmailAddress.key($0.address) == key
            }
            switch change.kind {
            case .create:
                try #require(found == nil)
                scene.create(change)
                put(Link(account: key, externalID: change.externalID, person: EmailAddress.key(change.person)))
            case .update, .rename:
                let index = try #require(found)
                scene.update(index, change.values ?? Change.Values())
                if change.kind == .rename, var link = links.removeValue(forKey: key) {
                    link.account = EmailAddress.key(change.values?.address ?? "")
                    link.person = EmailAddress.key(change.person)
                    links[link.account] = link
                }
            case .enable, .disable:
                let index = try #require(found)
                #expect(EmailAddress.key(scene.accounts[index].address) == key, "the account is known by another address by now")
                if flavour == .guide { scene.accounts[index].status = change.kind == .enable ? .active : .disabled }
                if flavour != .guide { scene.states[key] = change.kind == .enable ? .active : .disabled }
                links[key]?.disabledByUs = change.kind == .disable
            case .addMember, .removeMember:
                try #require(scene.accounts.contains { EmailAddress.key($0.address) == key })
                let group = try #require(
                    change.groupID ?? scene.groups.first { EmailAddress.fold($0.name) == EmailAddress.fold(change.group ?? "") }?.id)
                if change.kind == .addMember { scene.members[group]?.insert(key) } else { scene.members[group]?.remove(key) }
            case .createGroup:
                let name = try #require(change.group)
                try #require(!scene.groups.contains { EmailAddress.fold($0.name) == EmailAddress.fold(name) })
                scene.groups.append(Group(id: "g-\(name)", name: name, authority: .cloud))
                scene.members["g-\(name)"] = []
            default: Issue.record("unexpected work \(change.short)")
            }
        }
        scene.links = Array(links.values)
        return scene
    }

    private mutating func create(_ change: Change) {
        let values = change.values ?? Change.Values()
        let local = change.account.prefix { $0 != "@" }
        made += 1
        account(change.account, name: values.name, roles: values.adminRoles ?? [], id: "id-new-\(made)-\(local)")
        let last = accounts.count - 1
        if flavour == .guide {
            accounts[last].firstName = values.firstName ?? ""
            accounts[last].lastName = values.lastName ?? ""
            accounts[last].aliases = values.aliases ?? []
        }
    }

    private mutating func update(_ index: Int, _ values: Change.Values) {
        if let name = values.name { accounts[index].name = name }
        if let name = values.firstName { accounts[index].firstName = name }
        if let name = values.lastName { accounts[index].lastName = name }
        if let aliases = values.aliases { accounts[index].aliases = aliases }
        if let roles = values.adminRoles { accounts[index].adminRoles = roles }
        guard let address = values.address else { return }
        let old = EmailAddress.key(accounts[index].address)
        accounts[index].address = address
        for group in members.keys where members[group]?.remove(old) != nil { members[group]?.insert(EmailAddress.key(address)) }
    }
}

extension Person {
    fileprivate static func random(at local: String, id: String, _ random: inout Seeded) -> Person {
        Person(
            address: at(local), externalID: random.chance(85) ? id : nil, name: random.chance(40) ? "Name of \(local)" : nil,
            firstName: random.chance(30) ? "First" : nil, lastName: random.chance(30) ? "Last" : nil,
            active: random.chance(60) ? nil : random.chance(60), aliases: random.chance(20) ? [at("\(local).wish")] : nil,
            groups: random.chance(50) ? ["Staff", "sales", "Directory", "Twins", "Nowhere"].filter { _ in random.chance(40) } : nil,
            adminRoles: random.chance(20) ? ["Basic"] : nil)
    }
}
