import Mimecast
import MusterStore
import Planning

/// Tells the people who need no second look from the others, and reads only those others from the store.
struct SettledLook: Sendable {
    let tenant: String
    /// The current read's number.
    let number: Int
    let book: SettledBook
    /// Whether a person of the book, by place, may be passed over: the source has their record, word for word.
    let mayPass: @Sendable (Int) -> Bool

    struct Found: Sendable {
        var people = SettledPeople()
        /// Who is passed over, by place in the book.
        var isSettled: [Bool] = []
        var accounts: [Account] = []
        /// The numbers of their rows.
        var rows: [Int] = []
        var links: [Link] = []
        /// The accounts of those links that somebody had been settled by.
        var lookedAt: [String] = []
        /// Folded aliases of the accounts that were read, external ones included.
        var aliases = Set<String>()
    }

    /// A short cut that leaves out less than half is none: everybody is looked at then.
    func find(_ tx: any Transaction) throws -> Found {
        var found = Found()
        found.isSettled = [Bool](repeating: false, count: book.entries.count)
        var candidates = found.isSettled
        if try SettledTable.number(tenant: tenant, tx) == book.number {
            let marks = try SettledTable.marks(book, tenant: tenant, tx)
            for place in candidates.indices { candidates[place] = mayPass(place) && marks?.contains(book.entries[place].row) != false }
        }
        let count = candidates.count { $0 }
        if 2 * count < candidates.count { candidates = found.isSettled }
        try findPeople(candidates, &found, tx)
        try findLinks(isWhole: 2 * count < candidates.count, &found, tx)
        return found
    }

    /// Passes over the candidates whose accounts are as they were, and reads all other accounts.
    private func findPeople(_ candidates: [Bool], _ found: inout Found, _ tx: any Transaction) throws {
        let places = book.placesByRow()
        var counts = [Int](repeating: 0, count: book.domains.count)
        try tx.each(
            """
            SELECT o.n, \(ObservedAccount.columns(of: "o").joined(separator: ", ")) FROM observed_accounts o
            WHERE o.tenant = $1 AND \(ObservedTable.holds("o", at: "$2")) ORDER BY o.key
            """, [.text(tenant), .int(number)]
        ) { row in
            let n = row.int(0)
            if places.indices.contains(n), places[n] >= 0, candidates[Int(places[n])] {
                let entry = book.entries[Int(places[n])]
                found.isSettled[Int(places[n])] = true
                counts[entry.domain] += 1
                found.people.says.formUnion(entry.says)
                return true
            }
            let account = try ObservedAccount.account(row, at: 1)
            for alias in account.aliases ?? [] { found.aliases.insert(EmailAddress.key(alias)) }
            // An external account may have an alias, and nothing else of it matters.
            guard account.isInternal else { return true }
            found.accounts.append(account)
            found.rows.append(n)
            return true
        }
        for (domain, count) in zip(book.domains, counts) where count > 0 { found.people.accounts[domain] = count }
    }

    /// - Parameter isWhole: nobody is passed over, so that one walk reads them all.
    private func findLinks(isWhole: Bool, _ found: inout Found, _ tx: any Transaction) throws {
        let links = "SELECT settled_row IS NOT NULL, \(LinkTable.fields) FROM links WHERE tenant = $1"
        func add(_ row: any SQLRow) -> Bool {
            let link = LinkTable.link(row, at: 1)
            if row.bool(0) { found.lookedAt.append(link.account) }
            found.links.append(link)
            return true
        }
        guard !isWhole, !book.entries.isEmpty else { return try tx.each("\(links) ORDER BY account", [.text(tenant)], add) }
        try tx.each("\(links) AND settled_row IS NULL", [.text(tenant)], add)
        for (place, entry) in book.entries.enumerated() where !found.isSettled[place] {
            try tx.each("\(links) AND settled_row = $2", [.text(tenant), .int(entry.row)], add)
        }
        found.links.sort { $0.account.utf8.lexicographicallyPrecedes($1.account.utf8) }
    }
}

// MARK: Who meets whom

extension SettledLook {
    /// Settled people, by place, with whom somebody who is looked at has to do: they have to be looked at, too.
    ///
    /// Everything by which people, links and accounts find each other is asked for: addresses, aliases, the source's ids, the vendor's.
    static func met(
        _ book: SettledBook, _ found: Found, _ desired: DesiredState, accounts: [Account], domains: Set<String>, tenant: String,
        _ tx: any Transaction
    ) throws -> Set<Int> {
        guard found.people.count > 0 else { return [] }
        var met = Set<Int>()
        let places = book.placesByRow()
        func meet(_ column: String, _ value: String) throws {
            // Nearly always nobody: the rows are asked for only where it is worth it.
            guard book.mayHave(value) else { return }
            try tx.each("SELECT settled_row FROM links WHERE tenant = $1 AND \(column) = $2", [.text(tenant), .text(value)]) { row in
                guard let n = row.intOrNil(0), places.indices.contains(n), places[n] >= 0 else { return true }
                if found.isSettled[Int(places[n])] { met.insert(Int(places[n])) }
                return true
            }
        }
        /// Somebody's account, or their alias.
        func meetAddress(_ key: String) throws {
            guard book.mayHave(key) else { return }
            try meet("account", key)
            for alias in book.places(ofAlias: key) where found.isSettled[Int(alias.place)] { met.insert(Int(alias.place)) }
        }
        // A domain that is the tenant's no longer.
        let foreign = Set(book.domains.indices.filter { !domains.contains(book.domains[$0]) })
        if !foreign.isEmpty {
            for (place, entry) in book.entries.enumerated() where found.isSettled[place] && foreign.contains(entry.domain) {
                met.insert(place)
            }
        }
        for person in desired.people {
            try meetAddress(EmailAddress.key(person.address))
            if let id = person.externalID { try meet("external_id", id) }
            for alias in person.aliases ?? [] { try meetAddress(EmailAddress.key(alias)) }
        }
        for key in desired.leftOut.union(desired.scopedOut.map { Set($0.keys.keys) } ?? []).union(desired.aside) {
            try meetAddress(key)
            try meet("external_id", key)
        }
        for link in found.links {
            if link.person != link.account { try meet("account", link.person) }
            if let id = link.externalID { try meet("external_id", id) }
            if let id = link.accountID { try meet("account_id", id) }
        }
        for account in accounts { if let id = account.id { try meet("account_id", id) } }
        return met
    }
}
