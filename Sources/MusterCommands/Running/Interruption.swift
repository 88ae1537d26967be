import Synchronization
import UnixSignals

/// Ctrl-C and SIGTERM, as a wish to end in order instead of at once.
final class Interruption: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    /// Runs something that looks at ``isSet`` and ends by itself when it is time.
    func whileListening<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) async throws -> T {
        try await Self.listening(body) {
            // The second time it is meant at once: what was sent and not answered is read by the resume.
            !self.flag.exchange(true, ordering: .relaxed)
        }
    }

    /// Runs something that may be dropped at any point, such as a read.
    static func cancelling<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) async throws -> T {
        try await listening(body) { false }
    }

    /// - Parameter onSignal: answers whether the body goes on.
    private static func listening<T: Sendable>(
        _ body: @escaping @Sendable () async throws -> T, onSignal: @escaping @Sendable () -> Bool
    ) async throws -> T {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return try await withThrowingTaskGroup(of: T?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await _ in signals where !onSignal() { throw CancellationError() }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }
}
