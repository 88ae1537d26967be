import Foundation
import Synchronization
import TestSupport
import Testing

@testable import HTTPTransport

struct PinnedTransportTests {
    private static let local = NetworkAddress([127, 0, 0, 1])
    private static let timeout = Duration.seconds(60)

    /// A name server of the test's own.
    private func resolver(_ addresses: [[NetworkAddress]]) -> HostResolver {
        let left = Mutexed(addresses)
        return HostResolver { _ in .success(left.next()) }
    }

    /// Hands out its values, the last one again and again.
    private final class Mutexed: Sendable {
        private let values: Mutex<[[NetworkAddress]]>
        init(_ values: [[NetworkAddress]]) { self.values = Mutex(values) }
        func next() -> [NetworkAddress] { values.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? [] } }
    }

    /// A transport whose connections are closed afterwards.
    ///
    /// - Parameter addresses: what the name server answers, one after the other.
    private func withTransport<T>(
        _ addresses: [[NetworkAddress]], judge: @escaping PinnedTransport.Judge = { _ in nil },
        _ body: (PinnedTransport) async throws -> T
    ) async throws -> T {
        try await withTransport(resolver(addresses), judge: judge, body)
    }

    private func withTransport<T>(
        _ resolver: HostResolver, judge: @escaping PinnedTransport.Judge = { _ in nil }, _ body: (PinnedTransport) async throws -> T
    ) async throws -> T {
        try await PinnedClients.with { try await body(PinnedTransport(judge: judge, resolver: resolver, clients: $0)) }
    }

    private func post(_ url: String) -> WireRequest { WireRequest(method: "POST", url: url, body: Array("{}".utf8)) }

    private func refusal(_ transport: PinnedTransport, _ url: String) async -> TransportError? {
        do {
            let reply = try await transport.send(post(url), timeout: Self.timeout)
            Issue.record("an answer came: \(reply)")
            return nil
        } catch {
            return error
        }
    }

    /// The name exists nowhere but in the test: only an address that was judged can have been connected to.
    @Test func `The connection goes to the address that was judged`() async throws {
        let server = try CannedServer("HTTP/1.1 204 No Content\r\n\r\n")
        let judged = Mutex<[NetworkAddress]>([])
        let judge = { @Sendable (address: NetworkAddress) -> String? in
            judged.withLock { $0.append(address) }
            return nil
        }
        let reply = try await withTransport([[Self.local]], judge: judge) {
            try await $0.send(post("http://receiver.invalid:\(server.port)/in"), timeout: Self.timeout)
        }
        #expect(reply.status == 204)
        #expect(judged.withLock { $0 } == [Self.local])
    }

    @Test func `One bad address among good ones is enough to refuse`() async throws {
        let server = try CannedServer("HTTP/1.1 204 No Content\r\n\r\n")
        let addresses = [[Self.local, NetworkAddress([10, 0, 0, 1])]]
        let error = try await withTransport(addresses, judge: { $0 == Self.local ? nil : "is a private address" }) {
            await refusal($0, "http://receiver.invalid:\(server.port)/in")
        }
        #expect(error?.kind == .invalid && error?.mayHaveReachedServer == false)
        #expect(error?.message == "receiver.invalid resolves to 10.0.0.1, which is a private address.")
    }

    @Test func `A name that changes its address between two calls is judged anew`() async throws {
        let server = try CannedServer("HTTP/1.1 204 No Content\r\n\r\n")
        let addresses = [[Self.local], [NetworkAddress([169, 254, 169, 254])]]
        try await withTransport(addresses, judge: { $0 == Self.local ? nil : "is a link-local address" }) { transport in
            let url = "http://receiver.invalid:\(server.port)/in"
            let first = try await transport.send(post(url), timeout: Self.timeout)
            #expect(first.status == 204)
            #expect(await refusal(transport, url)?.message.contains("169.254.169.254") == true)
        }
    }

    @Test(arguments: ["localhost", "127.0.0.1", "[::1]", "127.1", "2130706433", "0x7f000001"])
    func `Whatever this machine is called, it is this machine`(host: String) async throws {
        let error = try await withTransport(.shared, judge: { $0.reach == .global ? nil : "is a \($0.reach.rawValue) address" }) {
            await refusal($0, "http://\(host):9/in")
        }
        #expect(error?.kind == .invalid && error?.message.contains("loopback") == true, "\(error?.message ?? "nil")")
    }

    @Test func `A host without an address is unreachable, and so is one where nobody listens`() async throws {
        let none = try await withTransport([[]]) { await refusal($0, "http://receiver.invalid/in") }
        #expect(none?.kind == .unreachable)
        let deaf = try await withTransport([[Self.local]]) { await refusal($0, "http://receiver.invalid:9/in") }
        #expect(deaf?.kind == .unreachable)
        let nameless = HostResolver { _ in .failure(TransportError(.unreachable, mayHaveReachedServer: false, "no such name")) }
        let unknown = try await withTransport(nameless) { await refusal($0, "http://receiver.invalid/in") }
        #expect(unknown?.message == "no such name")
    }

    @Test func `Where the first address is deaf the next one is tried`() async throws {
        let server = try CannedServer("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
        let reply = try await withTransport([[NetworkAddress([127, 0, 0, 2]), Self.local]]) {
            try await $0.send(post("http://receiver.invalid:\(server.port)/"), timeout: Self.timeout)
        }
        #expect(reply.status == 202)
    }

    @Test func `A redirect is an answer and is not followed`() async throws {
        let server = try CannedServer("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n")
        let reply = try await withTransport([[Self.local]]) {
            try await $0.send(post("http://receiver.invalid:\(server.port)/"), timeout: Self.timeout)
        }
        #expect(reply.status == 302)
    }

    @Test func `An endless body is cut, one that never comes is not waited for beyond the time`() async throws {
        let endless = try CannedServer(
            "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n" + String(repeating: "x", count: 100_000), then: .silence)
        let lazy = try CannedServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", then: .silence)
        let silent = try CannedServer("", then: .silence)
        try await withTransport([[Self.local]]) { transport in
            let reply = try await transport.send(post("http://receiver.invalid:\(endless.port)/"), timeout: Self.timeout)
            #expect(reply.status == 200 && reply.body.isEmpty)
            let late = try await transport.send(post("http://receiver.invalid:\(lazy.port)/"), timeout: .milliseconds(500))
            #expect(late.status == 200)
            do {
                let reply = try await transport.send(post("http://receiver.invalid:\(silent.port)/"), timeout: .milliseconds(500))
                Issue.record("an answer came: \(reply)")
            } catch let error as TransportError {
                #expect(error.kind == .timedOut)
            }
        }
    }

    @Test func `A name server that does not answer holds nobody else up`() async throws {
        let server = try CannedServer("HTTP/1.1 204 No Content\r\n\r\n")
        let release = DispatchSemaphore(value: 0)
        let resolver = HostResolver { host in
            if host == "stuck.invalid" { release.wait() }
            return .success([Self.local])
        }
        try await withTransport(resolver) { transport in
            let stuck = Task {
                try await transport.send(WireRequest(method: "POST", url: "http://stuck.invalid/"), timeout: .milliseconds(300))
            }
            let reply = try await transport.send(post("http://receiver.invalid:\(server.port)/"), timeout: Self.timeout)
            #expect(reply.status == 204)
            #expect(await (stuck.result.failure as? TransportError)?.kind == .timedOut)
        }
        release.signal()
    }

    @Test func `After the end nothing is called any more`() async throws {
        let server = try CannedServer("HTTP/1.1 204 No Content\r\n\r\n")
        let kept = try await withTransport([[Self.local]]) { transport in
            let reply = try await transport.send(post("http://receiver.invalid:\(server.port)/"), timeout: Self.timeout)
            #expect(reply.status == 204)
            return transport
        }
        #expect(await refusal(kept, "http://receiver.invalid:\(server.port)/")?.kind == .cancelled)
    }
}

extension Result {
    fileprivate var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
}
