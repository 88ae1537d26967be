import Mimecast

/// Finds the account of each person: by link, then immutable source id, address, alias. Two candidates are a decision for a human.
public struct Correlation: Sendable {
    public enum Match: Sendable, Hashable {
        /// Index of the account, and how it was found.
        case account(Int, by: Basis)
        case nobody
        /// Why a human has to say.
        case undecided(String)

        fileprivate var isLinked: Bool {
            if case .account(_, let basis) = self { basis == .link || basis == .sourceID } else { false }
        }
    }

    public enum Basis: String, Sendable, Codable, Hashable { case link, sourceID, address, alias }

    /// One for each person, in the source's order.
    public let matches: [Match]
    /// Links of people whom the source no longer names, with the account they point to (nil: not in the read).
    public let missing: [(link: Link, account: Int?)]
    /// Indices of accounts that nobody is or was linked to.
    public let orphans: [Int]
    /// Indices of accounts that were linked to people who are out of scope: left alone.
    public let outOfScope: [Int]
    /// The links that are sure, refreshed: to be stored also when there is nothing to do.
    public let links: [Link]

    /// - Parameters:
    ///   - leftOut: ids and folded addresses of rows that are in the source, though not among its people.
    ///   - scopedOut: who of the source is out of scope.
    public init(people: [Person], leftOut: Set<String> = [], scopedOut: ScopedOut? = nil, observed: ObservedState, links: [Link]) {
        let index = AccountIndex(observed.accounts)
        let book = LinkBook(links)
        // Where no id of the source is known at all, the source's ids are of a new kind: addresses speak, and the ids are replaced.
        let knowsIDs =
            observed.settled.says.contains(.externalID)
            || people.contains { person in person.externalID.map { book.knows(externalID: $0) } ?? false }
        var found = people.map { Self.match($0, index: index, book: book, knowsIDs: knowsIDs) }

        var claims = [Int](repeating: 0, count: observed.accounts.count)
        for case .account(let account, _) in found { claims[account] += 1 }
        let contested = Dictionary(
            grouping: found.indices.compactMap { person -> (account: Int, person: Int)? in
                if case .account(let account, _) = found[person], claims[account] > 1 { (account, person) } else { nil }
            }, by: \.account)
        for (account, claimants) in contested {
            let who = claimants.map { people[$0.person].address }.sorted().joined(separator: " and ")
            // What a link says stands; the others have to be decided.
            let linked = claimants.filter { found[$0.person].isLinked }
            for claimant in claimants where linked.count != 1 || claimant.person != linked[0].person {
                found[claimant.person] = .undecided("\(who) both match the account \(observed.accounts[account].address)")
            }
        }
        matches = found

        var taken = [Bool](repeating: false, count: observed.accounts.count)
        var sure: [Link] = []
        sure.reserveCapacity(people.count)
        for (person, match) in zip(people, found) {
            guard case .account(let account, _) = match else { continue }
            taken[account] = true
            let row = observed.accounts[account]
            let key = EmailAddress.key(row.address)
            let old = book.of(account: row, key: key)
            sure.append(
                Link(
                    account: key, accountID: row.id ?? old?.accountID, externalID: person.externalID ?? old?.externalID,
                    person: EmailAddress.key(person.address), disabledByUs: old?.disabledByUs ?? false,
                    saidInactive: person.active.map { !$0 } ?? old?.saidInactive ?? false))
        }
        // Of few links alone: nearly every one leads to an account that somebody has.
        var loose: [(link: Link, account: Int?)] = []
        for link in links {
            let account = index.of(link)
            if let account {
                guard !taken[account] else { continue }
                taken[account] = true
            }
            loose.append((link, account))
        }
        let (ids, addresses) = (Set(loose.compactMap(\.link.externalID)), Set(loose.map(\.link.person)))
        let namedIDs = leftOut.union(people.compactMap(\.externalID).filter(ids.contains))
        let namedAddresses = leftOut.union(loose.isEmpty ? [] : people.map { EmailAddress.key($0.address) }.filter(addresses.contains))
        var gone: [(Link, Int?)] = []
        var unscoped: [Int] = []
        for (link, account) in loose {
            let isNamed = link.externalID.map { namedIDs.contains($0) } ?? false || namedAddresses.contains(link.person)
            // Out of scope is out of scope also after the source names them no more.
            let isScopedOut = !isNamed && (scopedOut?.line(of: link).map { _ in scopedOut?.leaving == .leave } ?? link.outOfScope)
            if let account {
                // Somebody renamed the account at the vendor: under its old address the link would give way to whoever comes there next.
                let key = EmailAddress.key(observed.accounts[account].address)
                if key != link.account || isScopedOut && !link.outOfScope {
                    var moved = link
                    moved.account = key
                    moved.outOfScope = isScopedOut || link.outOfScope
                    sure.append(moved)
                }
                if isScopedOut { unscoped.append(account) }
            }
            if !isNamed, !isScopedOut { gone.append((link, account)) }
        }
        missing = gone
        outOfScope = unscoped
        self.links = sure
        orphans = observed.accounts.indices.filter { !taken[$0] }
    }

    private static func match(_ person: Person, index: AccountIndex, book: LinkBook, knowsIDs: Bool) -> Match {
        let key = EmailAddress.key(person.address)
        let atAddress = index.byAddress[key]
        func onlyOne(_ linked: Int, by basis: Basis) -> Match {
            guard let atAddress, atAddress != linked else { return .account(linked, by: basis) }
            return .undecided("is linked to \(index.accounts[linked].address), but the account \(person.address) exists as well")
        }
        if let id = person.externalID, let link = book.of(externalID: id) {
            if let linked = index.of(link) { return onlyOne(linked, by: .sourceID) }
        } else if let link = book.of(person: key) {
            if knowsIDs, let old = link.externalID, let new = person.externalID, old != new {
                return .undecided("the address belonged to source id \(old), now it comes with id \(new): the same person or a new one?")
            }
            if let linked = index.of(link) { return onlyOne(linked, by: .link) }
        }
        func found(_ account: Int, by basis: Basis) -> Match {
            let owner = book.of(account: index.accounts[account], key: EmailAddress.key(index.accounts[account].address))
            if knowsIDs, let old = owner?.externalID, let new = person.externalID, old != new {
                return .undecided(
                    "the account \(index.accounts[account].address) is linked to source id \(old), but this row has id \(new)")
            }
            return .account(account, by: basis)
        }
        if let atAddress { return found(atAddress, by: .address) }
        var candidates = Set(index.aliasOwners[key] ?? [])
        for alias in person.aliases ?? [] {
            if let account = index.byAddress[EmailAddress.key(alias)] { candidates.insert(account) }
        }
        if candidates.count > 1 {
            let names = candidates.map { index.accounts[$0].address }.sorted().joined(separator: " and ")
            return .undecided("\(names) both match by an alias")
        }
        return candidates.first.map { found($0, by: .alias) } ?? .nobody
    }
}

/// Accounts by what identifies them.
struct AccountIndex {
    let accounts: [Account]
    private(set) var byAddress: [String: Int] = [:]
    private(set) var byID: [String: Int] = [:]
    private(set) var aliasOwners: [String: [Int]] = [:]

    init(_ accounts: [Account]) {
        self.accounts = accounts
        byAddress.reserveCapacity(accounts.count)
        for (position, account) in accounts.enumerated() {
            byAddress[EmailAddress.key(account.address)] = position
            if let id = account.id { byID[id] = position }
            for alias in account.aliases ?? [] { aliasOwners[EmailAddress.key(alias), default: []].append(position) }
        }
    }

    /// The account that a link points to: by id, which survives a rename on the vendor's side, else by address.
    func of(_ link: Link) -> Int? {
        if let id = link.accountID, let position = byID[id] { return position }
        return byAddress[link.account]
    }
}

/// Links by what they know. Positions, not copies: there is one for everybody.
private struct LinkBook {
    private let links: [Link]
    private var externalIDs: [String: Int] = [:]
    private var people: [String: Int] = [:]
    private var accounts: [String: Int] = [:]
    private var accountIDs: [String: Int] = [:]

    init(_ links: [Link]) {
        self.links = links
        people.reserveCapacity(links.count)
        accounts.reserveCapacity(links.count)
        for (position, link) in links.enumerated() {
            if let id = link.externalID { externalIDs[id] = position }
            if let id = link.accountID { accountIDs[id] = position }
            people[link.person] = position
            accounts[link.account] = position
        }
    }

    func knows(externalID: String) -> Bool { externalIDs[externalID] != nil }
    func of(externalID: String) -> Link? { externalIDs[externalID].map { links[$0] } }
    func of(person: String) -> Link? { people[person].map { links[$0] } }

    /// - Parameter key: the account's folded address.
    func of(account: Account, key: String) -> Link? {
        (account.id.flatMap { accountIDs[$0] } ?? accounts[key]).map { links[$0] }
    }
}
