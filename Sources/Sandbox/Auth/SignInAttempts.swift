import Synchronization

/// How often signing in failed, by account. In memory alone: a restart forgives.
struct AttemptBook: Sendable {
    /// Most failures within ``span``; the next one is refused unheard.
    static let most = 10
    /// In which failures are counted, and for how long nobody is heard after the last of them, in milliseconds (our choice).
    static let span = 15 * 60 * 1_000
    /// How many accounts are remembered.
    private static let mostKeys = 10_000

    private struct Entry {
        /// Of failures, and of attempts under way, oldest first.
        var times: [Int] = []
        var closedUntil = Int.min
    }

    private var entries: [String: Entry] = [:]

    /// Begins an attempt. It counts as failed until ``succeed(_:)`` says otherwise, so that many at once are as many.
    ///
    /// - Returns: nil where it is heard; otherwise for how long nobody will be, in milliseconds.
    mutating func begin(_ key: String, now: Int) -> Int? {
        if entries.count >= Self.mostKeys, entries[key] == nil { makeRoom(now) }
        var entry = entries[key] ?? Entry()
        defer { entries[key] = entry }
        if entry.closedUntil > now { return entry.closedUntil - now }
        // Those that lie ahead were made before the clock was moved back.
        entry.times.removeAll { $0 <= now - Self.span || $0 > now }
        if entry.times.count >= Self.most, let last = entry.times.last {
            entry = Entry(closedUntil: last + Self.span)
            return entry.closedUntil - now
        }
        entry.times.append(now)
        return nil
    }

    mutating func succeed(_ key: String) { entries[key] = nil }

    /// Whoever is shut out stays so as long as there is room at all.
    private mutating func makeRoom(_ now: Int) {
        entries = entries.filter { $0.value.closedUntil > now }
        if entries.count >= Self.mostKeys { entries = [:] }
    }
}

/// The book that all listeners share.
final class SignInAttempts: Sendable {
    private let book = Mutex(AttemptBook())

    func begin(_ key: String, now: Int) -> Int? { book.withLock { $0.begin(key, now: now) } }
    func succeed(_ key: String) { book.withLock { $0.succeed(key) } }
    func forget() { book.withLock { $0 = AttemptBook() } }
}
