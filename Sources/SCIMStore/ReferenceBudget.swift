import SCIM

/// How many members and groups of resources are read for one answer.
struct ReferenceBudget {
    static let most = 200_000

    private(set) var left = ReferenceBudget.most

    /// - Throws: 400 `tooMany` where there are more than may be read.
    mutating func spend(_ count: Int) throws {
        left -= count
        guard left >= 0 else { throw Self.tooMany }
    }

    static let tooMany = SCIMError.tooMany(
        "The answer would hold more than \(most) members and groups. Ask with excludedAttributes=members, or for a smaller count.")
}
