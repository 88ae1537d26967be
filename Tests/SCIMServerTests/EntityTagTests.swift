import HTTPTypes
import SCIM
import Testing

@testable import SCIMServer

@Suite struct EntityTagTests {
    @Test(arguments: [
        (#"W/"1""#, ["1"]), (#""1""#, ["1"]), ("1", ["1"]), (#"w/"1""#, ["1"]), (#" W/"1" "#, ["1"]),
        (#"W/"1", "2",3 , W/"a,b""#, ["1", "2", "3", "a,b"]), (#""""#, [""]), (#"W/"ä""#, ["ä"]), ("W/1", ["W/1"]),
        (#"W/"*""#, ["*"]),
    ])
    func reads(header: String, versions: [String]) throws {
        #expect(try EntityTags(header) == .versions(versions))
    }

    @Test func starIsAnyVersion() throws {
        #expect(try EntityTags("*") == .any)
        #expect(try EntityTags("*").contains("7"))
    }

    @Test(arguments: ["", " ", ",", #"W/"1"#, #"""#, #""1" "2""#, #""1","#, #""1",,"2""#, "a b", #"a"b"#, #"W/"1"x"#, "\u{7F}"])
    func refuses(header: String) {
        let error = #expect(throws: SCIMError.self) { try EntityTags(header) }
        #expect(error?.status == 400)
        #expect(error?.kind == .invalidValue)
    }

    @Test func aHundredTagsAreEnough() throws {
        let tags = { (count: Int) in Array(repeating: #""1""#, count: count).joined(separator: ",") }
        #expect(try EntityTags(tags(100)).contains("1"))
        #expect(throws: SCIMError.self) { try EntityTags(tags(101)) }
    }

    @Test(arguments: [
        (nil, nil, ["1": true, "2": true]),
        (#"W/"1""#, nil, ["1": true, "2": false]),
        (#""1", "2""#, nil, ["1": true, "2": true, "3": false]),
        ("*", nil, ["1": true]),
        (nil, #"W/"1""#, ["1": false, "2": true]),
        (nil, "*", ["1": false]),
        (#""1""#, #""1""#, ["1": true, "2": false]),
    ])
    func makeConditions(ifMatch: String?, ifNoneMatch: String?, verdicts: [String: Bool]) throws {
        var headers = HTTPFields()
        headers[.ifMatch] = ifMatch
        headers[.ifNoneMatch] = ifNoneMatch
        let condition = try Preconditions(headers).condition
        for (version, isAllowed) in verdicts { #expect(condition.allows(version) == isAllowed, "\(version)") }
    }
}
