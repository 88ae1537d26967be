import HTTPTypes
import Testing

@testable import SCIMServer

@Suite struct BaseURLTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var headers: [String: String] = [:]
        var authority: String? = "a.example:8080"
        var trusts = true
        var url: String

        var testDescription: String { "\(headers) \(authority ?? "-") \(trusts)" }
    }

    private func resolve(_ test: Case, configured: String? = nil) throws -> String {
        var headers = HTTPFields()
        for (name, value) in test.headers { headers[try #require(HTTPField.Name(name))] = value }
        return BaseURL.resolve(
            configured: configured, headers: headers, scheme: "http", authority: test.authority, path: "/scim/v2", trustsProxy: test.trusts)
    }

    @Test(arguments: [
        Case(url: "http://a.example:8080/scim/v2"),
        Case(authority: nil, url: "http://localhost/scim/v2"),
        Case(authority: "[::1]:80", url: "http://[::1]:80/scim/v2"),
        Case(
            headers: ["X-Forwarded-Proto": "https", "X-Forwarded-Host": "b.example"], trusts: false, url: "http://a.example:8080/scim/v2"),
        Case(headers: ["Forwarded": "host=b.example;proto=https"], trusts: false, url: "http://a.example:8080/scim/v2"),

        Case(headers: ["X-Forwarded-Proto": "https"], url: "https://a.example:8080/scim/v2"),
        Case(headers: ["X-Forwarded-Proto": "HTTPS, http", "X-Forwarded-Host": "b.example, c.example"], url: "https://b.example/scim/v2"),
        Case(headers: ["X-Forwarded-Host": "b.example:8443"], url: "http://b.example:8443/scim/v2"),
        Case(
            headers: ["X-Forwarded-Proto": "https", "X-Forwarded-Host": "b.example", "X-Forwarded-Port": "443"],
            url: "https://b.example/scim/v2"),
        Case(headers: ["X-Forwarded-Host": "b.example", "X-Forwarded-Port": "8443"], url: "http://b.example:8443/scim/v2"),
        Case(headers: ["X-Forwarded-Host": "b.example:1", "X-Forwarded-Port": "8443"], url: "http://b.example:1/scim/v2"),
        Case(headers: ["X-Forwarded-Proto": "https", "X-Forwarded-Port": "443"], url: "https://a.example/scim/v2"),
        Case(headers: ["X-Forwarded-Host": "[2001:db8::1]", "X-Forwarded-Port": "81"], url: "http://[2001:db8::1]:81/scim/v2"),
        Case(headers: ["X-Forwarded-Prefix": "/idm/"], url: "http://a.example:8080/idm/scim/v2"),
        Case(headers: ["X-Forwarded-Prefix": "/a/b, /c"], url: "http://a.example:8080/a/b/scim/v2"),

        Case(headers: ["Forwarded": "for=192.0.2.60;proto=https;by=203.0.113.43;host=b.example"], url: "https://b.example/scim/v2"),
        Case(
            headers: ["Forwarded": #"For="[2001:db8::9]:4711"; Host="b.example:8443" ;Proto=https, for=x;host=c.example"#],
            url: "https://b.example:8443/scim/v2"),
        Case(headers: ["Forwarded": #"host="b.exa\mple""#], url: "http://b.example/scim/v2"),
        Case(headers: ["Forwarded": "for=1.2.3.4", "X-Forwarded-Host": "b.example"], url: "http://b.example/scim/v2"),
        Case(headers: ["Forwarded": "host=b.example", "X-Forwarded-Host": "c.example"], url: "http://b.example/scim/v2"),

        // What cannot be a host, scheme, port or prefix is passed over.
        Case(headers: ["X-Forwarded-Host": "b.example/evil"], url: "http://a.example:8080/scim/v2"),
        Case(headers: ["X-Forwarded-Host": "user@b.example"], url: "http://a.example:8080/scim/v2"),
        Case(headers: ["X-Forwarded-Host": #"b"x"#], url: "http://a.example:8080/scim/v2"),
        Case(headers: ["X-Forwarded-Host": "b.example:99999"], url: "http://a.example:8080/scim/v2"),
        Case(headers: ["X-Forwarded-Host": "b.example:"], url: "http://a.example:8080/scim/v2"),
        Case(headers: ["X-Forwarded-Host": ""], url: "http://a.example:8080/scim/v2"),
        Case(headers: ["X-Forwarded-Host": "[zz]"], url: "http://a.example:8080/scim/v2"),
        Case(headers: ["X-Forwarded-Host": "-"], url: "http://a.example:8080/scim/v2"),
        Case(headers: ["X-Forwarded-Host": String(repeating: "a", count: 256)], url: "http://a.example:8080/scim/v2"),
        Case(headers: ["X-Forwarded-Proto": "javascript"], url: "http://a.example:8080/scim/v2"),
        Case(headers: ["X-Forwarded-Port": "0"], url: "http://a.example:8080/scim/v2"),
        Case(headers: ["X-Forwarded-Prefix": "/../x"], url: "http://a.example:8080/scim/v2"),
        Case(headers: ["X-Forwarded-Prefix": "//evil.example"], url: "http://a.example:8080/evil.example/scim/v2"),
        Case(headers: ["X-Forwarded-Prefix": "evil"], url: "http://a.example:8080/scim/v2"),
        Case(headers: ["X-Forwarded-Prefix": "/a?b"], url: "http://a.example:8080/scim/v2"),
        Case(headers: ["Forwarded": #"host="unclosed"#], url: "http://unclosed/scim/v2"),
        Case(headers: ["Forwarded": ";;=,=;"], url: "http://a.example:8080/scim/v2"),
        Case(authority: "a b", url: "http://localhost/scim/v2"),
    ])
    func resolves(test: Case) throws {
        #expect(try resolve(test) == test.url)
    }

    @Test func whatIsConfiguredComesFirst() throws {
        let test = Case(headers: ["X-Forwarded-Host": "b.example"], url: "")
        #expect(try resolve(test, configured: "https://c.example/x/") == "https://c.example/x")
        #expect(try resolve(test, configured: "") == "http://b.example/scim/v2")
    }
}
