/// A text that is compared and hashed by its bytes. `String` compares by canonical equivalence, which is neither what `caseExact` means nor
/// cheap for hostile texts.
public struct ExactText: Sendable, Hashable {
    public var text: String

    public init(_ text: String) { self.text = text }

    public static func == (left: ExactText, right: ExactText) -> Bool { areEqual(left.text, right.text) }

    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    public static func areEqual(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        let result: Bool?? = left.utf8.withContiguousStorageIfAvailable { left in
            right.utf8.withContiguousStorageIfAvailable { right in areEqual(left, right) }
        }
        // Strings bridged from elsewhere have no bytes of their own.
        guard let result = result.flatMap({ $0 }) else { return left.utf8.elementsEqual(right.utf8) }
        return result
    }

    /// - Precondition: both have the same count.
    private static func areEqual(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        let first = UnsafeRawBufferPointer(left)
        let second = UnsafeRawBufferPointer(right)
        var index = 0
        while index + 8 <= first.count {
            if first.loadUnaligned(fromByteOffset: index, as: UInt64.self) != second.loadUnaligned(fromByteOffset: index, as: UInt64.self) {
                return false
            }
            index += 8
        }
        while index < first.count {
            if first[index] != second[index] { return false }
            index += 1
        }
        return true
    }
}
