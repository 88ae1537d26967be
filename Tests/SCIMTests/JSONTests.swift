import SCIM
import Testing

/// Reproducible randomness.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite struct JSONTests {
    private static func written(_ text: String, _ limits: JSONLimits = JSONLimits()) throws -> String {
        String(decoding: try JSONValue.parse(Array(text.utf8), limits).serialized, as: UTF8.self)
    }

    private static func failure(_ bytes: [UInt8], _ limits: JSONLimits = JSONLimits()) -> JSONFailure? {
        do throws(JSONFailure) {
            _ = try JSONValue.parse(bytes, limits)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("null", "null"), (" true ", "true"), ("\r\n\tfalse\n", "false"), ("0", "0"), ("-0", "-0"), ("1.50", "1.50"), ("1E+2", "1E+2"),
        ("-12.5e-3", "-12.5e-3"), ("9007199254740993", "9007199254740993"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        (#""""#, #""""#), (#""a""#, #""a""#), ("[]", "[]"), ("{}", "{}"), (" [ ] ", "[]"), (" { } ", "{}"), ("[1, [2] ,{} ]", "[1,[2],{}]"),
        (#"{ "b" : 1 , "a" : { "c" : [ null ] } }"#, #"{"b":1,"a":{"c":[null]}}"#), (#"{"a":1,"A":2}"#, #"{"a":1,"A":2}"#),
        (#"{"":""}"#, #"{"":""}"#), (#""\"\\\/\b\f\n\r\t""#, #""\"\\/\b\f\n\r\t""#), (#""\u0041\u00e9\u20AC""#, "\"Aé€\""),
        (#""\ud83d\ude00""#, "\"😀\""), (#""\u0001\u001f\u007f""#, "\"\\u0001\\u001f\u{7f}\""), ("\"é 😀 \u{2028}\"", "\"é 😀 \u{2028}\""),
        (#""e\u0301""#, "\"e\u{301}\""),
    ])
    func isReadAndWritten(text: String, written: String) throws {
        #expect(try Array(Self.written(text).utf8) == Array(written.utf8))
    }

    @Test(arguments: [
        "", " ", "nul", "nulL", "True", "truefalse", "true false", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[1 2]", #"{"a"}"#,
        #"{"a":}"#, #"{"a":1,}"#, #"{,"a":1}"#, #"{"a":1 "b":2}"#, #"{"a" 1}"#, "{a:1}", "{1:1}", "'a'", "\"", "\"a", #""\"#, #""\""#,
        #""\x""#, #""\u12""#, #""\u12g4""#, #""\u""#, "\"\n\"", "\"\u{1}\"", "+1", "01", "-01", "-", ".5", "1.", "1.e1", "1e", "1e+",
        "0x1", "NaN", "Infinity", "-Infinity", "1e309", "-1e999", "//", "/**/1", "1;", "\u{feff}1", "\u{a0}1", "1\u{0}",
        #""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800x""#, #""\ud800\n""#, #""\u0000""#, #"{"a":1,"a":1}"#,
        #"{"a":1,"\u0061":1}"#, #"[{"b":{"a":1,"c":2,"a":3}}]"#,
    ])
    func isRefused(text: String) throws {
        let failure = try #require(Self.failure(Array(text.utf8)))
        #expect((0...text.utf8.count).contains(failure.offset))
        #expect(failure.scimError.status == 400)
        #expect(failure.scimError.kind == .invalidSyntax)
        #expect(failure.description.contains(failure.reason))
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
            [0x22, 0xE2, 0x82, 0x22], [0x22, 0x5C, 0x6E, 0x80, 0x22], [0x22, 0xC3, 0x5C, 0x6E, 0x22],
        ] as [[UInt8]])
    func whatIsNotUTF8IsRefused(bytes: [UInt8]) { #expect(Self.failure(bytes)?.reason.contains("UTF-8") == true) }

    @Test func theFailureSaysWhere() {
        #expect(Self.failure(Array(#"{"a": 1, "b": x}"#.utf8))?.offset == 14)
        #expect(Self.failure(Array(#"{"a": "\q"}"#.utf8))?.offset == 7)
        #expect(Self.failure(Array("[1, 2".utf8))?.offset == 5)
    }

    @Test func depthIsLimited() {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        func objects(_ depth: Int) -> [UInt8] {
            Array((String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)).utf8)
        }
        #expect(Self.failure(nested(32)) == nil)
        #expect(Self.failure(nested(33))?.offset == 32)
        #expect(Self.failure(objects(32)) == nil)
        #expect(Self.failure(objects(33)) != nil)
        #expect(Self.failure(Array(String(repeating: "[", count: 1_000_000).utf8))?.offset == 32)
        // Depth is what is open, not what was.
        #expect(Self.failure(Array(("[" + Array(repeating: "[]", count: 100).joined(separator: ",") + "]").utf8)) == nil)
        #expect(JSONLimits(depth: 1_000_000).depth == 500)
        #expect(Self.failure(nested(501), JSONLimits(depth: 1_000_000)) != nil)
    }

    @Test func countsAreLimited() throws {
        let list = Array(("[" + Array(repeating: "0", count: 10).joined(separator: ",") + "]").utf8)
        #expect(Self.failure(list, JSONLimits(values: 11)) == nil)
        #expect(Self.failure(list, JSONLimits(values: 10)) != nil)
        func object(_ count: Int) -> String { "{" + (0..<count).map { #""a\#($0)":\#($0)"# }.joined(separator: ",") + "}" }
        #expect(try Self.written(object(500)) == object(500))
        #expect(Self.failure(Array(object(501).utf8))?.reason.contains("500 members") == true)
    }

    @Test(arguments: [2, 3, 15, 16, 17, 18, 100, 499])
    func repeatedNamesAreFoundAmongMany(count: Int) {
        var random = SplitMix64(state: UInt64(count))
        for _ in 0..<20 {
            var names = (0..<count).map { "n\($0)" }.shuffled(using: &random)
            func text() -> [UInt8] { Array(("{" + names.map { #""\#($0)":0"# }.joined(separator: ",") + "}").utf8) }
            #expect(Self.failure(text()) == nil)
            names[Int.random(in: 0..<count - 1, using: &random)] = names[count - 1]
            #expect(Self.failure(text())?.reason.contains("two members") == true)
        }
    }

    @Test func namesAreToldApartByTheirBytes() throws {
        let both = "{\"\u{e9}\":1,\"e\u{301}\":2}"
        #expect(try Array(Self.written(both).utf8) == Array(both.utf8))
        let object = try #require(try JSONValue.parse(Array(both.utf8)).object)
        #expect(object["\u{e9}"] == 1)
        #expect(object["e\u{301}"] == 2)
    }

    @Test func combiningMarksAreLimited() throws {
        func marks(_ count: Int) -> String { "\"a" + String(repeating: "\u{301}", count: count) + "b\"" }
        #expect(Self.failure(Array(marks(30).utf8)) == nil)
        #expect(Self.failure(Array(marks(31).utf8))?.reason.contains("combining marks") == true)
        #expect(Self.failure(Array((#""a"# + String(repeating: #"\u0301"#, count: 31) + #"""#).utf8)) != nil)
        #expect(Self.failure(Array(("{" + marks(31) + ":1}").utf8)) != nil)
        let many = "\"" + String(repeating: "a\u{301}\u{302}", count: 10_000) + "\""
        #expect(Self.failure(Array(many.utf8)) == nil)
        // Marks that decompose into marks, and marks of scripts without a canonical class.
        for mark in ["\u{344}", "\u{f73}", "\u{20dd}", "\u{903}", "\u{302a}", "\u{a66f}", "\u{e0100}"] {
            #expect(Self.failure(Array(("\"a" + String(repeating: mark, count: 31) + "\"").utf8)) != nil)
        }
    }

    @Test func numbersKeepTheirDigits() throws {
        let digits = String(repeating: "1", count: 100)
        #expect(try JSONValue.parse(Array(digits.utf8)).number?.literal == digits)
        #expect(Self.failure(Array((digits + "1").utf8)) != nil)
        #expect(try JSONValue.parse(Array("1.0".utf8)).number?.integer == 1)
        #expect(try JSONValue.parse(Array("1.5".utf8)).number?.integer == nil)
        #expect(try JSONValue.parse(Array("1e-400".utf8)).number?.double == 0)
    }

    @Test func whatIsWrittenIsReadBackTheSame() throws {
        var random = SplitMix64(state: 7)
        func text() -> String {
            let alphabet: [String] = [
                "a", "Z", " ", "\"", "\\", "/", "\n", "\t", "\u{1}", "\u{1f}", "\u{7f}", "é", "e\u{301}", "漢", "😀", "\u{2029}",
            ]
            return (0..<Int.random(in: 0...20, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "" }.joined()
        }
        func value(_ depth: Int) -> JSONValue {
            switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
            case 0: return .null
            case 1: return .bool(.random(using: &random))
            case 2: return .number(JSONNumber(.random(in: .min ... .max, using: &random)))
            case 3, 4: return .string(text())
            case 5: return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth - 1) })
            default:
                var object = JSONObject()
                for index in 0..<Int.random(in: 0...20, using: &random) { object["\(index)" + text()] = value(depth - 1) }
                return .object(object)
            }
        }
        for _ in 0..<500 {
            let value = value(4)
            let bytes = value.serialized
            let again = try JSONValue.parse(bytes)
            #expect(again.isSame(as: value))
            #expect(again.serialized == bytes)
        }
    }

    @Test func changedBytesNeverCrash() throws {
        let seed = Array(
            #"{"schemas":["urn:x"],"a":[1,-2.5e3,true,null,"\u00e9\n"],"b":{"c":{"d":"é😀"}},"e":"\\\"","f":[[],{}]}"#.utf8)
        var random = SplitMix64(state: 3)
        var refused = 0
        for _ in 0..<20_000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeSubrange(place...)
                default: bytes.insert(seed[Int.random(in: 0..<seed.count, using: &random)], at: place)
                }
                if bytes.isEmpty { break }
            }
            do throws(JSONFailure) {
                let value = try JSONValue.parse(bytes)
                #expect(try JSONValue.parse(value.serialized).serialized == value.serialized)
            } catch {
                refused += 1
                #expect((0...bytes.count).contains(error.offset))
            }
        }
        #expect(refused > 5_000)
    }

    @Test func samenessIgnoresTheOrderOfMembersAlone() throws {
        func same(_ left: String, _ right: String) throws -> Bool {
            try JSONValue.parse(Array(left.utf8)).isSame(as: JSONValue.parse(Array(right.utf8)))
        }
        #expect(try same(#"{"a":1,"b":{"c":[1],"d":null}}"#, #"{"b":{"d":null,"c":[1]},"a":1}"#))
        for (left, right) in [
            ("[1,2]", "[2,1]"), (#"{"a":1}"#, #"{"a":1,"b":null}"#), (#"{"a":1}"#, #"{"A":1}"#), ("1", "1.0"),
            ("\"\u{e9}\"", "\"e\u{301}\""),
            ("null", "false"), (#"{"a":1,"b":2}"#, #"{"a":1,"c":2}"#),
        ] {
            #expect(try !same(left, right), "\(left) \(right)")
        }
    }
}
