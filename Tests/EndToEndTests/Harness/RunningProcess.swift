import Foundation
import Synchronization

/// A process whose output goes into files, so that no pipe can fill up and nobody has to wait at one.
///
/// By `posix_spawn`, since Foundation's `Process` moves the whole test process into the child's folder for a moment.
final class RunningProcess: Sendable {
    let arguments: [String]
    let id: pid_t
    private let out: String
    private let err: String
    /// What `waitpid` told, once the process has ended.
    private let ended = Mutex<Int32?>(nil)

    /// - Parameters:
    ///   - input: what it reads.
    ///   - terminal: where it reads instead.
    init(
        program: String, arguments: [String], environment: [String: String], folder: String, input: String?, terminal: Terminal? = nil
    ) throws {
        self.arguments = arguments
        let stem = folder + "/.run-" + UUID().uuidString
        out = stem + ".out"
        err = stem + ".err"
        if let input { try Data(input.utf8).write(to: URL(fileURLWithPath: stem + ".in")) }
        id = try Self.spawn(
            program, arguments, environment, folder: folder,
            files: [terminal?.path ?? (input == nil ? "/dev/null" : stem + ".in"), out, err])
    }

    private static func spawn(
        _ program: String, _ arguments: [String], _ environment: [String: String], folder: String, files: [String]
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (number, file) in files.enumerated() {
            let flags = number == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC
            posix_spawn_file_actions_addopen(&actions, Int32(number), file, flags, 0o600)
        }
        // Signals as a shell would hand them on, in a group of its own.
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

        // The shell goes into the folder and becomes the program, which keeps its id.
        let argv = (["sh", "-c", "cd \"$0\" && exec \"$@\"", folder, program] + arguments).map { strdup($0) } + [nil]
        let envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var id: pid_t = 0
        let code = posix_spawn(&id, "/bin/sh", &actions, &attributes, argv, envp)
        guard code == 0 else { throw HarnessError("\(program) cannot be started: \(String(cString: strerror(code)))") }
        return id
    }

    var isRunning: Bool {
        ended.withLock { ended in
            guard ended == nil else { return false }
            var status: Int32 = 0
            guard waitpid(id, &status, WNOHANG) == id else { return true }
            ended = status
            return false
        }
    }

    var standardOutput: String { Self.text(out) }
    var standardError: String { Self.text(err) }

    func send(signal: Int32) { if isRunning { kill(id, signal) } }

    /// Ends it at once, whatever it is doing, and collects it.
    func end() {
        send(signal: SIGKILL)
        ended.withLock { ended in
            guard ended == nil else { return }
            var status = SIGKILL
            waitpid(id, &status, 0)
            ended = status
        }
    }

    /// Waits for the end; a process that takes too long is killed, and that is an error.
    func outcome(within patience: Duration = MusterBinary.patience) async throws -> Outcome {
        let end = ContinuousClock.now + patience
        while isRunning {
            guard ContinuousClock.now < end else {
                send(signal: SIGKILL)
                throw HarnessError("muster \(arguments.joined(separator: " ")) did not end within \(patience).\n\(standardError)")
            }
            try await Task.sleep(for: .milliseconds(3))
        }
        return Outcome(arguments: arguments, exit: exit, signal: signal, out: standardOutput, err: standardError)
    }

    /// The exit code, once it has ended by itself.
    var exit: Int32? { ended.withLock { $0 }.flatMap { $0 & 0x7F == 0 ? ($0 >> 8) & 0xFF : nil } }
    /// The signal that ended it.
    private var signal: Int32? { ended.withLock { $0 }.flatMap { $0 & 0x7F == 0 ? nil : $0 & 0x7F } }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}
