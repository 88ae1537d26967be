import SCIM
import Testing

@Suite("Filters as text")
struct FilterParserTests {
    static let urns = [UserResource.schema, UserResource.enterpriseSchema]

    static func parse(_ text: String) throws -> Filter { try Filter.parse(text, urns: urns) }

    @Test(
        "What is read, and how it is printed",
        arguments: [
            (#"userName eq "bjensen""#, #"userName eq "bjensen""#),
            (#"USERNAME EQ "x""#, #"USERNAME eq "x""#),
            (#"  title   pr  "#, "title pr"),
            ("title PR", "title pr"),
            (#"a eq 1 or b eq 2 and c eq 3"#, "a eq 1 or b eq 2 and c eq 3"),
            (#"(a eq 1 or b eq 2) and c eq 3"#, "(a eq 1 or b eq 2) and c eq 3"),
            (#"(a eq 1 and b eq 2) and c eq 3"#, "a eq 1 and b eq 2 and c eq 3"),
            (#"a eq 1 and (b eq 2 and c eq 3)"#, "a eq 1 and (b eq 2 and c eq 3)"),
            (#"((a eq 1)) AND  NoT(b eq TRUE Or c eq False)"#, "a eq 1 and not (b eq true or c eq false)"),
            (#"not (not (a pr))"#, "not (not (a pr))"),
            (#"not eq "x" and and pr or or pr"#, #"not eq "x" and and pr or or pr"#),
            (#"a eq NULL"#, "a eq null"),
            (#"a ge -12.5e+3"#, "a ge -12.5e+3"),
            (#"a eq "\u00e9\ud83d\ude00\/\"\\\b\f\n\r\t""#, #"a eq "é😀/\"\\\b\f\n\r\t""#),
            (#"emails[type eq "work" and value co "@x"]"#, #"emails[type eq "work" and value co "@x"]"#),
            (#"emails[ type eq "work" ] and x pr"#, #"emails[type eq "work"] and x pr"#),
            (#"emails[type eq "work"].value eq "x""#, #"emails[type eq "work" and value eq "x"]"#),
            (#"emails[type eq "a" or type eq "b"].value pr"#, #"emails[(type eq "a" or type eq "b") and value pr]"#),
            (#"members[$ref ew "/1"]"#, #"members[$ref ew "/1"]"#),
            (#"members.$ref pr"#, "members.$ref pr"),
            (
                #"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department sw "A""#,
                #"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department sw "A""#
            ),
            (#"urn:a:b:2.0:c.d lt "2011-05-13T04:42:34Z""#, #"urn:a:b:2.0:c.d lt "2011-05-13T04:42:34Z""#),
        ])
    func reads(text: String, printed: String) throws {
        let filter = try Self.parse(text)
        #expect(filter.description == printed)
        #expect(try Self.parse(printed) == filter)
    }

    @Test("and before or, both from the left")
    func precedence() throws {
        let (a, b, c) = (Filter.present(.init("a")), Filter.present(.init("b")), Filter.present(.init("c")))
        #expect(try Self.parse("a pr or b pr and c pr") == .or(a, .and(b, c)))
        #expect(try Self.parse("a pr and b pr or c pr") == .or(.and(a, b), c))
        #expect(try Self.parse("a pr and b pr and c pr") == .and(.and(a, b), c))
        #expect(try Self.parse("a pr or (b pr or c pr)") == .or(a, .or(b, c)))
    }

    @Test(
        "Trap 8: a URN is split off where the known one ends",
        arguments: [
            ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value", "manager", "value"),
            ("URN:IETF:params:scim:schemas:extension:enterprise:2.0:user:department", "department", nil),
            ("urn:ietf:params:scim:schemas:core:2.0:User:name.familyName", "name", "familyName"),
        ])
    func urn(text: String, attribute: String, subAttribute: String?) throws {
        let path = try AttributePath.parse(text, urns: Self.urns)
        #expect(path.attribute == attribute)
        #expect(path.subAttribute == subAttribute)
        #expect(path.description == text)
    }

    @Test("Of several known URNs the longest counts, and an unknown one ends at its last colon")
    func longestURN() throws {
        let urns = ["urn:x:a", "urn:x:a:b", "urn:x:ab"]
        #expect(try AttributePath.parse("urn:x:a:b:c", urns: urns) == AttributePath(schema: "urn:x:a:b", "c"))
        #expect(try AttributePath.parse("urn:x:a:b", urns: urns) == AttributePath(schema: "urn:x:a:b", nil))
        #expect(try AttributePath.parse("urn:x:a:d", urns: urns) == AttributePath(schema: "urn:x:a", "d"))
        #expect(try AttributePath.parse("urn:x:abc:d", urns: urns) == AttributePath(schema: "urn:x:abc", "d"))
    }

    @Test(
        "What is refused, and where",
        arguments: [
            ("", 1), ("   ", 4), ("userName", 9), (#"userName eq"#, 12), (#"userName eq "#, 13), (#"userName is "x""#, 10),
            (#"userName eq x"#, 13), (#"userName eq 'x'"#, 13), (#"userName eq "x"#, 15), (#"userName eq "x" or"#, 19),
            (#"userName eq "x" title pr"#, 17), (#"userName eq "x"and title pr"#, 16), (#"(title pr"#, 10), (#"title pr)"#, 9),
            (#"not title pr"#, 5), (#"emails[type eq "work""#, 22), (#"emails[]"#, 8), (#"emails[a[b pr]]"#, 9),
            (#"emails[a.b pr]"#, 9), (#"name.x[a pr]"#, 1), (#"1a pr"#, 1), (#"é pr"#, 1), (#"a.1 pr"#, 3), (#"a..b pr"#, 3),
            (#"a eq 01"#, 7), (#"a eq +1"#, 6), (#"a eq 1."#, 8), (#"a eq -"#, 7), (#"a eq 1e999"#, 6), (#"a eq .5"#, 6),
            (#"a eq "\x""#, 7), (#"a eq "\ud800""#, 7), (#"a eq "\udc00\ud800""#, 7), (#"a eq "\u0000""#, 7), (#"a eq "\u12g4""#, 7),
            ("a eq \"\u{9}\"", 7), (#"a eq tru"#, 6), (#"a eq true1"#, 6), (#":a pr"#, 1), (#"urn:a: pr"#, 7), (#"a eq "é" é"#, 10),
            (#"a pr and"#, 9), (#"a prx"#, 3), (#"emails[type eq "w"]. value eq "x""#, 21), (#"(a pr or b pr]"#, 14),
        ])
    func refuses(text: String, place: Int) throws {
        let error = try #require(throws: SCIMError.self) { try Self.parse(text) }
        #expect(error.status == 400)
        #expect(error.kind == .invalidFilter)
        #expect(error.detail.hasPrefix("Filter, character \(place): "), "\(error.detail)")
    }

    @Test("Length, depth and number of comparisons have limits, at which it still works")
    func limits() throws {
        func nested(_ depth: Int) -> String { String(repeating: "(", count: depth) + "a pr" + String(repeating: ")", count: depth) }
        func chain(_ count: Int) -> String { Array(repeating: "a pr", count: count).joined(separator: " or ") }
        func long(_ length: Int) -> String { "a eq \"" + String(repeating: "x", count: length - 7) + "\"" }
        for text in [nested(32), chain(500), long(8192), "not (" + nested(30) + " and b[c pr])"] { _ = try Self.parse(text) }
        let hostile = [
            nested(33), chain(501), long(8193), String(repeating: "(", count: 8000), String(repeating: "not (", count: 1600),
            "not (" + nested(32) + ")", String(repeating: "(", count: 32) + "b[c pr]" + String(repeating: ")", count: 32),
            "a eq \"" + String(repeating: "\u{301}", count: 31) + "\"",
        ]
        for text in hostile {
            #expect(throws: SCIMError.self, "\(text.prefix(40))") { try Self.parse(text) }
        }
    }

    @Test("parse(print(filter)) is the filter", arguments: 0..<40)
    func roundTrip(seed: Int) throws {
        var dice = FilterDice(seed)
        for _ in 0..<50 {
            let filter = dice.filter(depth: dice.below(6))
            #expect(try Self.parse(filter.description) == filter, "\(filter)")
        }
    }

    @Test("Whatever comes, it is read or refused", arguments: 0..<20)
    func noise(seed: Int) {
        var dice = FilterDice(seed)
        let parts = [
            "a", "and", "or", "not", " ", " ", " ", "(", ")", "[", "]", "eq", "pr", "\"", "\\u", "d800", "1", ".", ":", "urn:", "é", "$ref",
            "null",
        ]
        var read = 0
        for _ in 0..<500 {
            let text = (0..<dice.below(12)).map { _ in dice.one(of: parts) }.joined()
            guard let filter = try? Self.parse(text) else { continue }
            read += 1
            #expect((try? Self.parse(filter.description)) == filter, "\(text)")
        }
        #expect(read < 500)
    }
}
