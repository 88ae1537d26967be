import HTTPTransport
import Foundation
import Mimecast
import MimecastClient

/// The demo's sandbox, a process of its own, and its control API.
final class DemoSandbox {
    let credentials: [String: String]
    private let child: ChildMuster
    private let control: String
    private let transport = AsyncHTTPTransport()

    struct LoggedRequest: Decodable {
        var id: Int
        var path: String
        var effect: String
        var target: String?

        /// It changed something.
        var isWrite: Bool { !["read", "none", "refused", ""].contains(effect) }
    }

    /// Starts it and waits until it answers.
    init(folder: String, people: Int, environment: [String: String]) async throws {
        let log = folder + "/sandbox.log"
        let file = folder + "/sandbox.env"
        child = ChildMuster(
            [
                "sandbox", "--listen", "127.0.0.1:0", "--data", folder + "/sandbox.db", "--seed", "people:\(people)", "--credentials-out",
                file,
            ], environment: environment)
        try child.record(to: log)
        try child.start()
        var said = ""
        for _ in 0..<6_000 where child.isRunning {
            said = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            if said.contains("sandbox ready on") { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        guard said.contains("sandbox ready on"), let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            child.terminate()
            throw Trouble(Exit.other, "demo-sandbox", "The sandbox did not start: \(said)", remedy: "Look at \(log).")
        }
        credentials = Self.shellLines(text)
        control = credentials["MIMECAST_CONTROL_URL"] ?? ""
    }

    /// Reads `NAME='value'` lines.
    static func shellLines(_ text: String) -> [String: String] {
        text.split(separator: "\n").reduce(into: [:]) { values, line in
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, !line.hasPrefix("#") else { return }
            values[String(parts[0])] = String(parts[1].dropFirst().dropLast()).replacingOccurrences(of: "'\\''", with: "'")
        }
    }

    func requests(since: Int = 0) async throws -> [LoggedRequest] {
        let reply = try await send("GET", "/requests?since=\(since)", nil)
        return try reply.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(LoggedRequest.self, from: Data($0)) }
    }

    /// Makes each write take a moment, so that there is a half-way to be killed at.
    func slowDown() async throws {
        let paths = Endpoints.all.filter { $0.writes && $0.dialects.contains(.portal) && $0.body == .envelope }.map(\.path)
        let faults = Set(paths).sorted().map { path in
            #"{"match":{"path":"\#(path)"},"kind":"delay","count":100000,"seconds":0.03}"#
        }
        _ = try await send("POST", "/faults", Data(#"{"faults":[\#(faults.joined(separator: ","))]}"#.utf8))
    }

    func speedUp() async throws { _ = try await send("DELETE", "/faults", nil) }

    private func send(_ method: String, _ path: String, _ body: Data?) async throws -> [UInt8] {
        let request = WireRequest(
            method: method, url: control + path, headers: [("Content-Type", "application/json")], body: [UInt8](body ?? Data()))
        let reply = try await transport.send(request, timeout: .seconds(10))
        guard (200..<300).contains(reply.status) else {
            throw Trouble(Exit.other, "demo-control", "The sandbox's control API answered \(reply.status).", remedy: "Report this.")
        }
        return reply.body
    }

    func stop() async {
        child.terminate()
        _ = await child.wait()
    }
}
