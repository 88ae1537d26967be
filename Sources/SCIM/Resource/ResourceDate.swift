/// Dates of resources: milliseconds since 1970 in UTC, and their text (RFC 7643, section 2.3.5; RFC 3339).
public enum ResourceDate {
    /// `2026-01-02T03:04:05.678Z`. Years before 0 and after 9999 are shown as those.
    public static func text(milliseconds: Int) -> String {
        var bytes: [UInt8] = []
        ByteSink.append(to: &bytes) { put(milliseconds: milliseconds, into: &$0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// 24 bytes.
    static func put(milliseconds: Int, into sink: inout ByteSink) {
        let time = min(max(milliseconds, earliest), latest)
        var day = time / 86_400_000
        var rest = time % 86_400_000
        if rest < 0 {
            rest += 86_400_000
            day -= 1
        }
        let date = civil(day)
        sink.fill(24) { text in
            pair(date.year / 100, text)
            pair(date.year % 100, text + 2)
            text[4] = UInt8(ascii: "-")
            pair(date.month, text + 5)
            text[7] = UInt8(ascii: "-")
            pair(date.day, text + 8)
            text[10] = UInt8(ascii: "T")
            pair(rest / 3_600_000, text + 11)
            text[13] = UInt8(ascii: ":")
            pair(rest / 60_000 % 60, text + 14)
            text[16] = UInt8(ascii: ":")
            pair(rest / 1000 % 60, text + 17)
            text[19] = UInt8(ascii: ".")
            text[20] = UInt8(ascii: "0") + UInt8(rest % 1000 / 100)
            pair(rest % 100, text + 21)
            text[23] = UInt8(ascii: "Z")
        }
    }

    private static let earliest = -62_167_219_200_000
    private static let latest = 253_402_300_799_999

    /// Two digits.
    @inline(__always)
    private static func pair(_ value: Int, _ text: UnsafeMutablePointer<UInt8>) {
        text[0] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10)
        text[1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10)
    }

    /// Milliseconds since 1970 of an `xsd:dateTime`: `2026-01-02T03:04:05`, any number of digits behind the point (cut to milliseconds), an
    /// offset up to 14 hours; without an offset it is UTC. `T` and `Z` may be small, as RFC 3339 allows.
    ///
    /// - Returns: nil for anything else, and for days and times that there are not; 24:00:00 and leap seconds are not.
    public static func parse(_ text: String) -> Int? {
        guard text.utf8.count <= 64 else { return nil }
        let bytes = Array(text.utf8)
        guard bytes.count >= 19, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[10] | 0x20 == UInt8(ascii: "t"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            (1...12).contains(month), day >= 1, day <= days(in: month, of: year), hour < 24, minute < 60, second < 60
        else { return nil }
        var index = 19
        var fraction = 0
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            var scale = 100
            let start = index + 1
            index = start
            while index < bytes.count, bytes[index] &- 0x30 < 10 {
                fraction += Int(bytes[index] - 0x30) * scale
                scale /= 10
                index += 1
            }
            if index == start { return nil }
        }
        guard let offset = minutes(bytes[index...]) else { return nil }
        let seconds = hour * 3600 + (minute - offset) * 60 + second
        return daysSince1970(year, month, day) * 86_400_000 + seconds * 1000 + fraction
    }

    /// Of an offset: nothing, `Z`, `+01:00`.
    private static func minutes(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.first else { return 0 }
        let start = bytes.startIndex
        if bytes.count == 1 { return first | 0x20 == UInt8(ascii: "z") ? 0 : nil }
        guard bytes.count == 6, first == UInt8(ascii: "+") || first == UInt8(ascii: "-"), bytes[start + 3] == UInt8(ascii: ":"),
            let hours = number(bytes[start + 1..<start + 3]), let minutes = number(bytes[start + 4..<start + 6]), minutes < 60,
            hours * 60 + minutes <= 840
        else { return nil }
        return (hours * 60 + minutes) * (first == UInt8(ascii: "+") ? 1 : -1)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in bytes {
            guard byte &- 0x30 < 10 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    // Both ways, a year begins in March, so that the odd day is its last; 400 years are 146,097 days, and 1970-01-01 is day 719,468.

    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = (month > 2 ? year : year - 1) + 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468 - 146_097
    }

    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468 + 146_097
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let year = era * 400 + yearOfEra - 400 + (month >= 10 ? 1 : 0)
        return (year, month < 10 ? month + 3 : month - 9, dayOfYear - (153 * month + 2) / 5 + 1)
    }
}
