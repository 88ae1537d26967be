import HTTPTransport
import Mimecast
import Testing

@testable import MimecastClient

struct CredentialsTests {
    @Test(arguments: [Fixture.v2, Fixture.v1])
    func descriptionsShowNoSecret(credentials: Credentials) {
        var dumped = ""
        dump(credentials, to: &dumped)
        let texts = [
            credentials.description, credentials.debugDescription, "\(credentials)", String(reflecting: credentials), dumped,
            "\([credentials])", "\(["key": credentials])", "\(Optional(credentials) as Any)",
        ]
        for text in texts {
            for secret in credentials.secrets { #expect(!text.contains(secret)) }
        }
    }

    @Test func descriptionNamesTheApplication() {
        #expect(Fixture.v2.description == "v2 application client-1")
        #expect(Fixture.v1.description == "v1 application app-1")
        #expect(Fixture.v2.generation == .v2)
        #expect(Fixture.v1.generation == .v1)
    }

    @Test func secretsAreTakenOutOfForeignTexts() {
        #expect(Fixture.v2.redact("wrong secret \(Fixture.secret)!") == "wrong secret •••!")
        #expect(Credentials.v2(clientID: "a", clientSecret: "").redact("as it is") == "as it is")
    }

    @Test func requestsAndRepliesDescribeNeitherHeadersNorBodies() {
        let request = WireRequest(
            method: "POST", url: "https://h/p?pageToken=opaque", headers: [("Authorization", "Bearer tok")], body: Array("secret".utf8))
        let reply = WireReply(status: 200, headers: [("Set-Cookie", "tok")], body: Array("secret".utf8))
        var dumped = ""
        dump(request, to: &dumped)
        dump(reply, to: &dumped)
        for text in [request.description, String(reflecting: request), reply.description, String(reflecting: reply), dumped] {
            #expect(!text.contains("tok") && !text.contains("secret") && !text.contains("opaque"))
        }
        #expect(request.description == "POST https://h/p (6 bytes)")
    }

    @Test(arguments: ["X-RateLimit-Reset", "x-ratelimit-reset", "X-RATELIMIT-RESET"])
    func headersAreFoundInAnyCase(name: String) {
        #expect(WireReply(status: 200, headers: [("x-RateLimit-Reset", "5000")]).header(name) == "5000")
        #expect(WireRequest(method: "GET", url: "", headers: [("x-RateLimit-Reset", "1")]).header(name) == "1")
        #expect(WireReply(status: 200).header(name) == nil)
    }
}
