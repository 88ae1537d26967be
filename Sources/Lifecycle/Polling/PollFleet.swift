/// Keeps a loop going for each tenant, whichever there are: one that fails holds nobody up.
public struct PollFleet: Sendable {
    /// Seconds from one look at which tenants there are to the next.
    static let census = 30.0
    /// Seconds before a loop that ended is begun again, and the most; they double with each end.
    static let firstPause = 60.0
    static let lastPause = 3_600.0

    let list: @Sendable () async throws -> [String]
    let run: @Sendable (String) async throws -> Void
    let say: @Sendable (String, any Error) async -> Void
    let time: SteadyTime

    /// - Parameters:
    ///   - list: the codes of the tenants that there are now.
    ///   - run: a tenant's loop; ends only by an error, or when the tenant is gone.
    ///   - say: is told of each end, of the same one after the other but once.
    public init(
        list: @escaping @Sendable () async throws -> [String], run: @escaping @Sendable (String) async throws -> Void,
        say: @escaping @Sendable (String, any Error) async -> Void, time: SteadyTime = SteadyTime()
    ) {
        self.list = list
        self.run = run
        self.say = say
        self.time = time
    }

    private enum Happening: Sendable {
        case census
        case ended(String, (any Error)?, ran: Double)
    }

    private struct Rest {
        var until: Double
        var length: Double
        var said: String
    }

    /// Runs until it is cancelled.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Happening.self) { group in
            defer { group.cancelAll() }
            var running = Set<String>()
            var resting: [String: Rest] = [:]
            group.addTask { .census }
            while let happening = try await group.next() {
                switch happening {
                case .census:
                    // A store that cannot be read now can be later; those that run go on.
                    let codes = (try? await list()) ?? []
                    for code in codes where !running.contains(code) && resting[code].map({ $0.until <= time.now() }) ?? true {
                        running.insert(code)
                        group.addTask { [run, time] in
                            let started = time.now()
                            do {
                                try await run(code)
                                return .ended(code, nil, ran: time.now() - started)
                            } catch {
                                try Task.checkCancellation()
                                return .ended(code, error, ran: time.now() - started)
                            }
                        }
                    }
                    group.addTask { [time] in
                        try await time.sleep(Self.census)
                        return .census
                    }
                case .ended(let code, let error, let ran):
                    running.remove(code)
                    guard let error else {
                        resting[code] = nil
                        continue
                    }
                    let before = ran > Self.lastPause ? nil : resting[code]
                    let length = before.map { min($0.length * 2, Self.lastPause) } ?? Self.firstPause
                    resting[code] = Rest(until: time.now() + length, length: length, said: "\(error)")
                    if before?.said != "\(error)" { await say(code, error) }
                }
            }
        }
    }
}
