import Mimecast

/// One of the vendor's audit events, as far as it says who did what to whom.
public struct AuditTrace: Sendable, Hashable {
    /// What was done. Audit events that tell of nothing that a read could show (logons, policies, passwords) are no traces.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case accountCreated = "account-created"
        case accountChanged = "account-changed"
        /// `object` is the new address.
        case accountRenamed = "account-renamed"
        case accountDisabled = "account-disabled"
        case accountEnabled = "account-enabled"
        case accountRemoved = "account-removed"
        /// Something was done to the account, and the event does not say what in words that we know.
        case accountTouched = "account-touched"
        case rolesChanged = "roles-changed"
        /// `object` is the alias.
        case aliasAdded = "alias-added"
        case aliasRemoved = "alias-removed"
        /// `object` is who may open the mailbox of the subject.
        case delegateAdded = "delegate-added"
        case delegateRemoved = "delegate-removed"
        case memberJoined = "member-joined"
        case memberLeft = "member-left"
        case groupCreated = "group-created"
        /// `object` is the new name, folded.
        case groupRenamed = "group-renamed"
        case groupRemoved = "group-removed"
        case directorySynced = "directory-synced"
        case imported
    }

    /// The vendor's id of the event: the proof.
    public var id: String
    /// Seconds since 1970, by the vendor's clock.
    public var at: Int
    /// The vendor's code.
    public var category: String
    /// Who did it, as the vendor says: an address, or a name of the vendor's own such as `Mimecast`.
    public var actor: String
    public var kind: Kind
    /// To whom: a folded address, or ``key(ofGroup:)``; empty where the event names nobody.
    public var subject: String
    /// What it is about beside the subject, folded; empty where there is nothing.
    public var object: String
    /// The group's name, as the vendor writes it; empty where it is about none.
    public var group: String
    /// Which application did it, as the vendor's prose says; empty where it does not.
    public var application: String
    /// What was done in the vendor's words: at most ``mostText`` characters, without what looks like a secret.
    public var text: String

    public static let mostText = 300

    public init(
        id: String, at: Int, category: String = "", actor: String, kind: Kind, subject: String, object: String = "", group: String = "",
        application: String = "", text: String = ""
    ) {
        self.id = id
        self.at = at
        self.category = category
        self.actor = actor
        self.kind = kind
        self.subject = subject
        self.object = object
        self.group = group
        self.application = application
        self.text = text
    }

    /// What a group is found by: audit events name groups and give no ids.
    public static func key(ofGroup name: String) -> String { "group:" + EmailAddress.fold(name) }

    /// The categories in which traces are found (codes that clients have been seen to ask for); logons, by far the most events of a
    /// tenant, are in none of them.
    public static let categories = ["account_logs", "integrations_and_apis", "profile_group_logs", "user_account_and_role_logs"]
}
