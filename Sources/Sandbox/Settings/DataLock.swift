import Foundation
import Synchronization

/// Keeps a second sandbox away from a data file: both would give out the same ids, and each would miss what the other does.
///
/// An advisory lock on a file beside it. The system lets go of it however the process ends; the file itself stays, because removing
/// it would let two processes hold locks on two files of one name.
final class DataLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// - Throws: ``SandboxError`` of code `dataUnusable`.
    init(path: String) throws {
        // One lock by whatever link the file is reached.
        let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let opened = open(file + ".lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard opened >= 0 else {
            throw SandboxError(
                .dataUnusable, "The sandbox's data file \(path) cannot be locked (\(file).lock cannot be written).",
                remedy: "Name a file in a folder that exists and can be written (--data FILE), or leave --data out.")
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            throw SandboxError(
                .dataUnusable, "The sandbox's data file \(path) is in use by another sandbox.",
                remedy: "Stop that one, or name another file (--data FILE).")
        }
        descriptor = Mutex(opened)
    }

    deinit { unlock() }

    func unlock() {
        descriptor.withLock { descriptor in
            if let descriptor { close(descriptor) }
            descriptor = nil
        }
    }
}
