import Testing

/// The judge is judged: each notation of Tests/Conversations/README.md accepts what it should and nothing else.
@Suite struct ConversationMatcherTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let expected: String
        let fits: [String]
        let fails: [String]
        var testDescription: String { expected }

        init(_ expected: String, fits: [String], fails: [String]) {
            self.expected = expected
            self.fits = fits
            self.fails = fails
        }
    }

    static let cases = [
        Case(#"{"a":1}"#, fits: [#"{"b":2,"a":1}"#], fails: ["{}", #"{"a":"1"}"#, #"{"a":1.0}"#, "[]", "1"]),
        Case("[1,2]", fits: ["[1,2]"], fails: ["[1]", "[2,1]", "[1,2,3]", "{}"]),
        Case("[]", fits: ["[]"], fails: ["[1]", "null"]),
        Case(#""é""#, fits: [#""\u00e9""#], fails: [#""e\u0301""#, "1"]),
        Case("true", fits: ["true"], fails: [#""true""#, "false", "1"]),
        Case(#"{"a":{"$type":"absent"}}"#, fits: ["{}", #"{"b":1}"#], fails: [#"{"a":1}"#, #"{"a":null}"#, #"{"a":[]}"#]),
        Case(#"{"a":{"$type":"present"}}"#, fits: [#"{"a":1}"#, #"{"a":null}"#], fails: ["{}"]),
        Case(#"{"a":{"$type":"unassigned"}}"#, fits: ["{}", #"{"a":[]}"#, #"{"a":{}}"#], fails: [#"{"a":[1]}"#, #"{"a":null}"#]),
        Case(#"{"$type":"integer"}"#, fits: ["1"], fails: ["1.5", #""1""#, "true"]),
        Case(#"{"$type":"number"}"#, fits: ["1", "1.5"], fails: [#""1""#]),
        Case(#"{"$type":"string"}"#, fits: [#""""#], fails: ["1", "null"]),
        Case(#"{"$type":"object"}"#, fits: ["{}"], fails: ["[]"]),
        Case(#"{"$contains":[{"v":1}]}"#, fits: [#"[{"v":2},{"v":1,"w":3}]"#], fails: ["[]", #"[{"v":2}]"#, "1"]),
        Case(#"{"$lacks":[{"v":1}]}"#, fits: ["[]", #"[{"v":2}]"#], fails: [#"[{"v":2},{"v":1}]"#, "1"]),
        Case(#"{"$each":{"v":1}}"#, fits: ["[]", #"[{"v":1},{"v":1}]"#], fails: [#"[{"v":1},{"v":2}]"#, "1"]),
        Case(#"{"$count":2}"#, fits: ["[1,2]", "2"], fails: ["[1]", "3", "null"]),
        Case(#"{"$min":2}"#, fits: ["[1,2,3]", "2"], fails: ["[1]", "1", "null"]),
        Case(#"{"$starts":"ab"}"#, fits: [#""abc""#], fails: [#""xab""#, "1"]),
        Case(#"{"$ends":"bc"}"#, fits: [#""abc""#], fails: [#""bcx""#, "1"]),
        Case(#"{"$not":{"v":1}}"#, fits: [#"{"v":2}"#, "1"], fails: [#"{"v":1,"w":1}"#]),
        Case(#"{"a":{"$any":[{"$type":"absent"},[]]}}"#, fits: ["{}", #"{"a":[]}"#], fails: [#"{"a":1}"#]),
        Case(#"{"$type":"string","$starts":"a"}"#, fits: [#""a""#], fails: [#""b""#]),
        Case(#"{"a":"${known}","${known}":1}"#, fits: [#"{"a":"value","value":1}"#], fails: [#"{"a":"${known}","value":1}"#]),
        Case(#""${unknown}""#, fits: [], fails: [#""""#]),
        Case(#"{"$ref":"a"}"#, fits: [#"{"$ref":"a"}"#], fails: ["{}"]),
        Case(#"{"$invented":1}"#, fits: [], fails: ["1"]),
    ]

    @Test(arguments: cases)
    func notation(_ example: Case) throws {
        let expected = try ConversationJSON(example.expected)
        for (texts, count) in [(example.fits, 0), (example.fails, 1)] {
            for text in texts {
                var matcher = ConversationMatcher(values: ["known": "value"])
                matcher.match(expected, try ConversationJSON(text))
                #expect(min(matcher.differences.count, 1) == count, "\(text): \(matcher.differences)")
            }
        }
    }

    @Test func capturesAreUsedLater() throws {
        var matcher = ConversationMatcher()
        matcher.match(
            try ConversationJSON(#"{"id":{"$capture":"id"},"list":{"$contains":[{"n":2,"v":{"$capture":"v"}}]}}"#),
            try ConversationJSON(#"{"id":"7","list":[{"n":1,"v":"a"},{"n":2,"v":5}]}"#))
        #expect(matcher.differences.isEmpty)
        #expect(matcher.values == ["id": "7", "v": "5"])
        #expect(try matcher.filled("/Users/${id}?a=${v}&b=$c{}") == "/Users/7?a=5&b=$c{}")
        #expect(throws: ConversationMatcher.UnknownName.self) { try matcher.filled("${none}") }
    }

    @Test(arguments: [
        #"{"a":[1,-2.5e3,true,false,null,"é\"\\\n\u0001 😀",{}],"b":{"c":[]}}"#, "1", #""""#, "[]",
    ])
    func whatIsReadIsWrittenAgain(_ text: String) throws {
        #expect(try ConversationJSON(text).serialized == text)
        #expect(try ConversationJSON(" \n\(text)\t").mapStrings { $0 }.serialized == text)
    }

    @Test(arguments: [
        "", "{", "[1,]", #"{"a":1,}"#, #"{"a":1,"a":2}"#, "01", "1.", "+1", "nul", "[1 2]", "1 2", #""\x""#, #""\ud800""#, "\"\n\"", "'a'",
        #"{"a" 1}"#, "-", #"{1:2}"#, String(repeating: "[", count: 100) + String(repeating: "]", count: 100),
    ])
    func malformedJSONIsRefused(_ text: String) {
        #expect(throws: ConversationJSON.Malformed.self) { try ConversationJSON(text) }
    }

    @Test(arguments: [
        (200, #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"itemsPerPage":0,"Resources":[]}"#),
        (404, #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":"none"}"#),
        (
            201,
            #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"7","meta":{"resourceType":"User","location":"http://h/scim/v2/Users/7"}}"#
        ),
    ])
    func goodAnswersBreachNoRule(_ status: Int, _ text: String) throws {
        let headers = ["content-type": "application/scim+json", "location": "http://h/scim/v2/Users/7"]
        #expect(try ConversationRules.breaches(status: status, headers: headers, body: ConversationJSON(text)) == [])
    }

    @Test(arguments: [
        (200, #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":"0","itemsPerPage":0,"Resources":[]}"#),
        (200, #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"itemsPerPage":0}"#),
        (200, #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1,"itemsPerPage":1,"Resources":[]}"#),
        (200, #"{"a":[{"b":null}]}"#),
        (200, #"{"password":"x"}"#),
        (204, "{}"),
        (401, #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"401","detail":"none"}"#),
        (404, #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":404,"detail":"none"}"#),
        (404, #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":""}"#),
        (404, #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","scimType":"other","detail":"none"}"#),
        (
            201,
            #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"7","meta":{"resourceType":"User","location":"/scim/v2/Users/7"}}"#
        ),
        (
            200,
            #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"7","emails":[],"meta":{"resourceType":"User"}}"#
        ),
    ])
    func eachRuleIsKept(_ status: Int, _ text: String) throws {
        let headers = ["content-type": "application/scim+json; charset=utf-8"]
        #expect(try !ConversationRules.breaches(status: status, headers: headers, body: ConversationJSON(text)).isEmpty)
    }
}
