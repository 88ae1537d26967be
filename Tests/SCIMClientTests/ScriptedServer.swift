import HTTPTransport
import SCIM
import SCIMClient
import Synchronization
import TestSupport
import Testing

/// A service provider that answers by a script and records what it was asked.
///
/// A request that the script does not expect fails the test, and fails the call in a way that no client repeats.
final class ScriptedServer: Transport {
    struct Step: Sendable {
        var method: String
        /// Below the base URL; nil for any.
        var path: String?
        var answer: @Sendable (WireRequest) async throws(TransportError) -> WireReply

        static func on(_ method: String, _ path: String?, status: Int = 200, headers: [(String, String)] = [], _ body: String = "") -> Step
        {
            Step(method: method, path: path) { _ throws(TransportError) in
                WireReply(status: status, headers: headers, body: Array(body.utf8))
            }
        }

        static func fail(_ method: String, _ path: String?, _ error: TransportError) -> Step {
            Step(method: method, path: path) { _ throws(TransportError) in throw error }
        }

        /// What the server announces.
        static func config(_ body: String) -> Step { on("GET", "/ServiceProviderConfig", body) }
    }

    static let base = "https://scim.example.com/v2"

    private let location: SourceLocation
    private let state: Mutex<(left: [Step], requests: [WireRequest])>

    init(_ steps: [Step], sourceLocation: SourceLocation = #_sourceLocation) {
        location = sourceLocation
        state = Mutex((steps, []))
    }

    var requests: [WireRequest] { state.withLock(\.requests) }
    var left: Int { state.withLock(\.left.count) }
    var last: WireRequest? { requests.last }

    func send(_ request: WireRequest, timeout: Duration) async throws(TransportError) -> WireReply {
        let step = state.withLock { state -> Step? in
            state.requests.append(request)
            return state.left.isEmpty ? nil : state.left.removeFirst()
        }
        guard let step, step.method == request.method, step.path.map({ Self.base + $0 == request.urlWithoutQuery }) ?? true else {
            let complaint = "unexpected \(request), expected \(step.map { "\($0.method) \($0.path ?? "")" } ?? "nothing more")"
            Issue.record(Comment(rawValue: complaint), sourceLocation: location)
            throw TransportError(.invalid, mayHaveReachedServer: false, complaint)
        }
        return try await step.answer(request)
    }

    func client(
        token: SCIMTokenSource = SCIMTokenSource(fixed: "t0ken"), retry: RetryPolicy = .standard,
        clock: ManualClock = ManualClock(advancesItself: true),
        base: String = ScriptedServer.base
    ) -> SCIMClient {
        SCIMClient(baseURL: base, token: token, transport: self, retry: retry, clock: clock, random: { 0 })
    }
}

extension WireRequest {
    var text: String { String(decoding: body, as: UTF8.self) }
    /// As sent.
    var query: String { url.firstIndex(of: "?").map { String(url[url.index(after: $0)...]) } ?? "" }
}

extension TransportError {
    static let refused = TransportError(.unreachable, mayHaveReachedServer: false, "connection refused")
    static let lost = TransportError(.connectionLost, mayHaveReachedServer: true, "connection lost")
    static let late = TransportError(.timedOut, mayHaveReachedServer: true, "no answer in time")
}

/// The error that `body` must throw.
func scimError<T>(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> T
) async throws -> SCIMClientError {
    do {
        _ = try await body()
    } catch let error as SCIMClientError {
        return error
    }
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    throw CancellationError()
}
