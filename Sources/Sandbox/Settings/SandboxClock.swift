import Foundation
import Synchronization

/// The sandbox's time: a source of instants and an offset that a test moves.
final class SandboxClock: Sendable {
    private let source: @Sendable () -> Date
    private let offset = Mutex<TimeInterval>(0)

    init(_ source: @escaping @Sendable () -> Date) { self.source = source }

    var now: Date { source().addingTimeInterval(offset.withLock { $0 }) }

    /// Milliseconds since 1970.
    var milliseconds: Int { Int((now.timeIntervalSince1970 * 1_000).rounded(.down)) }

    func advance(by seconds: TimeInterval) { offset.withLock { $0 += seconds } }
}

/// The vendor's form of an instant: `yyyy-MM-ddTHH:mm:ss+0000` (recorded).
func vendorDate(milliseconds: Int) -> String {
    let date = Date(timeIntervalSince1970: TimeInterval(milliseconds / 1_000))
    return String(date.ISO8601Format().dropLast()) + "+0000"
}
