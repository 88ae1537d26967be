/// A filter with its leaves prepared; chains of `and` and of `or` are lists in it.
indirect enum FilterTree<Leaf: Sendable>: Sendable {
    case leaf(Leaf)
    case all([FilterTree])
    case any([FilterTree])
    case not(FilterTree)

    /// - Parameter leaf: prepares what is neither `and` nor `or` nor `not`.
    init(_ filter: Filter, leaf: (Filter) throws -> Leaf) rethrows {
        var rest = filter
        var parts: [FilterTree] = []
        switch filter {
        case .and:
            while case .and(let left, let right) = rest {
                parts.append(try FilterTree(right, leaf: leaf))
                rest = left
            }
            self = .all([try FilterTree(rest, leaf: leaf)] + parts.reversed())
        case .or:
            while case .or(let left, let right) = rest {
                parts.append(try FilterTree(right, leaf: leaf))
                rest = left
            }
            self = .any([try FilterTree(rest, leaf: leaf)] + parts.reversed())
        case .not(let inner): self = .not(try FilterTree(inner, leaf: leaf))
        case .compare, .present, .element: self = .leaf(try leaf(filter))
        }
    }

    func holds(_ test: (Leaf) throws -> Bool) rethrows -> Bool {
        switch self {
        case .leaf(let leaf): try test(leaf)
        case .all(let parts): try parts.allSatisfy { try $0.holds(test) }
        case .any(let parts): try parts.contains { try $0.holds(test) }
        case .not(let inner): try !inner.holds(test)
        }
    }
}

extension Filter {
    /// How many comparisons and `pr` are in it.
    var comparisons: Int {
        var count = 0
        var rest = [self]
        while let filter = rest.popLast() {
            switch filter {
            case .compare, .present: count += 1
            case .and(let left, let right), .or(let left, let right): rest += [left, right]
            case .not(let inner), .element(_, let inner): rest.append(inner)
            }
        }
        return count
    }
}
