import Synchronization

/// Which v1 request ids were seen lately. Kept in memory alone: they matter for minutes.
///
/// Two generations, each as old as an accepted date can be: dropping the older one costs nothing, however many there are.
final class ReplayMemory: Sendable {
    private struct State {
        var since = Int.min
        var current: Set<String> = []
        var previous: Set<String> = []
    }

    private let span: Int
    private let state = Mutex(State())

    /// - Parameter span: for how long an id has to be remembered at least, in milliseconds.
    init(span: Int) { self.span = span }

    /// - Returns: false where the id was seen before.
    func remember(_ id: String, now: Int) -> Bool {
        state.withLock { state in
            if state.since == .min || now >= state.since + span {
                let isOld = state.since == .min || now >= state.since + 2 * span
                state.previous = isOld ? [] : state.current
                state.current = []
                state.since = now
            }
            guard !state.current.contains(id), !state.previous.contains(id) else { return false }
            state.current.insert(id)
            return true
        }
    }

    func forget() { state.withLock { $0 = State() } }
}
