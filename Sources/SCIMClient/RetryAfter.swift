import HTTPTransport

/// The header by which a server says when to come back (RFC 9110, section 10.2.3).
enum RetryAfter {
    /// - Returns: nil where the answer does not say, or not in a form that is known. A date counts from the answer's own `Date`: the
    ///   server's clock, whatever ours is.
    static func duration(in reply: WireReply) -> Duration? {
        guard let text = reply.header("Retry-After").map(trimmed), !text.isEmpty else { return nil }
        if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return .seconds(text.utf8.count > 9 ? 1_000_000_000 : Int(text) ?? 0) }
        guard let then = seconds(ofDate: text), let now = reply.header("Date").map(trimmed).flatMap(seconds(ofDate:)) else { return nil }
        return .seconds(max(then - now, 0))
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that servers may send (RFC 9110, section 5.6.7), as seconds since 1970.
    private static func seconds(ofDate text: String) -> Int? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), (1...31).contains(day),
            let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3]), (1970...9999).contains(year)
        else { return nil }
        let clock = parts[4].split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3, clock.allSatisfy({ (0...60).contains($0) }) else { return nil }
        return days(year, month + 1, day) * 86_400 + clock[0] * 3_600 + clock[1] * 60 + clock[2]
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Days since 1970, by the Gregorian calendar; years count from March so that the leap day is the last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let (era, inEra) = (year / 400, year % 400)
        let inYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + inEra * 365 + inEra / 4 - inEra / 100 + inYear - 719_468
    }
}
