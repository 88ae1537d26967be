extension Resource {
    /// The most bytes of a stored resource.
    public static let largest = 262_144

    /// - Throws: 413 where the resource would be stored in more than ``largest`` bytes.
    public func checkSize() throws {
        // An escaped byte takes six at most, so that few resources have to be counted byte by byte.
        guard Self.estimate(.object(object)) * 6 > Self.largest, object.serialized.count > Self.largest else { return }
        throw SCIMError(413, nil, "The resource has more than \(Self.largest) bytes: send fewer or shorter values.")
    }

    /// Bytes without those that escaping adds.
    private static func estimate(_ value: JSONValue) -> Int {
        switch value {
        case .null, .bool: 5
        case .number(let number): number.literal.utf8.count
        case .string(let text): text.utf8.count + 2
        case .array(let values): values.reduce(2) { $0 + estimate($1) + 1 }
        case .object(let object): object.members.reduce(2) { $0 + $1.name.utf8.count + 4 + estimate($1.value) }
        }
    }
}
