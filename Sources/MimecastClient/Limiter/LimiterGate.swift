/// Where calls wait for their turn: a ``Limiter`` on a clock.
///
/// One task sleeps for all that wait, and only while somebody does; it wakes one call at a time. A caller that is cancelled while it waits
/// leaves at once. Whoever was admitted must say how the call ended, or the limiter counts it as lost after a while.
actor LimiterGate {
    private var limiter: Limiter
    private let elapsed: @Sendable () -> Duration
    private let sleep: @Sendable (Duration) async throws -> Void
    private var waiters: [LimiterTicket: CheckedContinuation<Void, any Error>] = [:]
    private var alarm: (at: Duration, task: Task<Void, Never>)?
    private var alarms = 0

    /// - Parameters:
    ///   - quota: what an earlier process learned.
    ///   - clock: tells the time and sleeps.
    init(
        remembering quota: RememberedQuota? = nil, settings: LimiterSettings = LimiterSettings(),
        clock: some Clock<Duration> = ContinuousClock()
    ) {
        let origin = clock.now
        elapsed = { origin.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0) }
        limiter = Limiter(remembering: quota, settings: settings, now: .zero)
    }

    /// What is known about the quota; to be shown and stored.
    var learned: LearnedQuota? { limiter.learned }
    /// Calls that wait.
    var waiting: Int { limiter.waiting }
    var inFlight: Int { limiter.inFlight }

    /// Waits for a turn.
    ///
    /// - Returns: what to give to ``answered(_:_:headers:)`` once the call has ended, however it did.
    /// - Throws: `CancellationError`; the call then has no turn, and nothing is to be told.
    func admit(task: LimiterTask, lane: LimiterLane = .normal) async throws -> LimiterTicket {
        try Task.checkCancellation()
        let ticket = limiter.submit(task: task, lane: lane)
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                // Cancelled in between: the handler has run, and found nobody who waits.
                if Task.isCancelled {
                    limiter.cancel(ticket)
                    continuation.resume(throwing: CancellationError())
                    return
                }
                waiters[ticket] = continuation
                advance()
            }
        } onCancel: {
            Task { await leave(ticket) }
        }
        return ticket
    }

    /// Tells how a call ended.
    ///
    /// - Parameters:
    ///   - headers: of the reply; nil where it had none, or no reply came.
    func answered(_ ticket: LimiterTicket, _ outcome: LimiterOutcome, headers: QuotaHeaders? = nil) {
        limiter.answered(ticket, outcome, headers: headers, now: elapsed())
        advance()
    }

    private func leave(_ ticket: LimiterTicket) {
        guard let waiter = waiters.removeValue(forKey: ticket) else { return }
        limiter.cancel(ticket)
        waiter.resume(throwing: CancellationError())
        advance()
    }

    /// Lets through whoever may go, and sets the alarm for the next one.
    private func advance() {
        while true {
            switch limiter.next(now: elapsed()) {
            case .admit(let ticket): waiters.removeValue(forKey: ticket)?.resume()
            case .idle: return stop()
            case .wait(let until): return wake(at: until)
            }
        }
    }

    private func wake(at time: Duration) {
        if let alarm, alarm.at == time { return }
        stop()
        alarms += 1
        let number = alarms
        let wait = time - elapsed()
        alarm = (
            time,
            Task {
                guard (try? await sleep(wait)) != nil else { return }
                ring(number)
            }
        )
    }

    private func ring(_ number: Int) {
        // An alarm that was stopped too late to notice.
        guard number == alarms, alarm != nil else { return }
        alarm = nil
        advance()
    }

    private func stop() {
        alarm?.task.cancel()
        alarm = nil
    }
}
