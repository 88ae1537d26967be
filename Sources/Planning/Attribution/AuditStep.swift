import Mimecast

/// What a change does, in a form that changes between reads, audit events and lines of Muster's own plans have in common.
struct AuditStep: Sendable, Hashable {
    /// What changes.
    enum Matter: Sendable, Hashable {
        /// Whether the account, or the group, is there.
        case existence
        case activity, address, values, roles
        /// By folded group name, alias, and who may open the mailbox.
        case member(String), alias(String), delegate(String)
        case name
        /// What no read shows; the vendor's log has it as a change of the account.
        case attributes
        /// Something about the account.
        case anything
        case directory
    }

    var matter: Matter
    /// There or not, on or off; nil where there are not two sides to it.
    var on: Bool?

    init(_ matter: Matter, _ on: Bool? = nil) {
        self.matter = matter
        self.on = on
    }

    func isOpposite(of other: AuditStep) -> Bool {
        guard let on, let otherOn = other.on else { return false }
        return matter == other.matter && on != otherOn
    }
}

extension AuditTrace {
    var step: AuditStep {
        switch kind {
        case .accountCreated, .groupCreated: AuditStep(.existence, true)
        case .accountRemoved, .groupRemoved: AuditStep(.existence, false)
        case .accountDisabled: AuditStep(.activity, false)
        case .accountEnabled: AuditStep(.activity, true)
        case .accountRenamed: AuditStep(.address)
        case .accountChanged: AuditStep(.values)
        case .accountTouched: AuditStep(.anything)
        case .rolesChanged: AuditStep(.roles)
        case .aliasAdded: AuditStep(.alias(object), true)
        case .aliasRemoved: AuditStep(.alias(object), false)
        case .delegateAdded: AuditStep(.delegate(object), true)
        case .delegateRemoved: AuditStep(.delegate(object), false)
        case .memberJoined: AuditStep(.member(EmailAddress.fold(group)), true)
        case .memberLeft: AuditStep(.member(EmailAddress.fold(group)), false)
        case .groupRenamed: AuditStep(.name)
        case .directorySynced, .imported: AuditStep(.directory)
        }
    }
}

/// A line of one of Muster's own plans, from the moment at which its call was first sent.
public struct OwnAct: Sendable, Hashable {
    public var plan: String
    public var line: Int
    /// Who applied the plan.
    public var who: String
    public var kind: Change.Kind
    /// As ``AuditTrace/subject``.
    public var subject: String
    /// The alias, who may open the mailbox, the group's name or the new address.
    public var object: String
    /// When it was first sent, and when its state last changed; seconds since 1970, by our clock.
    public var sent: Int
    public var changed: Int

    public init(
        plan: String, line: Int, who: String, kind: Change.Kind, subject: String, object: String = "", sent: Int, changed: Int
    ) {
        self.plan = plan
        self.line = line
        self.who = who
        self.kind = kind
        self.subject = subject
        self.object = object
        self.sent = sent
        self.changed = changed
    }

    /// What a line is known by: its subject and object.
    public static func names(of change: Change) -> (subject: String, object: String) {
        switch change.kind {
        case .createGroup: (AuditTrace.key(ofGroup: change.group ?? ""), "")
        case .addMember, .removeMember: (EmailAddress.key(change.account), change.group ?? "")
        case .rename: (EmailAddress.key(change.account), EmailAddress.key(change.values?.address ?? change.person))
        case .attribute: (EmailAddress.key(change.account), EmailAddress.fold(change.counterpart ?? ""))
        default: (EmailAddress.key(change.account), change.counterpart.map(EmailAddress.key) ?? "")
        }
    }

    var steps: [AuditStep] {
        switch kind {
        case .createGroup, .create: [AuditStep(.existence, true)]
        case .remove, .purge: [AuditStep(.existence, false)]
        case .unpurge: [AuditStep(.anything)]
        case .rename: [AuditStep(.address)]
        case .update: [AuditStep(.values), AuditStep(.roles)]
        case .enable: [AuditStep(.activity, true)]
        case .disable: [AuditStep(.activity, false)]
        case .attribute: [AuditStep(.attributes)]
        case .addAlias: [AuditStep(.alias(object), true)]
        case .removeAlias: [AuditStep(.alias(object), false)]
        case .addDelegate: [AuditStep(.delegate(object), true)]
        case .removeDelegate: [AuditStep(.delegate(object), false)]
        case .addMember: [AuditStep(.member(EmailAddress.fold(object)), true)]
        case .removeMember: [AuditStep(.member(EmailAddress.fold(object)), false)]
        case .blocked, .undecided: []
        }
    }
}
