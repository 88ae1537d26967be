/// Which of the changes that wait a sync carries out.
///
/// Nothing is read over a connection that is disabled or in error. While there is one, nothing destructive is done for any connection of
/// the tenant (the vendor's support article). What concerns the same person or group as a change that waits, waits behind it: changes of
/// one thing keep their order, so the outcome is the same as without the pause.
enum SyncPlan {
    /// A change as it waits.
    struct Entry: Sendable, Hashable {
        /// Its place in the order.
        let number: Int
        /// By id.
        let connection: String
        let change: DirectoryChange
    }

    /// - Parameters:
    ///   - entries: in order.
    ///   - live: the connections that are read.
    ///   - isPaused: there is a connection that is not.
    static func split(_ entries: [Entry], live: Set<String>, isPaused: Bool) -> (pass: [Entry], wait: [Entry]) {
        var claimed = DirectoryChange.Claims()
        var pass: [Entry] = []
        var wait: [Entry] = []
        for entry in entries {
            let claims = entry.change.claims
            if !live.contains(entry.connection) || isPaused && entry.change.isDestructive || claims.meet(claimed) {
                claimed.formUnion(claims)
                wait.append(entry)
            } else {
                pass.append(entry)
            }
        }
        return (pass, wait)
    }
}
