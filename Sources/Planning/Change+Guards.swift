extension Change {
    /// The guards in whose count this line is. Seats and additions count accounts that are made; the shrink of the source is the whole
    /// plan's and no line's.
    public var countsIn: [GuardName] {
        var names: [GuardName] = []
        if removal { names += [.removals, .removalsPerDay] }
        if kind == .create { names += [.additions, .seats] }
        if privilege { names += [.privilege, .administrators] }
        return names
    }

    /// Whether this line alone makes the plan wait for a human.
    public var needsApproval: Bool { removal || privilege }
}
