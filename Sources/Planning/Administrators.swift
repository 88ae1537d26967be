import Mimecast

/// Who holds an administrative role.
enum Administrators {
    /// How many there are before and after some changes.
    static func count(_ changes: [Change], _ observed: ObservedState) -> (before: Int, after: Int) {
        // By id, which a rename leaves as it is.
        var holders = Set<String>()
        for account in observed.accounts where account.adminRoles?.isEmpty == false && account.status != .disabled {
            holders.insert(account.id ?? EmailAddress.key(account.address))
        }
        let before = holders.count
        for change in changes {
            let holder = change.accountID ?? EmailAddress.key(change.account)
            switch change.kind {
            case .disable, .remove, .purge: holders.remove(holder)
            case .update, .rename:
                if let roles = change.values?.adminRoles {
                    if roles.isEmpty { holders.remove(holder) } else { holders.insert(holder) }
                }
            case .create:
                if change.values?.adminRoles?.isEmpty == false { holders.insert(holder) }
            default: break
            }
        }
        return (before, holders.count)
    }
}
