/// A JSON number with the digits that it was written with, so that it goes out as it came in.
public struct JSONNumber: Sendable, Hashable {
    /// By the grammar of RFC 8259, section 6.
    public let literal: String

    /// - Parameter literal: known to be a JSON number whose value a finite Double can hold.
    public init(literal: String) { self.literal = literal }

    public init(_ value: Int) { literal = String(value) }

    /// The value where it is whole and fits; `1.0` and `1e2` are whole.
    public var integer: Int? {
        if let value = Int(literal) { return value }
        let value = double
        return value.rounded() == value && abs(value) < 9_007_199_254_740_992 ? Int(value) : nil
    }

    public var double: Double { Double(literal) ?? 0 }
}
