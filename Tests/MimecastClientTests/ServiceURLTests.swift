import HTTPTransport
import Testing
import TestSupport

@testable import MimecastClient

struct ServiceURLTests {
    @Test(arguments: [
        ("https://api.example.com", "https://api.example.com", "/api/x"),
        ("https://api.example.com/", "https://api.example.com", "/api/x"),
        ("https://API.example.com:8443/gate/way//", "https://api.example.com:8443", "/gate/way/api/x"),
        ("  HTTPS://api.example.com  ", "https://api.example.com", "/api/x"),
        ("http://127.0.0.1:8460", "http://127.0.0.1:8460", "/api/x"),
        ("http://localhost:8460/", "http://localhost:8460", "/api/x"),
        ("http://[::1]:8460", "http://[::1]:8460", "/api/x"),
    ])
    func takesBaseURLs(text: String, origin: String, target: String) throws {
        let url = try ServiceURL(text, example: "https://h")
        #expect(url.origin == origin)
        #expect(url.target("/api/x") == target)
    }

    @Test(arguments: [
        "http://api.example.com", "http://127.0.0.1.example.com", "http://localhost.example.com", "http://10.0.0.1", "ftp://x", "",
        "api.example.com", "https://", "https://user:pw@host", "https://host?x=1", "https://host#f", "http://127.0.0.1@evil.example",
    ])
    func refusesOthersBeforeAnyCall(text: String) async throws {
        let transport = ScriptedTransport([])
        let client = Fixture.client(transport, base: text)
        let error = try await clientError { try await client.tenant() }
        #expect(error.code == .misconfigured)
        #expect(!error.remedy.isEmpty)
        #expect(!error.outcomeUnknown)
        #expect(!error.description.contains("pw"))
        #expect(client.calls == 0)
        #expect(client.baseURL == text)
        transport.assertDone()
    }

    @Test func encodesQueries() throws {
        let target = try ServiceURL("https://h", example: "https://h").target(
            "/p", query: [("pageSize", "500"), ("pageToken", "a+b/c=&ü ~")])
        #expect(target == "/p?pageSize=500&pageToken=a%2Bb%2Fc%3D%26%C3%BC%20~")
    }

    @Test func callsGoBelowTheBasePath() async throws {
        let transport = ScriptedTransport([
            .expect("/gate/oauth/token", #"{"access_token":"t"}"#),
            .expect("/gate" + Fixture.accountPath, Fixture.account),
        ])
        _ = try await Fixture.client(transport, base: "https://h/gate/").tenant()
        transport.assertDone()
    }
}
