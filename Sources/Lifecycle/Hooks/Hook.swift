/// A subscriber of a tenant's events: where they are delivered, which, and how they are signed.
public struct Hook: Sendable, Hashable {
    public enum State: String, Sendable, Codable {
        case active
        /// The receiver answered 410; nothing is delivered until somebody enables the hook again.
        case gone
    }

    public var tenant: String
    public var name: String
    /// As ``HookURL`` has it.
    public var url: String
    public var filter: HookFilter
    /// Whether addresses are allowed that are not public, and plain http to them.
    public var allowPrivate: Bool
    /// A reference to the secret.
    public var secret: String
    /// A reference to the secret before it, which signs as well until ``oldUntil``, in seconds since 1970.
    public var oldSecret: String?
    public var oldUntil: Int?
    /// Seconds since 1970.
    public var added: Int
    public var who: String
    public var state: State

    public init(
        tenant: String, name: String, url: HookURL, filter: HookFilter, allowPrivate: Bool, secret: String, added: Int, who: String
    ) throws {
        guard Self.isName(name) else {
            throw LifecycleError(
                .usage, "hook-name", "\(name) is no name for a hook.",
                remedy: "Give one of at most 64 letters, digits, dots, dashes and underscores.")
        }
        self.init(
            tenant: tenant, name: name, url: url.text, filter: filter, allowPrivate: allowPrivate, secret: secret, oldSecret: nil,
            oldUntil: nil, added: added, who: who, state: .active)
    }

    init(
        tenant: String, name: String, url: String, filter: HookFilter, allowPrivate: Bool, secret: String, oldSecret: String?,
        oldUntil: Int?, added: Int, who: String, state: State
    ) {
        self.tenant = tenant
        self.name = name
        self.url = url
        self.filter = filter
        self.allowPrivate = allowPrivate
        self.secret = secret
        self.oldSecret = oldSecret
        self.oldUntil = oldUntil
        self.added = added
        self.who = who
        self.state = state
    }

    static func isName(_ text: String) -> Bool { text.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9._-]{0,63}/) != nil }

    /// The references whose secrets sign at a time, the newest first.
    func secrets(at now: Int) -> [String] {
        guard let oldSecret, let oldUntil, oldUntil > now else { return [secret] }
        return [secret, oldSecret]
    }
}

/// How a hook does.
public struct HookStanding: Sendable, Hashable {
    public var hook: Hook
    /// Events that arrived, replays included.
    public var delivered: Int
    /// When the last one arrived; times here are seconds since 1970.
    public var lastDelivered: Int?
    /// Events in the log, wanted or not, that the hook has not come to, replays included.
    public var behind: Int
    /// Persons whose events wait because one of theirs did not arrive; the tenant itself counts as one.
    public var waiting: Int
    public var deadLetters: Int
    /// Since when everything that was tried failed; nil where the last try arrived.
    public var failingSince: Int?
    /// When something is tried next; nil where nothing waits.
    public var next: Int?
    /// Why the last try failed, or why nothing is tried.
    public var note: String?
}

/// An event that was given up after three days of tries. It stays until it is replayed or dropped.
public struct DeadLetter: Sendable, Hashable {
    /// Its place in the tenant's log.
    public var number: Int
    public var id: String
    public var type: String
    public var person: String
    /// Seconds since 1970.
    public var firstFailed: Int
    public var died: Int
    public var note: String?
    /// Whether the log still has it; what is not there cannot be replayed.
    public var isKept: Bool
}
