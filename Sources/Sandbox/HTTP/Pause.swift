import ServiceLifecycle

/// Waiting that a fault asks for.
enum Pause {
    /// Ends early when the sandbox is told to stop: a fault of an hour must not keep it.
    ///
    /// - Throws: `CancellationError` where the task was cancelled.
    static func sleep(for duration: Duration) async throws {
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: duration) }
        try Task.checkCancellation()
    }
}
