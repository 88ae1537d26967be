@testable import MimecastClient

/// Numbers that look random and are the same each time.
struct Dice {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// From 0 to 1.
    mutating func roll() -> Double {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Double(state >> 11) / Double(1 << 53)
    }
}

/// A server with a quota, as the sandbox counts it.
struct SimulatedServer {
    enum Headers { case none, retryAfter, truthful, neverFalling, limitTooHigh, nonsenseReset }

    var calls: Double
    var seconds: Double
    var isWindow: Bool
    var headers: Headers = .none
    /// How much faster the server's clock is.
    var drift = 0.0
    private var left: Double
    private var since: Double

    init(calls: Double, seconds: Double, isWindow: Bool, headers: Headers = .none, phase: Double = 0) {
        self.calls = calls
        self.seconds = seconds
        self.isWindow = isWindow
        self.headers = headers
        left = calls
        since = -phase
    }

    var perSecond: Double { calls / seconds }

    /// Changes the quota; a bucket holds no more than it can from now on.
    mutating func change(calls: Double, isEmpty: Bool = false) {
        left = isEmpty ? 0 : isWindow ? max(0, left - self.calls + calls) : min(left, calls)
        self.calls = calls
    }

    mutating func take(at time: Double) -> (isAccepted: Bool, headers: QuotaHeaders?, retryAfter: Duration?) {
        let now = time * (1 + drift)
        if isWindow {
            if now - since >= seconds {
                since += ((now - since) / seconds).rounded(.down) * seconds
                left = calls
            }
        } else {
            left = min(calls, left + max(0, now - since) * perSecond)
            since = max(since, now)
        }
        let isAccepted = left >= 1
        if isAccepted { left -= 1 }
        let reset = isWindow ? since + seconds - now : (1 - left.truncatingRemainder(dividingBy: 1)) / perSecond
        let wait: Duration? = isAccepted ? nil : .seconds(max(1, reset.rounded(.up)))
        let rest = Int(left)
        switch headers {
        case .none: return (isAccepted, nil, nil)
        case .retryAfter: return (isAccepted, nil, wait)
        case .truthful: return (isAccepted, QuotaHeaders(limit: Int(calls), remaining: rest, reset: .seconds(reset)), wait)
        case .neverFalling: return (isAccepted, QuotaHeaders(limit: Int(calls), remaining: Int(calls), reset: .seconds(reset)), nil)
        case .limitTooHigh:
            return (isAccepted, QuotaHeaders(limit: Int(calls) * 10, remaining: Int(calls) * 9 + rest, reset: .seconds(reset)), nil)
        case .nonsenseReset:
            let nonsense = Duration.seconds((now * 977).truncatingRemainder(dividingBy: 3_000))
            return (isAccepted, QuotaHeaders(limit: Int(calls), remaining: rest, reset: nonsense), nil)
        }
    }
}

/// A client with work without end, a limiter, and a server, in a time of their own.
struct LimiterSimulation {
    struct Sent {
        let at: Double
        let isAccepted: Bool
    }

    private struct Arrival {
        let at: Double
        let ticket: LimiterTicket
        let isAnswer: Bool
        var isAccepted = false
        var headers: QuotaHeaders?
        var retryAfter: Duration?
    }

    var limiter: Limiter
    var server: SimulatedServer
    /// Seconds there and back.
    var latency = 0.05
    /// The share of it by which each way varies.
    var jitter = 0.1
    private(set) var now = 0.0
    /// Calls that the server has seen, in its order, by the client's time.
    private(set) var seen: [Sent] = []
    private var flights = Heap()
    private var dice: Dice

    init(_ server: SimulatedServer, latency: Double = 0.05, seed: UInt64 = 1, remembering quota: RememberedQuota? = nil) {
        limiter = Limiter(remembering: quota, now: .zero)
        self.server = server
        self.latency = latency
        dice = Dice(seed)
    }

    /// When a ticket was admitted, for those that were submitted by ``submit(task:lane:)``.
    private(set) var admitted: [LimiterTicket: Double] = [:]
    private var watched: Set<LimiterTicket> = []

    /// Submits a call whose admission is written down.
    mutating func submit(task: LimiterTask, lane: LimiterLane = .normal) -> LimiterTicket {
        let ticket = limiter.submit(task: task, lane: lane)
        watched.insert(ticket)
        return ticket
    }

    /// Lets time pass, with `demand` calls waiting at any time.
    mutating func run(until end: Double, demand: Int = 2) {
        while true {
            while limiter.waiting < demand { _ = limiter.submit(task: "greedy") }
            let wake = step()
            let next = min(wake, flights.first?.at ?? .infinity)
            guard next <= end else {
                now = end
                return
            }
            pass(to: next)
        }
    }

    /// Sends whatever may go now.
    ///
    /// - Returns: when to ask again.
    private mutating func step() -> Double {
        switch limiter.next(now: .seconds(now)) {
        case .idle: return .infinity
        case .wait(let until): return max(until.inSeconds, now + 1e-9)
        case .admit(let ticket):
            if watched.remove(ticket) != nil { admitted[ticket] = now }
            let there = latency / 2 * (1 + jitter * (2 * dice.roll() - 1))
            flights.push(Arrival(at: now + there, ticket: ticket, isAnswer: false))
            return now
        }
    }

    private mutating func pass(to time: Double) {
        now = max(now, time)
        while let first = flights.first, first.at <= now {
            guard var arrival = flights.pop() else { return }
            if arrival.isAnswer {
                limiter.answered(
                    arrival.ticket, arrival.isAccepted ? .accepted : .refused(retryAfter: arrival.retryAfter), headers: arrival.headers,
                    now: .seconds(now))
            } else {
                let verdict = server.take(at: arrival.at)
                seen.append(Sent(at: arrival.at, isAccepted: verdict.isAccepted))
                let back = latency / 2 * (1 + jitter * (2 * dice.roll() - 1))
                arrival = Arrival(
                    at: arrival.at + back, ticket: arrival.ticket, isAnswer: true, isAccepted: verdict.isAccepted, headers: verdict.headers,
                    retryAfter: verdict.retryAfter)
                flights.push(arrival)
            }
        }
    }

    /// A binary heap by time.
    private struct Heap {
        private var items: [Arrival] = []
        var first: Arrival? { items.first }

        mutating func push(_ item: Arrival) {
            items.append(item)
            var child = items.count - 1
            while child > 0, items[child].at < items[(child - 1) / 2].at {
                items.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
        }

        mutating func pop() -> Arrival? {
            guard let top = items.first, let last = items.popLast() else { return nil }
            guard !items.isEmpty else { return top }
            items[0] = last
            var parent = 0
            while true {
                var least = parent
                for child in [2 * parent + 1, 2 * parent + 2] where child < items.count && items[child].at < items[least].at {
                    least = child
                }
                guard least != parent else { return top }
                items.swapAt(parent, least)
                parent = least
            }
        }
    }
}

extension LimiterSimulation {
    /// When the second refusal came; a bunch of calls that were under way together is one.
    var secondRefusal: Double? {
        var last = -Double.infinity
        var count = 0
        for call in seen where !call.isAccepted && call.at > last + latency * (1 + jitter) {
            last = call.at
            count += 1
            if count == 2 { return call.at }
        }
        return nil
    }

    /// What was accepted of what the server would have given, and what was refused of all, from one time to another.
    func yield(from: Double, to: Double) -> Yield { Yield(seen, from: from, to: to) }
}

/// What came of a time.
struct Yield {
    let accepted: Int
    let refused: Int
    let seconds: Double

    init(_ calls: some Collection<LimiterSimulation.Sent>, from: Double, to: Double) {
        var accepted = 0
        var refused = 0
        for call in calls where call.at > from && call.at <= to {
            if call.isAccepted { accepted += 1 } else { refused += 1 }
        }
        seconds = to - from
        self.accepted = accepted
        self.refused = refused
    }

    /// The share of what a quota gives in this time.
    func utilisation(of server: SimulatedServer) -> Double { Double(accepted) / (server.perSecond * seconds) }

    var refusedShare: Double { accepted + refused == 0 ? 0 : Double(refused) / Double(accepted + refused) }
}
