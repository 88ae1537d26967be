import Mimecast

/// A change between two reads, as far as it takes to find who made it.
public struct ObservedChange: Sendable, Hashable {
    /// The event's type, such as `account.disabled`.
    public var type: String
    /// The account's folded address, of a rename the one before; empty where it is about a group itself.
    public var account: String
    /// An alias, who may open the mailbox, or the new address, folded; of a renamed group its new name.
    public var object: String
    /// The group's name; of a renamed group the one before.
    public var group: String
    /// The company's directory manages the account or group: nobody but its sync can have changed what it owns.
    public var isDirectoryManaged: Bool

    public init(type: String, account: String = "", object: String = "", group: String = "", isDirectoryManaged: Bool = false) {
        self.type = type
        self.account = account
        self.object = object
        self.group = group
        self.isDirectoryManaged = isDirectoryManaged
    }

    /// What traces and acts of it are found by.
    public var subjects: [String] {
        if type.hasPrefix("group."), account.isEmpty { return [AuditTrace.key(ofGroup: group)] }
        return type == "account.renamed" && !object.isEmpty ? [account, object] : [account]
    }

    /// What may have made it; empty for a type that nobody's doing explains (seats, proofs, integrations).
    var steps: [AuditStep] {
        switch type {
        case "account.created", "group.created": [AuditStep(.existence, true)]
        case "account.removed", "group.removed": [AuditStep(.existence, false)]
        case "account.disabled": [AuditStep(.activity, false)]
        case "account.enabled": [AuditStep(.activity, true)]
        case "account.renamed": [AuditStep(.address)]
        case "account.changed": [AuditStep(.values)]
        case "account.plain": [AuditStep(.anything)]
        case "role.granted", "role.taken": [AuditStep(.roles)]
        case "alias.added": [AuditStep(.alias(object), true)]
        case "alias.removed": [AuditStep(.alias(object), false)]
        case "delegate.added": [AuditStep(.delegate(object), true)]
        case "delegate.removed": [AuditStep(.delegate(object), false)]
        case "group.joined": [AuditStep(.member(EmailAddress.fold(group)), true)]
        case "group.left": [AuditStep(.member(EmailAddress.fold(group)), false)]
        case "group.renamed": [AuditStep(.name)]
        default: []
        }
    }

    /// Less telling words for it, where nothing says it outright.
    var weakSteps: [AuditStep] {
        switch type {
        // Whoever was removed and made again under another address was renamed, too; the vendor may call all of it a change.
        case "account.renamed": [AuditStep(.values), AuditStep(.anything)]
        case "role.granted", "role.taken", "alias.added", "alias.removed": [AuditStep(.values), AuditStep(.anything)]
        case _ where type.hasPrefix("account."): [AuditStep(.anything)]
        default: []
        }
    }
}
