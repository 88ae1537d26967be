import SCIM
import Testing

@testable import SCIMServer

@Suite struct SearchParametersTests {
    private func read(_ query: String) throws -> SearchParameters { try SearchParameters(query: query) }

    private func body(_ text: String) throws -> SearchParameters {
        try SearchParameters(
            JSONValue.parse(Array(#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]\#(text)}"#.utf8)))
    }

    @Test(arguments: ["", "&", "&&", "aadOptscim062020", "aadOptscim062020&x=%zz", "=", "=a", "filter=&count=&startIndex&sortBy="])
    func nothingIsAskedFor(query: String) throws { #expect(try read(query) == SearchParameters()) }

    @Test(arguments: [
        ("filter=userName+eq+%22a%2Bb%22", #"userName eq "a+b""#), ("filter=userName%20eq%20%22%C3%A4%22", #"userName eq "ä""#),
        ("FILTER=a pr", "a pr"), ("aadOptscim062020&filter=a=b", "a=b"), ("filter=a%26b&x=1", "a&b"), ("x&filter=a%3D", "a="),
    ])
    func filters(query: String, filter: String) throws { #expect(try read(query).filter == filter) }

    @Test func namesAreLists() throws {
        let parameters = try read("attributes=userName,%20emails.value+,,&excludedAttributes=members&attributes=urn:x:2.0:User:a")
        #expect(parameters.attributes == ["userName", "emails.value", "urn:x:2.0:User:a"])
        #expect(parameters.excludedAttributes == ["members"])
    }

    @Test(arguments: [
        ("1", SearchParameters.Number.value(1)), ("-5", .value(-5)), ("+5", .value(5)), ("0", .value(0)), ("007", .value(7)),
        ("99999999999999999999999", .value(1_000_000_000_000)), ("-99999999999999999999999", .value(-1_000_000_000_000)),
        ("1.5", .malformed), ("a", .malformed), ("1e3", .malformed), ("%20", .malformed), ("--1", .malformed), ("1%202", .malformed),
        ("-", .malformed), ("%D9%A1", .malformed),
    ])
    func numbers(text: String, number: SearchParameters.Number) throws {
        #expect(try read("startIndex=\(text)").startIndex == number)
        #expect(try read("count=\(text)").count == number)
    }

    @Test func anEmptyCursorBegins() throws {
        #expect(try read("count=5").cursor == nil)
        #expect(try read("cursor").cursor == "")
        #expect(try read("cursor=&count=5").cursor == "")
        #expect(try read("cursor=abc").cursor == "abc")
    }

    @Test(arguments: [
        "filter=a&filter=a", "startIndex=1&startindex=1", "count=1&count=x", "cursor&cursor", "sortBy=a&sortBy=a", "filter=%", "filter=%ff",
        "sortOrder=a&sortOrder=b", "attributes=%00", "count=%C3",
    ])
    func refuses(query: String) {
        let error = #expect(throws: SCIMError.self) { try read(query) }
        #expect(error?.status == 400)
        #expect(error?.kind == .invalidValue)
    }

    @Test func bodiesSayTheSame() throws {
        let parameters = try body(
            #","attributes":["userName"," emails"],"excludedAttributes":"a, b","filter":"a pr","sortBy":"x","sortOrder":"descending","#
                + #""startIndex":2,"COUNT":3.0,"cursor":"","more":1"#)
        var expected = SearchParameters()
        expected.attributes = ["userName", "emails"]
        expected.excludedAttributes = ["a", "b"]
        expected.filter = "a pr"
        expected.sortBy = "x"
        expected.sortOrder = "descending"
        expected.startIndex = .value(2)
        expected.count = .value(3)
        expected.cursor = ""
        #expect(parameters == expected)
        #expect(try body("") == SearchParameters())
        #expect(try body(#","filter":null,"attributes":null,"count":null,"cursor":null"#) == SearchParameters())
        #expect(try body(#","count":"3","startIndex":1.5"#).count == .malformed)
        #expect(try body(#","startIndex":9e15"#).startIndex == .value(1_000_000_000_000))
    }

    @Test(arguments: [
        (#","filter":1"#, SCIMError.Kind.invalidValue), (#","attributes":[1]"#, .invalidValue), (#","attributes":{}"#, .invalidValue),
        (#","sortBy":[]"#, .invalidValue), (#","cursor":1"#, .invalidValue),
    ])
    func refusesBodies(text: String, kind: SCIMError.Kind) {
        let error = #expect(throws: SCIMError.self) { try body(text) }
        #expect(error?.kind == kind)
    }

    @Test(
        arguments: [[], "x", ["filter": "a pr"], ["schemas": []], ["schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]]]
            as [JSONValue])
    func refusesOtherMessages(message: JSONValue) {
        let error = #expect(throws: SCIMError.self) { try SearchParameters(message) }
        #expect(error?.kind == .invalidSyntax)
    }
}
