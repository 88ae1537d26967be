import Foundation

/// When what failed is tried again. Pure; times in seconds.
///
/// The delays are those that Standard Webhooks gives as an example: ten tries in a little more than three days.
enum RetrySchedule {
    /// Before the second try, the third, …; the last one holds for all that follow.
    static let delays = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
    /// A try that fails so long after the first one was the last.
    static let patience = 3 * 86_400
    /// Failures of different people's events, one after the other, after which it is the receiver that is taken to be down, not an event to be
    /// wrong. From then on one event at a time is tried, until one arrives.
    static let outage = 3
    /// Waits of a receiver that is down: they double up to ten minutes.
    static let probe = (first: 5, longest: 600)
    /// The longest wait that a receiver may ask for.
    static let longestAsked = 86_400
    /// Chance makes each wait up to this much longer, so that what failed together does not come back together.
    static let jitter = 0.2

    /// - Parameters:
    ///   - attempts: tries so far, from 1.
    ///   - asked: what the receiver said in `Retry-After`.
    ///   - random: from 0 up to 1.
    static func wait(attempts: Int, asked: Int?, random: Double) -> Int {
        let own = delays[min(max(attempts, 1), delays.count) - 1]
        return longer(max(own, asked ?? 0), random)
    }

    /// The wait of a whole hook.
    ///
    /// - Parameter failures: in a row, of different people's events.
    static func pause(failures: Int, asked: Int?, random: Double) -> Int? {
        let own = failures < outage ? 0 : min(probe.first << min(failures - outage, 20), probe.longest)
        let wait = max(own, asked ?? 0)
        return wait == 0 ? nil : longer(wait, random)
    }

    private static func longer(_ wait: Int, _ random: Double) -> Int { wait + Int((Double(wait) * jitter * random).rounded()) }

    /// Seconds that a `Retry-After` asks for (RFC 9110, 10.2.3: a number, or a date); nil where it says nothing that can be understood.
    static func asked(_ header: String?, now: Date) -> Int? {
        guard let text = header?.trimmingCharacters(in: .whitespaces), !text.isEmpty, text.utf8.count <= 64 else { return nil }
        if let seconds = Int(text) { return seconds > 0 ? min(seconds, longestAsked) : nil }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        guard let date = format.date(from: text) else { return nil }
        let seconds = date.timeIntervalSince(now).rounded(.up)
        return seconds > 0 ? Int(min(seconds, TimeInterval(longestAsked))) : nil
    }
}
