import Foundation
import Mimecast
import Testing

@Suite struct LenientJSONTests {
    static func parse(_ text: String, depth: Int = 32, values: Int = 100_000) throws -> JSON {
        try LenientJSON.parse(Array(text.utf8), depth: depth, values: values)
    }

    static func failure(_ bytes: [UInt8], depth: Int = 32, values: Int = 100_000) -> LenientJSON.Failure? {
        do {
            _ = try LenientJSON.parse(bytes, depth: depth, values: values)
            return nil
        } catch {
            return error
        }
    }

    /// Foundation's reading of strict JSON.
    static func strict(_ text: String) throws -> JSON { try JSONDecoder().decode(JSON.self, from: Data(text.utf8)) }

    @Test(arguments: [
        "null", " true\r\n", "\tfalse", "0", "-0.0", "25", "-1.5e+2", "1E-2", "0.1", "9007199254740991", "-1e300", #""""#,
        #""a\"\\\/\b\f\n\r\t""#, #""\u00e9\u20AC\uD83D\ude00""#, #""é€😀""#, #""\u0000""#, "[]", "[ ]", "{}", "{ }", "[1,[2,[]],{}]",
        #"{"a":{"b":[true]},"c":null}"#, #"{"":1}"#, #"[{"a":[{"b":{}}]},"x"]"#,
    ])
    func readsJSON(text: String) throws {
        let expected = try Self.strict(text)
        #expect(try Self.parse(text) == expected)
        #expect(try Self.parse("\u{FEFF}" + text) == expected)
        #expect(try LenientJSON.parse(Data(" \(text) ".utf8)) == expected)
    }

    @Test func scalarsAreWhatTheySay() throws {
        #expect(
            try Self.parse(#"[null,true,false,-12.5,"a\n"]"#) == .array([.null, .bool(true), .bool(false), .number(-12.5), .string("a\n")]))
        #expect(try Self.parse(#"{"a":0}"#) == .object(["a": .number(0)]))
        #expect(try Self.parse("1e-999") == .number(0))
    }

    /// Against the same in JSON.
    @Test(arguments: [
        ("True", "true"), ("False", "false"), ("None", "null"), ("TRUE", "true"), ("fALSE", "false"), ("Null", "null"), ("''", #""""#),
        ("'a'", #""a""#), (#"'it\'s'"#, #""it's""#), (#""it's""#, #""it's""#), (#"'say "no"'"#, #""say \"no\"""#),
        (#"'\x7f\xe9\\\n\r\t'"#, #""\u007f\u00e9\\\n\r\t""#), (#"'\U0001F600'"#, #""😀""#), (#"'\ud83d\ude00'"#, #""😀""#), ("u'a'", #""a""#),
        (#"u"a""#, #""a""#), ("[1,]", "[1]"), ("[1 , ]", "[1]"), ("{'a': 1,}", #"{"a":1}"#), ("{u'a': u'b'}", #"{"a":"b"}"#),
        ("{'a': 1, 'a': 2}", #"{"a":2}"#), (#"{"a":[1],"a":null}"#, #"{"a":null}"#),
        (
            "{'meta': {'pagination': {'pageSize': '25'}}, 'data': [{'name': \"O'Neill\", 'locked': False, 'alias': None}]}",
            #"{"meta":{"pagination":{"pageSize":"25"}},"data":[{"name":"O'Neill","locked":false,"alias":null}]}"#
        ),
    ])
    func readsPython(text: String, json: String) throws {
        #expect(try Self.parse(text) == (try Self.strict(json)))
    }

    @Test(arguments: [
        ("", 0), (" ", 1), ("nul", 0), ("nulll", 0), ("trueish", 0), ("yes", 0), ("nan", 0), ("Infinity", 0), ("-inf", 1), ("+1", 0),
        (".5", 0),
        ("1.", 2), ("-", 1), ("01", 1), ("1e", 2), ("1e+", 3), ("0x10", 1), ("25L", 2), ("1_000", 1), ("1e999", 0), ("-1e999", 0),
        ("1e99999999999999999999", 0), ("[", 1), ("]", 0), ("[,]", 1), ("[1,,]", 3), ("[1 2]", 3), ("[1}", 2), ("[1", 2), ("[1,", 3),
        ("{", 1), ("{,}", 1), ("{1:2}", 1), ("{a:2}", 1), ("{True:2}", 1), ("{'a'}", 4), ("{'a' 1}", 5), ("{'a':}", 5), ("{'a':1", 6),
        ("{'a':1 'b':2}", 7), ("{'a':1]", 6), ("{u:1}", 1), ("'a", 2), ("'a\"", 3), ("\"\n\"", 1), ("'\\", 2), (#"'\q'"#, 1),
        (#"'\u12'"#, 5),
        (#"'\x1'"#, 4), (#"'\u12g4'"#, 5), ("1 2", 2), ("{}{}", 2), ("[]]", 2), ("null,", 4), ("(1,)", 0), ("b'a'", 0), ("'a' 'b'", 4),
        ("\u{FEFF}", 3), ("\u{FEFF}\u{FEFF}1", 3), ("\u{A0}1", 0), ("1\0", 1), ("[1]//", 3),
    ])
    func refusesWhatIsNeither(text: String, offset: Int) throws {
        let failure = try #require(Self.failure(Array(text.utf8)))
        #expect(failure.reason == .notJSON)
        #expect(failure.offset == offset)
    }

    @Test(arguments: [
        ([0x22, 0xFF, 0x22], 0), ([0x5B, 0x27, 0xC3, 0x27], 1), ([0x22, 0xC0, 0x80, 0x22], 0), ([0x22, 0xED, 0xA0, 0x80, 0x22], 0),
        ([0x22, 0xC3, 0x5C, 0x78, 0x41, 0x39, 0x22], 0), (Array(#""\ud83d""#.utf8), 1), (Array(#""\ude00""#.utf8), 1),
        (Array(#""\ud83d\u0041""#.utf8), 1), (Array(#""\ud83d\n""#.utf8), 1), (Array(#"'\U00110000'"#.utf8), 1),
        (Array(#"'\UFFFFFFFF'"#.utf8), 1), (Array(#"'\U0000d800'"#.utf8), 1),
    ])
    func refusesWhatIsNoText(bytes: [UInt8], offset: Int) throws {
        let failure = try #require(Self.failure(bytes))
        #expect(failure.reason == .notText)
        #expect(failure.offset == offset)
    }

    /// Swift would need seconds to hash the last of them.
    @Test(arguments: [("\u{301}\u{323}", 31), ("\u{F73}\u{323}", 31), ("\u{301}\u{323}", 100_000)])
    func combiningMarksAreCounted(marks: String, count: Int) throws {
        func bytes(_ count: Int) -> [UInt8] {
            Array("{'\(String(repeating: "x", count: 40))é".utf8) + Array(repeating: Array(marks.utf8), count: count / 2).joined()
                + (count % 2 == 0 ? [] : Array("\u{323}".utf8)) + Array("x':1}".utf8)
        }
        #expect(Self.failure(bytes(30)) == nil)
        let failure = try #require(Self.failure(bytes(count)))
        #expect(failure.reason == .notText)
        #expect(failure.offset == 1)
    }

    @Test func aNumberMayBeLongButNotEndless() throws {
        #expect(try Self.parse("0." + String(repeating: "1", count: 126)) == .number(0.111_111_111_111_111_1))
        for text in ["0." + String(repeating: "1", count: 127), String(repeating: "9", count: 1_000_000)] {
            #expect(Self.failure(Array(text.utf8))?.reason == .notJSON)
        }
    }

    @Test(arguments: [0, 1, 2, 31, 32, 100])
    func nestingHasALimit(depth: Int) throws {
        func nested(_ levels: Int) -> [UInt8] { Array(repeating: 0x5B, count: levels) + Array(repeating: 0x5D, count: levels) }
        if depth > 0 { #expect(Self.failure(nested(depth), depth: depth) == nil) }
        let failure = try #require(Self.failure(nested(depth + 1), depth: depth))
        #expect(failure.reason == .tooDeep)
        #expect(failure.offset == depth)
    }

    @Test func tenMegabytesOfBracketsAreRefusedAtTheLimit() throws {
        for bracket in ["[", "{'':", "[[],{'':", "[{'a':1,'b':"] {
            let bytes = Array(String(repeating: bracket, count: 10_000_000 / bracket.utf8.count).utf8)
            let failure = try #require(Self.failure(bytes))
            #expect(failure.reason == .tooDeep)
            #expect(failure.offset < 33 * bracket.utf8.count)
            let deepest = try #require(Self.failure(bytes, depth: .max, values: .max))
            #expect(deepest.reason == .tooDeep)
            #expect(deepest.offset < 513 * bracket.utf8.count)
        }
    }

    @Test func valuesHaveALimit() throws {
        func zeros(_ count: Int) -> [UInt8] { Array("[\(Array(repeating: "0", count: count).joined(separator: ","))]".utf8) }
        #expect(Self.failure(zeros(99_999)) == nil)
        #expect(Self.failure(zeros(100_000))?.reason == .tooMany)
        #expect(Self.failure(zeros(2), values: 3) == nil)
        #expect(Self.failure(zeros(3), values: 3)?.offset == 5)
        #expect(Self.failure(Array("{'a':{},'b':1}".utf8), values: 2)?.offset == 12)
        #expect(Self.failure(Array("1".utf8), values: 0)?.reason == .tooMany)
    }
}

// `null` has no literal: it would be taken for an absent JSON.
extension JSON: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(Dictionary(elements, uniquingKeysWith: { $1 })) }
}
