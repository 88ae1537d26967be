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
