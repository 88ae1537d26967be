import Foundation

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
    /// - Parameters:
    ///   - terminal: where somebody sits and answers.
    ///   - program: another program than Muster, such as a shell that runs it.
    func start(
        _ arguments: [String], with variables: [String: String] = [:], input: String? = nil, terminal: Terminal? = nil,
        program: String = MusterBinary.path
    ) throws -> RunningProcess {
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw HarnessError("There is no \(program). Build it: swift build --product muster")
        }
        return try RunningProcess(
            program: program, arguments: arguments, environment: environment.merging(variables) { _, new in new }, folder: folder,
            input: input, terminal: terminal)
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
