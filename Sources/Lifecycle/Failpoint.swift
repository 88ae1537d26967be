#if FAILPOINTS
    import Foundation
    import Synchronization

    /// Stops this process with SIGKILL right after its N-th journal write, as `MUSTER_FAILPOINT=journal:N` asks. Only debug builds
    /// contain it: the tests kill a real process at every step.
    enum Failpoint {
        private static let writes = Mutex(0)

        private static let target: Int? = ProcessInfo.processInfo.environment["MUSTER_FAILPOINT"].flatMap { text in
            text.hasPrefix("journal:") ? Int(text.dropFirst("journal:".count)) : nil
        }

        static func journalWritten() {
            guard let target else { return }
            let count = writes.withLock {
                $0 += 1
                return $0
            }
            if count == target { kill(ProcessInfo.processInfo.processIdentifier, SIGKILL) }
        }
    }
#endif
