import Foundation
import Mimecast
import Testing

@Suite struct RequestSignatureTests {
    static let secret = Data("SecretKey".utf8).base64EncodedString()

    static func sign(
        date: String = "Sun, 21 Aug 2022 13:49:40 UTC", requestID: String = "3d796b76-4180-40e5-8f7c-6e0fd643b1a9",
        path: String = "/api/test/some-url", applicationKey: String = "ApplicationKey", secretKey: String = secret
    ) throws -> RequestSignature {
        try #require(
            RequestSignature(
                date: date, requestID: requestID, path: path, applicationKey: applicationKey, accessKey: "AccessKey", secretKey: secretKey))
    }

    @Test func makesTheKnownSignature() throws {
        #expect(try Self.sign().header == "MC AccessKey:WOywLsnZlsE+D6bp/ug6uch5kxc=")
    }

    @Test func everyPartIsSigned() throws {
        let known = try Self.sign()
        #expect(known.matches(try Self.sign()))
        #expect(!known.matches(try Self.sign(date: "Sun, 21 Aug 2022 13:49:41 UTC")))
        #expect(!known.matches(try Self.sign(requestID: "3d796b76-4180-40e5-8f7c-6e0fd643b1aa")))
        #expect(!known.matches(try Self.sign(path: "/api/test/some-url?x=1")))
        #expect(!known.matches(try Self.sign(applicationKey: "Other")))
        #expect(!known.matches(try Self.sign(secretKey: Data("Other".utf8).base64EncodedString())))
    }

    @Test(arguments: ["", "not base64!", "abc"])
    func aSecretThatIsNoBase64IsRefused(secret: String) {
        #expect(RequestSignature(date: "d", requestID: "i", path: "/", applicationKey: "a", accessKey: "k", secretKey: secret) == nil)
    }

    @Test(arguments: ["MC AccessKey:abc=", "MC AccessKey: abc=", "mc AccessKey:abc="])
    func readsHeaders(header: String) throws {
        let signature = try #require(RequestSignature(header: header))
        #expect(signature.accessKey == "AccessKey")
        #expect(signature.value == "abc=")
    }

    @Test(arguments: ["", "MC", "MC ", "MC AccessKey", "MC :abc=", "MC AccessKey:", "Bearer AccessKey:abc=", "AccessKey:abc="])
    func refusesHeaders(header: String) {
        #expect(RequestSignature(header: header) == nil)
    }

    @Test func aSignatureThatIsNoBase64MatchesNothing() throws {
        let broken = try #require(RequestSignature(header: "MC AccessKey:!!"))
        #expect(!broken.matches(broken))
        #expect(!broken.matches(try Self.sign()))
        let short = try #require(RequestSignature(header: "MC AccessKey:WOyw"))
        #expect(!short.matches(try Self.sign()))
    }

    @Test func writesDates() {
        #expect(RequestSignature.date(Date(timeIntervalSince1970: 1_661_089_780)) == "Sun, 21 Aug 2022 13:49:40 UTC")
        #expect(RequestSignature.date(Date(timeIntervalSince1970: 0)) == "Thu, 01 Jan 1970 00:00:00 UTC")
    }

    @Test(arguments: [
        "Sun, 21 Aug 2022 13:49:40 UTC", "Sun, 21 Aug 2022 13:49:40 GMT", "Sun, 21 Aug 2022 13:49:40 utc",
        " Sun, 21 Aug 2022 13:49:40 +0000 ",
    ])
    func readsDates(text: String) {
        #expect(RequestSignature.instant(text) == Date(timeIntervalSince1970: 1_661_089_780))
    }

    @Test(arguments: [
        "", "UTC", "Sun, 21 Aug 2022 13:49:40", "Sun, 21 Aug 2022 13:49:40 CEST", "2022-08-21T13:49:40Z", "Sun, 32 Aug 2022 13:49:40 UTC",
        "Sun, 21 Foo 2022 13:49:40 UTC", "1661089780",
    ])
    func refusesDates(text: String) {
        #expect(RequestSignature.instant(text) == nil)
    }

    @Test func aDateWithOneDigitIsRead() {
        #expect(RequestSignature.instant("Mon, 1 Aug 2022 00:00:00 UTC") == RequestSignature.instant("Mon, 01 Aug 2022 00:00:00 GMT"))
        #expect(RequestSignature.instant("Mon, 1 Aug 2022 00:00:00 UTC") != nil)
    }
}
