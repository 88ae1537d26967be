/// Keeps one token, renews it before it runs out, and never fetches two at a time.
///
/// A renewal that fails is told to everyone who waits for it and then forgotten: the next call tries again.
actor TokenStore {
    private struct Held {
        let token: String
        /// When a new one is to be fetched.
        let due: Duration
    }

    private let elapsed: @Sendable () -> Duration
    private let fetch: @Sendable () async throws(AuthorizationFailure) -> TokenReply
    private var held: Held?
    private var renewal: Task<Result<String, AuthorizationFailure>, Never>?

    /// - Parameters:
    ///   - elapsed: monotonic time, from any origin.
    ///   - fetch: one token call, without retry.
    init(elapsed: @escaping @Sendable () -> Duration, fetch: @escaping @Sendable () async throws(AuthorizationFailure) -> TokenReply) {
        self.elapsed = elapsed
        self.fetch = fetch
    }

    /// - Returns: the token, and whether it was fetched while the caller waited.
    func token() async throws(AuthorizationFailure) -> (String, isFresh: Bool) {
        if let held, elapsed() < held.due { return (held.token, false) }
        // The renewal is nobody's child: a caller that gives up must not take it from the others.
        let task = renewal ?? Task { await renew() }
        renewal = task
        return (try await task.value.get(), true)
    }

    /// Forgets a token that was refused, unless another has taken its place.
    func discard(_ token: String) {
        if held?.token == token { held = nil }
    }

    private func renew() async -> Result<String, AuthorizationFailure> {
        defer { renewal = nil }
        // Counted from before the call: the vendor's clock started no earlier.
        let asked = elapsed()
        do {
            let reply = try await fetch()
            held = Held(token: reply.token, due: asked + Self.use(ofLife: .seconds(max(reply.life, 0))))
            return .success(reply.token)
        } catch {
            return .failure(error)
        }
    }

    /// How long a token is used: until 60 s before its end, a life under 120 s until its half.
    ///
    /// A fixed margin alone would make a short-lived token due at once, and each call would fetch one.
    static func use(ofLife life: Duration) -> Duration {
        life < .seconds(120) ? life / 2 : life - .seconds(60)
    }
}
