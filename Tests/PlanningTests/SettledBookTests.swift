import Testing

@testable import Planning

/// The book finds everybody in it by their fingerprint, and is the same after it was stored.
@Suite struct SettledBookTests {
    private static func book(_ count: Int, _ random: inout Seeded) -> SettledBook {
        let entries = (0..<count).map { row in
            SettledBook.Entry(
                // Few different low words: many share a slot.
                fingerprint: Fingerprint(high: random.next(), low: UInt64.random(in: 0..<7, using: &random)), row: row * 3,
                address: SettledBook.hash("p\(row)@acme.example"), externalID: row % 2 == 0 ? SettledBook.hash("x\(row)") : 0,
                accountID: UInt32.random(in: 0...(.max), using: &random), domain: row % 2,
                says: SettledPeople.Says(rawValue: row % 8))
        }
        return SettledBook(number: 7, domains: ["acme.example", "second.example"], entries: entries)
    }

    @Test(arguments: [0, 1, 2, 3, 100, 1_000]) func everybodyIsFound(count: Int) throws {
        var random = Seeded(count)
        let book = Self.book(count, &random)
        let stored = try #require(SettledBook(number: 7, domains: book.domains, bytes: book.bytes))
        #expect(stored.entries == book.entries)
        for (place, entry) in book.entries.enumerated() {
            #expect(stored.place(of: entry.fingerprint) == place)
            #expect(stored.mayHave("p\(place)@acme.example"))
            #expect(place % 2 == 1 || stored.mayHave("x\(place)"))
            #expect(stored.placesByRow()[entry.row] == Int32(place))
        }
        #expect(stored.place(of: Fingerprint(high: 1, low: 1)) == nil)
        #expect((0..<1_000).count { stored.mayHave("stranger\($0)@acme.example") } < 200)
        #expect(stored.placesByRow().count { $0 >= 0 } == count)
    }

    @Test func whatIsNoBookIsNone() {
        var random = Seeded(1)
        let book = Self.book(4, &random)
        #expect(SettledBook(number: 1, domains: book.domains, bytes: Array(book.bytes.dropLast())) == nil)
        #expect(SettledBook(number: 1, domains: ["acme.example"], bytes: book.bytes) == nil)
        #expect(SettledBook(number: 1, domains: [], bytes: [])?.entries.isEmpty == true)
    }

    /// It is stored: another function makes every book worthless.
    @Test func theHashStaysAsItIs() {
        #expect(SettledBook.hash("") == 0x4fd0_bfc1)
        #expect(SettledBook.hash("ann@acme.example") == 0xdc8a_106f)
    }
}
