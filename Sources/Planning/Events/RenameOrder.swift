/// The order in which renames are told: whoever takes an address that somebody else leaves comes after them. Those who change addresses in a
/// circle come last; only the vendor's ids tell them apart.
public enum RenameOrder {
    /// - Parameter renames: folded addresses, from and to; each of them at most once on either side.
    public static func sorted(_ renames: [(from: String, to: String)]) -> [Int] {
        let leaves = Dictionary(renames.enumerated().map { ($0.element.from, $0.offset) }) { first, _ in first }
        var order: [Int] = []
        var isDone = [Bool](repeating: false, count: renames.count)
        for start in renames.indices where !isDone[start] {
            // Along the chain to whoever takes a free address, and back.
            var chain: [Int] = []
            var onChain = Set<Int>()
            var next: Int? = start
            while let place = next, !isDone[place], onChain.insert(place).inserted {
                chain.append(place)
                next = leaves[renames[place].to]
            }
            for place in chain.reversed() {
                isDone[place] = true
                order.append(place)
            }
        }
        return order
    }
}
