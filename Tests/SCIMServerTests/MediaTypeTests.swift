import HTTPTypes
import SCIM
import Testing

@testable import SCIMServer

@Suite struct MediaTypeTests {
    @Test(arguments: [
        "application/scim+json", "application/json", "Application/SCIM+JSON", "application/scim+json; charset=utf-8",
        "application/scim+json;charset=UTF-8", #"application/json; charset="utf-8""#, "application/json;charset=utf8",
        "application/json; q=1; charset=utf-8", "application/json;", " application/json ", "application/scim+json; Charset=Utf-8 ",
        "application/json; profile=iso-8859-1",
    ])
    func takes(type: String) throws {
        #expect(MediaType.isJSON(type))
        try MediaType.check([.contentType: type])
    }

    @Test(arguments: [
        "text/plain", "application/xml", "", "json", "application/jsonx", "application/scim+xml", "application/json; charset=iso-8859-1",
        #"application/json; charset="""#, "application/json; charset=utf-8; charset=utf-16", "application/json, application/json",
        "application/x-www-form-urlencoded", "application/scim+json charset=utf-8",
    ])
    func refuses(type: String) {
        #expect(!MediaType.isJSON(type))
        let error = #expect(throws: SCIMError.self) { try MediaType.check([.contentType: type]) }
        #expect(error?.status == 415)
    }

    @Test func theTypeMayBeAbsent() throws { try MediaType.check([:]) }

    @Test func encodedBodiesAreRefused() throws {
        try MediaType.check([.contentEncoding: "identity"])
        let error = #expect(throws: SCIMError.self) { try MediaType.check([.contentEncoding: "gzip"]) }
        #expect(error?.status == 415)
    }
}
