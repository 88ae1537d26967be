import Synchronization

/// So many turns at once, in the order in which they came: a thousand tenants are read a few at a time.
public final class TurnSeats: Sendable {
    private struct State {
        var left: Int
        var next = 0
        var waiting: [(id: Int, continuation: CheckedContinuation<Void, any Error>)] = []
        /// Given up before they waited.
        var cancelled: Set<Int> = []
    }

    private let state: Mutex<State>

    public init(_ count: Int) { state = Mutex(State(left: max(1, count))) }

    /// Runs something when a seat is free.
    public func with<T: Sendable>(_ body: () async throws -> T) async throws -> T {
        try await take()
        defer { free() }
        return try await body()
    }

    private func take() async throws {
        try Task.checkCancellation()
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
                    if state.left > 0 {
                        state.left -= 1
                        return .success(())
                    }
                    state.waiting.append((id, continuation))
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                guard let index = state.waiting.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil as CheckedContinuation<Void, any Error>?
                }
                return state.waiting.remove(at: index).continuation
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    private func free() {
        let next = state.withLock { state in
            if state.waiting.isEmpty {
                state.left += 1
                return nil as CheckedContinuation<Void, any Error>?
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume()
    }
}
