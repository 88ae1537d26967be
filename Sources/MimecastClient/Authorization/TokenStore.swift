/// Keeps one token or binding, renews it before it runs out, and never fetches two at a time.
///
/// While it still serves it is renewed in the background; only whoever comes too late for that waits. A renewal that fails is told to
/// everyone who waits for it and then forgotten: the next call tries again, in the background every 5 s at most.
actor TokenStore<Token: Sendable & Equatable> {
    /// One token call, without retry.
    ///
    /// - Parameter expired: what ran out, for a vendor who renews it; nil to ask for a new one.
    /// - Returns: the token, and how long it lives, nil where nobody says.
    typealias Fetch = @Sendable (_ expired: Token?) async throws(AuthorizationFailure) -> (token: Token, life: Duration?)

    private struct Held {
        let token: Token
        /// When a new one is to be fetched.
        var due: Duration?
        /// When it no longer serves.
        var end: Duration?
    }

    private static var pause: Duration { .seconds(5) }

    private let elapsed: @Sendable () -> Duration
    private let fetch: Fetch
    private var held: Held?
    /// The last one, as long as nobody refused to renew it.
    private var renewable: Token?
    private var renewal: Task<Result<Token, AuthorizationFailure>, Never>?
    private var earliest = Duration.zero

    /// - Parameters:
    ///   - elapsed: monotonic time, from any origin.
    ///   - known: a token to begin with, whose life nobody knows.
    init(elapsed: @escaping @Sendable () -> Duration, known: Token? = nil, fetch: @escaping Fetch) {
        self.elapsed = elapsed
        self.fetch = fetch
        held = known.map { Held(token: $0) }
        renewable = known
    }

    /// - Returns: the token, and whether it was fetched while the caller waited.
    func token() async throws(AuthorizationFailure) -> (Token, isFresh: Bool) {
        let now = elapsed()
        if let held, held.end.map({ now < $0 }) ?? true {
            if let due = held.due, now >= due, now >= earliest, renewal == nil { begin() }
            return (held.token, false)
        }
        return (try await (renewal ?? begin()).value.get(), true)
    }

    /// Forgets a token that was refused, unless another has taken its place.
    ///
    /// - Parameter ranOut: the next one is asked for by renewing it.
    func discard(_ isRefused: @Sendable (Token) -> Bool, ranOut: Bool) {
        guard let token = held?.token, isRefused(token) else { return }
        held = nil
        if !ranOut { renewable = nil }
    }

    /// The renewal is nobody's child: a caller that gives up must not take it from the others.
    @discardableResult
    private func begin() -> Task<Result<Token, AuthorizationFailure>, Never> {
        let task = Task { await renew() }
        renewal = task
        return task
    }

    private func renew() async -> Result<Token, AuthorizationFailure> {
        defer { renewal = nil }
        // Counted from before the call: the vendor's clock started no earlier.
        let asked = elapsed()
        do {
            let (token, life) = try await fetch(renewable)
            let span = life.map { max($0, .zero) }
            held = Held(token: token, due: span.map { asked + Self.use(ofLife: $0) }, end: span.map { asked + Self.service(ofLife: $0) })
            renewable = token
            return .success(token)
        } catch {
            if case .reply = error { renewable = nil }
            earliest = elapsed() + Self.pause
            return .failure(error)
        }
    }

    /// How long a token is used without a thought: until 60 s before its end, a life under 120 s until its half.
    ///
    /// A fixed margin alone would make a short-lived token due at once, and each call would fetch one.
    static func use(ofLife life: Duration) -> Duration {
        life < .seconds(120) ? life / 2 : life - .seconds(60)
    }

    /// How long it serves while a new one is fetched: a call under way must arrive before the end.
    static func service(ofLife life: Duration) -> Duration { life - min(life / 10, .seconds(5)) }
}
