import Mimecast

/// Learns the quota of each category of calls and keeps within it: for one application, shared by all its clients.
public actor AdaptiveGate: CallGate {
    private let clock: any Clock<Duration>
    private var remembered: [EndpointDescription.Category: RememberedQuota]
    private var gates: [EndpointDescription.Category: LimiterGate] = [:]
    private var tickets: [UInt64: LimiterTicket] = [:]
    private var last: UInt64 = 0

    /// - Parameters:
    ///   - quotas: what an earlier process learned; taken for a guess.
    ///   - clock: tells the time and sleeps.
    public init(
        remembering quotas: [EndpointDescription.Category: RememberedQuota] = [:], clock: any Clock<Duration> = ContinuousClock()
    ) {
        remembered = quotas
        self.clock = clock
    }

    /// What is known of each quota that this gate's calls counted against, to be stored for the next process; quotas of which nothing is
    /// known are absent.
    public func learned() async -> [EndpointDescription.Category: LearnedQuota] {
        var quotas: [EndpointDescription.Category: LearnedQuota] = [:]
        for (category, gate) in gates { quotas[category] = await gate.learned }
        return quotas
    }

    public func admit(category: EndpointDescription.Category, urgent: Bool) async throws -> CallTicket {
        let ticket = try await gate(category).admit(task: LimiterTask(CallTask.name), lane: urgent ? .urgent : .normal)
        last += 1
        tickets[last] = ticket
        return CallTicket(category: category, urgent: urgent, number: last)
    }

    public func ended(_ ticket: CallTicket, _ outcome: CallOutcome) async {
        guard let own = tickets.removeValue(forKey: ticket.number) else { return }
        let gate = gate(ticket.category)
        switch outcome {
        case .answered(let status, let limit):
            let says = limit.limit != nil || limit.remaining != nil || limit.reset != nil
            // A reset goes with the headers, which the limiter learns to distrust.
            await gate.answered(
                own, status == 429 ? .refused(retryAfter: limit.retryAfter) : .accepted,
                headers: says ? QuotaHeaders(limit: limit.limit, remaining: limit.remaining, reset: limit.reset) : nil)
        case .noAnswer: await gate.answered(own, .noAnswer)
        case .notSent: await gate.answered(own, .notSent)
        }
    }

    private func gate(_ category: EndpointDescription.Category) -> LimiterGate {
        if let gate = gates[category] { return gate }
        let gate = Self.gate(remembered.removeValue(forKey: category), clock)
        gates[category] = gate
        return gate
    }

    private static func gate(_ quota: RememberedQuota?, _ clock: some Clock<Duration>) -> LimiterGate {
        LimiterGate(remembering: quota, clock: clock)
    }
}

/// Which piece of work calls belong to: calls that wait for a quota take turns between pieces, so that a long one holds up none.
public enum CallTask {
    @TaskLocal public static var name = ""
}
