extension Limiter {
    /// Waits that are believed, in seconds; our choice.
    private static let sane = 0.0...3_600

    /// What became of a call that was admitted. Unknown tickets, and those answered before, change nothing.
    ///
    /// - Parameters:
    ///   - headers: of the reply; nil where it had none, or no reply came.
    mutating func answered(_ ticket: LimiterTicket, _ outcome: LimiterOutcome, headers: QuotaHeaders? = nil, now: Duration) {
        guard let flight = flights.removeValue(forKey: ticket) else { return }
        let moment = now.inSeconds
        let isProbe = closure?.probe == ticket
        switch outcome {
        case .accepted:
            accepted += 1
            self.headers.read(headers, sequence: flight.sequence, sent: flight.at, now: moment)
            if isProbe { reopen(flight, now: moment) }
            if let closure, !closure.isForeseen, flight.sequence <= closure.lastSequence { rate.overtaken(flight.sequence) }
            rate.accepted(at: moment)
            window?.accepted()
            recognise()
        case .refused(let retryAfter):
            self.headers.refused(headers, believed: flight.believed)
            self.headers.read(headers, sequence: flight.sequence, sent: flight.at, now: moment)
            let reset = self.headers.resetIsBelieved ? headers?.reset : nil
            let wait = (retryAfter ?? reset)?.inSeconds ?? -1
            refused(flight, isProbe: isProbe, wait: Self.sane.contains(wait) ? wait : nil, now: moment)
        case .noAnswer:
            window?.lost()
            rate.lost(flight.sequence)
            if isProbe { closure?.retry(now: moment) }
        case .notSent:
            window?.lost()
            if isProbe { closure?.retry(now: moment) } else { rate.unsend(flight.sequence) }
        }
    }

    /// Takes what was shut for long, and then gave much at once, for a window.
    private mutating func recognise() {
        guard window == nil, let doubt, isWindow(doubt) else { return }
        self.doubt = nil
        window = WindowPacer(
            began: WindowMarks.Span(low: doubt.shut.high, high: doubt.opened), length: doubt.shut.width, count: rate.burst,
            used: rate.explored)
    }

    private mutating func refused(_ flight: Flight, isProbe: Bool, wait: Double?, now: Double) {
        if isProbe {
            rate.lost(flight.sequence)
            let next = nextProbe(after: flight, now: now)
            closure?.refused(sentAt: flight.at, now: now, next: next, slowly: rate.rate == nil)
            tell(wait, now: now)
        } else if flight.sequence <= max(settledSequence, closure?.lastSequence ?? 0) {
            // One of those that were under way when the quota ran out: the same event.
            rate.lost(flight.sequence)
            if let closure, flight.sequence > settledSequence {
                window?.refused()
                if closure.isForeseen { self.closure?.confirm(sentAt: flight.at) }
            }
            tell(wait, now: now)
        } else {
            shut(flight, wait: wait, now: now)
        }
    }

    /// When the next probe goes after a refused one, where that is known better than by doubling the time.
    private func nextProbe(after flight: Flight, now: Double) -> Double? {
        guard let closure else { return nil }
        if headers.isUsable { return now + max(headers.patience(now: now), (now - closure.since) / 2) }
        return window?.probe(after: max(closure.lastRefused, flight.at), now: now, refused: closure.refusedProbes + 1, since: closure.since)
    }

    /// A new refusal: the quota is used up.
    private mutating func shut(_ flight: Flight, wait: Double?, now: Double) {
        let overtakers = sequence - flight.sequence - flights.values.count { $0.sequence > flight.sequence }
        rate.exhausted(sequence: flight.sequence, at: flight.at, overtakers: overtakers)
        if var window {
            window.refused()
            self.window = window
            // Right after it began: it had not begun, or the quota is another one.
            if window.used < 3 { dropWindow(now: now) }
        }
        let rest = headers.isUsable ? max(headers.patience(now: now), 0.05) : rate.rest(reserve: settings.reserve) ?? 4
        var probe = now + rest
        if !headers.isUsable, let window { probe = window.probe(after: flight.at, now: now, refused: 0, since: flight.at) }
        closure = Closure(since: flight.at, lastSequence: sequence, probeAt: probe)
        tell(wait, now: now)
    }

    private mutating func tell(_ wait: Double?, now: Double) {
        guard let wait, wait <= 60 || waitsAreTrue != false else { return }
        closure?.tell(max(wait, 0.01), now: now, mayTest: waitsAreTrue == nil)
    }

    /// A probe was accepted: calls go again.
    private mutating func reopen(_ flight: Flight, now: Double) {
        guard let closure else { return }
        self.closure = nil
        settledSequence = closure.lastSequence
        let closedFor = flight.at - closure.since
        var shutUntil = closure.lastRefused
        if let told = closure.told, told - closure.since > 60 {
            if closure.isTesting {
                waitsAreTrue = false
            } else {
                waitsAreTrue = true
                // What was said to the second, and held.
                shutUntil = max(shutUntil, flight.at - 2)
            }
        }
        if window != nil {
            window?.opened(at: flight.at, after: shutUntil, wasRefused: !closure.isForeseen || closure.refusedProbes > 0)
        } else {
            let isSurprise = closure.refusedProbes > 0 && (rate.span.map { closedFor > 2 * $0 } ?? true)
            rate.reopened(at: flight.at, now: now, isSurprise: isSurprise)
            doubt = Doubt(shut: WindowMarks.Span(low: closure.since, high: shutUntil), opened: flight.at)
        }
    }

    /// Finds out whether a quota that was shut for long gives more than one that gives back bit by bit could have by now.
    private func isWindow(_ doubt: Doubt) -> Bool {
        guard rate.stage == .exploring, doubt.shut.width >= 60 else { return false }
        return Double(rate.explored) > 3 * (1 + (doubt.opened - doubt.shut.low) / doubt.shut.width)
    }
}
