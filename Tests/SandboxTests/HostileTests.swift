import AsyncHTTPClient
import Foundation
import Mimecast
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import Sandbox

/// A connection that sends what no client library would.
struct RawConnection {
    private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

    static func open(_ box: SandboxHarness) async throws -> RawConnection {
        let url = try #require(URL(string: box.baseURL))
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: try #require(url.host()), port: try #require(url.port)) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return RawConnection(channel: channel)
    }

    /// Sends pieces with a pause between them, and reads what comes back until the server closes or `enough` says so.
    ///
    /// - Parameter patience: after this long it hangs up, as a client would.
    func talk(
        _ pieces: [String], pause: Duration = .zero, patience: Duration = .seconds(20),
        until enough: @escaping @Sendable (String) -> Bool = { _ in false }
    ) async throws -> String {
        try await channel.executeThenClose { inbound, outbound in
            try await withThrowingTaskGroup(of: String?.self) { group in
                group.addTask {
                    // A server that has heard enough closes while we still send.
                    do {
                        for piece in pieces {
                            try await outbound.write(ByteBuffer(string: piece))
                            if pause > .zero { try await Task.sleep(for: pause) }
                        }
                    } catch {}
                    return nil
                }
                group.addTask {
                    var heard = ""
                    do {
                        for try await bytes in inbound {
                            heard += String(buffer: bytes)
                            if enough(heard) { break }
                        }
                    } catch {}
                    return heard
                }
                group.addTask {
                    try? await Task.sleep(for: patience)
                    return ""
                }
                defer { group.cancelAll() }
                for try await heard in group { if let heard { return heard } }
                return ""
            }
        }
    }
}

/// Whoever is on the other end: nothing crashes it, and nothing keeps it from answering others.
@Suite(.serialized) struct HostileTests {
    private func isAlive(_ box: SandboxHarness) async throws {
        #expect(try await box.send(.GET, "/ping").status == 200)
        #expect(try await box.call(.portal, "/api/account/get-account").status == 200)
    }

    @Test func malformedBodies() async throws {
        try await SandboxHarness.run { box async throws in
            let path = "/api/user/create-user"
            let bodies = [
                "{", "}", "[", "nul", "\"", "'", "{\"data\":[{]}", "{\"data\":{}}", "{\"data\":null}", "[]", "1", "\u{0}", "{\"data\":[}",
                "{\"meta\":{\"pagination\":[]},\"data\":[", "{'data': [{'emailAddress': 'x]}", "\u{FEFF}{", "{\"data\":[1,]",
            ]
            for body in bodies {
                let reply = try await box.call(.portal, path, body)
                #expect(reply.status == 400, "\(body)")
                #expect(reply.code == FailureCode.deserialise, "\(body)")
                #expect(reply.headers["x-ratelimit-limit"] != nil)
            }
            for brackets in ["[", "{\"a\":", "{'a':["] {
                let bomb = String(repeating: brackets, count: 1_000_000 / brackets.count)
                #expect(try await box.call(.portal, path, bomb).status == 400)
                #expect(try await box.call(.portal, path, #"{"data":[\#(bomb)"#).status == 400)
            }
            try await isAlive(box)
        }
    }

    @Test func hugeBodies() async throws {
        try await SandboxHarness.run { box async throws in
            let token = try await box.token(.portal)
            let huge = #"{"data":[{"name":""# + String(repeating: "x", count: 10 << 20) + #""}]}"#
            for path in ["/api/user/create-user", "/oauth/token", "/control/faults", "/nowhere"] {
                // The answer may come before all is sent, and the connection ends with it: some clients see only that.
                let reply = try? await box.send(.POST, path, headers: [("authorization", "Bearer \(token)")], body: huge)
                if let reply { #expect(reply.status == 413, "\(path)") }
            }
            let raw = try await RawConnection.open(box).talk(
                ["POST /api/user/create-user HTTP/1.1\r\nhost: a\r\ncontent-length: 999999999999\r\n\r\n", huge],
                until: { $0.contains("\r\n\r\n") })
            #expect(raw.hasPrefix("HTTP/1.1 413"))
            try await isAlive(box)
        }
    }

    @Test func headerBombs() async throws {
        try await SandboxHarness.run { box async throws in
            let start = "POST /api/account/get-account HTTP/1.1\r\nhost: a\r\n"
            let many = (0..<20_000).map { "x-\($0): y\r\n" }
            let large = "authorization: Bearer " + String(repeating: "a", count: 4 << 20) + "\r\n\r\n"
            for pieces in [[start] + many + ["\r\n"], [start, large], [start, "x: " + String(repeating: "b", count: 1 << 20)]] {
                let heard = try await RawConnection.open(box).talk(pieces, until: { $0.contains("\r\n\r\n") })
                #expect(heard.hasPrefix("HTTP/1.1 4") || heard.isEmpty, "\(heard.prefix(80))")
            }
            try await isAlive(box)
        }
    }

    @Test func nonsenseInsteadOfHTTP() async throws {
        try await SandboxHarness.run { box async throws in
            let texts = [
                "\u{16}\u{3}\u{1}\u{2}\u{0}hello", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\r\n\r\n\r\n",
                "POST /oauth/token HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n",
                "POST /oauth/token HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
                "POST /oauth/token HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n",
            ]
            for text in texts {
                _ = try await RawConnection.open(box).talk([text], patience: .seconds(1), until: { $0.contains("\r\n\r\n") })
            }
            for path in ["/%zz", "/%00", "/../../etc/passwd", "/api//user", "//", "/?%", "/api/user/get-internal-users?pageSize=%F0%28"] {
                let heard = try await RawConnection.open(box).talk(
                    ["GET \(path) HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"], until: { $0.contains("\r\n\r\n") })
                #expect(heard.hasPrefix("HTTP/1.1 4"), "\(path) \(heard.prefix(40))")
            }
            try await isAlive(box)
        }
    }

    /// A thousand connections that say nothing, and some that drip a request byte by byte: others are answered meanwhile.
    @Test func idleAndSlowConnections() async throws {
        try await SandboxHarness.run({ $0.quotas = [.init(calls: 100_000, seconds: 1)] }) { box async throws in
            let url = try #require(URL(string: box.baseURL))
            let (host, port) = (try #require(url.host()), try #require(url.port))
            var idle: [any Channel] = []
            for _ in 0..<1_000 {
                idle.append(
                    try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connect(host: host, port: port).get())
            }
            let drips = Array("POST /api/account/get-account HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{").map { String($0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask { _ = try? await RawConnection.open(box).talk(drips, pause: .milliseconds(20)) }
                }
                for _ in 0..<50 { try await isAlive(box) }
                group.cancelAll()
            }
            for channel in idle { try? await channel.close().get() }
            try await isAlive(box)
        }
    }

    @Test func aBodyThatTakesTooLongIsGivenUp() async throws {
        let (stream, source) = AsyncStream.makeStream(of: ByteBuffer.self)
        source.yield(ByteBuffer(string: "{"))
        await #expect {
            _ = try await BodyReader.collect(stream, within: .milliseconds(30))
        } throws: { ($0 as? CallRefusal)?.status == 408 }
        source.finish()
    }

    @Test func strangeCredentials() async throws {
        try await SandboxHarness.run { box async throws in
            let values = [
                "Bearer", "Bearer ", "bearer \u{1F600}", "MC", "MC :", "MC a", "MC a:b:c", "MC \(String(repeating: "a", count: 60_000)):b",
                "Basic x", "Negotiate", " ", ":", "MC é:ü",
            ]
            for value in values {
                let raw = try await RawConnection.open(box).talk(
                    [
                        "POST /api/account/get-account HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx-mc-app-id: a\r\nx-mc-req-id: b\r\n"
                            + "x-mc-date: c\r\nauthorization: \(value)\r\ncontent-length: 0\r\n\r\n"
                    ], until: { $0.contains("\r\n\r\n") })
                #expect(raw.hasPrefix("HTTP/1.1 4") || raw.hasPrefix("HTTP/1.1 200"), "\(value.prefix(20)): \(raw.prefix(40))")
                #expect(!raw.hasPrefix("HTTP/1.1 200") || raw.contains(FailureCode.developerKey))
            }
            try await isAlive(box)
        }
    }

    /// A page in a browser that is open on the same machine.
    @Test func aPageFromElsewhereControlsNothing() async throws {
        try await SandboxHarness.run { box async throws in
            for origin in ["http://evil.example", "null", "https://127.0.0.1.evil.example"] {
                let reply = try await box.send(
                    .POST, "/control/clock", headers: [("origin", origin), ("content-type", "text/plain")], body: #"{"advance":60}"#)
                #expect(reply.status == 403, "\(origin)")
            }
            let own = try await box.send(.POST, "/control/clock", headers: [("origin", box.baseURL)], body: #"{"advance":60}"#)
            #expect(own.status == 200)
        }
    }

    @Test func whatIsLargeIsKeptSmall() async throws {
        try await SandboxHarness.run { box async throws in
            let many = Array(repeating: "1", count: 99_000).joined(separator: ",")
            let reply = try await box.call(.portal, "/api/user/create-user", #"{"data":[\#(many)]}"#)
            #expect(reply.status == 400 && reply.code == FailureCode.tooManyItems && reply.text.utf8.count < 1_000)
            let long = String(repeating: "x", count: 1_000_000)
            #expect(try await box.item(.portal, "/api/user/get-profile", #"{"emailAddress":"\#(long)"}"#).fail.count == 1)
            #expect(try await box.log().allSatisfy { ($0["target"]?.text?.count ?? 0) <= 320 })
            // A label longer than any in DNS is not decoded, which would take long.
            let label = "xn--" + String(repeating: "b", count: 400_000) + "-" + String(repeating: "a", count: 400_000)
            let domain = try await box.item(.portal, "/api/user/get-internal-users", #"{"domain":"\#(label)"}"#)
            #expect(domain.code == FailureCode.forbiddenForAddress)
            let aliases = (0..<501).map { "\"a\($0)@\(box.domain)\"" }.joined(separator: ",")
            let create = try await box.item(
                .guide, "/api/user/create-managed-sender",
                #"{"emailAddress":"many@\#(box.domain)","name":"Many","alias":[\#(aliases)]}"#)
            #expect(create.code == FailureCode.validationInvalid)
            let count = Int.max
            let fault = try await box.send(
                .POST, "/control/faults", body: #"{"faults":[{"match":{"path":"*"},"kind":"delay","count":\#(count)}]}"#)
            #expect(fault.status == 422)
        }
    }
}
