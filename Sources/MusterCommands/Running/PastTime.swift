import ArgumentParser
import Foundation

/// A time that is over: a day (its end, in UTC), an instant with its zone, or how long ago.
struct PastTime: ExpressibleByArgument, Sendable {
    let date: Date
    /// A day was named: its end is meant.
    private(set) var isDay = false

    init?(argument: String) { self.init(argument, now: Date()) }

    /// - Parameter text: `2026-11-27`, `2026-11-27T10:00:00Z`, `36h`.
    init?(_ text: String, now: Date) {
        if let ago = Interval(argument: text) {
            date = now.addingTimeInterval(-TimeInterval(ago.seconds))
        } else if let instant = try? Date(text, strategy: .iso8601) {
            date = instant
        } else if let day = try? Date(text, strategy: .iso8601.year().month().day()) {
            date = day.addingTimeInterval(86_399)
            isDay = true
        } else {
            return nil
        }
    }
}
