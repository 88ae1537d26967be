/// What a limiter's owner decides; all of it our choice.
struct LimiterSettings: Sendable, Hashable {
    /// The share of a full quota that normal calls leave in hand for urgent ones.
    var reserve = 0.1
    /// Calls under way at most.
    var mostInFlight = 1_000
    /// A call that was not answered in this time is taken for lost.
    var patience: Duration = .seconds(300)
}
