import Foundation
import HTTPTransport
import MusterStore
import Synchronization
import TestSupport
import Testing

@testable import Lifecycle

/// A receiver that does what the test says, and remembers what came.
final class Receiver: Transport {
    struct Delivery: Sendable, Equatable {
        var id: String
        var person: String
        var timestamp: Int
        var status: Int
    }

    typealias Answer = @Sendable (Delivery) async throws(TransportError) -> WireReply

    private struct State {
        var deliveries: [Delivery] = []
        var requests: [WireRequest] = []
        var answer: Answer
    }

    private let state: Mutex<State>

    init(_ answer: @escaping Answer = { _ throws(TransportError) in WireReply(status: 204) }) { state = Mutex(State(answer: answer)) }

    func answer(_ answer: @escaping Answer) { state.withLock { $0.answer = answer } }
    func answer(_ status: Int, headers: [(String, String)] = []) {
        answer { _ throws(TransportError) in WireReply(status: status, headers: headers) }
    }

    /// Every try that was answered, in the order of the answers.
    var deliveries: [Delivery] { state.withLock(\.deliveries) }
    var requests: [WireRequest] { state.withLock(\.requests) }

    /// What one who keeps ids has, in its order: what was taken, each id once.
    var seen: [String] {
        deliveries.filter { (200..<300).contains($0.status) }.map(\.id).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    func send(_ request: WireRequest, timeout: Duration) async throws(TransportError) -> WireReply {
        let body = try? JSONDecoder().decode([String: String].self, from: Data(request.body))
        var delivery = Delivery(
            id: request.header("webhook-id") ?? "", person: body?["person"] ?? "",
            timestamp: request.header("webhook-timestamp").flatMap { Int($0) } ?? 0, status: 0)
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.answer
        }
        let reply = try await answer(delivery)
        delivery.status = reply.status
        state.withLock { $0.deliveries.append(delivery) }
        return reply
    }
}

/// A store with events and hooks, a calendar, and receivers by the hosts of their URLs.
final class HookBench: Sendable {
    static let tenant = "CACME"
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    static let newSecret = "whsec_" + Data(repeating: 7, count: 32).base64EncodedString()

    let base: SQLiteStore
    private let instant = Mutex(Date(timeIntervalSince1970: 1_700_000_000))
    private let receivers = Mutex<[String: Receiver]>([:])

    init(_ store: SQLiteStore) { base = store }

    var now: @Sendable () -> Date { { self.instant.withLock { $0 } } }
    var seconds: Int { Int(now().timeIntervalSince1970) }
    func pass(_ seconds: Int) { instant.withLock { $0 += TimeInterval(seconds) } }

    var book: HookBook { HookBook(store: base, tenant: Self.tenant, now: now) }

    /// Subscribes a receiver under its name.
    @discardableResult
    func add(
        _ name: String = "desk", types: [String] = [], persons: [String] = [], groups: [String] = [], since: Int? = nil,
        _ receiver: Receiver = Receiver()
    ) async throws -> Receiver {
        receivers.withLock { $0["\(name).example.com"] = receiver }
        let hook = try Hook(
            tenant: Self.tenant, name: name, url: try HookURL("https://\(name).example.com/in", allowPrivate: false),
            filter: try HookFilter(types: types, persons: persons, groups: groups), allowPrivate: false, secret: "env:SECRET",
            added: seconds, who: "pat")
        try await book.add(hook, since: since)
        return receiver
    }

    /// Something happened to each of these people, in this order; an empty name is the tenant.
    func happen(_ people: String..., type: String = "account.changed") async throws { try await happen(people, type: type) }

    func happen(_ people: [String], type: String = "account.changed") async throws {
        let at = seconds
        try await base.write(Self.tenant) { tx in
            for person in people {
                let number = try EventLog.last(Self.tenant, tx) + 1
                try EventLog.append(
                    EventLog.Entry(
                        number: 0, id: "e\(number)", type: type, person: person, at: at,
                        body: #"{"id":"e\#(number)","person":"\#(person)","type":"\#(type)"}"#),
                    tenant: Self.tenant, tx)
            }
        }
    }

    func dispatcher(_ store: (any Store)? = nil, width: Int = 8, secret: String? = nil) -> HookDispatcher {
        HookDispatcher(
            store: store ?? base, who: "pat", width: width,
            secret: { reference in
                switch reference {
                case "env:SECRET": secret ?? Self.secret
                case "env:NEW": Self.newSecret
                default: throw LifecycleError(.notPermitted, "secret-missing", "There is no \(reference).", remedy: "Put it there.")
                }
            },
            transport: { url, _ in self.receivers.withLock { $0[url.host] } ?? Receiver() }, now: now, random: { 0 })
    }

    @discardableResult
    func deliver(_ store: (any Store)? = nil, width: Int = 8) async throws -> [LaneReport] {
        try await dispatcher(store, width: width).deliverDue()
    }

    /// Delivers whenever something is due, until nothing waits.
    ///
    /// - Returns: seconds that passed.
    @discardableResult
    func settle(within patience: Int = 30 * 86_400) async throws -> Int {
        let start = seconds
        while seconds - start < patience {
            let next = try await deliver().compactMap(\.next).min()
            guard let next else { break }
            pass(max(next - seconds, 1))
        }
        return seconds - start
    }

    func standing(_ name: String = "desk") async throws -> HookStanding {
        try #require(try await book.standings().first { $0.hook.name == name })
    }
}

func withHookBench<T>(_ body: (HookBench) async throws -> T) async throws -> T {
    try await withTemporaryStore(migrations: StateSchema.migrations) { try await body(HookBench($0)) }
}
