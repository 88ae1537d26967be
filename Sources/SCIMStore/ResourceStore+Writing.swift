import MusterStore
import SCIM

extension ResourceStore {
    /// Adds users that are not there yet; the count is kept once for all of them.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Throws: ``StoreError`` of code `constraint` where an id or a user name is taken.
    public func insert(_ users: [UserResource], now: Int) throws {
        try insert(users.map(\.resource), type: UserResource.resourceType, now: now)
    }

    /// Adds groups that are not there yet.
    ///
    /// - Parameter now: milliseconds since 1970.
    public func insert(_ groups: [GroupResource], now: Int) throws {
        try insert(groups.map(\.resource), type: GroupResource.resourceType, now: now)
    }

    /// Adds resources that are not there yet; the count is kept once for all of them.
    ///
    /// - Parameters:
    ///   - type: the name of their type.
    ///   - now: milliseconds since 1970.
    /// - Throws: ``StoreError`` of code `constraint` where an id or a user name is taken.
    public func insert(_ resources: [Resource], type: String, now: Int) throws {
        for resource in resources { try insertRow(resource, type: type, body: resource.object.serialized, now: now) }
        try addToCount(type, resources.count)
    }

    func insertRow(_ resource: Resource, type: String, body: [UInt8], now: Int) throws {
        let id = resource.id
        var arguments: [SQLValue] = [tenantValue, .text(id), .text(type)]
        arguments += ResourceColumns(resource, type: type).values
        arguments += [.int(now), .blob(body)]
        try transaction.execute(
            """
            INSERT INTO scim_resources (tenant, id, type, user_name_folded, external_id, display_name, display_name_folded,
                given_name, family_name, active, active_said, version, created, modified, body)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $12, $13)
            """, arguments)
        for entry in IndexedValues.entries(resource, type: type) { try insertValue(entry, id) }
    }

    /// Puts a user in the place of the stored one with the same id and raises its version.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Returns: false where there is none.
    @discardableResult
    public func replace(_ user: UserResource, now: Int) throws -> Bool {
        try replace(user.resource, type: UserResource.resourceType, now: now)
    }

    /// Puts a group in the place of the stored one with the same id and raises its version.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Returns: false where there is none.
    @discardableResult
    public func replace(_ group: GroupResource, now: Int) throws -> Bool {
        try replace(group.resource, type: GroupResource.resourceType, now: now)
    }

    /// Puts a resource in the place of the stored one with the same id and raises its version.
    ///
    /// - Parameters:
    ///   - type: the name of its type.
    ///   - now: milliseconds since 1970.
    /// - Returns: false where there is none.
    /// - Throws: ``StoreError`` of code `constraint` where a user name is taken.
    @discardableResult
    public func replace(_ resource: Resource, type: String, now: Int) throws -> Bool {
        try replaceRow(resource, before: nil, type: type, body: resource.object.serialized, now: now)
    }

    /// - Parameters:
    ///   - before: what the stored columns were made of, where that is known: then they are left alone where they are the same.
    ///   - members: how many members come to those that are counted.
    func replaceRow(
        _ resource: Resource, before: Resource?, type: String, body: [UInt8], members: Int = 0, now: Int
    ) throws -> Bool {
        let id = resource.id
        let columns = ResourceColumns(resource, type: type)
        let key: [SQLValue] = [tenantValue, .text(id), .text(type)]
        let changed: Int
        if let before, ResourceColumns(before, type: type) == columns {
            changed = try transaction.execute(
                """
                UPDATE scim_resources SET members = members + $4, version = version + 1, modified = $5, body = $6
                WHERE tenant = $1 AND id = $2 AND type = $3
                """, key + [.int(members), .int(now), .blob(body)])
        } else {
            changed = try transaction.execute(
                """
                UPDATE scim_resources SET user_name_folded = $4, external_id = $5, display_name = $6, display_name_folded = $7,
                    given_name = $8, family_name = $9, active = CASE WHEN $11 = \(ResourceColumns.activeUnsaid) THEN active ELSE $10 END,
                    active_said = $11, members = members + $12, version = version + 1, modified = $13, body = $14
                WHERE tenant = $1 AND id = $2 AND type = $3
                """, key + columns.values + [.int(members), .int(now), .blob(body)])
        }
        guard changed == 1 else { return false }
        let wanted = IndexedValues.entries(resource, type: type)
        // As the table has them: an earlier version may have written others than this one would.
        let stored = type == UserResource.resourceType ? try values(of: id) : []
        for entry in stored.subtracting(wanted) {
            try transaction.execute(
                "DELETE FROM scim_values WHERE tenant = $1 AND attribute = $2 AND value_folded = $3 AND resource_id = $4",
                [tenantValue, .text(entry.attribute), .text(entry.value.text), .text(id)])
        }
        for entry in wanted.subtracting(stored) { try insertValue(entry, id) }
        return true
    }

    /// Removes a user with their memberships.
    ///
    /// - Parameter now: milliseconds since 1970, for the groups that it was in.
    /// - Returns: false where there is none.
    @discardableResult
    public func deleteUser(_ id: String, now: Int) throws -> Bool { try delete(id, type: UserResource.resourceType, now: now) }

    /// Removes a group with its memberships, those of which it is a member included.
    ///
    /// - Parameter now: milliseconds since 1970, for the groups that it was in.
    /// - Returns: false where there is none.
    @discardableResult
    public func deleteGroup(_ id: String, now: Int) throws -> Bool { try delete(id, type: GroupResource.resourceType, now: now) }

    /// Removes a resource with everything that lies beside it.
    ///
    /// - Parameters:
    ///   - type: the name of its type.
    ///   - now: milliseconds since 1970, for the groups that it was in.
    /// - Returns: false where there is none.
    @discardableResult
    public func delete(_ id: String, type: String, now: Int) throws -> Bool {
        let isHidden = try transaction.first(
            "SELECT hidden FROM scim_resources WHERE tenant = $1 AND id = $2 AND type = $3", [tenantValue, .text(id), .text(type)]
        ) { $0.bool(0) }
        guard let isHidden else { return false }
        try leaveAllGroups(id, now: now)
        try transaction.execute("DELETE FROM scim_members WHERE tenant = $1 AND group_id = $2", [tenantValue, .text(id)])
        try transaction.execute("DELETE FROM scim_values WHERE tenant = $1 AND resource_id = $2", [tenantValue, .text(id)])
        try transaction.execute(
            "DELETE FROM scim_resources WHERE tenant = $1 AND id = $2 AND type = $3", [tenantValue, .text(id), .text(type)])
        try addToCount(type, -1, hidden: isHidden ? -1 : 0)
        return true
    }

    func addToCount(_ type: String, _ change: Int, hidden: Int = 0) throws {
        guard change != 0 || hidden != 0 else { return }
        try transaction.execute(
            """
            INSERT INTO scim_counts (tenant, type, resources, hidden) VALUES ($1, $2, $3, $4)
            ON CONFLICT (tenant, type) DO UPDATE SET
                resources = scim_counts.resources + excluded.resources, hidden = scim_counts.hidden + excluded.hidden
            """, [tenantValue, .text(type), .int(change), .int(hidden)])
    }

    private func values(of id: String) throws -> Set<IndexedValues.Entry> {
        Set(
            try transaction.all(
                "SELECT attribute, value_folded FROM scim_values WHERE tenant = $1 AND resource_id = $2", [tenantValue, .text(id)]
            ) { IndexedValues.Entry(attribute: $0.text(0), value: ExactText($0.text(1))) })
    }

    private func insertValue(_ entry: IndexedValues.Entry, _ id: String) throws {
        try transaction.execute(
            "INSERT INTO scim_values (tenant, attribute, value_folded, resource_id) VALUES ($1, $2, $3, $4)",
            [tenantValue, .text(entry.attribute), .text(entry.value.text), .text(id)])
    }
}
