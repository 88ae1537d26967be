import Foundation
import Logging
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

/// Snapshots of everything, the way back, and the clock.
@Suite(.serialized) struct SnapshotTests {
    @Test(arguments: [true, false]) func everythingGoesBack(_ isKept: Bool) async throws {
        let folder = try DataFolder()
        try await SandboxHarness.run({ if isKept { $0.dataPath = folder.file() } }) { box async throws in
            #expect(try await box.create("before").fail.isEmpty)
            let token = try await box.token(.portal)
            let taken = try await box.control(.POST, "/snapshot", #"{"name":"start"}"#)
            #expect(taken.status == 201 && taken.json["bytes"]?.int ?? 0 > 10_000, "\(taken.text)")
            #expect(folder.names.contains("sandbox.db.snapshot-start") == isKept)
            let mark = try #require(try await box.lines("/requests").last?["id"]?.int)
            let now = try #require(try await box.control(.GET, "/clock").json["now"]?.text)

            #expect(try await box.create("after").fail.isEmpty)
            let other = try await box.addTenant(#"{"seed":"people:3"}"#)
            let late = try await box.control(.POST, "/tenants/\(box.code)/applications", "{}")
            _ = try await box.control(.POST, "/clock", #"{"advance":86400}"#)
            #expect(try await box.call(.portal, "/api/account/get-account").status == 401)

            let restored = try await box.control(.POST, "/restore", #"{"name":"start"}"#)
            #expect(restored.status == 200, "\(restored.text)")
            // The token is as young as it was, and the clock's day is taken back.
            #expect(restored.json["now"]?.text?.prefix(10) == now.prefix(10))
            #expect(
                try await box.send(
                    .POST, "/api/account/get-account", headers: [("authorization", "Bearer \(token)")], body: #"{"data":[]}"#
                ).status == 200)
            #expect(try await box.control(.GET, "/tenants/\(other.code)").status == 404)
            #expect(try await other.askToken(.portal).status == 401)
            #expect(try await box.control(.GET, "/tenants/\(box.code)").json["applications"]?.int == 3 && late.status == 201)
            #expect(try await box.create("before").code == FailureCode.userExists)
            #expect(try await box.create("after").fail.isEmpty)
            // The log tells what was asked, whatever came of it, and its ids go on.
            let lines = try await box.lines("/requests?since=\(mark)&path=/api/user/create-user")
            #expect(lines.compactMap { $0["effect"]?.text } == ["created", "refused", "created"])
            let ids = lines.compactMap { $0["id"]?.int }
            #expect(Set(ids).count == 3 && ids == ids.sorted())
            // As often as one likes.
            #expect(try await box.control(.POST, "/restore", #"{"name":"start"}"#).status == 200)
            #expect(try await box.create("after").fail.isEmpty)

            #expect(try await box.control(.POST, "/snapshot", #"{"name":"start"}"#).status == 201)
            #expect(try await box.control(.GET, "/snapshots").json["snapshots"]?.list.compactMap { $0["name"]?.text } == ["start"])
            #expect(try await box.control(.POST, "/restore", #"{"name":"start"}"#).status == 200)
            #expect(try await box.create("after").code == FailureCode.userExists)
            #expect(try await box.control(.DELETE, "/snapshots/start").status == 204)
            #expect(try await box.control(.POST, "/restore", #"{"name":"start"}"#).status == 404)
            for name in ["", "../x", "a.b", "a/b", String(repeating: "a", count: 65)] {
                #expect(try await box.control(.POST, "/snapshot", #"{"name":"\#(name)"}"#).status == 422, "\(name)")
            }
        }
    }

    @Test func aSnapshotOutlivesARestart() async throws {
        let folder = try DataFolder()
        let data = folder.file()
        let last = try await SandboxHarness.run({ $0.dataPath = data }) { box async throws in
            _ = try await box.control(.POST, "/snapshot", #"{"name":"start"}"#)
            #expect(try await box.create("after", .v1).fail.isEmpty)
            return try #require(try await box.lines("/requests").last?["id"]?.int)
        }
        // What a kill leaves of one that was being made, and one of another data file.
        try Data("x".utf8).write(to: URL(fileURLWithPath: data + ".snapshot-half.part"))
        try await SandboxHarness.run({ $0.dataPath = folder.file("other.db") }) { box async throws in
            _ = try await box.control(.POST, "/snapshot", #"{"name":"foreign"}"#)
        }
        try FileManager.default.copyItem(atPath: folder.file("other.db.snapshot-foreign"), toPath: data + ".snapshot-foreign")
        try Data("x".utf8).write(to: URL(fileURLWithPath: data + ".snapshot-junk"))
        try await SandboxHarness.run({ $0.dataPath = data }) { box async throws in
            #expect(!folder.names.contains("sandbox.db.snapshot-half.part"))
            #expect(try await box.control(.POST, "/restore", #"{"name":"foreign"}"#).status == 422)
            #expect(try await box.control(.POST, "/restore", #"{"name":"junk"}"#).status == 422)
            #expect(try await box.create("after", .v1).code == FailureCode.userExists)
            #expect(try await box.control(.POST, "/restore", #"{"name":"start"}"#).status == 200)
            #expect(try await box.create("after", .v1).fail.isEmpty)
            #expect(try await box.lines("/requests?since=\(last)").compactMap { $0["id"]?.int }.first == last + 1)
        }
    }

    @Test func restoringWhileOthersReadAndWrite() async throws {
        try await SandboxHarness.run({ $0.quotas = [.init(calls: 1_000_000, seconds: 1)] }) { box async throws in
            _ = try await box.control(.POST, "/snapshot", #"{"name":"start"}"#)
            _ = try await box.token(.portal)
            _ = try await box.control(.POST, "/snapshot", #"{"name":"start"}"#)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        for round in 0..<15 {
                            let reply = try await box.create("w\(writer)r\(round)")
                            #expect(reply.status == 200 && reply.fail.isEmpty, "\(reply.text)")
                        }
                    }
                }
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<20 {
                            let page = #"{"meta":{"pagination":{"pageSize":500}},"data":[]}"#
                            let reply = try await box.call(.portal, "/api/user/get-internal-users", page)
                            let rows = reply.data.first?["users"]?.list.count
                            #expect(reply.status == 200 && rows != nil && rows == reply.data.first?["userCount"]?.int)
                        }
                    }
                }
                group.addTask {
                    for _ in 0..<8 {
                        let reply = try await box.control(.POST, "/restore", #"{"name":"start"}"#)
                        #expect(reply.status == 200, "\(reply.text)")
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await box.control(.POST, "/restore", #"{"name":"start"}"#).status == 200)
            #expect(try await box.userCount() == 60)
        }
    }

    @Test func theClockGoesForward() async throws {
        try await SandboxHarness.run { box async throws in
            func set(_ body: String) async throws -> Reply { try await box.control(.POST, "/clock", body) }
            let far = "2099-03-01T09:00:00Z"
            for (body, status) in [
                (#"{"advance":-1}"#, 422), (#"{"set":"2001-01-01T00:00:00Z"}"#, 422), (#"{"set":"tomorrow"}"#, 400), ("{}", 400),
                (#"{"advance":1,"set":"\#(far)"}"#, 400), (#"{"advance":1e300}"#, 422), (#"{"set":"\#(far)"}"#, 422),
                (#"{"advence":5}"#, 400), (#"{"advance":"5"}"#, 400), (#"{"advance":0}"#, 200),
            ] { #expect(try await set(body).status == status, "\(body)") }
            let soon = Date().addingTimeInterval(40 * 86_400).ISO8601Format()
            let reply = try await set(#"{"set":"\#(soon)"}"#)
            #expect(reply.status == 200 && reply.json["now"]?.text.flatMap { try? Date($0, strategy: .iso8601) } != nil, "\(reply.text)")
            #expect((reply.json["now"]?.text ?? "") >= soon)
            // Two at once both count.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<10 { group.addTask { _ = try await set(#"{"advance":86400}"#) } }
                try await group.waitForAll()
            }
            let later = Date().addingTimeInterval(49.9 * 86_400).ISO8601Format()
            #expect((try await box.control(.GET, "/clock").json["now"]?.text ?? "") > later)
        }
    }

    @Test func oneSandboxADataFile() async throws {
        let folder = try DataFolder()
        let data = folder.file()
        let link = folder.file("link.db")
        try await SandboxHarness.run({ $0.dataPath = data }) { _ async throws in
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: data)
            for path in [data, link] {
                var options = SandboxOptions()
                options.port = 0
                options.dataPath = path
                let wanted = options
                let error = await #expect(throws: SandboxError.self) {
                    _ = try await SandboxServer(options: wanted, logger: Logger(label: "test"))
                }
                #expect(error?.code == .dataUnusable && error?.remedy.contains("--data") == true)
                #expect(error?.message.contains("in use by another sandbox") == true)
            }
        }
        // Who stops lets go.
        try await SandboxHarness.run({ $0.dataPath = link }) { box async throws in #expect(try await box.userCount() == 60) }
    }
}
