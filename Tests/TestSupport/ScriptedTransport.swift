import HTTPTransport
import Foundation
import MimecastClient
import Synchronization
import Testing

/// A vendor that answers by a script and records what it was asked.
///
/// A request that the script does not expect fails the test where the transport was made, and fails the call in a way that no client
/// repeats. End a test with ``assertDone()``, which fails it for what was expected and never came.
public final class ScriptedTransport: Transport {
    public enum Order: Sendable {
        /// Steps are expected one after the other; steps for any number of times may come between.
        case strict
        /// Each request takes the first step that fits.
        case any
    }

    private struct State {
        var left: [(step: Step, times: Int?)]
        var requests: [WireRequest] = []
        var unexpected: [String] = []
    }

    private let order: Order
    private let location: SourceLocation
    private let state: Mutex<State>

    public init(_ steps: [Step], order: Order = .strict, sourceLocation: SourceLocation = #_sourceLocation) {
        self.order = order
        location = sourceLocation
        state = Mutex(State(left: steps.map { ($0, $0.times) }))
    }

    /// All requests so far, in the order of their arrival.
    public var requests: [WireRequest] { state.withLock(\.requests) }

    /// The requests for a path, whatever their query.
    public func requests(to path: String) -> [WireRequest] {
        requests.filter { $0.path == path }
    }

    public func send(_ request: WireRequest, timeout: Duration) async throws(TransportError) -> WireReply {
        guard let step = take(request) else {
            let complaint = "unexpected request \(request.method) \(request.path); expected \(expected)"
            Issue.record(Comment(rawValue: complaint), sourceLocation: location)
            throw TransportError(.invalid, mayHaveReachedServer: false, complaint)
        }
        return try await step.answer(request)
    }

    /// Fails the test for each step that was expected and did not come.
    public func assertDone(sourceLocation: SourceLocation = #_sourceLocation) {
        for (step, times) in state.withLock(\.left) {
            guard let times, times > 0 else { continue }
            Issue.record("expected \(step.name) \(times) more times", sourceLocation: sourceLocation)
        }
    }

    private var expected: String {
        let names = state.withLock(\.left).filter { $0.times != 0 }.map(\.step.name)
        return names.isEmpty ? "nothing more" : names.joined(separator: ", ")
    }

    private func take(_ request: WireRequest) -> Step? {
        state.withLock { state in
            state.requests.append(request)
            for index in state.left.indices {
                let (step, times) = state.left[index]
                guard times != 0 else { continue }
                if step.fits(request) {
                    if let times { state.left[index].times = times - 1 }
                    return step
                }
                if order == .strict, times != nil { return nil }
            }
            return nil
        }
    }
}
