/// Seconds of a clock that nobody sets, as a schedule needs them.
public struct SteadyTime: Sendable {
    /// Since some moment in the past.
    public let now: @Sendable () -> Double
    /// Seconds.
    public let sleep: @Sendable (Double) async throws -> Void

    /// - Parameter clock: one that runs on while the machine sleeps.
    public init(_ clock: some Clock<Duration> = ContinuousClock()) {
        let origin = clock.now
        now = {
            let (seconds, attoseconds) = origin.duration(to: clock.now).components
            return Double(seconds) + Double(attoseconds) / 1e18
        }
        sleep = { try await clock.sleep(for: .seconds($0)) }
    }
}
