import Foundation
import MusterStore
import Synchronization

/// The sandbox's time: a source of instants and an offset that a test moves. The offset is kept with the data: what was dated by a
/// clock that ran ahead must not lie in the future after a restart.
final class SandboxClock: Sendable {
    private static let setting = "clock"

    private let source: @Sendable () -> Date
    private let offset = Mutex<TimeInterval>(0)

    init(_ source: @escaping @Sendable () -> Date) { self.source = source }

    var now: Date { source().addingTimeInterval(offset.withLock { $0 }) }

    /// Milliseconds since 1970.
    var milliseconds: Int { Int((now.timeIntervalSince1970 * 1_000).rounded(.down)) }

    /// Moves the clock on, durably. Not to be called by two at once.
    func advance(by seconds: TimeInterval, _ store: any Store) async throws {
        let new = offset.withLock { $0 } + seconds
        try await store.write("") { try SettingsTable.set($0, Self.setting, [UInt8](String(new).utf8)) }
        offset.withLock { $0 = new }
    }

    /// Takes up the offset that was kept.
    func restore(_ store: any Store) async throws {
        let kept = try await store.read { try Self.kept($0) }
        set(kept)
    }

    /// Takes up the offset that a transaction puts back, before anything that comes after it can ask for the time.
    func restore(_ tx: any Transaction) throws { set(try Self.kept(tx)) }

    /// How far it is ahead of its source, in seconds.
    var ahead: TimeInterval { offset.withLock { $0 } }

    func set(_ ahead: TimeInterval) { offset.withLock { $0 = ahead } }

    private static func kept(_ tx: any Transaction) throws -> TimeInterval {
        let kept = try SettingsTable.value(tx, setting)
        return kept.flatMap { TimeInterval(String(decoding: $0, as: UTF8.self)) } ?? 0
    }
}

/// The control API's form of an instant: ISO 8601 with milliseconds, as its `since` takes it.
func controlDate(milliseconds: Int) -> String {
    Date(timeIntervalSince1970: TimeInterval(milliseconds) / 1_000).ISO8601Format(.init(includingFractionalSeconds: true))
}

/// The vendor's form of an instant: `yyyy-MM-ddTHH:mm:ss+0000` (recorded). A page has many, so they are made without a formatter.
func vendorDate(milliseconds: Int) -> String {
    var seconds = time_t(milliseconds / 1_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : String(number) }
    return "\(parts.tm_year + 1_900)-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))"
        + "T\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))+0000"
}
