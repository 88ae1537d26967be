import Foundation

/// What a reply says about the quota that it was counted against.
///
/// Who refused a call decides how it is told: a gateway, the vendor's functions, or something between. So each figure is looked for under
/// several names, and a time may be a span or a time of day (facts, section 4). Whatever cannot be one is passed over.
public struct RateLimit: Sendable, Hashable {
    public static let limitHeader = "X-RateLimit-Limit"
    public static let remainingHeader = "X-RateLimit-Remaining"
    public static let resetHeader = "X-RateLimit-Reset"
    public static let retryAfterHeader = "Retry-After"

    /// Calls that the quota holds.
    public var limit: Int?
    /// Calls that are left.
    public var remaining: Int?
    /// Until at least one call is given back.
    public var reset: Duration?
    /// How long to wait, on 429 and 503.
    public var retryAfter: Duration?

    public init(limit: Int?, remaining: Int?, reset: Duration?, retryAfter: Duration? = nil) {
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
        self.retryAfter = retryAfter
    }

    /// How long a refused call waits before it is made again; nil where the reply does not say.
    public var wait: Duration? { retryAfter ?? reset }
}

// MARK: As the vendor writes it

extension RateLimit {
    /// - Parameters:
    ///   - resetMilliseconds: as ``resetHeader`` has it.
    ///   - retryAfterSeconds: as ``retryAfterHeader`` has it.
    public init(limit: Int?, remaining: Int?, resetMilliseconds: Int?, retryAfterSeconds: Int? = nil) {
        self.init(
            limit: limit, remaining: remaining, reset: resetMilliseconds.map { .milliseconds($0) },
            retryAfter: retryAfterSeconds.map { .seconds($0) })
    }

    /// ``reset`` in milliseconds.
    public var resetMilliseconds: Int? {
        get { reset.map { Self.whole($0, 1_000) } }
        set { reset = newValue.map { .milliseconds($0) } }
    }

    /// ``retryAfter`` in seconds.
    public var retryAfterSeconds: Int? {
        get { retryAfter.map { Self.whole($0, 1) } }
        set { retryAfter = newValue.map { .seconds($0) } }
    }

    /// How many whole parts of a second there are in a span. To divide spans takes longer than all else that a header costs.
    private static func whole(_ span: Duration, _ parts: Int64) -> Int {
        let (seconds, attoseconds) = span.components
        return Int(seconds * parts + attoseconds / (1_000_000_000_000_000_000 / parts))
    }
}

// MARK: As it is read

extension RateLimit {
    /// Besides the vendor's own names, those that public clients look for.
    private static let limitNames = [limitHeader, "x-mc-rate-limit-limit", "x-mc-rate-limit"]
    private static let remainingNames = [remainingHeader, "x-mc-rate-limit-remaining"]
    private static let resetNames = [resetHeader, "X-Mimecast-RateLimit-Reset", "x-mc-rate-limit-reset"]

    /// A longer span is no wait for a call, but a number that means something else.
    private static let longest = Duration.seconds(3_600)

    /// Reads a reply's headers.
    ///
    /// - Parameters:
    ///   - now: the time of day, for headers that name one; the reply's own `Date` comes first. Where neither is known, they say nothing.
    ///   - value: finds a header, asked for in any letter case.
    public init(now: Date? = nil, _ value: (String) -> String?) {
        let now = value("Date").flatMap(RequestSignature.instant) ?? now
        func first<Value>(_ names: [String], _ read: (String) -> Value?) -> Value? {
            for name in names {
                if let found = value(name).flatMap({ read($0.trimmingCharacters(in: .whitespaces)) }) { return found }
            }
            return nil
        }
        self.init(
            limit: first(Self.limitNames, Self.count), remaining: first(Self.remainingNames, Self.count),
            reset: first(Self.resetNames) { Self.reset($0, now: now) },
            retryAfter: first([Self.retryAfterHeader]) { Self.retryAfter($0, now: now) })
    }

    private static func count(_ text: String) -> Int? { Int(text).flatMap { $0 >= 0 ? $0 : nil } }

    /// The span until a quota's reset, told apart by magnitude: below 10⁹ a span, from there an epoch second, from 10¹¹ an epoch
    /// millisecond. A span is in milliseconds (vendor's manual, recordings), with a decimal point in seconds (our choice). An epoch that
    /// is over means now, and one that is more than an hour away nothing: so does every longer span.
    static func reset(_ text: String, now: Date?) -> Duration? {
        guard let number = number(text) else { return nil }
        switch number {
        case ..<1e9: return span(text.contains(".") ? .seconds(number) : .milliseconds(number))
        case ..<1e11: return until(number, now)
        default: return until(number / 1_000, now)
        }
    }

    /// RFC 9110, section 10.2.3: whole seconds or a date; an epoch, in either unit, is understood too. More than an hour counts as one.
    static func retryAfter(_ text: String, now: Date?) -> Duration? {
        guard let number = number(text) else {
            guard let date = RequestSignature.instant(text), let now else { return nil }
            return min(.seconds(max(date.timeIntervalSince(now), 0)), longest)
        }
        switch number {
        case ..<1e9: return min(.seconds(number), longest)
        case ..<1e11: return until(number, now)
        default: return until(number / 1_000, now)
        }
    }

    /// Digits and at most one point: no sign, no exponent, and none beyond the year 5138 in milliseconds.
    private static func number(_ text: String) -> Double? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }), let number = Double(text), number < 1e14
        else { return nil }
        return number
    }

    private static func span(_ span: Duration) -> Duration? { span <= longest ? span : nil }

    private static func until(_ epoch: Double, _ now: Date?) -> Duration? {
        guard let now else { return nil }
        let left = epoch - now.timeIntervalSince1970
        return left < -3_600 ? nil : span(.seconds(max(left, 0)))
    }
}
