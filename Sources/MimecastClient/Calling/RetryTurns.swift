import HTTPTransport
import Foundation
import Mimecast

/// What to do after each try of one call. Pure: it neither sleeps nor sends.
struct RetryTurns {
    enum Turn: Equatable {
        /// Hand over what came.
        case finish
        case wait(Duration)
        /// Get another token, then at once. `ranOut` where the vendor said so.
        case renew(ranOut: Bool)
        case again
    }

    let policy: RetryPolicy
    /// A second call is made only if the first was surely not carried out.
    let isOnce: Bool
    /// The time of day, for answers that name one.
    let now: @Sendable () -> Date
    private var troubles = 0
    private var refusals = 0
    private var hasRenewed = false
    private var hasDoubtedKey = false

    init(policy: RetryPolicy, isOnce: Bool, now: @escaping @Sendable () -> Date) {
        self.policy = policy
        self.isOnce = isOnce
        self.now = now
    }

    /// After a try without an answer.
    mutating func turn(after error: TransportError, random: Double) -> Turn {
        switch error.kind {
        case .unreachable, .connectionLost, .timedOut: break
        case .replyTooLarge, .cancelled, .invalid: return .finish
        }
        return isOnce && error.mayHaveReachedServer ? .finish : trouble(told: nil, random: random)
    }

    /// After an answer.
    ///
    /// - Parameters:
    ///   - codes: the vendor's reasons in the answer.
    ///   - token: nil where the call carried nothing that can be renewed, else whether it was fetched for this try.
    ///   - isSignature: the call was signed (v1).
    mutating func turn(after reply: WireReply, codes: [String], tokenIsFresh token: Bool?, isSignature: Bool = false, random: Double)
        -> Turn
    {
        let limit = RateLimit(now: now(), reply.header)
        switch reply.status {
        case 401:
            // Clients in production renew whatever the reason was, once; but for what no token cures.
            guard let token, !hasRenewed, !token || codes.contains(FailureCode.tokenExpired), incurable.isDisjoint(with: codes) else {
                return .finish
            }
            hasRenewed = true
            return .renew(ranOut: false)
        case 418:
            guard let token, !hasRenewed, !token else { return .finish }
            hasRenewed = true
            return .renew(ranOut: true)
        case 429:
            // Not executed (vendor's manual), so a write too may be repeated.
            refusals += 1
            guard refusals < policy.limitedAttempts else { return .finish }
            if let told = limit.wait, told > policy.patience { return .finish }
            // Whether a reset is in milliseconds is not known of every gateway: one that was wrong once is not believed alone again.
            let least = limit.retryAfter == nil && refusals > 1 ? policy.delay(attempt: refusals, told: nil, random: random) : .zero
            return .wait(max(policy.delay(attempt: refusals, told: limit.wait, random: random), least))
        case 500, 502, 503, 504:
            // 500 included: operators do not repeat it because their calls write. A read harms nobody.
            guard !isOnce else { return .finish }
            // The quota's reset stands on every answer; here only an explicit Retry-After is about this trouble.
            if let told = limit.retryAfter, told > policy.patience { return .finish }
            return trouble(told: limit.retryAfter, random: random)
        case 200 where codes.contains(FailureCode.developerKey):
            // v1 answers so at random for an application it knows (facts, section 3); nothing was carried out.
            guard isSignature, !hasDoubtedKey else { return .finish }
            hasDoubtedKey = true
            return .again
        default:
            return .finish
        }
    }

    private var incurable: Set<String> { [FailureCode.appForbidden, FailureCode.developerKey] }

    private mutating func trouble(told: Duration?, random: Double) -> Turn {
        troubles += 1
        guard troubles < policy.attempts else { return .finish }
        return .wait(policy.delay(attempt: troubles, told: told, random: random))
    }
}
