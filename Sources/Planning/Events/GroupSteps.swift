import Mimecast

/// What the step from one version of a group, or of a membership, to the next is, as events.
public enum GroupSteps {
    /// - Parameters:
    ///   - old: nil where the group was not there.
    ///   - new: nil where it is proved to be gone.
    public static func drafts(from old: Group?, to new: Group?) -> [EventDraft] {
        switch (old, new) {
        case (nil, nil): []
        case (nil, let new?): [draft(.groupCreated, new, after: EventData.Values(new))]
        case (let old?, nil): [draft(.groupRemoved, old, before: EventData.Values(old))]
        case (let old?, let new?): changed(old, new)
        }
    }

    private static func changed(_ old: Group, _ new: Group) -> [EventDraft] {
        var drafts: [EventDraft] = []
        var (before, after) = (EventData.Values(), EventData.Values())
        if old.name != new.name {
            before.name = old.name
            after.name = new.name
            drafts.append(draft(.groupRenamed, new, before: before, after: after))
        }
        if old.authority != new.authority {
            (before, after) = (EventData.Values(), EventData.Values())
            before.source = old.authority.rawValue
            after.source = new.authority.rawValue
            var changed = draft(.groupChanged, new, before: before, after: after)
            changed.data.fields = ["source"]
            drafts.append(changed)
        }
        return drafts
    }

    private static func draft(
        _ type: EventType, _ group: Group, before: EventData.Values? = nil, after: EventData.Values? = nil
    ) -> EventDraft {
        var data = EventData(before: before, after: after)
        data.group = EventData.Group(id: group.id, name: group.name)
        return EventDraft(type, object: "group:" + group.id, data)
    }

    /// Somebody joins or leaves.
    ///
    /// - Parameters:
    ///   - member: a folded address.
    ///   - name: of the group, where it is known.
    public static func membership(_ type: EventType, member: String, group id: String, name: String?) -> EventDraft {
        var values = EventData.Values()
        values.address = member
        var data = type == .groupJoined ? EventData(after: values) : EventData(before: values)
        data.account = EventData.Account(address: member)
        data.group = EventData.Group(id: id, name: name)
        return EventDraft(type, person: member, object: "member:\(id)/\(member)", data)
    }

    /// An alias whose owner the dialect does not show.
    public static func alias(_ type: EventType, _ address: String) -> EventDraft {
        var values = EventData.Values()
        values.alias = address
        return EventDraft(type, object: "alias:" + address, type == .aliasAdded ? EventData(after: values) : EventData(before: values))
    }
}
