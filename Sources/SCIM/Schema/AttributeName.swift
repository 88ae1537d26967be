/// Names of attributes and schemas: ASCII, and the same in any letter case (RFC 7643, section 2.1).
public enum AttributeName {
    /// Compares without regard to ASCII letter case; other bytes count as they are.
    @inlinable
    public static func areEqual(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        let result: Bool?? = left.utf8.withContiguousStorageIfAvailable { left in
            right.utf8.withContiguousStorageIfAvailable { right in
                for index in 0..<left.count where left[index] != right[index] {
                    if lower(left[index]) != lower(right[index]) { return false }
                }
                return true
            }
        }
        // Strings bridged from elsewhere have no bytes of their own.
        guard let result = result.flatMap({ $0 }) else { return zip(left.utf8, right.utf8).allSatisfy { lower($0) == lower($1) } }
        return result
    }

    /// What follows a URN and a colon at the beginning of a name: "department" of `urn:…:User:department`, "" of the URN alone.
    ///
    /// - Returns: nil where the name does not begin with the URN.
    public static func rest(of name: String, after urn: String) -> String? {
        let length = urn.utf8.count
        guard name.utf8.count >= length else { return nil }
        let bytes = name[...].utf8
        let end = bytes.index(bytes.startIndex, offsetBy: length)
        guard areEqual(Substring(bytes[..<end]), urn) else { return nil }
        guard let first = bytes[end...].first else { return "" }
        return first == UInt8(ascii: ":") ? String(decoding: bytes[end...].dropFirst(), as: UTF8.self) : nil
    }

    @usableFromInline
    static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
