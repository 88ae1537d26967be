import AsyncHTTPClient
import Foundation
import Logging
import Mimecast
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Synchronization
import Testing

@testable import Sandbox

/// Which of the seeded applications makes a call.
enum App: String, CaseIterable, Sendable { case portal, guide, v1 }

/// An answer, read whole.
struct Reply: Sendable {
    let status: Int
    let headers: [String: String]
    let text: String

    var json: JSON { (try? JSONDecoder().decode(JSON.self, from: Data(text.utf8))) ?? .null }
    var data: [JSON] { json["data"]?.list ?? [] }
    var fail: [JSON] { json["fail"]?.list ?? [] }
    /// The first reason's code, in either form.
    var code: String? { fail.first?["code"]?.text ?? fail.first?["errors"]?.list.first?["code"]?.text }
    var field: String? { fail.first?["errors"]?.list.first?["field"]?.text }
    var pagination: JSON? { json["meta"]?["pagination"] }
}

extension JSON {
    var list: [JSON] { if case .array(let list) = self { list } else { [] } }
    var members: [String: JSON] { if case .object(let members) = self { members } else { [:] } }
    var int: Int? { if case .number(let number) = self { Int(number) } else { nil } }
    var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }
}

/// A running sandbox with its credentials.
final class SandboxHarness: Sendable {
    let baseURL: String
    let values: [String: String]
    private let tokens = Mutex<[String: String]>([:])

    init(baseURL: String, credentials path: String) throws {
        self.baseURL = baseURL
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        values = Dictionary(
            lines.map { line in
                let parts = line.split(separator: "=", maxSplits: 1)
                return (String(parts[0]), parts[1].trimmingCharacters(in: ["'"]))
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Runs a sandbox on a free port for as long as `body` takes, at most two minutes.
    static func run<T: Sendable>(
        _ change: (inout SandboxOptions) -> Void = { _ in }, _ body: @escaping @Sendable (SandboxHarness) async throws -> T
    ) async throws -> T {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sandbox-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var options = SandboxOptions()
        options.port = 0
        options.credentialsOut = folder.appendingPathComponent("sandbox.env").path
        change(&options)
        let file = options.credentialsOut ?? ""
        let (ready, readiness) = AsyncStream.makeStream(of: String.self)
        let server = try await SandboxServer(options: options, logger: Logger(label: "test")) { readiness.yield($0.first?.url ?? "") }
        let services = ServiceGroup(services: [server], logger: Logger(label: "test"))
        return try await withThrowingTaskGroup(of: T?.self) { group in
            group.addTask {
                // Ends by the graceful shutdown below, as the command does on SIGTERM.
                try await services.run()
                readiness.finish()
                return nil
            }
            group.addTask {
                try await Task.sleep(for: .seconds(600))
                throw TookTooLong()
            }
            group.addTask {
                for await url in ready {
                    let result = try await body(SandboxHarness(baseURL: url, credentials: file))
                    await services.triggerGracefulShutdown()
                    return result
                }
                throw CancellationError()
            }
            defer { group.cancelAll() }
            var result: T?
            for _ in 0..<2 {
                // The body's result and the server's end, in either order; a failure of one ends both.
                if let one = try await group.next(), let one { result = one }
            }
            return try #require(result)
        }
    }

    struct TookTooLong: Error {}

    func value(_ name: String) -> String { values["MIMECAST_" + name] ?? "" }
    var domain: String { value("DOMAIN") }

    func id(_ app: App) -> String {
        switch app {
        case .portal: value("CLIENT_ID")
        case .guide: value("GUIDE_CLIENT_ID")
        case .v1: value("APP_ID")
        }
    }

    func send(_ method: HTTPMethod, _ path: String, headers: [(String, String)] = [], body: String? = nil) async throws -> Reply {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return Reply(
            status: Int(response.status.code),
            headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first }),
            text: String(buffer: bytes))
    }

    func askToken(_ app: App, scope: String? = nil) async throws -> Reply {
        var form = "grant_type=client_credentials&client_id=\(id(app))&client_secret="
        form += app == .guide ? value("GUIDE_CLIENT_SECRET") : value("CLIENT_SECRET")
        if let scope { form += "&scope=" + scope.replacingOccurrences(of: " ", with: "+") }
        return try await send(.POST, "/oauth/token", headers: [("content-type", "application/x-www-form-urlencoded")], body: form)
    }

    func token(_ app: App, scope: String? = nil) async throws -> String {
        let key = "\(app) \(scope ?? "")"
        if let token = tokens.withLock({ $0[key] }) { return token }
        let token = try #require(try await askToken(app, scope: scope).json["access_token"]?.text)
        tokens.withLock { $0[key] = token }
        return token
    }

    /// Makes a call as an application does.
    func call(_ app: App, _ path: String, _ body: String? = #"{"data":[]}"#, method: HTTPMethod = .POST, scope: String? = nil) async throws
        -> Reply
    {
        guard app != .v1 else {
            return try await send(method, path, headers: signedHeaders(path), body: body)
        }
        let token = try await token(app, scope: scope)
        return try await send(method, path, headers: [("authorization", "Bearer \(token)")], body: body)
    }

    /// Makes a call with one item.
    func item(_ app: App, _ path: String, _ item: String) async throws -> Reply {
        try await call(app, path, #"{"data":[\#(item)]}"#)
    }

    func signedHeaders(
        _ path: String, date: Date = Date(), id: String = UUID().uuidString, appKey: String? = nil, accessKey: String? = nil,
        secretKey: String? = nil, appID: String? = nil
    ) throws -> [(String, String)] {
        let text = RequestSignature.date(date)
        let signature = try #require(
            RequestSignature(
                date: text, requestID: id, path: path, applicationKey: appKey ?? value("APP_KEY"),
                accessKey: accessKey ?? value("ACCESS_KEY"), secretKey: secretKey ?? value("SECRET_KEY")))
        return [
            ("x-mc-app-id", appID ?? value("APP_ID")), ("x-mc-req-id", id), ("x-mc-date", text), ("authorization", signature.header),
        ]
    }

    /// The request log's lines.
    func log(_ query: String = "") async throws -> [JSON] {
        let reply = try await send(.GET, "/control/requests" + query)
        return try reply.text.split(separator: "\n").map { try JSONDecoder().decode(JSON.self, from: Data($0.utf8)) }
    }

    func script(_ faults: String) async throws {
        let reply = try await send(.POST, "/control/faults", body: #"{"faults":[\#(faults)]}"#)
        #expect(reply.status == 200)
    }

    /// All pages of a list, following its tokens; `rows` takes a page's rows out of the answer.
    func pages(_ app: App, _ path: String, item: String = "", size: Int, rows: (Reply) -> [JSON]) async throws -> (
        rows: [JSON], last: Reply
    ) {
        var all: [JSON] = []
        var token: String?
        for _ in 0..<1_000 {
            let next = token.map { #","pageToken":"\#($0)""# } ?? ""
            let reply = try await call(app, path, #"{"meta":{"pagination":{"pageSize":\#(size)\#(next)}},"data":[\#(item)]}"#)
            #expect(reply.status == 200 && reply.fail.isEmpty)
            let page = rows(reply)
            #expect(reply.pagination?["pageSize"]?.int == page.count)
            all += page
            token = reply.pagination?["next"]?.text ?? reply.pagination?["pageToken"]?.text
            if token == nil { return (all, reply) }
        }
        Issue.record("the list does not end")
        throw CancellationError()
    }

    /// An address of the seeded company that somebody picked.
    static func person(_ people: Int = 60, domains: Int = 2, where test: (Employee) -> Bool) throws -> Employee {
        let found = Company.generate(people: people, domains: domains, seed: 1).people.first(where: test)
        return try #require(found)
    }
}
