import Foundation
import Mimecast
import Testing

@Suite struct LenientDecoderTests {
    static func decode<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
        try LenientDecoder.decode(type, from: try LenientJSON.parse(Array(text.utf8)))
    }

    static func failure<T: Decodable>(_ type: T.Type, _ text: String) throws -> (kind: String, path: String) {
        let error = try #require(throws: DecodingError.self) { try decode(type, text) }
        switch error {
        case .typeMismatch(_, let context): return ("mismatch", path(context))
        case .valueNotFound(_, let context): return ("null", path(context))
        case .keyNotFound(let key, let context): return ("no \(key.stringValue)", path(context))
        case .dataCorrupted(let context): return ("corrupted", path(context))
        @unknown default: return ("?", "")
        }
    }

    private static func path(_ context: DecodingError.Context) -> String {
        context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: "/")
    }

    @Test(arguments: [
        ("true", true), ("'true'", true), ("'True'", true), ("'TRUE'", true), ("1", true), ("1.0", true), ("True", true),
        ("false", false), ("'false'", false), ("'FALSE'", false), ("0", false), ("-0", false),
    ])
    func truthValues(text: String, expected: Bool) throws {
        #expect(try Self.decode(Bool.self, text) == expected)
        #expect(try Self.decode(Bool?.self, text) == expected)
        #expect(try Self.decode([Bool].self, "[\(text)]") == [expected])
        #expect(try Self.decode([String: Bool].self, "{'a':\(text)}") == ["a": expected])
    }

    @Test(arguments: [
        ("2", "mismatch"), ("0.5", "mismatch"), ("'1'", "corrupted"), ("'yes'", "corrupted"), ("''", "corrupted"), ("null", "null"),
        ("[]", "mismatch"), ("{}", "mismatch"),
    ])
    func noTruthValues(text: String, kind: String) throws {
        #expect(try Self.failure(Bool.self, text) == (kind, ""))
    }

    @Test(arguments: [
        ("25", 25), ("5.0", 5), ("1e2", 100), ("'25'", 25), ("' 25\\t'", 25), ("'-3'", -3), ("'007'", 7), ("-0", 0),
        ("9007199254740992", 9_007_199_254_740_992), ("'9223372036854775807'", .max), ("'-9223372036854775808'", .min),
    ])
    func wholeNumbers(text: String, expected: Int) throws {
        #expect(try Self.decode(Int.self, text) == expected)
        #expect(try Self.decode(Int64.self, text) == Int64(expected))
        #expect(try Self.decode(LenientInt.self, text).value == expected)
        #expect(try Self.decode([LenientInt?].self, "[\(text),null]").map { $0?.value } == [expected, nil])
    }

    @Test(arguments: [
        ("1.5", "corrupted"), ("1e300", "corrupted"), ("9007199254740994", "corrupted"), ("-1e19", "corrupted"), ("'1.5'", "corrupted"),
        ("'5.0'", "corrupted"), ("'+5'", "corrupted"), ("''", "corrupted"), ("' '", "corrupted"), ("'1 2'", "corrupted"),
        ("'- 1'", "corrupted"),
        ("'٣'", "corrupted"), ("'9223372036854775808'", "corrupted"), ("true", "mismatch"), ("null", "null"), ("[]", "mismatch"),
        ("{}", "mismatch"),
    ])
    func noWholeNumbers(text: String, kind: String) throws {
        #expect(try Self.failure(Int.self, text) == (kind, ""))
        #expect(throws: DecodingError.self) { try Self.decode(UInt64.self, "-1") }
    }

    @Test func everyWidthHasItsBounds() throws {
        func bounds<T: FixedWidthInteger & Decodable>(_ type: T.Type) throws {
            for text in ["'\(T.min)'", "'\(T.max)'"] { #expect(try Self.decode(type, text) == T(text.dropFirst().dropLast())) }
            for text in ["'\(T.min)0'", "'\(T.max)0'", "-1e300", "1e300", "'-1'"] where T.min == 0 || !text.contains("-1'") {
                guard text != "'00'" else { continue }
                #expect(throws: DecodingError.self, "\(type) \(text)") { try Self.decode(type, text) }
            }
        }
        try bounds(Int8.self)
        try bounds(Int16.self)
        try bounds(Int32.self)
        try bounds(Int64.self)
        try bounds(Int.self)
        try bounds(UInt8.self)
        try bounds(UInt16.self)
        try bounds(UInt32.self)
        try bounds(UInt64.self)
        try bounds(UInt.self)
    }

    @Test(arguments: [("1.5", 1.5), ("3", 3), ("'1.5'", 1.5), ("' -2e3 '", -2_000)])
    func fractions(text: String, expected: Double) throws {
        #expect(try Self.decode(Double.self, text) == expected)
        #expect(try Self.decode(Float.self, text) == Float(expected))
    }

    @Test(arguments: [
        ("'one'", "corrupted"), ("''", "corrupted"), ("'nan'", "corrupted"), ("'1e999'", "corrupted"), ("'[]'", "corrupted"),
        ("true", "mismatch"),
        ("[]", "mismatch"), ("null", "null"),
    ])
    func noFractions(text: String, kind: String) throws {
        #expect(try Self.failure(Double.self, text) == (kind, ""))
    }

    @Test func aFloatHasItsBounds() throws {
        #expect(try Self.failure(Float.self, "1e300") == ("corrupted", ""))
    }

    @Test(arguments: [("1", "mismatch"), ("true", "mismatch"), ("null", "null"), ("[]", "mismatch"), ("{}", "mismatch")])
    func aStringIsAString(text: String, kind: String) throws {
        #expect(try Self.failure(String.self, text) == (kind, ""))
        #expect(try Self.failure([String: String].self, "{'a':\(text)}") == (kind, "a"))
    }

    struct Person: Codable, Equatable {
        struct Alias: Codable, Equatable { var name: String, rank: Int? }
        enum Kind: String, Codable { case user, guest }

        var name: String
        var isLocked: Bool?
        var kind: Kind?
        var aliases: [Alias]?
        var notes: [String: JSON]?
    }

    @Test func shapesAreRead() throws {
        let text = """
            {'name': 'Ada', 'isLocked': 'False', 'kind': 'guest', 'aliases': [{'name': 'a', 'rank': '1'}, {'name': 'b', 'rank': None}],
             'notes': {'n': 1, 't': 'true', 'z': None, 'o': {'b': True}}, 'unknown': [[{}]]}
            """
        let expected = Person(
            name: "Ada", isLocked: false, kind: .guest, aliases: [.init(name: "a", rank: 1), .init(name: "b", rank: nil)],
            notes: ["n": 1, "t": "true", "z": .null, "o": ["b": true]])
        #expect(try Self.decode(Person.self, text) == expected)
        #expect(try Self.decode(Person.self, "{'name': 'Ada', 'isLocked': null, 'aliases': null}") == Person(name: "Ada"))
    }

    @Test(arguments: [
        ("{}", "no name", ""), ("{'name': null}", "null", "name"), ("{'name': 1}", "mismatch", "name"), ("[]", "mismatch", ""),
        ("null", "null", ""),
        ("{'name': '', 'isLocked': []}", "mismatch", "isLocked"), ("{'name': '', 'kind': 'owner'}", "corrupted", "kind"),
        ("{'name': '', 'aliases': {}}", "mismatch", "aliases"), ("{'name': '', 'aliases': [{'name': ''}, null]}", "null", "aliases/1"),
        ("{'name': '', 'aliases': [{'name': ''}, {}]}", "no name", "aliases/1"),
        ("{'name': '', 'aliases': [{'name': '', 'rank': 'x'}]}", "corrupted", "aliases/0/rank"),
    ])
    func errorsNameTheirPlace(text: String, kind: String, path: String) throws {
        #expect(try Self.failure(Person.self, text) == (kind, path))
    }

    @Test(arguments: ["null", "true", "'true'", "1", "0", "'1'", "[1,'false',null,[]]", "{'a':{'b':[True]},'c':None}"])
    func treesStayAsTheyWere(text: String) throws {
        let tree = try LenientJSON.parse(Array(text.utf8))
        #expect(try LenientDecoder.decode(JSON.self, from: tree) == tree)
        #expect(try LenientDecoder.decode([JSON].self, from: [tree]) == [tree])
        #expect(try LenientDecoder.decode([String: JSON].self, from: ["a": tree]) == ["a": tree])
    }

    @Test func envelopesAreRead() throws {
        let request = try Self.decode(
            RequestEnvelope<DomainKey>.self,
            "{'meta': {'pagination': {'pageSize': '25', 'pageToken': ''}}, 'data': [{'domain': 'acme.example'}]}")
        #expect(request.meta?.pagination == PageRequest(pageSize: 25, pageToken: ""))
        #expect(request.data?.map(\.domain) == ["acme.example"])
        #expect(try Self.decode(RequestEnvelope<DomainKey>.self, "{'data': None}").data == nil)
        #expect(try Self.failure(PageRequest.self, "{'pageSize': 'many'}") == ("corrupted", "pageSize"))
        #expect(try Self.failure(PageRequest.self, "{'pageSize': True}") == ("mismatch", "pageSize"))
    }
}
