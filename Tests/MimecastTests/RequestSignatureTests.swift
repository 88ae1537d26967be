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

    @Test(arguments: ["MC AccessKey:abc=", "MC AccessKey: abc=", "mc AccessKey:abc=", "MC  AccessKey\t: abc= "])
    func readsHeaders(header: String) throws {
        let signature = try #require(RequestSignature(header: header))
        #expect(signature.accessKey == "AccessKey")
        #expect(signature.value == "abc=")
    }

    @Test(arguments: [
        "", "MC", "MC ", "MC AccessKey", "MC :abc=", "MC AccessKey:", "Bearer AccessKey:abc=", "AccessKey:abc=", "MC Access Key:abc=",
        "MC AccessKéy:abc=", "MC AccessKey:ab c=", "MC \u{301}:abc=", "MC AccessKey:abc=\u{0}", "MC: abc=", ":MC abc=", "MC\u{301} a:b",
    ])
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
        " Sun, 21 Aug 2022 13:49:40 +0000 ", "Sun, 21 Aug 2022 13:49:40 Z", "sun,  21\tAUG 2022 13:49:40 gmt",
        // A client that sends its local time and its zone's name.
        "Sun, 21 Aug 2022 15:49:40 CEST", "Sun, 21 Aug 2022 09:49:40 EDT", "Sun, 21 Aug 2022 23:19:40 ACST",
        "Sun, 21 Aug 2022 13:49:40 Coordinated Universal Time", "Sun, 21 Aug 2022 15:49:40 +0200", "Sun, 21 Aug 2022 12:19:40 -0130",
        "Mon, 22 Aug 2022 00:49:40 AEDT",
    ])
    func readsDates(text: String) {
        #expect(RequestSignature.instant(text) == Date(timeIntervalSince1970: 1_661_089_780))
    }

    @Test(arguments: [
        "", "UTC", "Sun, 21 Aug 2022 13:49:40", "Sun, 21 Aug 2022 13:49:40 XYZT", "2022-08-21T13:49:40Z", "Sun, 32 Aug 2022 13:49:40 UTC",
        "Sun, 21 Foo 2022 13:49:40 UTC", "1661089780",
        "Mon, 21 Aug 2022 13:49:40 UTC", "Sun 21 Aug 2022 13:49:40 UTC", "21 Aug 2022 13:49:40 UTC", "Sun, 21 Aug 22 13:49:40 UTC",
        "Sun, 021 Aug 2022 13:49:40 UTC", "Sun, 0 Aug 2022 13:49:40 UTC", "Sun, -1 Aug 2022 13:49:40 UTC", "Sun, 21 Aug 2022 24:00:00 UTC",
        "Sun, 21 Aug 2022 13:60:00 UTC", "Sun, 21 Aug 2022 13:49:60 UTC", "Sun, 21 Aug 2022 13:49 UTC", "Sun, 21 Aug 2022 1:49:40 UTC",
        "Sun, 21 Aug 2022 13:49:40:00 UTC", "Sun, 21 Aug 2022 13:49:4a UTC", "Sun, 21 Aug 2022 13:49:40 UTC UTC",
        "Sun, 21 Aug 2022 13:49:40 +02", "Sun, 21 Aug 2022 13:49:40 +9900", "Sun, 21 Aug 2022 13:49:40 +0260",
        "Sun, 21 Aug 2022 13:49:40 0200",
        "Sun, 21 August 2022 13:49:40 UTC",
        "Tue, 29 Feb 2022 13:49:40 UTC", "Thu, 31 Apr 2022 00:00:00 UTC", "Sun, ２１ Aug 2022 13:49:40 UTC", "Sun, 21 Aug 99999 13:49:40 UTC",
    ])
    func refusesDates(text: String) {
        #expect(RequestSignature.instant(text) == nil)
    }

    @Test func aDateWithOneDigitIsRead() {
        #expect(RequestSignature.instant("Mon, 1 Aug 2022 00:00:00 UTC") == RequestSignature.instant("Mon, 01 Aug 2022 00:00:00 GMT"))
        #expect(RequestSignature.instant("Mon, 1 Aug 2022 00:00:00 UTC") != nil)
    }

    /// Against the calendar of Foundation, each day over four centuries and its first and last second.
    @Test func datesAreThoseOfTheCalendar() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        let start = 1_661_089_780.0
        for day in stride(from: -80_000, to: 80_000, by: 7) {
            for second in [0.0, 86_399] {
                let instant = Date(timeIntervalSince1970: Double(day) * 86_400 + second)
                let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: instant)
                let text = RequestSignature.date(instant)
                #expect(RequestSignature.instant(text) == instant)
                let words = text.split(separator: " ")
                #expect(Int(words[1]) == parts.day && Int(words[3]) == parts.year, "\(text)")
                #expect(["Sun,", "Mon,", "Tue,", "Wed,", "Thu,", "Fri,", "Sat,"].firstIndex(of: words[0]).map { $0 + 1 } == parts.weekday)
            }
        }
        #expect(RequestSignature.date(Date(timeIntervalSince1970: start + 0.9)) == "Sun, 21 Aug 2022 13:49:40 UTC")
        #expect(RequestSignature.instant("Thu, 29 Feb 2024 00:00:00 UTC") == Date(timeIntervalSince1970: 1_709_164_800))
        #expect(RequestSignature.instant("Tue, 29 Feb 2000 00:00:00 UTC") == Date(timeIntervalSince1970: 951_782_400))
    }

    @Test(arguments: [
        (-Double.infinity, "Mon, 01 Jan 0001 00:00:00 UTC"), (.infinity, "Fri, 31 Dec 9999 23:59:59 UTC"),
        (-1e300, "Mon, 01 Jan 0001 00:00:00 UTC"), (253_402_300_800, "Fri, 31 Dec 9999 23:59:59 UTC"),
        (-1, "Wed, 31 Dec 1969 23:59:59 UTC"),
    ])
    func noInstantIsTooFar(seconds: Double, expected: String) {
        #expect(RequestSignature.date(Date(timeIntervalSince1970: seconds)) == expected)
    }

    @Test func anInstantThatIsNoNumberIsWritten() {
        #expect(RequestSignature.instant(RequestSignature.date(Date(timeIntervalSince1970: .nan))) != nil)
    }
}
