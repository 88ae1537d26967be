extension Guards {
    /// A configuration that says something else than the one of the last accepted plan, and so takes effect on accounts that exist: it looks
    /// exactly like a source that changed, and is stopped until somebody says that it was meant.
    ///
    /// - Parameter policy: the digest of the configuration's rules; nil where there are none.
    /// - Returns: nil where nothing was accepted yet, or the rules are the same.
    static func policyChange(_ changes: [Change], policy: String?, context: GuardContext) -> GuardResult? {
        guard context.lastAccepted != nil, policy != context.lastPolicy else { return nil }
        let made = Set(changes.filter { $0.kind == .create }.map(\.account))
        let touched = changes.count { change in
            switch change.kind {
            case .rename, .update, .enable, .disable, .remove, .removeMember: true
            // What a new account gets takes effect on none that exists.
            case .attribute: !made.contains(change.account)
            default: false
            }
        }
        let limit = context.limits.raised[GuardName.policy.rawValue] ?? 0
        let effect =
            touched == 1 ? "1 change takes effect on an account that exists" : "\(touched) changes take effect on accounts that exist"
        return GuardResult(
            .policy, value: touched, limit: limit, tripped: touched > limit,
            explanation:
                "the rules of the configuration (map, attributes, scope, groups) are not those of the last accepted plan, and \(effect); the "
                + "limit is \(limit)")
    }
}
