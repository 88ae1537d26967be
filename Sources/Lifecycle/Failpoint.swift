#if FAILPOINTS
    import Foundation
    import Synchronization

    /// Stops this process with SIGKILL right after its N-th journal write, as `MUSTER_FAILPOINT=journal:N` asks, at the N-th step of a delivery
    /// (`hooks:N`), or after its N-th write of mail logs and before their cursor is kept (`siem:N`). Only debug builds contain it: the tests
    /// kill a real process at every step.
    enum Failpoint {
        private static let passed = Mutex<[String: Int]>([:])

        private static let target: (kind: Substring, count: Int)? = ProcessInfo.processInfo.environment["MUSTER_FAILPOINT"].flatMap {
            text in
            let parts = text.split(separator: ":")
            return parts.count == 2 ? Int(parts[1]).map { (parts[0], $0) } : nil
        }

        static func journalWritten() { pass("journal") }

        /// Passes a place at which a test may want the process to end.
        static func pass(_ kind: String) {
            guard let target, target.kind == kind else { return }
            let count = passed.withLock { passed in
                passed[kind, default: 0] += 1
                return passed[kind]
            }
            if count == target.count { kill(ProcessInfo.processInfo.processIdentifier, SIGKILL) }
        }
    }
#endif
