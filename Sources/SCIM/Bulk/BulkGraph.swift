/// The order in which operations can be carried out: each behind those that it refers to, otherwise as they were sent.
///
/// What refers to one another in a circle makes one bundle (Tarjan's strongly connected components, on a stack of our own, in linear time).
struct BulkGraph {
    /// Bundles in the order of execution; in each one, the members in the order in which the fewest references are still open.
    private(set) var bundles: [[Int]] = []

    private let targets: [[Int]]
    private var discovery: [Int]
    private var low: [Int]
    private var isOpen: [Bool]
    private var open: [Int] = []
    private var finished: [Int] = []
    private var bundleOf: [Int]
    private var clock = 0

    /// - Parameter targets: for each operation the ones that it refers to, by index.
    init(_ targets: [[Int]]) {
        self.targets = targets
        discovery = Array(repeating: -1, count: targets.count)
        low = discovery
        bundleOf = discovery
        isOpen = Array(repeating: false, count: targets.count)
        var count = 0
        for index in targets.indices where discovery[index] < 0 { visit(from: index, &count) }
        bundles = Array(repeating: [], count: count)
        for index in finished { bundles[bundleOf[index]].append(index) }
    }

    private mutating func visit(from root: Int, _ count: inout Int) {
        var path: [(node: Int, next: Int)] = []
        func enter(_ node: Int) {
            discovery[node] = clock
            low[node] = clock
            clock += 1
            isOpen[node] = true
            open.append(node)
            path.append((node, 0))
        }
        enter(root)
        while let (node, next) = path.last {
            if next < targets[node].count {
                path[path.count - 1].next += 1
                let target = targets[node][next]
                if discovery[target] < 0 {
                    enter(target)
                } else if isOpen[target] {
                    low[node] = min(low[node], discovery[target])
                }
                continue
            }
            path.removeLast()
            finished.append(node)
            if let parent = path.last?.node { low[parent] = min(low[parent], low[node]) }
            guard low[node] == discovery[node] else { continue }
            while let member = open.popLast() {
                isOpen[member] = false
                bundleOf[member] = count
                if member == node { break }
            }
            count += 1
        }
    }
}
