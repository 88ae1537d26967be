import HTTPTransport
import AsyncHTTPClient
import SCIM
import SCIMClient
import TestSupport
import Testing

/// The transport over real sockets.
@Suite struct SCIMTransportTests {
    private func client(_ port: Int, timeout: Duration = .seconds(20)) -> SCIMClient {
        SCIMClient(
            baseURL: "http://127.0.0.1:\(port)/scim/v2", token: SCIMTokenSource(fixed: "t"), transport: AsyncHTTPTransport(),
            retry: RetryPolicy(attempts: 1, timeout: timeout))
    }

    @Test func `An answer comes with its headers and its body`() async throws {
        let server = try CannedServer(
            "HTTP/1.1 201 Created\r\nETag: W/\"1\"\r\nContent-Length: 10\r\n\r\n{\"id\":\"7\"}")
        let made = try await client(server.port).create(.users, JSONObject([("userName", "ann")]))
        #expect(made.id == "7")
        #expect(made.version == "W/\"1\"")
    }

    @Test func `A redirect is not followed`() async throws {
        let other = try CannedServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"id\":\"9\"}")
        let server = try CannedServer(
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:\(other.port)/scim/v2/Users/1\r\nContent-Length: 0\r\n\r\n")
        let error = try await scimError { try await client(server.port).get(.users, id: "1") }
        #expect(error.code == .wrongAnswer)
        #expect(error.status == 302)
    }

    @Test func `A write whose connection breaks is of unknown outcome`() async throws {
        let server = try CannedServer("HTTP/1.1 201 Cre")
        let error = try await scimError { try await client(server.port).create(.users, JSONObject([("userName", "ann")])) }
        #expect(error.outcomeUnknown)
        #expect(error.code == .unreachable)
    }

    @Test func `A body that never ends is not waited for`() async throws {
        let server = try CannedServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", then: .silence)
        let error = try await scimError { try await client(server.port, timeout: .milliseconds(300)).get(.users, id: "1") }
        #expect(error.code == .unreachable)
    }

    @Test func `A body that is too large is not taken`() async throws {
        let server = try CannedServer("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + String(repeating: " ", count: 2_000))
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: AsyncHTTPTransport.configuration)
        let transport = AsyncHTTPTransport(client: http, bodyLimit: 1_000)
        let client = SCIMClient(
            baseURL: "http://127.0.0.1:\(server.port)", token: SCIMTokenSource(fixed: "t"), transport: transport, retry: .never)
        let error = try await scimError { try await client.create(.users, JSONObject()) }
        #expect(error.code == .malformedReply)
        #expect(error.outcomeUnknown, "it was answered, whatever the answer was")
        try await http.shutdown()
    }

    @Test func `A server that is not there was never reached`() async throws {
        let error = try await scimError { try await client(9).create(.users, JSONObject()) }
        #expect(error.code == .unreachable)
        #expect(!error.outcomeUnknown)
    }
}
