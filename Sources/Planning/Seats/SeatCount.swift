import Mimecast

/// The seats of a tenant: how many are contracted, who sits on them, and how many a plan takes.
///
/// Every account in the tenant's own domains takes a seat, a disabled one as well: the vendor counts what is there until it is purged (our choice
/// where the guide is silent).
public struct SeatCount: Sendable, Hashable, Codable {
    /// Nil where neither the vendor nor the configuration says.
    public var contracted: Int?
    public var present: Int
    /// Not disabled, as far as a list shows it.
    public var active: Int
    /// Disabled, and counted all the same.
    public var disabled: Int
    /// Linked to nobody: no plan's source has named them.
    public var orphaned: Int
    /// Accounts after a plan; nil without one.
    public var after: Int?

    public init(contracted: Int? = nil, present: Int = 0, active: Int = 0, disabled: Int = 0, orphaned: Int = 0, after: Int? = nil) {
        self.contracted = contracted
        self.present = present
        self.active = active
        self.disabled = disabled
        self.orphaned = orphaned
        self.after = after
    }

    /// From this share of the contracted seats on somebody should hear of it.
    public static let warning = 90

    /// Percent of the contracted seats that are taken, after the plan if there is one; nil where the contract is not known.
    public var percent: Int? {
        guard let contracted, contracted > 0 else { return nil }
        return (after ?? present) * 100 / contracted
    }

    /// Counts one account.
    public mutating func add(_ account: Account, isLinked: Bool) {
        guard account.isInternal else { return }
        present += 1
        if account.status == .disabled { disabled += 1 } else { active += 1 }
        if !isLinked { orphaned += 1 }
    }

    /// Counts a tenant before and after some changes.
    ///
    /// - Parameter links: whose accounts are no orphans.
    static func of(_ observed: ObservedState, orphans: Int, changes: [Change]) -> SeatCount {
        var count = SeatCount(contracted: observed.seats)
        for account in observed.accounts { count.add(account, isLinked: true) }
        count.present += observed.settled.count
        count.active += observed.settled.count
        count.orphaned = orphans
        count.after = count.present + changes.count { $0.kind == .create } - changes.count { $0.kind == .remove }
        return count
    }

    /// What somebody should hear about; nil where enough is left.
    public var notice: String? {
        guard let contracted, let percent, percent >= Self.warning else { return nil }
        let taken = after ?? present
        let verb = after == nil ? "are taken" : "are taken after this plan"
        let over = taken > contracted ? ": \(taken - contracted) too many" : ""
        let help = disabled > 0 ? " \(counted(disabled, "disabled account")) still count\(disabled == 1 ? "s" : "")." : ""
        return "\(taken) of \(counted(contracted, "seat")) \(verb) (\(percent) %)\(over).\(help)"
    }
}
