import HTTPTransport
import Mimecast

/// What to do after each try of one call. Pure: it neither sleeps nor sends.
struct RetryTurns {
    enum Turn: Equatable {
        /// Hand over what came.
        case finish
        case wait(Duration)
        /// Get another token, then at once.
        case renew
        case again
    }

    let policy: RetryPolicy
    /// The call may change something, so that a second one is made only if the first was surely not carried out.
    let writes: Bool
    private var troubles = 0
    private var refusals = 0
    private var hasRenewed = false
    private var hasDoubtedKey = false

    init(policy: RetryPolicy, writes: Bool) {
        self.policy = policy
        self.writes = writes
    }

    /// After a try without an answer.
    mutating func turn(after error: TransportError, random: Double) -> Turn {
        switch error.kind {
        case .unreachable, .connectionLost, .timedOut: break
        case .replyTooLarge, .cancelled, .invalid: return .finish
        }
        return writes && error.mayHaveReachedServer ? .finish : trouble(told: nil, random: random)
    }

    /// After an answer.
    ///
    /// - Parameters:
    ///   - codes: the vendor's reasons in the answer.
    ///   - token: nil where the call carried no token, else whether it was fetched for this try.
    mutating func turn(after reply: WireReply, codes: [String], tokenIsFresh token: Bool?, random: Double) -> Turn {
        let limit = RateLimit(reply.header)
        switch reply.status {
        case 401:
            guard let token, !hasRenewed, !token || codes.contains(FailureCode.tokenExpired) else { return .finish }
            hasRenewed = true
            return .renew
        case 429:
            // Not executed (vendor's manual), so a write too may be repeated.
            refusals += 1
            guard refusals < policy.limitedAttempts else { return .finish }
            if let told = limit.wait, told > policy.patience { return .finish }
            return .wait(policy.delay(attempt: refusals, told: limit.wait, random: random))
        case 500, 502, 503, 504:
            guard !writes else { return .finish }
            // The quota's reset stands on every answer; here only an explicit Retry-After is about this trouble.
            let told = RateLimit(limit: nil, remaining: nil, resetMilliseconds: nil, retryAfterSeconds: limit.retryAfterSeconds).wait
            if let told, told > policy.patience { return .finish }
            return trouble(told: told, random: random)
        case 200 where codes.contains(FailureCode.developerKey):
            // v1 answers so at random for an application it knows (facts, section 3); nothing was carried out.
            guard token == nil, !hasDoubtedKey else { return .finish }
            hasDoubtedKey = true
            return .again
        default:
            return .finish
        }
    }

    private mutating func trouble(told: Duration?, random: Double) -> Turn {
        troubles += 1
        guard troubles < policy.attempts else { return .finish }
        return .wait(policy.delay(attempt: troubles, told: told, random: random))
    }
}
