import AsyncHTTPClient
import Foundation
import Logging
import Mimecast
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import Sandbox

/// Faults: read strictly, counted exactly, and what each of the newer ones does.
@Suite(.serialized) struct FaultTests {
    private static let list = "/api/user/get-internal-users"

    @Test(arguments: [
        (#"{"faults":[{"match":{"path":"/api/user/create-usr"},"kind":"refuse"}]}"#, 422),
        (#"{"faults":[{"match":{"path":"api/user/create-user"},"kind":"refuse"}]}"#, 422),
        (#"{"faults":[{"match":{"path":"/api/user/create-user?x=1"},"kind":"refuse"}]}"#, 422),
        (#"{"faults":[{"match":{"path":"*"},"kind":"refuse","count":0}]}"#, 422),
        (#"{"faults":[{"match":{"path":"*"},"kind":"refuse","skip":-1}]}"#, 422),
        (#"{"faults":[{"match":{"path":"*"},"kind":"refuse","every":0}]}"#, 422),
        (#"{"faults":[{"match":{"path":"*"},"kind":"delay","seconds":1e9}]}"#, 422),
        (#"{"faults":[{"match":{"path":"*"},"kind":"server-error","status":100}]}"#, 422),
        (#"{"faults":[{"match":{"path":"*","method":"FETCH"},"kind":"refuse"}]}"#, 422),
        (#"{"faults":[{"match":{"path":"*"},"kind":"refuses"}]}"#, 400),
        (#"{"faults":[{"match":{"path":"*"},"kind":"refuse","cuont":3}]}"#, 400),
        (#"{"faults":[{"match":{"path":"*","app":"x"},"kind":"refuse"}]}"#, 400),
        (#"{"faults":[{"match":{"path":"*"},"kind":"refuse","count":1.5}]}"#, 400),
        (#"{"faults":[{"match":{},"kind":"refuse"}]}"#, 400), (#"{"faults":{}}"#, 400), (#"{"fault":[]}"#, 400), ("", 400),
        (#"{"faults":[{"match":{"path":"*"},"kind":"refuse"}]} x"#, 400),
    ]) func aFaultThatCannotBe(_ body: String, _ status: Int) async throws {
        try await SandboxHarness.run({ $0.seed = .empty }) { box async throws in
            let reply = try await box.control(.POST, "/faults", body)
            #expect(reply.status == status, "\(reply.text)")
            #expect(reply.fail.first?["message"]?.text?.isEmpty == false)
            #expect(try await box.control(.GET, "/faults").json["faults"]?.list.isEmpty == true)
        }
    }

    @Test func theReasonNamesTheField() async throws {
        try await SandboxHarness.run({ $0.seed = .empty }) { box async throws in
            for (body, word) in [
                (#"{"faults":[{"match":{"path":"*"},"kind":"refuse"},{"match":{"path":"*"},"kind":"delay","secs":1}]}"#, "faults[1].secs"),
                (#"{"faults":[{"match":{"path":"*"}}]}"#, "faults[0].kind"),
                (#"{"faults":[{"match":7,"kind":"refuse"}]}"#, "faults[0].match"),
            ] {
                let message = try await box.control(.POST, "/faults", body).fail.first?["message"]?.text ?? ""
                #expect(message.contains(word), "\(message)")
            }
            #expect(try await box.control(.GET, "/requests?pth=/x").status == 400)
        }
    }

    @Test func countsAreExactWhoeverCallsAtOnce() async throws {
        try await SandboxHarness.run({ $0.quotas = [.init(calls: 100_000, seconds: 1)] }) { box async throws in
            _ = try await box.token(.portal)
            try await box.script(
                #"{"match":{"path":"*","application":"\#(box.id(.portal))"},"kind":"server-error","skip":10,"count":20,"every":3}"#)
            try await box.script(#"{"match":{"path":"*","method":"get"},"kind":"server-error","count":5}"#)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<100 { group.addTask { try await box.call(.portal, "/api/account/get-account").status } }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [500: 20, 200: 80])
            let report = try await box.control(.GET, "/faults").json
            let faults = report["faults"]?.list ?? []
            // The twentieth strike is at call 10 + 20 × 3.
            #expect(faults.compactMap { $0["seen"]?.int } == [70, 0] && faults.compactMap { $0["fired"]?.int } == [20, 0])
            #expect(faults.compactMap { $0["pending"]?.int } == [0, 5] && report["pending"]?.int == 5)
            #expect(faults.first?["every"]?.int == 3)
        }
    }

    @Test func aPathWithAnIDIsStruckByItsTemplate() async throws {
        try await SandboxHarness.run { box async throws in
            try await box.script(
                #"{"match":{"path":"/directory/cloud-gateway/v1/groups/{id}/members"},"kind":"server-error","status":503,"count":1}"#)
            let groups = try await box.call(.portal, "/directory/cloud-gateway/v1/groups", nil, method: .GET)
            let id = try #require(groups.json["groups"]?.list.first?["id"]?.text)
            let path = "/directory/cloud-gateway/v1/groups/\(id)/members"
            #expect(try await box.call(.portal, path, nil, method: .GET).status == 503)
            #expect(try await box.call(.portal, path, nil, method: .GET).status == 200)
        }
    }

    @Test(arguments: [true, false]) func aStaleReadShowsThePast(_ isKept: Bool) async throws {
        let folder = try DataFolder()
        try await SandboxHarness.run({ if isKept { $0.dataPath = folder.file() } }) { box async throws in
            #expect(try await box.create("early").fail.isEmpty)
            try await box.script(#"{"match":{"path":"\#(Self.list)"},"kind":"stale-read","count":2}"#)
            #expect(try await box.create("late").fail.isEmpty)
            func names() async throws -> [String] {
                let page = #"{"meta":{"pagination":{"pageSize":500}},"data":[]}"#
                let users = try await box.call(.portal, Self.list, page).data.first?["users"]?.list ?? []
                return users.compactMap { $0["emailAddress"]?.text }.filter { $0.hasPrefix("early@") || $0.hasPrefix("late@") }
            }
            #expect(try await names() == ["early@\(box.domain)"])
            // Only what the fault is about is old.
            #expect(try await box.userCount() == 62)
            #expect(try await box.create("late").code == FailureCode.userExists)
            #expect(try await names() == ["early@\(box.domain)"])
            #expect(try await names() == ["early@\(box.domain)", "late@\(box.domain)"])
            // A tenant that came later is not in the past.
            try await box.script(#"{"match":{"path":"\#(Self.list)"},"kind":"stale-read"}"#)
            let other = try await box.addTenant(#"{"seed":"empty"}"#)
            #expect(try await other.call(.portal, Self.list).status == 404)
        }
    }

    @Test func aSlowBodyComesPieceByPiece() async throws {
        try await SandboxHarness.run { box async throws in
            let whole = try await box.call(.portal, "/api/account/get-account")
            try await box.script(#"{"match":{"path":"/api/account/get-account"},"kind":"slow-body","seconds":0.3}"#)
            try await box.script(#"{"match":{"path":"/api/account/get-account"},"kind":"slow-body","seconds":3000}"#)
            let slow = try await box.call(.portal, "/api/account/get-account")
            #expect(slow.status == 200 && slow.json == whole.json)
            #expect(slow.headers["content-length"] == whole.headers["content-length"])
            // The head comes at once, then pieces; who does not wait for the end harms nobody, and keeps no sandbox from stopping.
            let token = try await box.token(.portal)
            var request = HTTPClientRequest(url: box.baseURL + "/api/account/get-account")
            request.method = .POST
            request.headers.add(name: "authorization", value: "Bearer \(token)")
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
            #expect(response.status == .ok)
            #expect(try await box.call(.portal, "/api/account/get-account").json == whole.json)
            try await box.script(#"{"match":{"path":"/oauth/token"},"kind":"slow-body","seconds":0.1}"#)
            #expect(try await box.askToken(.guide).json["access_token"]?.text != nil)
        }
    }

    @Test func rejectAndExpireTokens() async throws {
        try await SandboxHarness.run { box async throws in
            let path = "/api/account/get-account"
            try await box.script(#"{"match":{"path":"\#(path)"},"kind":"reject"}"#)
            let random = try await box.call(.v1, path)
            #expect(random.status == 200 && random.code == FailureCode.developerKey && random.fail.first?["key"] == nil)
            try await box.script(#"{"match":{"path":"\#(path)"},"kind":"reject","status":403,"code":"err_made_up"}"#)
            let other = try await box.call(.portal, path)
            #expect(other.status == 403 && other.code == "err_made_up")
            try await box.script(#"{"match":{"path":"*","application":"\#(box.id(.guide))"},"kind":"expire-tokens"}"#)
            #expect(try await box.call(.portal, path).status == 200)
            #expect(try await box.call(.guide, path).code == FailureCode.tokenExpired)
            #expect(try await box.call(.guide, path).code == FailureCode.tokenExpired)
            let token = try #require(try await box.askToken(.guide).json["access_token"]?.text)
            let bearer = [("authorization", "Bearer \(token)")]
            #expect(try await box.send(.POST, path, headers: bearer, body: "{}").status == 200)
            try await box.script(#"{"match":{"path":"\#(path)"},"kind":"expire-tokens"}"#)
            let expired = try await box.call(.v1, path)
            #expect(expired.status == 418 && expired.code == FailureCode.bindingExpired)
        }
    }

    @Test func chaosFromTheStart() async throws {
        let folder = try DataFolder()
        let file = folder.file("chaos.json")
        func write(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: file)) }
        try write(
            #"{"faults":[{"match":{"path":"/oauth/token"},"kind":"server-error","status":503},{"match":{"path":"*"},"kind":"stale-read"}]}"#
        )
        try await SandboxHarness.run({ $0.chaosPath = file }) { box async throws in
            #expect(try await box.askToken(.portal).status == 503)
            #expect(try await box.askToken(.portal).status == 200)
        }
        for (text, word) in [
            ("nonsense", "no JSON"), (#"{"faults":[{"match":{"path":"/nowhere"},"kind":"refuse"}]}"#, "/nowhere"),
            (#"{"faults":[{"match":{"path":"*"},"kind":"refuse","cuont":3}]}"#, "cuont"), ("", "faults"),
        ] {
            try write(text)
            var options = SandboxOptions()
            options.port = 0
            options.chaosPath = file
            let wanted = options
            let error = await #expect(throws: SandboxError.self) {
                _ = try await SandboxServer(options: wanted, logger: Logger(label: "test"))
            }
            #expect(error?.code == .chaosUnusable && error?.message.contains(file) == true)
            #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
        }
        var options = SandboxOptions()
        options.chaosPath = folder.file("nowhere.json")
        let wanted = options
        let error = await #expect(throws: SandboxError.self) {
            _ = try await SandboxServer(options: wanted, logger: Logger(label: "test"))
        }
        #expect(error?.code == .chaosUnusable)
    }

    @Test func aThousandIdleConnections() async throws {
        try await SandboxHarness.run { box async throws in
            let url = try #require(URL(string: box.baseURL))
            let port = try #require(url.port)
            let group = MultiThreadedEventLoopGroup.singleton
            let channels = try await withThrowingTaskGroup(of: (any Channel).self) { tasks in
                for _ in 0..<1_000 {
                    tasks.addTask { try await ClientBootstrap(group: group).connect(host: "127.0.0.1", port: port).get() }
                }
                return try await tasks.reduce(into: [any Channel]()) { $0.append($1) }
            }
            #expect(channels.filter { !$0.isActive }.isEmpty)
            #expect(try await box.userCount() == 60)
            for channel in channels { try? await channel.close().get() }
        }
    }
}
