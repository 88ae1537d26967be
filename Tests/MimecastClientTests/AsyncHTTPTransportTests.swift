import HTTPTransport
import AsyncHTTPClient
import Foundation
import Mimecast
import Testing
import TestSupport

@testable import MimecastClient

struct AsyncHTTPTransportTests {
    /// Nothing listens on the discard port of this machine.
    private let closed = "http://127.0.0.1:9"

    @Test(arguments: ["POST", "GET"])
    func aRefusedConnectionIsUnreachable(method: String) async throws {
        let request = WireRequest(method: method, url: closed + "/p", body: method == "POST" ? Array("{}".utf8) : [])
        do {
            _ = try await AsyncHTTPTransport().send(request, timeout: .seconds(60))
            Issue.record("an answer came")
        } catch {
            #expect(error.kind == .unreachable)
            if method == "POST" { #expect(!error.mayHaveReachedServer) }
        }
    }

    @Test func aWriteToAClosedPortIsNotOpen() async throws {
        let client = Fixture.client(AsyncHTTPTransport(), credentials: Fixture.v1, base: closed, retry: .never)
        let error = try await clientError { try await client.create(NewAccount(address: "a@example.com", name: "A")) }
        #expect(error.code == .unreachable)
        #expect(!error.outcomeUnknown)
        #expect(error.status == nil)
    }

    @Test(arguments: ["", "not a url", "http://"])
    func whatIsNoURLCannotBeSent(url: String) async throws {
        do {
            _ = try await AsyncHTTPTransport().send(WireRequest(method: "POST", url: url, body: [1]), timeout: .seconds(60))
            Issue.record("an answer came")
        } catch {
            #expect(error.kind == .invalid)
            #expect(!error.mayHaveReachedServer)
        }
    }

    @Test func aCancelledCallSaysSo() async throws {
        let task = Task { () async -> TransportError? in
            do throws(TransportError) {
                _ = try await AsyncHTTPTransport().send(WireRequest(method: "POST", url: closed, body: [1]), timeout: .seconds(60))
                return nil
            } catch {
                return error
            }
        }
        task.cancel()
        #expect(await task.value?.kind == .cancelled)
    }

    @Test func anAnswerComesAsItIs() async throws {
        let server = try CannedServer("HTTP/1.1 429 Slow\r\nX-RateLimit-Reset: 12\r\nContent-Length: 2\r\n\r\nno")
        let reply = try await post("http", server)
        #expect(reply.status == 429)
        #expect(reply.header("x-ratelimit-reset") == "12")
        #expect(reply.body == Array("no".utf8))
    }

    @Test func redirectsAreNotFollowed() async throws {
        let server = try CannedServer("HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n")
        #expect(try await post("http", server).status == 307)
    }

    @Test(
        arguments: [
            // What the server writes; nil where it does not even take the connection from the kernel.
            (nil, CannedServer.Then.silence, TransportError.Kind.timedOut), ("", .silence, .timedOut), ("", .close, .connectionLost),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", .silence, .timedOut),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", .close, .connectionLost),
            ("HTTP/1.1 200 OK\r\nContent-Length: 10485761\r\n\r\n", .silence, .replyTooLarge),
        ] as [(String?, CannedServer.Then, TransportError.Kind)])
    func whatLeftMayHaveArrived(answer: String?, then: CannedServer.Then, kind: TransportError.Kind) async throws {
        let server = try CannedServer(answer, then: then)
        do {
            // Only where silence is awaited the time may be short: a busy machine takes long for the rest.
            _ = try await post("http", server, timeout: kind == .timedOut ? .milliseconds(500) : .seconds(60))
            Issue.record("an answer came")
        } catch let error as TransportError {
            #expect(error.kind == kind)
            #expect(error.mayHaveReachedServer)
        }
    }

    @Test(arguments: [(nil, CannedServer.Then.silence), ("HTTP/1.1 400 No\r\n\r\n", .close)] as [(String?, CannedServer.Then)])
    func nothingLeavesWithoutTLS(answer: String?, then: CannedServer.Then) async throws {
        let server = try CannedServer(answer, then: then)
        do {
            _ = try await post("https", server, timeout: .milliseconds(500))
            Issue.record("an answer came")
        } catch let error as TransportError {
            #expect(!error.mayHaveReachedServer)
            #expect([.timedOut, .unreachable, .connectionLost].contains(error.kind))
        }
    }

    private func post(_ scheme: String, _ server: CannedServer, timeout: Duration = .seconds(60)) async throws -> WireReply {
        let request = WireRequest(method: "POST", url: "\(scheme)://127.0.0.1:\(server.port)/p", body: Array("{}".utf8))
        return try await AsyncHTTPTransport().send(request, timeout: timeout)
    }
}
