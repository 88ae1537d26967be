import HTTPTransport

/// What to do after each try of one call. Pure: it neither sleeps nor sends.
struct SCIMRetryTurns {
    enum Turn: Equatable {
        /// Hand over what came.
        case finish
        case wait(Duration)
        /// Get another token, then at once.
        case renew
    }

    let policy: RetryPolicy
    /// The call may change something, so that a second one is made only if the first was surely not carried out.
    let writes: Bool
    private var troubles = 0
    private var refusals = 0
    private var hasRenewed = false

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
    mutating func turn(after reply: WireReply, random: Double) -> Turn {
        switch reply.status {
        case 401:
            guard !hasRenewed else { return .finish }
            hasRenewed = true
            return .renew
        case 429:
            // Not carried out (RFC 6585, section 4), so a write too may be repeated.
            refusals += 1
            let told = RetryAfter.duration(in: reply)
            guard refusals < policy.limitedAttempts, told ?? .zero <= policy.patience else { return .finish }
            return .wait(policy.delay(attempt: refusals, told: told, random: random))
        case 500, 502, 503, 504:
            let told = RetryAfter.duration(in: reply)
            guard !writes, told ?? .zero <= policy.patience else { return .finish }
            return trouble(told: told, random: random)
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
