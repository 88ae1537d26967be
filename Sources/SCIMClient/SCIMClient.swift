import HTTPTransport
import SCIM
import Synchronization

/// One SCIM service provider (RFC 7643, 7644, 9865), to read from and to provision into.
///
/// Reads are repeated on trouble by the policy. Writes are repeated only where the first was surely not carried out (429, no connection);
/// any other trouble throws with ``SCIMClientError/outcomeUnknown``, for the caller to settle by a read. Every method throws
/// ``SCIMClientError``, whatever the token source throws, or `CancellationError` where the task was cancelled and nothing was left open.
public final class SCIMClient: Sendable {
    /// As `RetryPolicy.standard`, with 60 s a try: a page of groups may be large.
    public static let policy = RetryPolicy(timeout: .seconds(60))

    /// As given.
    public let baseURL: String

    let base: Result<ServiceURL, SCIMClientError>
    let faults = SCIMFaults()
    let announced = Mutex<SCIMFeatures?>(nil)
    private let source: SCIMTokenSource
    private let transport: any Transport
    private let policy: RetryPolicy
    private let clock: any Clock<Duration>
    private let elapsed: @Sendable () -> Duration
    private let random: @Sendable () -> Double
    private let observe: @Sendable (SCIMExchange) -> Void
    private let made = Atomic(0)

    /// Makes no call. A base URL that cannot be used is told by the first call.
    ///
    /// - Parameters:
    ///   - baseURL: what `/Users` is appended to; plain http only for 127.0.0.1, ::1 and localhost.
    ///   - clock: for waits.
    ///   - random: from 0 up to 1, for jitter.
    ///   - observe: told of each call that was made, for a log.
    public init(
        baseURL: String, token: SCIMTokenSource, transport: any Transport, retry: RetryPolicy = SCIMClient.policy,
        clock: any Clock<Duration> = ContinuousClock(), random: @escaping @Sendable () -> Double = { .random(in: 0..<1) },
        observe: @escaping @Sendable (SCIMExchange) -> Void = { _ in }
    ) {
        self.baseURL = baseURL
        base = Result { () throws(SCIMClientError) in
            do throws(UnusableURL) {
                return try ServiceURL(baseURL, name: "SCIM base URL", example: "https://host/path, such as https://example.com/scim/v2")
            } catch {
                throw SCIMClientError(.misconfigured, error.message, remedy: error.remedy)
            }
        }
        source = token
        self.transport = transport
        policy = retry
        self.clock = clock
        elapsed = stopwatch(clock)
        self.random = random
        self.observe = observe
    }

    /// HTTP calls made so far, repeated ones included.
    public var calls: Int { made.load(ordering: .relaxed) }

    /// One call, ready but for its token.
    struct Call: Sendable {
        var method: String
        /// Below the base URL.
        var path: String
        var query: [(String, String)] = []
        var headers: [(String, String)] = []
        var body: JSONObject?
        /// May change something.
        var writes: Bool { method != "GET" }
        var place: String { "\(method) \(path)" }
    }

    /// An answer whose status says yes, or is among those that the caller wants to judge itself.
    struct Answer: Sendable {
        let reply: WireReply
        /// That the call carried, so that it can be kept out of messages.
        let token: String
    }

    /// Makes a call until it is answered for good.
    ///
    /// - Parameter statuses: besides 200 to 299, what is handed over instead of thrown.
    func answer(to call: Call, or statuses: Set<Int> = []) async throws -> Answer {
        let base = try base.get()
        var headers = [("Accept", "application/scim+json, application/json;q=0.9")] + call.headers
        var body: [UInt8] = []
        if let object = call.body {
            headers.append(("Content-Type", "application/scim+json"))
            body = object.serialized
        }
        let url = base.origin + base.target(call.path, query: call.query)
        var turns = SCIMRetryTurns(policy: policy, writes: call.writes)
        var renewed: String?
        while true {
            try Task.checkCancellation()
            let token: String
            if let renewed { token = renewed } else { token = try await source.token() }
            try Task.checkCancellation()
            let signed = [("Authorization", "Bearer \(token)")] + headers
            try Self.check(signed)
            let request = WireRequest(method: call.method, url: url, headers: signed, body: body)
            let reply: WireReply
            do throws(TransportError) {
                reply = try await send(request, call)
            } catch {
                if error.kind == .cancelled, !(call.writes && error.mayHaveReachedServer) { throw CancellationError() }
                guard case .wait(let wait) = turns.turn(after: error, random: random()) else {
                    throw faults.error(error, writes: call.writes)
                }
                await sleep(wait)
                continue
            }
            switch turns.turn(after: reply, random: random()) {
            case .wait(let wait):
                await sleep(wait)
                continue
            case .renew:
                renewed = try await source.renewed(inPlaceOf: token)
                if renewed != nil { continue }
            case .finish: break
            }
            guard (200..<300).contains(reply.status) || statuses.contains(reply.status) else {
                throw faults.error(reply, of: call.place, writes: call.writes, token: token)
            }
            return Answer(reply: reply, token: token)
        }
    }

    /// - Throws: ``SCIMClientError`` (misconfigured) for a value that would end its header, such as a token with the line break of the file
    ///   that it was read from.
    private static func check(_ headers: [(String, String)]) throws {
        for (name, value) in headers where value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
            throw SCIMClientError(
                .misconfigured, "The header \(name) cannot be sent: there is a control character in it.",
                remedy: name == "Authorization"
                    ? "Look at the token: a line break at its end does not belong to it." : "Take it as the server gave it."
            )
        }
    }

    /// The last step before the transport: counts the call and tells of it.
    private func send(_ request: WireRequest, _ call: Call) async throws(TransportError) -> WireReply {
        made.add(1, ordering: .relaxed)
        let start = elapsed()
        func tell(_ outcome: String) {
            observe(SCIMExchange(method: call.method, path: call.path, outcome: outcome, duration: elapsed() - start))
        }
        do {
            let reply = try await transport.send(request, timeout: policy.timeout)
            tell("\(reply.status)")
            return reply
        } catch {
            tell(error.kind.rawValue)
            throw error
        }
    }

    /// A cancelled sleep ends early; the loop's check then speaks.
    private func sleep(_ wait: Duration) async {
        try? await clock.sleep(for: wait)
    }
}
