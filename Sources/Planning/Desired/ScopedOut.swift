/// People who are in the source and out of scope: nothing is made, changed or taken away because of what the source says of them.
public struct ScopedOut: Sendable, Hashable, Codable {
    /// The lines or entries on which they stand.
    public var lines: [Int]
    /// Ids and folded addresses, with the line.
    public var keys: [String: Int]
    /// What becomes of the accounts that were linked to them.
    public var leaving: DesiredPolicy.Leaving

    public init(lines: [Int] = [], keys: [String: Int] = [:], leaving: DesiredPolicy.Leaving = .leave) {
        self.lines = lines
        self.keys = keys
        self.leaving = leaving
    }

    /// - Parameters:
    ///   - externalID: the source's immutable id.
    ///   - address: the folded address.
    public mutating func add(externalID: String?, address: String, line: Int) {
        lines.append(line)
        for key in [externalID, address].compactMap({ $0 }) where !key.isEmpty { keys[key] = line }
    }

    /// The line of the person to whom a link belongs; nil where they are not among these.
    public func line(of link: Link) -> Int? { link.externalID.flatMap { keys[$0] } ?? keys[link.person] }
}
