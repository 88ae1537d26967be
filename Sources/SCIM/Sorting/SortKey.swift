/// What a resource is sorted by. A page's resources are in order when their keys are (RFC 7644, section 3.4.2.3).
///
/// Resources without a value come last, in descending order first; among equal values the id decides, ascending by its bytes (our
/// choice), so that the order is the same for every page.
public struct SortKey: Sendable, Hashable, Comparable {
    /// Numbers before texts before nothing; only a search over several types can meet both.
    enum Value: Sendable, Hashable {
        case bool(Bool)
        /// Milliseconds since 1970.
        case instant(Int)
        case number(Double)
        /// UTF-8, folded where letter case does not count.
        case text([UInt8])
        case none

        private var rank: Int {
            switch self {
            case .bool: 0
            case .instant: 1
            case .number: 2
            case .text: 3
            case .none: 4
            }
        }

        /// Below, at or above zero as this stands before, with or behind the other.
        func order(_ other: Value) -> Int {
            switch (self, other) {
            case (.bool(let left), .bool(let right)): return (left ? 1 : 0) - (right ? 1 : 0)
            case (.instant(let left), .instant(let right)): return left == right ? 0 : left < right ? -1 : 1
            case (.number(let left), .number(let right)): return left == right ? 0 : left < right ? -1 : 1
            case (.text(let left), .text(let right)):
                if left == right { return 0 }
                return left.lexicographicallyPrecedes(right) ? -1 : 1
            default: return rank - other.rank
            }
        }
    }

    let value: Value
    let id: [UInt8]
    let isAscending: Bool

    public static func < (left: SortKey, right: SortKey) -> Bool {
        let order = left.value.order(right.value)
        if order == 0 { return left.id.lexicographicallyPrecedes(right.id) }
        return left.isAscending ? order < 0 : order > 0
    }
}
