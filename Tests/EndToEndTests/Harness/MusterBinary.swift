import Foundation
import Synchronization

/// The built program, run as a person would run it: in a folder of its own, with an environment that holds only what it is given.
struct MusterBinary: Sendable {
    /// Beside the bundle of the tests.
    static let path: String = {
        let running = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: running).deletingLastPathComponent().appendingPathComponent("muster").path
    }()

    /// How long a command may take before it is killed; a busy machine is slow.
    static let patience = Duration.seconds(120)

    /// Where it runs and where its output is kept.
    let folder: String
    let environment: [String: String]

    /// - Parameter variables: beside a search path, a home of its own and no other.
    init(folder: String, variables: [String: String] = [:]) {
        self.folder = folder
        let own = ProcessInfo.processInfo.environment
        var environment = ["PATH": own["PATH"] ?? "/usr/bin:/bin", "HOME": folder, "USER": "tester", "LOGNAME": "tester", "TMPDIR": folder]
        environment["LD_LIBRARY_PATH"] = own["LD_LIBRARY_PATH"]
        self.environment = environment.merging(variables) { _, new in new }
    }

    /// Runs a command to its end.
    func run(_ arguments: [String], with variables: [String: String] = [:], input: String? = nil) async throws -> Outcome {
        try await start(arguments, with: variables, input: input).outcome()
    }

    /// Starts a command and leaves it running.
    ///
    /// - Parameter program: another program than Muster, such as a shell that runs it.
    func start(
        _ arguments: [String], with variables: [String: String] = [:], input: String? = nil, program: String = MusterBinary.path
    ) throws -> RunningProcess {
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw HarnessError("There is no \(program). Build it: swift build --product muster")
        }
        return try RunningProcess(
            program: program, arguments: arguments, environment: environment.merging(variables) { _, new in new }, folder: folder,
            input: input)
    }
}

/// A process whose output goes into files, so that no pipe can fill up and nobody has to wait at one.
final class RunningProcess: Sendable {
    let arguments: [String]
    private let process: Process
    private let out: String
    private let err: String
    /// One at a time: a child must not inherit what another one's start has open.
    private static let starting = Mutex(())

    fileprivate init(program: String, arguments: [String], environment: [String: String], folder: String, input: String?) throws {
        self.arguments = arguments
        let stem = folder + "/.run-" + UUID().uuidString
        out = stem + ".out"
        err = stem + ".err"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        if let input {
            try Data(input.utf8).write(to: URL(fileURLWithPath: stem + ".in"))
            process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: stem + ".in"))
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        process.standardOutput = try Self.writable(out)
        process.standardError = try Self.writable(err)
        self.process = process
        try Self.starting.withLock { _ in try process.run() }
    }

    private static func writable(_ path: String) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    var id: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }
    var standardError: String { Self.text(err) }
    var standardOutput: String { Self.text(out) }

    func send(signal: Int32) { if process.isRunning { kill(process.processIdentifier, signal) } }

    /// Waits for the end; a process that takes too long is killed, and that is an error.
    func outcome(within patience: Duration = MusterBinary.patience) async throws -> Outcome {
        let end = ContinuousClock.now + patience
        while process.isRunning {
            guard ContinuousClock.now < end else {
                send(signal: SIGKILL)
                throw HarnessError("muster \(arguments.joined(separator: " ")) did not end within \(patience).\n\(standardError)")
            }
            try await Task.sleep(for: .milliseconds(3))
        }
        let killed = process.terminationReason == .uncaughtSignal
        return Outcome(
            arguments: arguments, exit: killed ? nil : process.terminationStatus, signal: killed ? process.terminationStatus : nil,
            out: standardOutput, err: standardError)
    }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}

/// Waits until something is so.
func eventually(_ what: String, within patience: Duration = .seconds(60), _ isSo: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + patience
    while try await !isSo() {
        guard ContinuousClock.now < end else { throw HarnessError("Waited in vain until \(what).") }
        try await Task.sleep(for: .milliseconds(5))
    }
}
