/// Reads instants as clients of the log calls write them (recorded): `yyyy-MM-dd'T'HH:mm:ss` with `+0000`, `Z` or another offset, with
/// or without fractions of a second.
enum VendorTime {
    static let day = 86_400_000

    /// - Parameter text: a `+` that a URL turned into a blank is put up with.
    /// - Returns: milliseconds since 1970; nil for what is no instant.
    static func parse(_ text: String) -> Int? {
        guard text.utf8.count <= 40 else { return nil }
        var reader = Reader(rest: Substring(text).utf8)
        guard let date = reader.date(), reader.take("T") || reader.take("t"), let clock = reader.clock(), let offset = reader.offset(),
            reader.rest.isEmpty
        else { return nil }
        return date + clock - offset
    }

    /// As the calls of the newer mail logs read it: a zone may be missing (UTC), and so may the time of day.
    ///
    /// - Parameter isEnd: a day without a time means all of it, so that the end is its last millisecond.
    static func parseLenient(_ text: String, isEnd: Bool) -> Int? {
        if let time = parse(text) ?? parse(text + "Z") { return time }
        guard text.utf8.count <= 40 else { return nil }
        var reader = Reader(rest: Substring(text).utf8)
        guard let date = reader.date(), reader.rest.isEmpty else { return nil }
        return isEnd ? date + day - 1 : date
    }

    private struct Reader {
        var rest: Substring.UTF8View

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest = rest.dropFirst()
            return true
        }

        mutating func digits(_ count: Int) -> Int? {
            guard rest.count >= count else { return nil }
            var value = 0
            for byte in rest.prefix(count) {
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
            }
            rest = rest.dropFirst(count)
            return value
        }

        /// Milliseconds from 1970 to the day's midnight.
        mutating func date() -> Int? {
            guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2), year >= 1970,
                (1...12).contains(month), day >= 1
            else { return nil }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            guard day <= [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] else { return nil }
            // Days since 1970 with years that begin in March, so that the leap day is a year's last.
            let shifted = month > 2 ? year : year - 1
            let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
            let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
            return days * VendorTime.day
        }

        /// Milliseconds since midnight.
        mutating func clock() -> Int? {
            guard let hour = digits(2), take(":"), let minute = digits(2), take(":"), let second = digits(2), hour < 24, minute < 60,
                second < 60
            else { return nil }
            var milliseconds = 0
            if take(".") {
                var scale = 100
                var seen = 0
                while let digit = digits(1) {
                    milliseconds += digit * scale
                    scale /= 10
                    seen += 1
                }
                guard seen > 0 else { return nil }
            }
            return ((hour * 60 + minute) * 60 + second) * 1_000 + milliseconds
        }

        /// Milliseconds east of Greenwich.
        mutating func offset() -> Int? {
            if take("Z") || take("z") { return 0 }
            let sign: Int
            if take("+") || take(" ") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
            guard let hours = digits(2), hours < 24 else { return nil }
            var minutes = 0
            if !rest.isEmpty {
                _ = take(":")
                guard let more = digits(2), more < 60 else { return nil }
                minutes = more
            }
            return sign * (hours * 60 + minutes) * 60_000
        }
    }
}
