import MusterStore
import SCIM

extension StoreProvider {
    public func create(
        _ type: ResourceType, _ resource: Resource, members: [Reference], _ wanted: Wanted
    ) async throws -> ResourceEntry {
        try await write { store, now in
            var resource = resource
            let creation = try hooks.willCreate(type, &resource, store)
            let id: String
            switch creation {
            case .insert(let given):
                id = given ?? newID()
                resource.place(id: id)
                try store.checkUserName(of: resource, type)
                try store.insertRow(resource, type: type.name, body: resource.object.serialized, now: now)
                try store.addToCount(type.name, 1)
            case .revive(let known):
                id = known
                resource.place(id: id)
                try store.checkUserName(of: resource, type)
                guard try store.replaceRow(resource, before: nil, type: type.name, body: resource.object.serialized, now: now) else {
                    throw SCIMError.notFound(type.name, id)
                }
                try store.unhide(id, now: now)
            }
            try hooks.didCreate(type, resource, store)
            if type.hasMembers, let row = try store.row(id) {
                let delta = try MembershipDelta([.replaceAll(members)], type, of: row.members > 0 ? id : nil, store, endpoints)
                try change(delta, row, store, now: now) { added, removed in
                    // The first version has its members already.
                    try store.count(members: added - removed, of: id)
                }
            }
            return try entry(type, id, wanted, store)
        }
    }

    public func modify(
        _ type: ResourceType, id: String, _ condition: VersionCondition, _ change: ResourceChange, _ wanted: Wanted
    ) async throws -> ResourceEntry {
        try await write { store, now in
            guard let (row, before) = try store.visible(id, type) else { throw SCIMError.notFound(type.name, id) }
            try condition.check(String(row.version))
            let changed = try change.applied(to: before, type: type)
            var after = changed.resource
            after.place(id: id)
            let delta = try MembershipDelta(changed.members, type, of: id, store, endpoints)
            var isChanged = !before.object.isSame(as: after.object)
            if isChanged {
                try hooks.willChange(type, before, &after, row, store)
                after.place(id: id)
                isChanged = !before.object.isSame(as: after.object)
            }
            if isChanged { try store.checkUserName(of: after, type, before: before) }
            var moved = 0
            let isMoved = try self.change(delta, row, store, now: now) { added, removed in moved = added - removed }
            if isChanged {
                let body = after.object.serialized
                _ = try store.replaceRow(after, before: before, type: type.name, body: body, members: moved, now: now)
                try hooks.didChange(type, before, after, row, store)
            } else if isMoved {
                try store.touch(id, members: moved, now: now)
            }
            return try entry(type, id, wanted, store)
        }
    }

    public func delete(_ type: ResourceType, id: String, _ condition: VersionCondition) async throws {
        try await write { store, now in
            guard let (row, resource) = try store.visible(id, type) else { throw SCIMError.notFound(type.name, id) }
            try condition.check(String(row.version))
            switch try hooks.willDelete(type, row, resource, store) {
            case .remove: try store.delete(id, type: type.name, now: now)
            case .hide: try store.hide(id, now: now)
            case .keep(var kept):
                kept.place(id: id)
                if !resource.object.isSame(as: kept.object) {
                    try store.checkUserName(of: kept, type, before: resource)
                    _ = try store.replaceRow(kept, before: resource, type: type.name, body: kept.object.serialized, now: now)
                }
            }
            try hooks.didDelete(type, row, store)
        }
    }

    // MARK: - Pieces

    /// Two who take one name at the same time: the second is refused by the index, should it get that far.
    private func write<T: Sendable>(
        _ body: @escaping @Sendable (_ store: ResourceStore, _ now: Int) throws -> T
    ) async throws -> T {
        let now = now()
        do {
            return try await store.write(tenant) { [tenant] tx in try body(ResourceStore(tx, tenant: tenant), now) }
        } catch let error as StoreError where error.isOfUserNames {
            throw SCIMError.uniqueness("Another user has this user name already. Use another, or change that user.")
        }
    }

    /// - Returns: whether anybody came or went.
    @discardableResult
    private func change(
        _ delta: MembershipDelta, _ group: StoredRow, _ store: ResourceStore, now: Int,
        _ count: (_ added: Int, _ removed: Int) throws -> Void
    ) throws -> Bool {
        guard !delta.isEmpty else { return false }
        var (adding, removing) = (delta.adding, delta.removing)
        try hooks.willChangeMembers(group, adding: &adding, removing: &removing, store)
        guard !adding.isEmpty || !removing.isEmpty else { return false }
        try store.insertMembers(adding, group.id, now: now)
        try count(adding.count, store.removeMembers(removing, group.id))
        try hooks.didChangeMembers(group, added: adding, removed: removing, store)
        return true
    }

    private func entry(_ type: ResourceType, _ id: String, _ wanted: Wanted, _ store: ResourceStore) throws -> ResourceEntry {
        guard let entry = try store.entry(type, UniqueKey(id: id), wanted, endpoints) else { throw SCIMError.notFound(type.name, id) }
        return entry
    }
}

extension ResourceStore {
    /// One that SCIM may see.
    fileprivate func visible(_ id: String, _ type: ResourceType) throws -> (StoredRow, Resource)? {
        try transaction.first(Self.visibleText, [tenantValue, .text(id), .text(type.name)]) { row in
            (StoredRow(row), try Self.parse(row.blob(StoredRow.width), id))
        }
    }

    private static let visibleText = """
        SELECT \(StoredRow.columns), r.body FROM scim_resources r
        WHERE r.tenant = $1 AND r.id = $2 AND r.type = $3 AND r.hidden = 0
        """

    /// - Throws: 409 `uniqueness` where another user has this name.
    fileprivate func checkUserName(of resource: Resource, _ type: ResourceType, before: Resource? = nil) throws {
        guard type.name == UserResource.resourceType else { return }
        let user = UserResource(resource)
        if let before, ExactText.areEqual(UserResource(before).userName, user.userName) { return }
        if let owner = try userID(named: user.userName), !ExactText.areEqual(owner, user.id) {
            throw SCIMError.uniqueness("The user name \(user.userName.prefix(200)) is taken. Use another, or change that user.")
        }
    }

    /// Notes members of a resource whose version does not rise.
    fileprivate func count(members: Int, of id: String) throws {
        try transaction.execute(
            "UPDATE scim_resources SET members = members + $3 WHERE tenant = $1 AND id = $2", [tenantValue, .text(id), .int(members)])
    }
}

extension StoreError {
    /// The index of user names refused one; SQLite names its columns. Whatever else is refused is no fault of the client.
    fileprivate var isOfUserNames: Bool { code == .constraint && message.contains("scim_resources.user_name_folded") }
}

extension Resource {
    /// Gives it an id, which stands behind the schemas where it had none.
    fileprivate mutating func place(id: String) {
        guard object["id"] == nil else {
            if !ExactText.areEqual(self.id, id) { self.id = id }
            return
        }
        let index = object.members.firstIndex { $0.name == "schemas" }.map { $0 + 1 } ?? 0
        object.members.insert(JSONObject.Member("id", .string(id)), at: index)
    }
}
