import Synchronization

/// What the transactions of one SCIM request did, for the request log. A transaction that runs again starts anew.
final class ScimLedger: Sendable {
    struct Entry: Sendable {
        var effect: Effect
        /// An address, or a group's name.
        var target: String?
    }

    private let entries = Mutex<[Entry]>([])

    func note(_ effect: Effect, _ target: String?) { entries.withLock { $0.append(Entry(effect: effect, target: target)) } }

    /// What was noted since the last time.
    func take() -> [Entry] {
        entries.withLock { entries in
            defer { entries = [] }
            return entries
        }
    }
}
