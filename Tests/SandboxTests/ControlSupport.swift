import Foundation
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

extension SandboxHarness {
    func control(_ method: HTTPMethod, _ path: String, _ body: String? = nil) async throws -> Reply {
        try await send(method, "/control" + path, body: body)
    }

    /// A list of the control API that has a document a line.
    func lines(_ path: String) async throws -> [JSON] {
        let reply = try await control(.GET, path)
        #expect(reply.status == 200)
        return try reply.text.split(separator: "\n").map { try JSONDecoder().decode(JSON.self, from: Data($0.utf8)) }
    }

    /// Makes a tenant, and speaks to it with its credentials as they can be fetched.
    func addTenant(_ order: String) async throws -> SandboxHarness {
        let reply = try await control(.POST, "/tenants", order)
        try #require(reply.status == 201, "\(reply.text)")
        return try await tenant(try #require(reply.json["MIMECAST_ACCOUNT_CODE"]?.text))
    }

    func tenant(_ code: String) async throws -> SandboxHarness {
        let lines = try await control(.GET, "/tenants/\(code)/credentials")
        try #require(lines.status == 200)
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("credentials-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(lines.text.utf8).write(to: file)
        let values = lines.text.split(separator: "\n").first { $0.hasPrefix("MIMECAST_BASE_URL=") }
        let baseURL = try #require(values?.split(separator: "'").last.map(String.init))
        return try SandboxHarness(baseURL: baseURL, credentials: file.path)
    }

    var code: String { value("ACCOUNT_CODE") }

    /// How many internal people the portal's account page counts.
    func userCount() async throws -> Int? { try await call(.portal, "/api/account/get-account").data.first?["userCount"]?.int }

    func create(_ local: String, _ app: App = .portal) async throws -> Reply {
        try await item(app, "/api/user/create-user", #"{"emailAddress":"\#(local)@\#(domain)"}"#)
    }
}

/// A folder that is removed when the test lets go of it.
final class DataFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("sandbox-data-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String = "sandbox.db") -> String { url.appendingPathComponent(name).path }
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }
}
