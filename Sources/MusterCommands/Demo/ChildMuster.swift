import Foundation

/// This very program, run as a child: the demo shows what a person would type, and nothing else.
final class ChildMuster {
    private let process = Process()

    /// - Parameter quiet: what it says to people goes to stderr, where stdout is kept for a document.
    init(_ arguments: [String], environment: [String: String], quiet: Bool = false) {
        process.executableURL = URL(fileURLWithPath: Self.executable)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        if quiet { process.standardOutput = FileHandle.standardError }
    }

    private static let executable: String =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? Bundle.main.executablePath
        ?? CommandLine.arguments[0]

    /// Runs to the end.
    ///
    /// - Returns: the exit code, or 128 and the number of the signal.
    func finish() async throws -> Int32 {
        try start()
        return await wait()
    }

    func start() throws {
        fflush(nil)
        do {
            try process.run()
        } catch {
            throw Trouble(
                Exit.other, "demo-child", "The demo cannot start \(Self.executable): \(error)", remedy: "Start it by its full path.")
        }
    }

    func wait() async -> Int32 {
        while process.isRunning { try? await Task.sleep(for: .milliseconds(5)) }
        return process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
    }

    var isRunning: Bool { process.isRunning }

    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
    }

    func terminate() { process.terminate() }

    /// Sends what the child says on stderr to a file.
    func record(to path: String) throws {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }
}
