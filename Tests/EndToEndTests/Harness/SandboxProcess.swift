import Foundation
import Mimecast

/// The built sandbox, running.
final class SandboxProcess: Sendable {
    let process: RunningProcess
    /// By their names in the credentials file.
    let credentials: [String: String]
    let credentialsFile: String
    let control: ControlClient
    let tenant: GuideReader

    /// Starts it and waits until it accepts connections.
    init(_ binary: MusterBinary, people: Int, arguments: [String] = []) async throws {
        let file = binary.folder + "/sandbox.env"
        let process = try binary.start(
            [
                "sandbox", "--listen", "127.0.0.1:0", "--data", binary.folder + "/sandbox.db", "--seed", "people:\(people)",
                "--credentials-out", file,
            ] + arguments)
        // Where the tests themselves crash, nobody else would end it.
        _ = try binary.start(
            ["-c", "while kill -0 $0 && kill -0 $1; do sleep 1; done 2>/dev/null; kill -0 $0 2>/dev/null || kill -9 $1"]
                + [String(getpid()), String(process.id)], program: "/bin/sh")
        do {
            try await eventually("the sandbox is ready") {
                guard process.isRunning else { throw HarnessError("The sandbox ended: \(process.standardError)") }
                return process.standardError.contains("sandbox ready on http")
            }
            credentials = Self.shellLines(try String(contentsOfFile: file, encoding: .utf8))
            self.process = process
            credentialsFile = file
            control = ControlClient(http: HTTP(base: credentials["MIMECAST_CONTROL_URL"] ?? ""))
            tenant = try await GuideReader(credentials)
        } catch {
            process.send(signal: SIGKILL)
            throw error
        }
    }

    var code: String { credentials["MIMECAST_ACCOUNT_CODE"] ?? "" }
    var baseURL: String { credentials["MIMECAST_BASE_URL"] ?? "" }
    var domain: String { credentials["MIMECAST_DOMAIN"] ?? "" }

    /// What nobody may ever read anywhere but in the credentials file.
    var secrets: [String: String] {
        credentials.filter { name, _ in
            ["SECRET", "_KEY", "PASSWORD"].contains { name.contains($0) }
        }
    }

    func stop() { process.end() }

    /// Reads `NAME='value'` lines.
    static func shellLines(_ text: String) -> [String: String] {
        text.split(separator: "\n").reduce(into: [:]) { values, line in
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { values[String(parts[0])] = parts[1].trimmingCharacters(in: ["'"]) }
        }
    }
}
