/// A text that values are compared with, prepared once: folded unless letter case counts. Everything is compared by bytes, and in time
/// in proportion to the texts, whatever they hold.
struct TextPattern: Sendable {
    private let bytes: [UInt8]
    private let isCaseExact: Bool
    /// For each prefix, the length of the longest other prefix that it ends with (Knuth, Morris and Pratt); empty unless searched for.
    private let borders: [Int]

    init(_ text: String, isCaseExact: Bool, isSearchedFor: Bool) {
        self.isCaseExact = isCaseExact
        bytes = Array((isCaseExact ? text : FoldedText.fold(text)).utf8)
        borders = isSearchedFor ? Self.borders(of: bytes) : []
    }

    private static func borders(of bytes: [UInt8]) -> [Int] {
        var borders = [Int](repeating: 0, count: bytes.count)
        var length = 0
        for index in bytes.indices.dropFirst() {
            while length > 0, bytes[index] != bytes[length] { length = borders[length - 1] }
            if bytes[index] == bytes[length] { length += 1 }
            borders[index] = length
        }
        return borders
    }

    /// Whether `text comparison pattern` is true.
    func holds(_ text: String, _ comparison: FilterOperator) -> Bool {
        if isCaseExact { return holds(text, comparison, lowering: false) }
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return holds(text, comparison, lowering: true) }
        return holds(FoldedText.fold(text), comparison, lowering: false)
    }

    private func holds(_ text: String, _ comparison: FilterOperator, lowering: Bool) -> Bool {
        text.utf8.withContiguousStorageIfAvailable { holds($0, comparison, lowering: lowering) }
            ?? Array(text.utf8).withUnsafeBufferPointer { holds($0, comparison, lowering: lowering) }
    }

    private func holds(_ text: UnsafeBufferPointer<UInt8>, _ comparison: FilterOperator, lowering: Bool) -> Bool {
        switch comparison {
        case .eq: text.count == bytes.count && matches(text, at: 0, lowering: lowering)
        case .ne: text.count != bytes.count || !matches(text, at: 0, lowering: lowering)
        case .sw: text.count >= bytes.count && matches(text, at: 0, lowering: lowering)
        case .ew: text.count >= bytes.count && matches(text, at: text.count - bytes.count, lowering: lowering)
        case .co: isFound(in: text, lowering: lowering)
        case .gt: order(text, lowering: lowering) > 0
        case .ge: order(text, lowering: lowering) >= 0
        case .lt: order(text, lowering: lowering) < 0
        case .le: order(text, lowering: lowering) <= 0
        }
    }

    private func matches(_ text: UnsafeBufferPointer<UInt8>, at start: Int, lowering: Bool) -> Bool {
        for index in bytes.indices where byte(text[start + index], lowering) != bytes[index] { return false }
        return true
    }

    private func isFound(in text: UnsafeBufferPointer<UInt8>, lowering: Bool) -> Bool {
        if bytes.isEmpty { return true }
        var length = 0
        for raw in text {
            let byte = byte(raw, lowering)
            while length > 0, byte != bytes[length] { length = borders[length - 1] }
            if byte == bytes[length] { length += 1 }
            if length == bytes.count { return true }
        }
        return false
    }

    /// Below, at or above zero as the text comes before the pattern, is it, or comes after it.
    private func order(_ text: UnsafeBufferPointer<UInt8>, lowering: Bool) -> Int {
        for index in 0..<min(text.count, bytes.count) {
            let byte = byte(text[index], lowering)
            if byte != bytes[index] { return byte < bytes[index] ? -1 : 1 }
        }
        return text.count - bytes.count
    }

    private func byte(_ byte: UInt8, _ lowering: Bool) -> UInt8 { lowering ? AttributeName.lower(byte) : byte }
}
