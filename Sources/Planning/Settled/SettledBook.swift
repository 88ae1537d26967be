/// What a plan wrote down of the settled people of a tenant (``SettledPeople``): of each of them all that the next plan needs so as not to
/// look them up. People are named by their place in ``entries``.
public struct SettledBook: Sendable {
    public struct Entry: Sendable, Hashable {
        public var fingerprint: Fingerprint
        /// The number of the stored row that shows the account.
        public var row: Int
        /// Hashes (``SettledBook/hash(_:)``) of the account's folded address, the source's id and the vendor's; 0 where there is none.
        public var address: UInt32
        public var externalID: UInt32
        public var accountID: UInt32
        /// The place of the address's domain in ``SettledBook/domains``.
        public var domain: Int
        public var says: SettledPeople.Says

        public init(
            fingerprint: Fingerprint, row: Int, address: UInt32, externalID: UInt32, accountID: UInt32, domain: Int,
            says: SettledPeople.Says
        ) {
            self.fingerprint = fingerprint
            self.row = row
            self.address = address
            self.externalID = externalID
            self.accountID = accountID
            self.domain = domain
            self.says = says
        }
    }

    /// One of the aliases of somebody: its hash, and their place.
    public struct Alias: Sendable, Hashable {
        public var hash: UInt32
        public var place: Int32

        public init(hash: UInt32, place: Int32) {
            self.hash = hash
            self.place = place
        }
    }

    /// Which of the books of a tenant it is; 0 where there was none.
    public let number: Int
    public let domains: [String]
    public let entries: [Entry]
    /// By their hashes, in order.
    public let aliases: [Alias]
    /// Places in ``entries`` by fingerprint, -1 where there is none: open addressing, a power of two.
    private let slots: [Int32]
    /// A bit for each hash that an entry has.
    private let hashes: [UInt64]
    private let highestRow: Int

    public init(number: Int = 0, domains: [String] = [], entries: [Entry] = [], aliases: [Alias] = []) {
        self.number = number
        self.domains = domains
        self.entries = entries
        self.aliases = aliases.sorted { ($0.hash, $0.place) < ($1.hash, $1.place) }
        var size = 4
        while size < 2 * entries.count { size *= 2 }
        var slots = [Int32](repeating: -1, count: size)
        // 32 bits an entry: one look-up in ten at most is in vain.
        var hashes = [UInt64](repeating: 0, count: size / 2)
        var highestRow = -1
        for (place, entry) in entries.enumerated() {
            var slot = Self.slot(entry.fingerprint, size)
            while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = Int32(truncatingIfNeeded: place)
            Self.note(entry.address, &hashes)
            Self.note(entry.externalID, &hashes)
            Self.note(entry.accountID, &hashes)
            highestRow = max(highestRow, entry.row)
        }
        for alias in aliases { Self.note(alias.hash, &hashes) }
        self.slots = slots
        self.hashes = hashes
        self.highestRow = highestRow
    }

    /// The place of the person whose record has this fingerprint.
    ///
    /// - Parameter last: the place of whoever was found before, -1 for nobody. A file has people in the order in which the book was made of it,
    ///   but for a few, and to look elsewhere costs a walk through memory.
    public func place(of fingerprint: Fingerprint, after last: Int = -1) -> Int? {
        if entries.indices.contains(last + 1), entries[last + 1].fingerprint == fingerprint { return last + 1 }
        var slot = Self.slot(fingerprint, slots.count)
        while slots[slot] >= 0 {
            let place = Int(slots[slot])
            if entries[place].fingerprint == fingerprint { return place }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Whether somebody may have this address or id: where not, nobody has.
    public func mayHave(_ value: String) -> Bool {
        let (word, bit) = Self.bit(Self.hash(value), hashes.count)
        return hashes[word] & bit != 0
    }

    /// The places of those who may have this alias: all who have it, and hardly ever somebody else.
    public func places(ofAlias value: String) -> ArraySlice<Alias> {
        let hash = Self.hash(value)
        var (low, high) = (0, aliases.count)
        while low < high {
            let middle = (low + high) / 2
            if aliases[middle].hash < hash { low = middle + 1 } else { high = middle }
        }
        return aliases[low...].prefix { $0.hash == hash }
    }

    /// The places by the rows that show their accounts; -1 is none.
    public func placesByRow() -> [Int32] {
        var places = [Int32](repeating: -1, count: highestRow + 1)
        for (place, entry) in entries.enumerated() where entry.row >= 0 { places[entry.row] = Int32(truncatingIfNeeded: place) }
        return places
    }

    /// Of an address or an id, never 0: FNV-1a, folded to 32 bits. Stored, so it must stay as it is.
    public static func hash(_ value: String) -> UInt32 {
        var value = value
        let hash = value.withUTF8 { $0.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 } }
        let folded = UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
        return folded == 0 ? 1 : folded
    }

    private static func slot(_ fingerprint: Fingerprint, _ size: Int) -> Int { Int(truncatingIfNeeded: fingerprint.low) & (size - 1) }

    private static func note(_ hash: UInt32, _ hashes: inout [UInt64]) {
        guard hash != 0 else { return }
        let (word, bit) = bit(hash, hashes.count)
        hashes[word] |= bit
    }

    private static func bit(_ hash: UInt32, _ words: Int) -> (word: Int, bit: UInt64) {
        let place = Int(hash) & (words * 64 - 1)
        return (place >> 6, 1 << UInt64(place & 63))
    }
}

// MARK: As bytes

extension SettledBook {
    private static let wordsEach = 5

    /// Five words of 64 bits each, little-endian: the fingerprint's two; the row; address and external id; account id, domain and what the
    /// source says.
    public var bytes: [UInt8] {
        var words: [UInt64] = []
        words.reserveCapacity(entries.count * Self.wordsEach)
        for entry in entries {
            words.append(entry.fingerprint.high.littleEndian)
            words.append(entry.fingerprint.low.littleEndian)
            words.append(UInt64(truncatingIfNeeded: entry.row).littleEndian)
            words.append((UInt64(entry.address) << 32 | UInt64(entry.externalID)).littleEndian)
            let rest = UInt64(entry.domain) << 8 | UInt64(truncatingIfNeeded: entry.says.rawValue & 0xff)
            words.append((UInt64(entry.accountID) << 32 | rest & 0xffff_ffff).littleEndian)
        }
        return words.withUnsafeBytes { [UInt8]($0) }
    }

    /// A word of 64 bits for each alias, little-endian: place and hash.
    public var aliasBytes: [UInt8] {
        let words = aliases.map { (UInt64(UInt32(bitPattern: $0.place)) << 32 | UInt64($0.hash)).littleEndian }
        return words.withUnsafeBytes { [UInt8]($0) }
    }

    /// - Parameters:
    ///   - bytes: as ``bytes`` has them.
    ///   - aliasBytes: as ``aliasBytes`` has them.
    /// - Returns: nil for what is no book.
    public init?(number: Int, domains: [String], bytes: [UInt8], aliasBytes: [UInt8]) {
        let size = Self.wordsEach * 8
        guard bytes.count.isMultiple(of: size), bytes.count / size < Int(Int32.max) else { return nil }
        var entries: [Entry] = []
        entries.reserveCapacity(bytes.count / size)
        let isSound = bytes.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: size) {
                func word(_ place: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: start + 8 * place, as: UInt64.self).littleEndian }
                let (names, rest) = (word(3), word(4))
                let entry = Entry(
                    fingerprint: Fingerprint(high: word(0), low: word(1)), row: Int(truncatingIfNeeded: word(2)),
                    address: UInt32(truncatingIfNeeded: names >> 32), externalID: UInt32(truncatingIfNeeded: names),
                    accountID: UInt32(truncatingIfNeeded: rest >> 32), domain: Int(rest >> 8 & 0xff_ffff),
                    says: SettledPeople.Says(rawValue: Int(rest & 0xff)))
                guard entry.row >= 0, domains.indices.contains(entry.domain) else { return false }
                entries.append(entry)
            }
            return true
        }
        guard isSound, aliasBytes.count.isMultiple(of: 8) else { return nil }
        let aliases = aliasBytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 8).map { start in
                let word = bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self).littleEndian
                return Alias(hash: UInt32(truncatingIfNeeded: word), place: Int32(truncatingIfNeeded: word >> 32))
            }
        }
        guard aliases.allSatisfy({ entries.indices.contains(Int($0.place)) }) else { return nil }
        self.init(number: number, domains: domains, entries: entries, aliases: aliases)
    }
}
