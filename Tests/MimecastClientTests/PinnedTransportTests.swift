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
        let transport = PinnedTransport(
            judge: { address in
                judged.withLock { $0.append(address) }
                return nil
            }, resolver: resolver([[Self.local]]))
        let reply = try await transport.send(post("http://receiver.invalid:\(server.port)/in"), timeout: Self.timeout)
        #expect(reply.status == 204)
        #expect(judged.withLock { $0 } == [Self.local])
    }

    @Test func `One bad address among good ones is enough to refuse`() async throws {
        let server = try CannedServer("HTTP/1.1 204 No Content\r\n\r\n")
        let transport = PinnedTransport(
            judge: { $0 == Self.local ? nil : "is a private address" }, resolver: resolver([[Self.local, NetworkAddress([10, 0, 0, 1])]]))
        let error = await refusal(transport, "http://receiver.invalid:\(server.port)/in")
        #expect(error?.kind == .invalid && error?.mayHaveReachedServer == false)
        #expect(error?.message == "receiver.invalid resolves to 10.0.0.1, which is a private address.")
    }

    @Test func `A name that changes its address between two calls is judged anew`() async throws {
        let server = try CannedServer("HTTP/1.1 204 No Content\r\n\r\n")
        let transport = PinnedTransport(
            judge: { $0 == Self.local ? nil : "is a link-local address" },
            resolver: resolver([[Self.local], [NetworkAddress([169, 254, 169, 254])]]))
        let url = "http://receiver.invalid:\(server.port)/in"
        #expect(try await transport.send(post(url), timeout: Self.timeout).status == 204)
        #expect(await refusal(transport, url)?.message.contains("169.254.169.254") == true)
    }

    @Test(arguments: ["localhost", "127.0.0.1", "[::1]", "127.1", "2130706433", "0x7f000001"])
    func `Whatever this machine is called, it is this machine`(host: String) async throws {
        let transport = PinnedTransport { $0.reach == .global ? nil : "is a \($0.reach.rawValue) address" }
        let error = await refusal(transport, "http://\(host):9/in")
        #expect(error?.kind == .invalid && error?.message.contains("loopback") == true, "\(error?.message ?? "nil")")
    }

    @Test func `A host without an address is unreachable, and so is one where nobody listens`() async throws {
        let none = PinnedTransport(judge: { _ in nil }, resolver: resolver([[]]))
        #expect(await refusal(none, "http://receiver.invalid/in")?.kind == .unreachable)
        let deaf = PinnedTransport(judge: { _ in nil }, resolver: resolver([[Self.local]]))
        #expect(await refusal(deaf, "http://receiver.invalid:9/in")?.kind == .unreachable)
        let unknown = PinnedTransport(
            judge: { _ in nil },
            resolver: HostResolver { _ in .failure(TransportError(.unreachable, mayHaveReachedServer: false, "no such name")) })
        #expect(await refusal(unknown, "http://receiver.invalid/in")?.message == "no such name")
    }

    @Test func `Where the first address is deaf the next one is tried`() async throws {
        let server = try CannedServer("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
        let deaf = NetworkAddress([127, 0, 0, 2])
        let transport = PinnedTransport(judge: { _ in nil }, resolver: resolver([[deaf, Self.local]]))
        #expect(try await transport.send(post("http://receiver.invalid:\(server.port)/"), timeout: Self.timeout).status == 202)
    }

    @Test func `A redirect is an answer and is not followed`() async throws {
        let server = try CannedServer("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n")
        let transport = PinnedTransport(judge: { _ in nil }, resolver: resolver([[Self.local]]))
        #expect(try await transport.send(post("http://receiver.invalid:\(server.port)/"), timeout: Self.timeout).status == 302)
    }

    @Test func `An endless body is cut, one that never comes is not waited for beyond the time`() async throws {
        let endless = try CannedServer(
            "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n" + String(repeating: "x", count: 100_000), then: .silence)
        let transport = PinnedTransport(judge: { _ in nil }, resolver: resolver([[Self.local]]))
        let reply = try await transport.send(post("http://receiver.invalid:\(endless.port)/"), timeout: Self.timeout)
        #expect(reply.status == 200 && reply.body.isEmpty)
        let lazy = try CannedServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", then: .silence)
        #expect(try await transport.send(post("http://receiver.invalid:\(lazy.port)/"), timeout: .milliseconds(500)).status == 200)
        let silent = try CannedServer("", then: .silence)
        do {
            let reply = try await transport.send(post("http://receiver.invalid:\(silent.port)/"), timeout: .milliseconds(500))
            Issue.record("an answer came: \(reply)")
        } catch {
            #expect(error.kind == .timedOut)
        }
    }

    @Test func `A name server that does not answer holds nobody else up`() async throws {
        let server = try CannedServer("HTTP/1.1 204 No Content\r\n\r\n")
        let release = DispatchSemaphore(value: 0)
        let resolver = HostResolver { host in
            if host == "stuck.invalid" { release.wait() }
            return .success([Self.local])
        }
        let transport = PinnedTransport(judge: { _ in nil }, resolver: resolver)
        let stuck = Task {
            try await transport.send(WireRequest(method: "POST", url: "http://stuck.invalid/"), timeout: .milliseconds(300))
        }
        #expect(try await transport.send(post("http://receiver.invalid:\(server.port)/"), timeout: Self.timeout).status == 204)
        #expect(await (stuck.result.failure as? TransportError)?.kind == .timedOut)
        release.signal()
    }
}

extension Result {
    fileprivate var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
}
