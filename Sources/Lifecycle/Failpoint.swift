#if FAILPOINTS
    import Foundation
    import Synchronization

    /// Stops this process with SIGKILL right after its N-th journal write, as `MUSTER_FAILPOINT=journal:N` asks, or at the N-th step of
    /// a delivery (`hooks:N`). Only debug builds contain it: the tests kill a real process at every step.
    enum Failpoint {
        private static let writes = Mutex(0)

        private static let target: (kind: Substring, count: Int)? = ProcessInfo.processInfo.environment["MUSTER_FAILPOINT"].flatMap {
            text in
            let parts = text.split(separator: ":")
            return parts.count == 2 ? Int(parts[1]).map { (parts[0], $0) } : nil
        }

        static func journalWritten() { passed("journal") }

        static func passed(_ kind: String) {
            guard let target, target.kind == kind else { return }
            let count = writes.withLock {
                $0 += 1
                return $0
            }
            if count == target.count { kill(ProcessInfo.processInfo.processIdentifier, SIGKILL) }
        }
    }
#endif
