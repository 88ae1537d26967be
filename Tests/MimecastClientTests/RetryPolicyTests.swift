import HTTPTransport
import Mimecast
import Testing

@testable import MimecastClient

struct RetryPolicyTests {
    private let policy = RetryPolicy(base: .milliseconds(100), cap: .seconds(1), jitter: 0.5)

    @Test(arguments: [
        (1, 0.0, 100), (2, 0.0, 200), (3, 0.0, 400), (4, 0.0, 800), (5, 0.0, 1_000), (99, 0.0, 1_000), (0, 0.0, 100),
        (1, 1.0, 50), (3, 0.5, 300), (5, 1.0, 500),
    ])
    func growsAndIsCapped(attempt: Int, random: Double, milliseconds: Int) {
        #expect(policy.delay(attempt: attempt, told: nil, random: random) == .milliseconds(milliseconds))
    }

    @Test(
        arguments: [
            // Retry-After in seconds comes first, then the reset in milliseconds; jitter only lengthens.
            ("7", "1500", 0.0, 7_000), (nil, "1500", 0.0, 1_500), (nil, "1500", 1.0, 1_550), ("2", nil, 1.0, 2_050),
            // What says nothing is not obeyed.
            (nil, nil, 0.0, 100), ("soon", nil, 0.0, 100), ("0", nil, 0.0, 100), (nil, "0", 0.0, 100), ("-1", "-1", 0.0, 100),
            ("soon", "900", 0.0, 900),
        ] as [(String?, String?, Double, Int)])
    func obeysTheVendor(retryAfter: String?, reset: String?, random: Double, milliseconds: Int) {
        let limit = RateLimit { name in name == RateLimit.retryAfterHeader ? retryAfter : name == RateLimit.resetHeader ? reset : nil }
        #expect(policy.delay(attempt: 1, told: limit.wait, random: random) == .milliseconds(milliseconds))
    }

    @Test func bringsValuesIntoRange() {
        let policy = RetryPolicy(attempts: 0, limitedAttempts: -1, jitter: 7)
        #expect(policy.attempts == 1)
        #expect(policy.limitedAttempts == 1)
        #expect(policy.jitter == 1)
        #expect(RetryPolicy(jitter: -1).jitter == 0)
    }
}
