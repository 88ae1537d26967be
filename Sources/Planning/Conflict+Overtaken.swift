import Mimecast

extension Change.Kind {
    /// A line of this kind writes over, or deletes, what an account holds: it is looked once more right before it is sent.
    public var isLookedAtFirst: Bool { [.update, .rename, .remove].contains(self) }
}

extension Conflict {
    /// What somebody else did since the plan's read that a line would write over or delete.
    ///
    /// - Parameters:
    ///   - change: of a kind that is looked at first (``Change/Kind/isLookedAtFirst``).
    ///   - before: the account as the plan's read showed it, for a removal; nil where that is not kept any more.
    ///   - present: the account now.
    ///   - seen: when the plan's read was taken, in seconds since 1970.
    /// - Returns: nil where all is as the plan saw it, or already as the line wants it. What either look does not show is taken to be as it was.
    public static func overtaken(_ change: Change, before: Account?, present: Account, seen: Int) -> Conflict? {
        let changed: [Change.Difference] =
            switch change.kind {
            case .update, .rename:
                change.differences.compactMap { planned in
                    guard planned.field != "emailAddress", let found = present.text(of: planned.field), found != planned.from ?? "",
                        found != planned.to ?? ""
                    else { return nil }
                    return Change.Difference(field: planned.field, from: planned.from, to: found)
                }
            case .remove: before.map { edits(from: $0, to: present) } ?? []
            default: []
            }
        guard !changed.isEmpty else { return nil }
        return Conflict(
            expected: changed.map { "\($0.field) \"\($0.from ?? "")\"" }.joined(separator: "; "),
            found: changed.map { "\($0.field) \"\($0.to ?? "")\"" }.joined(separator: "; "), seen: seen)
    }

    /// What speaks for an account that is in use by somebody after all. Aliases and roles may be our own work: lines of the same plan that went
    /// before take them away.
    private static func edits(from before: Account, to present: Account) -> [Change.Difference] {
        ["name", "firstName", "lastName", "status"].compactMap { field in
            guard let old = before.text(of: field), let new = present.text(of: field), old != new else { return nil }
            // Disabled since is nearer to what the line wants, and may be our own work, too.
            guard field != "status" || present.status == .active else { return nil }
            return Change.Difference(field: field, from: old, to: new)
        }
    }

    private init(expected: String, found: String, seen: Int) {
        self.expected = expected
        self.found = found
        self.seen = seen
    }
}
