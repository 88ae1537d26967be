import Crypto
import Foundation

/// The v1 generation's call signature: HMAC-SHA1 over `date:requestID:path:applicationKey` with the base64-decoded secret key.
///
/// The body is not signed. A query counts, since what is signed is the request target.
public struct RequestSignature: Sendable {
    public let accessKey: String
    /// The signature as it came, base64.
    public let value: String

    /// Signs a call.
    ///
    /// - Returns: nil where the secret key is not base64.
    public init?(date: String, requestID: String, path: String, applicationKey: String, accessKey: String, secretKey: String) {
        guard let key = Data(base64Encoded: secretKey), !key.isEmpty else { return nil }
        let text = "\(date):\(requestID):\(path):\(applicationKey)"
        let code = HMAC<Insecure.SHA1>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: key))
        self.accessKey = accessKey
        value = Data(code).base64EncodedString()
    }

    /// Reads an `Authorization` header: `MC accessKey:signature`, blanks around each allowed. Both are visible ASCII.
    public init?(header: String) {
        let text = header.utf8
        guard let blank = text.firstIndex(of: UInt8(ascii: " ")), header[..<blank].lowercased() == "mc",
            let colon = text[blank...].firstIndex(of: UInt8(ascii: ":")),
            let accessKey = Self.word(text[blank..<colon]), let value = Self.word(text[text.index(after: colon)...])
        else { return nil }
        self.accessKey = accessKey
        self.value = value
    }

    private static func word(_ text: Substring.UTF8View) -> String? {
        let words = text.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard words.count == 1, words[0].allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        return String(words[0])
    }

    /// The header's value.
    public var header: String { "MC \(accessKey):\(value)" }

    /// Compares in constant time.
    public func matches(_ other: RequestSignature) -> Bool {
        guard let mine = Data(base64Encoded: value), let theirs = Data(base64Encoded: other.value) else { return false }
        return ConstantTime.areEqual(mine, theirs)
    }
}

// MARK: - Dates

extension RequestSignature {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The date of a call, in whole seconds: RFC 1123 with the zone word `UTC`. What lies outside the years 1 to 9999 becomes the nearest inside.
    public static func date(_ instant: Date) -> String {
        let time = Int(max(-62_135_596_800, min(instant.timeIntervalSince1970.rounded(.down), 253_402_300_799)))
        let second = time - floor(time, 86_400) * 86_400
        let (day, month, year) = civil(floor(time, 86_400))
        let name = weekdays[weekday(floor(time, 86_400))]
        let clock = [second / 3_600, second / 60 % 60, second % 60].map { padded($0, 2) }.joined(separator: ":")
        return "\(name), \(padded(day, 2)) \(months[month - 1]) \(padded(year, 4)) \(clock) UTC"
    }

    /// Reads a call's date: `Sun, 21 Aug 2022 13:49:40 UTC`, names in any case, runs of blanks allowed, the day in one digit or two.
    ///
    /// Clients have been seen to send their local time with its zone's name; those in ``zones`` are known, and offsets such as +0100.
    ///
    /// - Returns: nil for another zone, and for a day that is not the weekday it says.
    public static func instant(_ text: String) -> Date? {
        let words = text.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.map { String(decoding: $0, as: UTF8.self) }
        guard words.count >= 6, let zone = offset(words[5...].joined(separator: " ").lowercased()) else { return nil }
        let clock = words[4].utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard let weekday = weekdays.firstIndex(where: { "\($0),".lowercased() == words[0].lowercased() }),
            let day = number(words[1].utf8, digits: 1...2),
            let month = months.firstIndex(where: { $0.lowercased() == words[2].lowercased() }),
            let year = number(words[3].utf8, digits: 4...4), clock.count == 3,
            let hour = number(clock[0], digits: 2...2), hour < 24, let minute = number(clock[1], digits: 2...2), minute < 60,
            let second = number(clock[2], digits: 2...2), second < 60
        else { return nil }
        let days = days(day, month + 1, year)
        // The day is one of its month where it comes back the same.
        guard civil(days) == (day, month + 1, year), Self.weekday(days) == weekday else { return nil }
        return Date(timeIntervalSince1970: Double(days * 86_400 + hour * 3_600 + minute * 60 + second - zone * 60))
    }

    /// Names of zones, in minutes east of Greenwich: RFC 822's, and those of the places where the vendor has a grid.
    private static let zones = [
        "utc": 0, "gmt": 0, "ut": 0, "z": 0, "coordinated universal time": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120,
        "eet": 120, "eest": 180, "sast": 120, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
        "pdt": -420, "awst": 480, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660,
    ]

    private static func offset(_ zone: String) -> Int? {
        if let known = zones[zone] { return known }
        let digits = zone.utf8.dropFirst()
        guard let sign = zone.utf8.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
            let hours = number(digits.prefix(2), digits: 2...2), hours < 15, let minutes = number(digits.dropFirst(2), digits: 2...2),
            minutes < 60
        else { return nil }
        return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + minutes)
    }

    private static func number(_ text: some Collection<UInt8>, digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.count), text.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return text.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        String(repeating: "0", count: max(0, digits - String(number).count)) + String(number)
    }

    // MARK: The calendar: days since 1970-01-01, in years that start in March, so that a leap day is the last day.

    private static func days(_ day: Int, _ month: Int, _ year: Int) -> Int {
        let year = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return 365 * year + floor(year, 4) - floor(year, 100) + floor(year, 400) + dayOfYear - 719_468
    }

    private static func civil(_ days: Int) -> (day: Int, month: Int, year: Int) {
        let era = floor(days + 719_468, 146_097)
        let dayOfEra = days + 719_468 - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        return (dayOfYear - (153 * march + 2) / 5 + 1, month, yearOfEra + era * 400 + (month <= 2 ? 1 : 0))
    }

    /// 0 is Sunday; 1970-01-01 was a Thursday.
    private static func weekday(_ days: Int) -> Int { days + 4 - floor(days + 4, 7) * 7 }

    private static func floor(_ number: Int, _ divisor: Int) -> Int {
        number / divisor - (number % divisor < 0 ? 1 : 0)
    }
}
