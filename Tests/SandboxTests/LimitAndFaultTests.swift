import Foundation
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

/// Quotas and scripted faults.
@Suite(.serialized) struct LimitAndFaultTests {
    @Test func quotaIsToldAndKept() async throws {
        try await SandboxHarness.run({
            $0.quotas = [.init(calls: 1_000, seconds: 10), .init(category: .account, calls: 3, seconds: 3_600)]
        }) { box async throws in
            for left in [2, 1, 0] {
                let reply = try await box.call(.portal, "/api/account/get-account")
                #expect(reply.status == 200)
                #expect(reply.headers["x-ratelimit-limit"] == "3")
                #expect(reply.headers["x-ratelimit-remaining"] == "\(left)")
                #expect(reply.headers["retry-after"] == nil)
            }
            let refused = try await box.call(.portal, "/api/account/get-account")
            #expect(refused.status == 429)
            #expect((refused.headers["retry-after"].flatMap { Int($0) } ?? 0) > 1_000)
            #expect((refused.headers["x-ratelimit-reset"].flatMap { Int($0) } ?? 0) > 1_000_000)
            // Another category and another application are counted by themselves.
            #expect(try await box.call(.portal, "/api/domain/get-internal-domain").status == 200)
            #expect(try await box.call(.guide, "/api/account/get-account").status == 200)
            _ = try await box.send(.POST, "/control/clock", body: #"{"advance":1201}"#)
            #expect(try await box.call(.portal, "/api/account/get-account").status == 200)
            #expect(try await box.call(.portal, "/api/account/get-account").status == 429)
        }
    }

    @Test func hiddenQuotaSaysNothing() async throws {
        try await SandboxHarness.run({ $0.quotas = [.init(calls: 1, seconds: 3_600, hidden: true)] }) { box async throws in
            for status in [200, 429] {
                let reply = try await box.call(.portal, "/api/account/get-account")
                #expect(reply.status == status)
                #expect(reply.headers.keys.allSatisfy { !$0.hasPrefix("x-ratelimit") && $0 != "retry-after" })
            }
        }
    }

    @Test func fixedWindow() {
        let keeper = QuotaKeeper([.init(calls: 2, seconds: 10, window: true)])
        let verdicts = [0, 9_000, 9_999, 10_000, 10_001, 10_002].map { keeper.take("a", .user, now: $0).isAllowed }
        #expect(verdicts == [true, true, false, true, true, false])
        let bucket = QuotaKeeper([.init(calls: 2, seconds: 10)])
        #expect([0, 0, 1, 5_001, 5_002].map { bucket.take("a", .user, now: $0).isAllowed } == [true, true, false, true, false])
        #expect(bucket.take("a", .user, now: 5_002).shown?.resetMilliseconds == 4_998)
    }

    @Test func faultsFireExactlyAsScripted() async throws {
        try await SandboxHarness.run { box async throws in
            let path = "/api/user/create-user"
            func create(_ name: String) async throws -> Reply {
                try await box.item(.portal, path, #"{"emailAddress":"\#(name)@\#(box.domain)"}"#)
            }
            try await box.script(#"{"match":{"path":"\#(path)"},"kind":"drop-before","skip":1,"count":2}"#)
            try await box.script(#"{"match":{"path":"\#(path)","method":"POST","application":"\#(box.id(.portal))"},"kind":"drop-after"}"#)
            try await box.script(#"{"match":{"path":"\#(path)","application":"other"},"kind":"server-error"}"#)
            // The one that skips lets the first call through to the one behind it.
            await #expect(throws: (any Error).self) { try await create("one") }
            await #expect(throws: (any Error).self) { try await create("two") }
            await #expect(throws: (any Error).self) { try await create("three") }
            #expect(try await create("four").fail.isEmpty)
            #expect(try await create("one").code == FailureCode.userExists)
            #expect(try await create("two").fail.isEmpty)
            let lines = try await box.log("?path=\(path)")
            #expect(lines.compactMap { $0["effect"]?.text } == ["created", "none", "none", "created", "refused", "created"])
            #expect(lines.compactMap { $0["status"]?.int } == [0, 0, 0, 200, 200, 200])
            #expect(lines[0]["target"]?.text == "one@\(box.domain)")
            let report = try await box.send(.GET, "/control/faults").json
            #expect(report["faults"]?.list.compactMap { $0["fired"]?.int } == [2, 1, 0])
            #expect(report["pending"]?.int == 1)
            #expect(try await box.send(.DELETE, "/control/faults").status == 204)
            #expect(try await box.send(.GET, "/control/faults").json["faults"]?.list.isEmpty == true)
        }
    }

    @Test func otherFaults() async throws {
        try await SandboxHarness.run { box async throws in
            let path = "/api/user/get-internal-users"
            func list() async throws -> Reply { try await box.call(.portal, path, #"{"meta":{"pagination":{"pageSize":10}},"data":[]}"#) }
            for kind in ["short-page", "repeat-token", "server-error", "refuse"] {
                try await box.script(#"{"match":{"path":"\#(path)"},"kind":"\#(kind)"}"#)
            }
            try await box.script(#"{"match":{"path":"\#(path)"},"kind":"rate-limit","seconds":7}"#)
            let short = try await list()
            #expect(short.data[0]["users"]?.list.count == 5)
            let next = try #require(short.pagination?["next"]?.text)
            let again = try await box.call(.portal, path, #"{"meta":{"pagination":{"pageSize":10,"pageToken":"\#(next)"}}}"#)
            #expect(again.pagination?["next"]?.text == next)
            #expect(try await list().status == 500)
            let refused = try await list()
            #expect(refused.status == 200 && refused.code == FailureCode.forbiddenForAddress)
            let limited = try await list()
            #expect(limited.status == 429 && limited.headers["retry-after"] == "7" && limited.headers["x-ratelimit-remaining"] == "0")
            #expect(try await list().status == 200)
            try await box.script(#"{"match":{"path":"/oauth/token"},"kind":"server-error","status":503}"#)
            #expect(try await box.askToken(.portal).status == 503)
            #expect(try await box.askToken(.portal).status == 200)
        }
    }

    @Test func controlChecksTheHost() async throws {
        try await SandboxHarness.run { box async throws in
            #expect(try await box.send(.GET, "/control/ping").status == 200)
            #expect(try await box.send(.GET, "/control/requests", headers: [("host", "evil.example")]).status == 403)
            #expect(try await box.send(.POST, "/control/faults", body: "{}").status == 400)
            #expect(try await box.send(.PUT, "/control/clock").status == 405)
            #expect(try await box.send(.GET, "/control/nothing").status == 404)
            for (host, isLocal) in [
                ("localhost:1", true), ("127.0.0.1", true), ("[::1]:8460", true), ("localhost.evil.example", false),
                ("127.0.0.1:80@evil.example", false), ("", false),
            ] {
                #expect(ControlAPI.isLocalName(host) == isLocal, "\(host)")
            }
        }
        try await SandboxHarness.run({ $0.control = false }) { box async throws in
            #expect(try await box.send(.GET, "/control/requests").status == 404)
        }
    }

    @Test func logSinceALine() async throws {
        try await SandboxHarness.run { box async throws in
            for _ in 0..<3 { _ = try await box.call(.portal, "/api/account/get-account") }
            let all = try await box.log("?path=/api/account/get-account")
            #expect(all.count == 3)
            let first = try #require(all[0]["id"]?.int)
            #expect(try await box.log("?path=/api/account/get-account&since=\(first)").count == 2)
            #expect(try await box.log("?since=2100-01-01T00:00:00Z").isEmpty)
            #expect(try await box.send(.GET, "/control/requests?since=yesterday").status == 400)
            #expect(all[0]["application"]?.text == box.id(.portal) && all[0]["method"]?.text == "POST" && all[0]["time"]?.text != nil)
        }
    }
}
