import Mimecast

/// What the step from one version of an account to the next is, as events.
public enum AccountSteps {
    /// - Parameters:
    ///   - old: nil where the account was not there.
    ///   - new: nil where it is proved to be gone. Who has another address than before was renamed: whoever calls knows that both are the same
    ///     account.
    public static func drafts(from old: Account?, to new: Account?) -> [EventDraft] {
        switch (old, new) {
        case (nil, nil): []
        case (nil, let new?): [draft(.accountCreated, new, after: EventData.Values(new))]
        case (let old?, nil): [draft(.accountRemoved, old, before: EventData.Values(old))]
        case (let old?, let new?): renamed(old, new) + changed(old, new)
        }
    }

    /// Addresses have one home as the vendor spells them; what another spelling of the same address is, is a field that differs.
    private static func renamed(_ old: Account, _ new: Account) -> [EventDraft] {
        guard EmailAddress.key(old.address) != EmailAddress.key(new.address) else { return [] }
        return [draft(.accountRenamed, new, before: values { $0.address = old.address }, after: values { $0.address = new.address })]
    }

    /// What differs beside the address. A side that was not shown is not compared: not shown is not empty.
    private static func changed(_ old: Account, _ new: Account) -> [EventDraft] {
        var drafts: [EventDraft] = []
        var fields: [String] = []
        var (before, after) = (EventData.Values(), EventData.Values())
        func field<Value: Equatable>(_ name: String, _ from: Value?, _ to: Value?, _ path: WritableKeyPath<EventData.Values, Value?>) {
            guard let from, let to, from != to else { return }
            fields.append(name)
            before[keyPath: path] = from
            after[keyPath: path] = to
        }
        if EmailAddress.key(old.address) == EmailAddress.key(new.address) { field("address", old.address, new.address, \.address) }
        field("firstName", old.firstName, new.firstName, \.firstName)
        field("internal", old.isInternal, new.isInternal, \.internal)
        field("lastName", old.lastName, new.lastName, \.lastName)
        field("name", old.name, new.name, \.name)
        let isPlain = old.authority == .ldap && new.authority == .cloud
        if !isPlain { field("source", old.authority.rawValue, new.authority.rawValue, \.source) }
        if !fields.isEmpty {
            var changed = draft(.accountChanged, new, before: before, after: after)
            changed.data.fields = fields
            drafts.append(changed)
        }
        if isPlain {
            drafts.append(
                draft(
                    .accountPlain, new, before: values { $0.source = old.authority.rawValue },
                    after: values { $0.source = new.authority.rawValue }))
        }
        if let from = old.status, let to = new.status, from != to {
            drafts.append(
                draft(
                    to == .disabled ? .accountDisabled : .accountEnabled, new, before: values { $0.status = from.rawValue },
                    after: values { $0.status = to.rawValue }))
        }
        let roles = difference(old.adminRoles, new.adminRoles) { $0 }
        drafts += roles.gone.map { role in draft(.roleTaken, new, "role:" + role, before: values { $0.role = role }) }
        drafts += roles.come.map { role in draft(.roleGranted, new, "role:" + role, after: values { $0.role = role }) }
        let aliases = difference(old.aliases, new.aliases, EmailAddress.key)
        drafts += aliases.gone.map { alias in
            draft(.aliasRemoved, new, "alias:" + EmailAddress.key(alias), before: values { $0.alias = alias })
        }
        drafts += aliases.come.map { alias in
            draft(.aliasAdded, new, "alias:" + EmailAddress.key(alias), after: values { $0.alias = alias })
        }
        return drafts
    }

    private static func difference(
        _ old: [String]?, _ new: [String]?, _ key: (String) -> String
    ) -> (gone: [String], come: [String]) {
        guard let old, let new, old != new else { return ([], []) }
        let (before, after) = (Set(old.map(key)), Set(new.map(key)))
        func sorted(_ list: [String], without other: Set<String>) -> [String] {
            var seen = other
            return list.sorted().filter { seen.insert(key($0)).inserted }
        }
        return (sorted(old, without: after), sorted(new, without: before))
    }

    private static func values(_ body: (inout EventData.Values) -> Void) -> EventData.Values {
        var values = EventData.Values()
        body(&values)
        return values
    }

    private static func draft(
        _ type: EventType, _ account: Account, _ part: String = "", before: EventData.Values? = nil, after: EventData.Values? = nil
    ) -> EventDraft {
        let key = EmailAddress.key(account.address)
        var data = EventData(before: before, after: after)
        data.account = EventData.Account(address: account.address, id: account.id)
        return EventDraft(type, person: key, object: "account:\(key)\(part.isEmpty ? "" : "/")\(part)", data)
    }

    /// An account with what it does not show filled in by an earlier version that did.
    public static func told(_ account: Account, by earlier: Account) -> Account {
        var account = account
        account.name = account.name ?? earlier.name
        account.firstName = account.firstName ?? earlier.firstName
        account.lastName = account.lastName ?? earlier.lastName
        account.aliases = account.aliases ?? earlier.aliases
        account.adminRoles = account.adminRoles ?? earlier.adminRoles
        account.status = account.status ?? earlier.status
        return account
    }

    /// Whether a version shows what the one before did not.
    public static func showsMore(_ new: Account, than old: Account) -> Bool {
        old.name == nil && new.name != nil || old.firstName == nil && new.firstName != nil || old.lastName == nil && new.lastName != nil
            || old.aliases == nil && new.aliases != nil || old.adminRoles == nil && new.adminRoles != nil
            || old.status == nil && new.status != nil
    }
}
