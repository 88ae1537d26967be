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
        // Everybody has an alias, and one in ten another that others have, too.
        var aliases: [SettledBook.Alias] = []
        for place in 0..<count {
            aliases.append(SettledBook.Alias(hash: SettledBook.hash("alias\(place)@acme.example"), place: Int32(place)))
            if place % 10 == 9 { aliases.append(SettledBook.Alias(hash: SettledBook.hash("shared@acme.example"), place: Int32(place))) }
        }
        return SettledBook(number: 7, domains: ["acme.example", "second.example"], entries: entries, aliases: aliases)
    }

    @Test(arguments: [0, 1, 2, 3, 100, 1_000]) func everybodyIsFound(count: Int) throws {
        var random = Seeded(count)
        let book = Self.book(count, &random)
        let stored = try #require(SettledBook(number: 7, domains: book.domains, bytes: book.bytes, aliasBytes: book.aliasBytes))
        #expect(stored.entries == book.entries)
        #expect(stored.aliases == book.aliases)
        for (place, entry) in book.entries.enumerated() {
            for last in [-1, place - 1, place, count - 1] { #expect(stored.place(of: entry.fingerprint, after: last) == place) }
            #expect(stored.mayHave("p\(place)@acme.example"))
            #expect(place % 2 == 1 || stored.mayHave("x\(place)"))
            #expect(stored.placesByRow()[entry.row] == Int32(place))
            #expect(stored.mayHave("alias\(place)@acme.example"))
            #expect(stored.places(ofAlias: "alias\(place)@acme.example").contains { Int($0.place) == place })
        }
        #expect(stored.places(ofAlias: "shared@acme.example").map { Int($0.place) } == stride(from: 9, to: count, by: 10).map { $0 })
        #expect(stored.places(ofAlias: "p0@acme.example").isEmpty)
        #expect(stored.place(of: Fingerprint(high: 1, low: 1)) == nil)
        #expect((0..<1_000).count { stored.mayHave("stranger\($0)@acme.example") } < 200)
        #expect(stored.placesByRow().count { $0 >= 0 } == count)
    }

    @Test func whatIsNoBookIsNone() {
        var random = Seeded(1)
        let book = Self.book(4, &random)
        func read(_ domains: [String], _ bytes: [UInt8], _ aliasBytes: [UInt8]) -> SettledBook? {
            SettledBook(number: 1, domains: domains, bytes: bytes, aliasBytes: aliasBytes)
        }
        #expect(read(book.domains, Array(book.bytes.dropLast()), []) == nil)
        #expect(read(["acme.example"], book.bytes, []) == nil)
        #expect(read(book.domains, book.bytes, Array(book.aliasBytes.dropLast())) == nil)
        #expect(read(book.domains, Array(book.bytes.dropLast(40)), book.aliasBytes) == nil)
        #expect(read(book.domains, book.bytes, [])?.aliases.isEmpty == true)
        #expect(read([], [], [])?.entries.isEmpty == true)
    }

    /// It is stored: another function makes every book worthless.
    @Test func theHashStaysAsItIs() {
        #expect(SettledBook.hash("") == 0x4fd0_bfc1)
        #expect(SettledBook.hash("ann@acme.example") == 0xdc8a_106f)
    }
}
