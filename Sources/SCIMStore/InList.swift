import MusterStore

/// Statements with `IN ($2, $3, …)`: few lengths, so that few texts serve all.
struct InList: Sendable {
    private static let lengths = [1, 3, 10, 30, 100, 250, 500]
    let texts: [String]

    /// - Parameter text: the whole statement, with `IN ()` where the list goes; `$1` is the tenant.
    init(_ text: String, first: Int = 2) {
        let parts = text.split(separator: "IN ()", maxSplits: 1, omittingEmptySubsequences: false)
        texts = Self.lengths.map { length in
            let list = (first..<first + length).map { "$\($0)" }.joined(separator: ", ")
            return parts.joined(separator: "IN (\(list))")
        }
    }

    /// Runs the statement for all values, in portions.
    ///
    /// - Parameter fixed: what stands before the list.
    func each(
        _ transaction: any Transaction, _ fixed: [SQLValue], _ values: [String], _ row: (any SQLRow) throws -> Void
    ) throws {
        var index = 0
        while index < values.count {
            let left = values.count - index
            let place = Self.lengths.firstIndex { $0 >= left } ?? Self.lengths.count - 1
            let length = Self.lengths[place]
            let portion = values[index..<min(index + length, values.count)]
            var arguments = fixed
            arguments.reserveCapacity(fixed.count + length)
            for value in portion { arguments.append(.text(value)) }
            // What is asked twice is found once.
            if let last = portion.last { for _ in portion.count..<length { arguments.append(.text(last)) } }
            try transaction.each(texts[place], arguments) {
                try row($0)
                return true
            }
            index += portion.count
        }
    }
}
