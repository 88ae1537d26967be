import BitCollections

/// A read that is under way: which of the stored rows it saw again, and how many it added.
struct Reading: Sendable {
    let id: String
    /// Its place among the tenant's reads.
    let number: Int
    var accounts: SeenRows
    var taken: SeenRows
    var groups: SeenRows
    var members: SeenRows
    private var parts: [String] = []

    /// How the store names a part that is read, such as a domain: shortly, since every row that it adds says so.
    mutating func label(of part: String) -> String {
        if let place = parts.firstIndex(of: part) { return String(place) }
        parts.append(part)
        return String(parts.count - 1)
    }

    /// How many rows of each table there are, and the number that the next one gets.
    struct Counters: Sendable, Codable, Hashable {
        var accounts = Counter()
        var taken = Counter()
        var groups = Counter()
        var members = Counter()
    }

    struct Counter: Sendable, Codable, Hashable {
        var rows = 0
        var next = 0
    }

    /// - Parameter counters: of the read that is current.
    init(id: String, number: Int, _ counters: Counters) {
        self.id = id
        self.number = number
        accounts = SeenRows(counters.accounts)
        taken = SeenRows(counters.taken)
        groups = SeenRows(counters.groups)
        members = SeenRows(counters.members)
    }

    var counters: Counters {
        Counters(accounts: accounts.counter, taken: taken.counter, groups: groups.counter, members: members.counter)
    }
}

/// What became of rows that a read saw.
struct KeptRows: Sendable {
    /// Numbers of stored rows that are as they were.
    var again: [Int] = []
    var added = 0
    /// How many of them the read had seen before.
    var repeated = 0
}

/// What a read saw of one table: a bit for each row that is as it was, and the number of versions that it added.
struct SeenRows: Sendable {
    /// How many rows the current read has.
    let before: Int
    private(set) var next: Int
    /// Of parts that are read, and of the one that is being read, which may have to be read again.
    private var again = BitSet()
    private var againNow = BitSet()
    private var added = 0
    private var addedNow = 0

    init(_ counter: Reading.Counter) {
        before = counter.rows
        next = counter.next
    }

    /// How many rows this read shows.
    var count: Int { again.count + againNow.count + added + addedNow }
    var counter: Reading.Counter { Reading.Counter(rows: count, next: next) }
    /// Whether the table is as the current read has it.
    var isUnchanged: Bool { added + addedNow == 0 && count == before }

    /// Whether a stored row was seen again.
    func contains(_ number: Int) -> Bool { again.contains(number) || againNow.contains(number) }

    mutating func note(_ kept: KeptRows) {
        for number in kept.again { againNow.insert(number) }
        addedNow += kept.added
        next += kept.added
    }

    /// The part that was being read is read.
    mutating func keep() {
        again.formUnion(againNow)
        added += addedNow
        forget()
    }

    /// The part that was being read has to be read again.
    mutating func forget() {
        againNow = BitSet()
        addedNow = 0
    }
}
