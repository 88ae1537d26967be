import Foundation
import Mimecast
import Synchronization
import TestSupport
import Testing

/// The plug of the sandbox itself is pulled: what it answered is there when it starts again.
@Suite(.serialized) struct SandboxKillTests {
    @Test func everyAnsweredWriteIsThereAgain() async throws {
        let folder = try TemporaryFolder()
        let binary = MusterBinary(folder: folder.path)
        let answered = Ledger()
        for round in 0..<5 {
            let sandbox = try await SandboxProcess(binary, people: 20, arguments: ["--quota", "1000000/1"])
            defer { sandbox.stop() }
            let people = try await Self.people(sandbox)
            let missing = answered.names.subtracting(people)
            #expect(missing.isEmpty, "lost: \(missing.sorted())")
            let http = try await Self.portal(sandbox)
            let before = answered.names.count
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<6 {
                    group.addTask {
                        // Ends when the connection does.
                        for number in 0..<100_000 {
                            let address = "k\(round)w\(writer)n\(number)@\(sandbox.domain)"
                            guard try await Self.create(address, http) else { return }
                            answered.add(address)
                        }
                    }
                }
                group.addTask {
                    try await eventually("some are written") { answered.names.count > before + 20 }
                    try await Task.sleep(for: .milliseconds(Int.random(in: 0...120)))
                    sandbox.process.end()
                }
                try await group.waitForAll()
            }
        }
        let sandbox = try await SandboxProcess(binary, people: 20)
        defer { sandbox.stop() }
        let people = try await Self.people(sandbox)
        #expect(answered.names.subtracting(people).isEmpty)
        // Its lock went with each of them, and a second one is refused as long as this one runs.
        let second = try await binary.run(["sandbox", "--listen", "127.0.0.1:0", "--data", folder.file("sandbox.db")])
        #expect(second.exit == 73 && second.err.contains("in use by another sandbox"), "\(second)")
    }

    @Test func aRestoreIsThereWholeOrNotAtAll() async throws {
        let folder = try TemporaryFolder()
        let binary = MusterBinary(folder: folder.path)
        var outcomes: [Int: Int] = [:]
        for round in 0..<6 {
            let sandbox = try await SandboxProcess(binary, people: 1_500, arguments: ["--quota", "1000000/1"])
            defer { sandbox.stop() }
            let count = try await Self.people(sandbox).count
            if round == 0 { _ = try await sandbox.control.http.post("/snapshot", .object(["name": .string("start")])) }
            #expect(count == 1_500 || count == 1_520, "\(count)")
            outcomes[count, default: 0] += 1
            let http = try await Self.portal(sandbox)
            if count == 1_500 {
                for number in 0..<20 { #expect(try await Self.create("r\(number)@\(sandbox.domain)", http)) }
            }
            async let restored = sandbox.control.http.post("/restore", .object(["name": .string("start")]))
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...60)))
            sandbox.process.end()
            _ = try? await restored
        }
        #expect(outcomes.values.reduce(0, +) == 6)
    }

    /// What was answered.
    private final class Ledger: Sendable {
        private let list = Mutex<Set<String>>([])

        var names: Set<String> { list.withLock { $0 } }
        func add(_ name: String) { list.withLock { _ = $0.insert(name) } }
    }

    private static func portal(_ sandbox: SandboxProcess) async throws -> HTTP {
        let reply = try await HTTP(base: sandbox.baseURL).post(
            "/oauth/token",
            form: [
                ("grant_type", "client_credentials"), ("client_id", sandbox.credentials["MIMECAST_CLIENT_ID"] ?? ""),
                ("client_secret", sandbox.credentials["MIMECAST_CLIENT_SECRET"] ?? ""),
            ])
        return HTTP(base: sandbox.baseURL, token: try JSONDecoder().decode(JSON.self, from: reply)["access_token"]?.text)
    }

    /// - Returns: false where no answer came.
    private static func create(_ address: String, _ http: HTTP) async throws -> Bool {
        let body = JSON.object(["data": .array([.object(["emailAddress": .string(address)])])])
        guard let reply = try? await http.post("/api/user/create-user", body) else { return false }
        let document = try JSONDecoder().decode(JSON.self, from: reply)
        #expect(document["fail"]?.list.isEmpty == true, "\(address): \(document)")
        return true
    }

    /// The addresses of all internal accounts.
    private static func people(_ sandbox: SandboxProcess) async throws -> Set<String> {
        let http = try await portal(sandbox)
        var (all, token): (Set<String>, JSON?) = ([], nil)
        repeat {
            var page: [String: JSON] = ["pageSize": .number(500)]
            page["pageToken"] = token
            let body = JSON.object(["meta": .object(["pagination": .object(page)]), "data": .array([])])
            let reply = try JSONDecoder().decode(JSON.self, from: await http.post("/api/user/get-internal-users", body))
            let rows = reply["data"]?.list.first?["users"]?.list ?? []
            let plain = rows.filter { $0["alias"] != .bool(true) }.compactMap { $0["emailAddress"]?.text }
            all.formUnion(plain.filter { !$0.hasPrefix("abuse@") && !$0.hasPrefix("postmaster@") })
            token = reply.at("meta", "pagination", "next")
        } while token != nil
        return all
    }
}
