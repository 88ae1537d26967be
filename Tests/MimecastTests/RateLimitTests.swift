import Foundation
import Mimecast
import Testing

@Suite struct RateLimitTests {
    static func read(_ headers: [String: String]) -> RateLimit {
        RateLimit { name in headers.first { $0.key.lowercased() == name.lowercased() }?.value }
    }

    @Test func readsAllFour() {
        let limit = Self.read(["x-ratelimit-limit": "800", "X-RateLimit-Remaining": "799", "X-RateLimit-Reset": "5000", "retry-after": "2"])
        #expect(limit == RateLimit(limit: 800, remaining: 799, resetMilliseconds: 5_000, retryAfterSeconds: 2))
    }

    @Test(
        arguments: [
            ([:], nil),
            (["Retry-After": "2"], .seconds(2)),
            (["Retry-After": "2", "X-RateLimit-Reset": "9000"], .seconds(2)),
            (["X-RateLimit-Reset": "1500"], .milliseconds(1_500)),
            (["X-RateLimit-Reset": "0"], .milliseconds(0)),
            // More than an hour is no wait, but an epoch second of a gateway that means something else.
            (["X-RateLimit-Reset": "1661089780"], nil),
            (["X-RateLimit-Reset": "-1"], nil),
            (["Retry-After": "soon", "X-RateLimit-Reset": "10"], .milliseconds(10)),
            (["Retry-After": "-5"], nil),
            (["Retry-After": "999999"], .seconds(3_600)),
            (["Retry-After": "99999999999999999999"], nil),
        ] as [([String: String], Duration?)])
    func saysHowLongToWait(headers: [String: String], wait: Duration?) {
        #expect(Self.read(headers).wait == wait)
    }
}

@Suite struct RateLimitFormsTests {
    /// Sun, 21 Aug 2022 13:49:40 UTC
    static let now = Date(timeIntervalSince1970: 1_661_089_780)

    static func read(_ headers: [String: String], now: Date? = now) -> RateLimit {
        RateLimit(now: now) { name in headers.first { $0.key.lowercased() == name.lowercased() }?.value }
    }

    @Test(
        arguments: [
            // Spans: milliseconds, with a point seconds.
            ("1500", .milliseconds(1_500)), ("0", .zero), ("1.5", .milliseconds(1_500)), (" 250 ", .milliseconds(250)),
            ("3600000", .seconds(3_600)), ("3600001", nil), ("999999999", nil), ("3600.5", nil),
            // Epoch seconds.
            ("1661089785", .seconds(5)), ("1661089780", .zero), ("1661089770", .zero), ("1661093380", .seconds(3_600)),
            ("1661093381", nil), ("1661086179", nil), ("1000000000", nil),
            // Epoch milliseconds.
            ("1661089785250", .milliseconds(5_250)), ("1661089779999", .zero), ("1661099999999", nil),
            // No number, or none that anybody means.
            ("-1", nil), ("-1661089785", nil), ("+5", nil), ("1e3", nil), ("0x10", nil), ("soon", nil), ("", nil), ("1,5", nil),
            ("1.2.3", nil), ("99999999999999999999", nil), ("NaN", nil), ("inf", nil), ("١٢", nil), (".", nil),
        ] as [(String, Duration?)])
    func aResetIsToldApartByMagnitude(text: String, reset: Duration?) throws {
        let read = Self.read(["X-RateLimit-Reset": text]).reset
        guard let reset else {
            #expect(read == nil)
            return
        }
        let difference = try #require(read) - reset
        #expect(abs(difference / .milliseconds(1)) < 0.001)
    }

    @Test(
        arguments: [
            ("2", .seconds(2)), ("0", .zero), ("2.5", .milliseconds(2_500)), ("999999", .seconds(3_600)),
            ("Sun, 21 Aug 2022 13:49:47 GMT", .seconds(7)), ("Sun, 21 Aug 2022 13:49:47 UTC", .seconds(7)),
            ("Sun, 21 Aug 2022 13:49:00 GMT", .zero), ("Mon, 22 Aug 2022 13:49:47 GMT", .seconds(3_600)),
            ("Mon, 21 Aug 2022 13:49:47 GMT", nil), ("Sun, 21 Aug 2022", nil), ("1661089790", .seconds(10)),
            ("1661089790000", .seconds(10)), ("-5", nil), ("soon", nil), ("", nil),
        ] as [(String, Duration?)])
    func retryAfterIsSecondsOrADate(text: String, wait: Duration?) {
        #expect(Self.read(["Retry-After": text]).retryAfter == wait)
    }

    @Test(arguments: [
        ["X-RateLimit-Limit": "9", "X-RateLimit-Remaining": "3", "X-RateLimit-Reset": "20"],
        ["x-mc-rate-limit": "9", "x-mc-rate-limit-remaining": "3", "x-mc-rate-limit-reset": "20"],
        ["X-MC-Rate-Limit-Limit": "9", "X-MC-Rate-Limit-Remaining": "3", "X-Mimecast-RateLimit-Reset": "20"],
        // A name whose value says nothing leaves the word to the next.
        [
            "X-RateLimit-Limit": "-1", "x-mc-rate-limit": "9", "x-ratelimit-remaining": "3", "X-RateLimit-Reset": "?",
            "x-mc-rate-limit-reset": "20",
        ],
    ])
    func everySpellingIsRead(headers: [String: String]) {
        #expect(Self.read(headers) == RateLimit(limit: 9, remaining: 3, reset: .milliseconds(20)))
    }

    @Test func theServersOwnClockComesFirst() {
        let headers = ["Date": "Sun, 21 Aug 2022 14:00:00 GMT", "Retry-After": "Sun, 21 Aug 2022 14:00:03 GMT"]
        #expect(Self.read(headers).wait == .seconds(3))
        #expect(Self.read(headers, now: nil).wait == .seconds(3))
        #expect(Self.read(["X-RateLimit-Reset": "1661089785"], now: nil).wait == nil)
    }

    @Test func retryAfterComesBeforeTheReset() {
        #expect(Self.read(["Retry-After": "2", "X-RateLimit-Reset": "900"]).wait == .seconds(2))
        #expect(Self.read(["Retry-After": "?", "X-RateLimit-Reset": "900"]).wait == .milliseconds(900))
    }
}

@Suite struct ScopeTests {
    @Test(
        arguments: [
            ("user/read", [.userRead]), ("user/read account/read", [.userRead, .accountRead]), ("", []),
            ("  user/read  user/read ", [.userRead]), ("user/read,user/write", nil), ("User/Read", nil), ("user/read admin", nil),
        ] as [(String, Set<Scope>?)])
    func parses(text: String, scopes: Set<Scope>?) {
        #expect(Scope.parse(text) == scopes)
    }

    @Test func formatsSorted() {
        #expect(Scope.format(Set(Scope.allCases)) == "account/read user/delete user/read user/write")
        #expect(Scope.parse(Scope.format(Set(Scope.allCases))) == Set(Scope.allCases))
    }
}
