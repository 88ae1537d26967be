import Mimecast
import MusterStore
import Planning

/// The book of a tenant's settled people (``SettledBook``), and the mark of each of their links: the number of the row that showed the account.
///
/// A link that is written in any other way loses its mark, so that somebody about whom anything was decided gets a second look. A mark is
/// only ever set together with an entry of the book: as many marks as entries are the same people.
enum SettledTable {
    static let statements =
        [
            "ALTER TABLE links ADD COLUMN settled_row INTEGER",
            "CREATE INDEX link_settled ON links (tenant, settled_row)",
            """
            CREATE TABLE settled_people (
                tenant TEXT NOT NULL PRIMARY KEY, number INTEGER NOT NULL, basis INTEGER NOT NULL, domains TEXT NOT NULL,
                entries BLOB NOT NULL
            ) STRICT
            """,
        ]
        // Without them SQLite walks all links of a tenant where one is asked for by an id.
        + Migration.addedFigures([
            ("links", "links", "1000000 1000000 1"), ("links", "link_external", "1000000 1000000 1"),
            ("links", "link_account_id", "1000000 1000000 1"), ("links", "link_settled", "1000000 1000000 1"),
        ])

    static let aliasStatements = ["ALTER TABLE settled_people ADD COLUMN aliases BLOB NOT NULL DEFAULT x''"]

    /// What a plan learned of them.
    struct News: Sendable {
        /// What it went by, and who of it was passed over once more, by place.
        var book = SettledBook()
        var isSettled: [Bool] = []
        /// Whom it settled.
        var settlements: [Settlement] = []
        var basis = 0
        /// Folded addresses of accounts whose marked links were looked at: the mark goes, unless it is among ``settlements`` again.
        var lookedAt: [String] = []
    }

    /// An empty one where there is none on this basis.
    static func book(basis: Int, tenant: String, _ tx: any Transaction) throws -> SettledBook {
        let book = try tx.first(
            "SELECT number, domains, entries, aliases FROM settled_people WHERE tenant = $1 AND basis = $2", [.text(tenant), .int(basis)]
        ) { row in
            SettledBook(
                number: row.int(0), domains: try StoredJSON.value([String].self, row.text(1)), bytes: row.blob(2), aliasBytes: row.blob(3))
        }
        return (book ?? nil) ?? SettledBook()
    }

    static func number(tenant: String, _ tx: any Transaction) throws -> Int {
        try tx.first("SELECT number FROM settled_people WHERE tenant = $1", [.text(tenant)]) { $0.int(0) } ?? 0
    }

    /// The rows of marked links; nil where they are those of all entries.
    static func marks(_ book: SettledBook, tenant: String, _ tx: any Transaction) throws -> Set<Int>? {
        let count = try tx.first("SELECT count(*) FROM links WHERE tenant = $1 AND settled_row IS NOT NULL", [.text(tenant)]) { $0.int(0) }
        guard count != book.entries.count else { return nil }
        var marks = Set<Int>()
        try tx.each("SELECT settled_row FROM links WHERE tenant = $1 AND settled_row IS NOT NULL", [.text(tenant)]) { row in
            marks.insert(row.int(0))
            return true
        }
        return marks
    }

    /// Call it after the plan's links were kept.
    static func put(_ news: News, tenant: String, _ tx: any Transaction) throws {
        let number = try number(tenant: tenant, tx)
        guard number == news.book.number || news.book.number == 0 && news.book.entries.isEmpty else {
            // Another plan was made meanwhile. What both learned does not fit together: the next one looks at everybody.
            try tx.execute("UPDATE links SET settled_row = NULL WHERE tenant = $1 AND settled_row IS NOT NULL", [.text(tenant)])
            return try write(SettledBook(), number + 1, news.basis, tenant: tenant, tx)
        }
        let settled = Set(news.settlements.map(\.account))
        var isChanged = false
        if news.book.entries.isEmpty {
            // Marks of an earlier basis are nobody's.
            let old = try tx.execute(
                "UPDATE links SET settled_row = NULL WHERE tenant = $1 AND settled_row IS NOT NULL", [.text(tenant)])
            isChanged = old > 0
        } else {
            for account in news.lookedAt where !settled.contains(account) {
                try tx.execute("UPDATE links SET settled_row = NULL WHERE tenant = $1 AND account = $2", [.text(tenant), .text(account)])
            }
        }
        var writer = SettledBookWriter(news.book, keeping: news.isSettled)
        isChanged = isChanged || writer.entries.count != news.book.entries.count
        for settlement in news.settlements {
            let isMarked = try tx.execute(
                """
                UPDATE links SET settled_row = $3 WHERE tenant = $1 AND account = $2 AND person = account AND disabled_by_us = 0
                AND said_inactive = 0 AND out_of_scope = 0
                """, [.text(tenant), .text(settlement.account), .int(settlement.row)])
            guard isMarked == 1, let link = try LinkTable.one(account: settlement.account, tenant: tenant, tx) else { continue }
            writer.add(settlement, link)
            isChanged = true
        }
        if isChanged { try write(writer.book, number + 1, news.basis, tenant: tenant, tx) }
    }

    private static func write(_ book: SettledBook, _ number: Int, _ basis: Int, tenant: String, _ tx: any Transaction) throws {
        try tx.execute(
            """
            INSERT INTO settled_people (tenant, number, basis, domains, entries, aliases) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (tenant) DO UPDATE SET number = $2, basis = $3, domains = $4, entries = $5, aliases = $6
            """,
            [
                .text(tenant), .int(number), .int(basis), .text(try StoredJSON.text(book.domains)), .blob(book.bytes),
                .blob(book.aliasBytes),
            ])
    }
}

/// Writes the next book.
struct SettledBookWriter {
    private(set) var entries: [SettledBook.Entry]
    private var aliases: [SettledBook.Alias] = []
    private var domains: [String]
    private var places: [String: Int]

    /// - Parameter isSettled: who of the last book stays, by place.
    init(_ last: SettledBook, keeping isSettled: [Bool]) {
        entries = []
        entries.reserveCapacity(last.entries.count)
        var kept = [Int32](repeating: -1, count: last.entries.count)
        for place in isSettled.indices where isSettled[place] {
            kept[place] = Int32(truncatingIfNeeded: entries.count)
            entries.append(last.entries[place])
        }
        for alias in last.aliases where kept[Int(alias.place)] >= 0 {
            aliases.append(SettledBook.Alias(hash: alias.hash, place: kept[Int(alias.place)]))
        }
        domains = last.domains
        places = Dictionary(last.domains.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    mutating func add(_ settlement: Settlement, _ link: Link) {
        let domain = EmailAddress.domain(ofKey: settlement.account)
        let place = places[domain] ?? domains.count
        if place == domains.count {
            places[domain] = place
            domains.append(domain)
        }
        for alias in settlement.aliases {
            aliases.append(SettledBook.Alias(hash: SettledBook.hash(alias), place: Int32(truncatingIfNeeded: entries.count)))
        }
        func hash(_ value: String?) -> UInt32 { value.map(SettledBook.hash) ?? 0 }
        entries.append(
            SettledBook.Entry(
                fingerprint: settlement.fingerprint, row: settlement.row, address: hash(link.account), externalID: hash(link.externalID),
                accountID: hash(link.accountID), domain: place, says: settlement.says))
    }

    var book: SettledBook { SettledBook(domains: domains, entries: entries, aliases: aliases) }
}
