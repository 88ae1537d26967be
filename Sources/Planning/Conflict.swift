import Mimecast

/// What somebody else did to the subject of a line between the read that the plan rests on and the apply.
public struct Conflict: Sendable, Hashable, Codable {
    /// What the plan saw, or found missing: `active`; `name "Ann"`; `no account`.
    public var expected: String
    /// What is there now, in the same words.
    public var found: String
    /// When the plan's read was taken: whoever changed it did so later. Seconds since 1970.
    public var seen: Int

    /// What is known of a line's subject now; nil is what nobody read.
    public struct Present: Sendable {
        /// The account; a nil in it is that there is none.
        public var account: Account??
        /// Whether the account is in the group, or the alias or the right is there.
        public var holds: Bool?
        /// Whether the group is there still.
        public var hasGroup: Bool?
        /// Of a rename: the account that has the new address.
        public var taken: Account?
        /// The value of the attribute; a nil in it is that there is none.
        public var attribute: String??

        public init(
            account: Account?? = nil, holds: Bool? = nil, hasGroup: Bool? = nil, taken: Account? = nil, attribute: String?? = nil
        ) {
            self.attribute = attribute
            self.account = account
            self.holds = holds
            self.hasGroup = hasGroup
            self.taken = taken
        }
    }

    /// - Returns: nil where all is as the plan saw it: then nobody else has a part in it.
    public init?(_ change: Change, present: Present, seen: Int) {
        guard let (expected, found) = Self.compare(change, present), expected != found else { return nil }
        self.expected = expected
        self.found = found
        self.seen = seen
    }

    private static func compare(_ change: Change, _ present: Present) -> (expected: String, found: String)? {
        let group = change.group ?? change.groupID ?? "the group"
        let other = change.counterpart ?? ""
        switch change.kind {
        case .create: return present.account.map { ("no account", state(of: $0)) }
        case .enable: return present.account.map { ("disabled", status(of: $0)) }
        case .disable: return present.account.map { ("active", status(of: $0)) }
        case .rename where present.taken != nil:
            let address = change.values?.address ?? ""
            return ("no account \(address)", state(of: present.taken))
        case .rename, .update: return present.account.map { (fields(change), fields(change, $0)) }
        case .remove, .purge, .unpurge: return present.account.map { ("an account", $0 == nil ? "no account" : "an account") }
        case .createGroup: return present.hasGroup.map { ("no group \(group)", $0 ? "a group \(group)" : "no group \(group)") }
        case .addMember, .removeMember:
            if case .some(nil) = present.account { return ("an account", "no account") }
            if present.hasGroup == false { return ("a group \(group)", "no group \(group)") }
            return standing(change.kind == .addMember, "a member of \(group)", present)
        case .addAlias, .removeAlias: return standing(change.kind == .addAlias, "the alias \(other)", present)
        case .addDelegate, .removeDelegate:
            return standing(change.kind == .addDelegate, "\(other) may open the mailbox", present)
        case .attribute:
            if case .some(nil) = present.account { return ("an account", "no account") }
            func words(_ value: String?) -> String { value.map { "\(other) \"\($0)\"" } ?? "no \(other)" }
            return present.attribute.map { (words(change.differences.first?.from), words($0)) }
        case .blocked, .undecided: return nil
        }
    }

    private static func standing(_ adds: Bool, _ what: String, _ present: Present) -> (String, String)? {
        if case .some(nil) = present.account { return ("an account", "no account") }
        return present.holds.map { (adds ? "not: \(what)" : what, $0 ? what : "not: \(what)") }
    }

    private static func state(of account: Account?) -> String {
        guard let account else { return "no account" }
        return "an account" + (account.name.map { " \"\($0)\"" } ?? "")
    }

    private static func status(of account: Account?) -> String {
        guard let account else { return "no account" }
        if account.authority == .ldap { return "directory-synced" }
        return account.status?.rawValue ?? "an account"
    }

    /// The fields of an update as the plan saw them.
    private static func fields(_ change: Change) -> String {
        change.differences.map { "\($0.field) \"\($0.from ?? "")\"" }.joined(separator: "; ")
    }

    private static func fields(_ change: Change, _ account: Account?) -> String {
        guard let account else { return "no account" }
        if account.authority == .ldap { return "directory-synced" }
        return change.differences.map { difference in
            // What this read does not show is taken to be as it was.
            "\(difference.field) \"\(account.text(of: difference.field) ?? difference.from ?? "")\""
        }.joined(separator: "; ")
    }
}

extension Account {
    /// A field by the name that differences have; nil where it is not carried.
    func text(of field: String) -> String? {
        switch field {
        case "emailAddress": address
        case "name": name
        case "firstName": firstName
        case "lastName": lastName
        case "aliases": aliases?.sorted().joined(separator: "; ")
        case "adminRoles": adminRoles?.sorted().joined(separator: "; ")
        case "status": status?.rawValue
        default: nil
        }
    }
}
