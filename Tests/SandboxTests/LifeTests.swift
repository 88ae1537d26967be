import Foundation
import Logging
import Mimecast
import NIOHTTP1
import Synchronization
import Testing

@testable import Sandbox

/// Starting, stopping, starting again.
@Suite(.serialized) struct LifeTests {
    private func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sandbox-life-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    @Test func credentialsFile() async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("box.env").path
        try "old".write(toFile: file, atomically: true, encoding: .utf8)
        try await SandboxHarness.run({ $0.credentialsOut = file }) { box async throws in
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(
                Set(box.values.keys)
                    == Set(
                        [
                            "BASE_URL", "ACCOUNT_CODE", "DOMAIN", "CLIENT_ID", "CLIENT_SECRET", "GUIDE_CLIENT_ID", "GUIDE_CLIENT_SECRET",
                            "APP_ID", "APP_KEY", "ACCESS_KEY", "SECRET_KEY", "ADMIN_EMAIL", "ADMIN_PASSWORD", "SCIM_URL", "CONTROL_URL",
                        ].map { "MIMECAST_" + $0 }))
            #expect(box.values.values.allSatisfy { !$0.isEmpty })
            #expect(box.value("BASE_URL") == box.baseURL && box.value("SCIM_URL") == box.baseURL + "/scim/v2")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["box.env"])
    }

    @Test func dataSurvives() async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("box.db").path
        let first = try await SandboxHarness.run({ $0.dataPath = path }) { box async throws in
            let made = try await box.item(.portal, "/api/user/create-user", #"{"emailAddress":"kept@\#(box.domain)"}"#)
            #expect(made.fail.isEmpty)
            #expect(try await box.call(.portal, "/api/account/get-account").status == 200)
            return (values: box.values, token: try await box.token(.portal))
        }
        try await SandboxHarness.run({
            $0.dataPath = path
            $0.seed = .people(5)
        }) { box async throws in
            for (name, value) in first.values where !name.hasSuffix("_URL") { #expect(box.values[name] == value, "\(name)") }
            let reply = try await box.send(
                .POST, "/api/user/update-user", headers: [("authorization", "Bearer \(first.token)")],
                body: #"{"data":[{"emailAddress":"kept@\#(box.domain)"}]}"#)
            #expect(reply.data[0]["emailAddress"]?.text == "kept@\(box.domain)")
            let lines = try await box.log()
            #expect(lines.compactMap { $0["effect"]?.text } == ["none", "created", "read", "read"])
        }
    }

    @Test func userErrorsHaveARemedy() async throws {
        let logger = Logger(label: "test")
        var options = SandboxOptions()
        options.dataPath = "/nonexistent/folder/box.db"
        await #expect { try await SandboxServer(options: options, logger: logger) } throws: { error in
            (error as? SandboxError)?.code == .dataUnusable && (error as? SandboxError)?.remedy.isEmpty == false
        }
        options = SandboxOptions()
        options.credentialsOut = "/nonexistent/folder/box.env"
        await #expect { try await SandboxServer(options: options, logger: logger) } throws: { error in
            (error as? SandboxError)?.code == .credentialsNotWritable
        }
        try await SandboxHarness.run { box async throws in
            var options = SandboxOptions()
            options.port = Int(box.baseURL.split(separator: ":").last ?? "") ?? 0
            let second = try await SandboxServer(options: options, logger: logger)
            await #expect { try await second.run() } throws: { error in (error as? SandboxError)?.code == .portTaken }
            // The port of a later region: what listens already stops, too. The one below may be somebody else's; it is as taken.
            options.port -= 1
            options.regions = [.us, .eu]
            let third = try await SandboxServer(options: options, logger: logger)
            await #expect { try await third.run() } throws: { error in (error as? SandboxError)?.code == .portTaken }
        }
    }

    @Test func emptySeedHasAnAdministrator() async throws {
        try await SandboxHarness.run({ $0.seed = .empty }) { box async throws in
            let reply = try await box.call(.guide, "/api/user/get-internal-users", nil, method: .GET)
            #expect(reply.data.compactMap { $0["emailAddress"]?.text } == [box.value("ADMIN_EMAIL")])
        }
    }

    @Test func largeCompanyIsSeeded() async throws {
        try await SandboxHarness.run({ $0.seed = .people(2_000) }) { box async throws in
            let (rows, last) = try await box.pages(.portal, "/api/user/get-internal-users", size: 500) { $0.data[0]["users"]?.list ?? [] }
            #expect(rows.count == last.data[0]["userCount"]?.int)
            #expect(rows.filter { $0["alias"]?.bool == false }.count == 2_004)
        }
    }
}
