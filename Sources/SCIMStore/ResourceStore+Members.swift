import MusterStore

extension ResourceStore {
    public func isMember(_ member: String, of group: String) throws -> Bool {
        try transaction.first(
            "SELECT 1 FROM scim_members WHERE tenant = $1 AND group_id = $2 AND member_id = $3",
            [tenantValue, .text(group), .text(member)]
        ) { _ in true } ?? false
    }

    /// Adds members that are known not to be in the group; its count and its version are kept once for all of them.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Throws: ``StoreError`` of code `constraint` where one is in the group already.
    public func add(_ members: [String], to group: String, now: Int) throws {
        guard !members.isEmpty else { return }
        try insertMembers(members, group, now: now)
        try touch(group, members: members.count, now: now)
    }

    /// Takes one member out.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Returns: false where it was not in the group.
    @discardableResult
    public func remove(_ member: String, from group: String, now: Int) throws -> Bool {
        guard try removeMembers([member], group) == 1 else { return false }
        try touch(group, members: -1, now: now)
        return true
    }

    func insertMembers(_ members: [String], _ group: String, now: Int) throws {
        for member in members {
            try transaction.execute(
                "INSERT INTO scim_members (tenant, group_id, member_id, added) VALUES ($1, $2, $3, $4)",
                [tenantValue, .text(group), .text(member), .int(now)])
        }
    }

    /// - Returns: how many of them were in the group.
    @discardableResult
    func removeMembers(_ members: [String], _ group: String) throws -> Int {
        var count = 0
        for member in members {
            count += try transaction.execute(
                "DELETE FROM scim_members WHERE tenant = $1 AND group_id = $2 AND member_id = $3",
                [tenantValue, .text(group), .text(member)])
        }
        return count
    }

    /// Raises a resource's version.
    ///
    /// - Parameters:
    ///   - members: how many members come to those that are counted.
    ///   - now: milliseconds since 1970.
    func touch(_ id: String, members: Int, now: Int) throws {
        try transaction.execute(
            "UPDATE scim_resources SET members = members + $3, version = version + 1, modified = $4 WHERE tenant = $1 AND id = $2",
            [tenantValue, .text(id), .int(members), .int(now)])
    }

    func leaveAllGroups(_ id: String, now: Int) throws {
        let groups = try groups(of: id)
        guard !groups.isEmpty else { return }
        try transaction.execute("DELETE FROM scim_members WHERE tenant = $1 AND member_id = $2", [tenantValue, .text(id)])
        for group in groups { try touch(group, members: -1, now: now) }
    }

    /// A page of a group's member ids, ascending.
    ///
    /// - Parameters:
    ///   - after: the last id seen; "" for the first page.
    ///   - limit: most ids to return.
    public func members(of group: String, after: String = "", limit: Int) throws -> [String] {
        try transaction.all(
            "SELECT member_id FROM scim_members WHERE tenant = $1 AND group_id = $2 AND member_id > $3 ORDER BY member_id LIMIT $4",
            [tenantValue, .text(group), .text(after), .int(limit)]
        ) { $0.text(0) }
    }

    /// The ids of all groups that a resource is a direct member of, ascending.
    public func groups(of member: String) throws -> [String] {
        try transaction.all(
            "SELECT group_id FROM scim_members WHERE tenant = $1 AND member_id = $2 ORDER BY group_id", [tenantValue, .text(member)]
        ) { $0.text(0) }
    }
}
