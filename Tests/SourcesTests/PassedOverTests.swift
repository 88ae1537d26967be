import Planning
import TestSupport
import Testing

@testable import Sources

/// Records that are known are passed over, and read all the same when somebody asks for them.
@Suite struct PassedOverTests {
    private static let rows = [
        "ann@acme.example,x1,Ann", "\"bob@acme.example\",x2,\"Bob, the \"\"second\"\"\"", "carl@acme.example,x3,\"Carl\nover two lines\"",
        "dora@acme.example,x4,Dora", "eve@acme.example,,Eve",
    ]

    private func text(_ rows: [String], end: String = "\n") -> String { (["email,externalId,name"] + rows).joined(separator: end) + end }

    private func parse(_ text: String, _ policy: DesiredPolicy = DesiredPolicy(), known: [Fingerprint] = []) throws -> PeopleFile {
        let entries = known.enumerated().map {
            SettledBook.Entry(fingerprint: $1, row: $0, address: 0, externalID: 0, accountID: 0, domain: 0, says: [])
        }
        let book = SettledBook(domains: ["acme.example"], entries: entries)
        return try PeopleFile.parse(Array(text.utf8), name: "people.csv", digest: "d", policy: policy, known: book)
    }

    private func prints(_ text: String, _ policy: DesiredPolicy = DesiredPolicy()) throws -> [Fingerprint] {
        try parse(text, policy).desired(domains: exampleDomains).fingerprints.compactMap { $0 }
    }

    @Test(arguments: Array(UInt64(1)...60)) func whateverIsPassedOverTheRestIsAsItWas(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let text = text(Self.rows.shuffled(using: &random), end: Bool.random(using: &random) ? "\n" : "\r\n")
        let whole = try parse(text).desired(domains: exampleDomains)
        let known = whole.fingerprints.compactMap { $0 }.filter { _ in Bool.random(using: &random) }
        let places = Set(known.indices.filter { _ in Bool.random(using: &random) })
        let settled = Set(places.map { known[$0] })
        let file = try parse(text, known: known)
        #expect(try file.desired(domains: exampleDomains) == whole)
        let rest = try file.desired(domains: exampleDomains, isSettled: places.contains)
        let left = zip(whole.people, whole.fingerprints).filter { _, print in print.map { !settled.contains($0) } ?? true }
        #expect(rest.people == left.map(\.0))
        #expect(rest.fingerprints == left.map(\.1))
        #expect(known.indices.allSatisfy(file.hasPassedOver))
        #expect(!file.hasPassedOver(known.count))
    }

    @Test func aPrintIsOfTheRecordAndOfWhatDecidesHowItIsRead() throws {
        let prints = try prints(text(Self.rows))
        #expect(Set(prints).count == Self.rows.count)
        #expect(try self.prints(text(Array(Self.rows.reversed()), end: "\r\n")).sorted { $0.low < $1.low } != [])
        #expect(Set(try self.prints(text(Array(Self.rows.reversed())))) == Set(prints))
        let otherHeader = try self.prints("email,externalId,firstName\n" + Self.rows[0] + "\n")
        #expect(Set(otherHeader).isDisjoint(with: prints))
        let policy = DesiredPolicy(exclude: try Condition(parsing: "name = \"Nobody\""))
        #expect(Set(try self.prints(text(Self.rows), policy)).isDisjoint(with: prints))
    }

    @Test func theSameRecordTwiceIsTold() throws {
        let prints = try prints(text(Self.rows))
        let file = try parse(text(Self.rows + [Self.rows[0]]), known: prints)
        // The second one is read, since only one can be passed over; together they are a mistake.
        #expect(throws: SourceError.self) { try file.desired(domains: exampleDomains) }
        #expect(try file.desired(domains: exampleDomains, isSettled: { _ in true }).people.map(\.address) == ["ann@acme.example"])
    }

    @Test func aBlankLineBeforeAKnownRecordIsTold() throws {
        let prints = try prints(text(Self.rows))
        #expect(throws: SourceError.self) { try parse(text([Self.rows[0], "", Self.rows[3]]), known: prints) }
    }

    @Test func aFileOfWhichEverythingIsKnownNamesSomebody() throws {
        let prints = try prints(text(Self.rows))
        let file = try parse(text(Self.rows), known: prints)
        #expect(try file.desired(domains: exampleDomains, isSettled: { _ in true }).people.isEmpty)
    }
}
