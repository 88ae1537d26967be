/// Finds a name among the few of a schema, in any letter case, without looking at most of them.
struct NameIndex: Sendable, Hashable {
    /// Of each name its length and its first letter, small.
    private let keys: [UInt32]

    init(_ attributes: [SchemaAttribute]) { keys = attributes.map { Self.key($0.name) } }

    func position(of name: some StringProtocol, in attributes: [SchemaAttribute]) -> Int? {
        let key = Self.key(name)
        for index in keys.indices where keys[index] == key && AttributeName.areEqual(attributes[index].name, name) { return index }
        return nil
    }

    private static func key(_ name: some StringProtocol) -> UInt32 {
        let bytes = name.utf8
        guard let first = bytes.first else { return 0 }
        return UInt32(truncatingIfNeeded: bytes.count) << 8 | UInt32(AttributeName.lower(first))
    }
}
