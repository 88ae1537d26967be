import Mimecast
import Planning

/// An event that has an audit event, or a line of an own plan, for its cause: no read shows it.
struct News: Sendable {
    var type: EventType
    /// The folded address; empty for a group's.
    var person: String
    var object = ""
    /// The group's name, and its id where a read shows it.
    var group = ""
    var groupID: String?
    /// Where the change begins, for the event's id: the audit event's id, or the plan and line.
    var cause: String
    /// When it was done, in seconds since 1970.
    var at: Int
    var by: Attribution
    /// It was made and undone between two reads.
    var undone = false

    /// As the log takes it.
    ///
    /// - Parameter instant: when it was seen, in seconds since 1970.
    func entry(tenant: String, seen instant: Int) throws -> EventLog.Entry {
        var data = EventData(before: sides.before, after: sides.after)
        data.by = EventData.By(by)
        if !person.isEmpty { data.account = EventData.Account(address: person) }
        if !group.isEmpty { data.group = EventData.Group(id: groupID, name: group) }
        if undone { data.undone = true }
        let draft = EventDraft(type, person: person, object: "\(person) \(object) \(group)", data)
        var entry = try EventLog.entry(draft, tenant: tenant, start: cause, at: at)
        entry.at = instant
        return entry
    }

    /// What was so before and what is so after; nil where there was or is nothing.
    private var sides: (before: EventData.Values?, after: EventData.Values?) {
        func values(_ field: WritableKeyPath<EventData.Values, String?>, _ value: String) -> EventData.Values {
            var values = EventData.Values()
            values[keyPath: field] = value
            return values
        }
        return switch type {
        case .accountDisabled: (values(\.status, "active"), values(\.status, "disabled"))
        case .accountEnabled: (values(\.status, "disabled"), values(\.status, "active"))
        case .accountCreated, .groupJoined: (nil, values(\.address, person))
        case .accountRemoved, .groupLeft: (values(\.address, person), nil)
        case .aliasAdded: (nil, values(\.alias, object))
        case .aliasRemoved: (values(\.alias, object), nil)
        case .delegateAdded: (nil, values(\.delegate, object))
        case .delegateRemoved: (values(\.delegate, object), nil)
        case .groupCreated: (nil, values(\.name, group))
        case .groupRemoved: (values(\.name, group), nil)
        default: (nil, nil)
        }
    }
}

extension News {
    /// - Returns: nil for a kind that has no two sides.
    init?(_ trace: AuditTrace, by attribution: Attribution, undone: Bool = false) {
        let types: [AuditTrace.Kind: EventType] = [
            .accountCreated: .accountCreated, .accountRemoved: .accountRemoved, .accountDisabled: .accountDisabled,
            .accountEnabled: .accountEnabled, .aliasAdded: .aliasAdded, .aliasRemoved: .aliasRemoved,
            .delegateAdded: .delegateAdded, .delegateRemoved: .delegateRemoved, .memberJoined: .groupJoined, .memberLeft: .groupLeft,
            .groupCreated: .groupCreated, .groupRemoved: .groupRemoved,
        ]
        guard let type = types[trace.kind] else { return nil }
        self.init(
            type: type, person: trace.subject.hasPrefix("group:") ? "" : trace.subject, object: trace.object, group: trace.group,
            cause: trace.id, at: trace.at, by: attribution, undone: undone)
    }
}

extension EventData.By {
    /// Nil where nobody knows.
    init?(_ found: Attribution) {
        guard found.whose != .unknown else { return nil }
        self.init(
            actor: found.actor, audit: found.audit, at: found.at, plan: found.plan, line: found.line, own: found.whose == .own ? true : nil)
    }
}
