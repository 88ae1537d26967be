import AsyncHTTPClient
import Foundation
import NIOSSL
import Testing

@testable import HTTPTransport

/// Deliveries over TLS: to the address that was judged, by the name of the URL, and to nobody who cannot prove to be that name.
struct PinnedTLSTests {
    private let authority: TestAuthority
    private let request = Array(#"{"id":"e1"}"#.utf8)

    init() throws { authority = try TestAuthority() }

    /// A transport that trusts the test's authority and no other.
    private func withTransport<T>(_ body: (PinnedTransport) async throws -> T) async throws -> T {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = try authority.roots
        var configuration = AsyncHTTPTransport.configuration
        configuration.tlsConfiguration = tls
        return try await PinnedClients.with(configuration) { clients in
            let transport = PinnedTransport(
                judge: { $0.reach == .loopback ? nil : "is elsewhere" },
                resolver: HostResolver { _ in .success([NetworkAddress([127, 0, 0, 1])]) }, clients: clients)
            return try await body(transport)
        }
    }

    private func send(_ transport: PinnedTransport, to host: String, _ receiver: TLSReceiver) async -> Result<Int, TransportError> {
        do {
            let request = WireRequest(method: "POST", url: "https://\(host):\(receiver.port)/in", body: request)
            return .success(try await transport.send(request, timeout: .seconds(60)).status)
        } catch {
            return .failure(error)
        }
    }

    @Test func `The name that the URL has is asked for and proved, at the address that was judged`() async throws {
        try await TLSReceiver.with(try authority.server(for: "receiver.invalid")) { receiver in
            try await withTransport { transport in
                for _ in 1...2 {
                    let status = try await send(transport, to: "receiver.invalid", receiver).get()
                    #expect(status == 204)
                }
            }
            #expect(Set(receiver.names) == ["receiver.invalid"])
            #expect(receiver.bodies == [#"{"id":"e1"}"#, #"{"id":"e1"}"#])
        }
    }

    /// A certificate of somebody else, of an authority that is not trusted, and one that ended: each is refused before anything is told.
    @Test(arguments: ["another name", "another authority", "over"])
    func `Who cannot prove the name is told nothing`(what: String) async throws {
        let server =
            switch what {
            case "another name": try authority.server(for: "other.invalid")
            case "another authority": try TestAuthority().server(for: "receiver.invalid")
            default: try authority.server(for: "receiver.invalid", validFor: -60)
            }
        try await TLSReceiver.with(server) { receiver in
            let result = try await withTransport { await send($0, to: "receiver.invalid", receiver) }
            guard case .failure(let error) = result else {
                Issue.record("an answer came: \(result)")
                return
            }
            #expect(!error.mayHaveReachedServer, "\(error)")
            #expect(receiver.names.first == "receiver.invalid")
            #expect(receiver.bodies.isEmpty)
        }
    }

    /// The address is no name: a certificate for it would be one for whoever has the address next.
    @Test func `A certificate for the name proves nothing to who calls the address`() async throws {
        try await TLSReceiver.with(try authority.server(for: "receiver.invalid")) { receiver in
            let result = try await withTransport { await send($0, to: "127.0.0.1", receiver) }
            guard case .failure = result else {
                Issue.record("an answer came: \(result)")
                return
            }
            #expect(receiver.bodies.isEmpty)
        }
    }
}
