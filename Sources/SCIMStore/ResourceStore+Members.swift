import MusterStore

extension ResourceStore {
    public func isMember(_ member: String, of group: String) throws -> Bool {
        try transaction.first(
            "SELECT 1 FROM scim_members WHERE tenant = $1 AND group_id = $2 AND member_id = $3",
            [.text(tenant), .text(group), .text(member)]
        ) { _ in true } ?? false
    }

    /// Adds members that are known not to be in the group; the group's count is kept once for all of them.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Throws: ``StoreError`` of code `constraint` where one is in the group already.
    public func add(_ members: [String], to group: String, now: Int) throws {
        for member in members {
            try transaction.execute(
                "INSERT INTO scim_members (tenant, group_id, member_id, added) VALUES ($1, $2, $3, $4)",
                [.text(tenant), .text(group), .text(member), .integer(Int64(now))])
        }
        try addToMemberCount(group, members.count)
    }

    /// Takes one member out.
    ///
    /// - Returns: false where it was not in the group.
    @discardableResult
    public func remove(_ member: String, from group: String) throws -> Bool {
        let gone = try transaction.execute(
            "DELETE FROM scim_members WHERE tenant = $1 AND group_id = $2 AND member_id = $3",
            [.text(tenant), .text(group), .text(member)])
        if gone == 1 { try addToMemberCount(group, -1) }
        return gone == 1
    }

    /// A page of a group's member ids, ascending.
    ///
    /// - Parameters:
    ///   - after: the last id seen; "" for the first page.
    ///   - limit: most ids to return.
    public func members(of group: String, after: String = "", limit: Int) throws -> [String] {
        try transaction.all(
            "SELECT member_id FROM scim_members WHERE tenant = $1 AND group_id = $2 AND member_id > $3 ORDER BY member_id LIMIT $4",
            [.text(tenant), .text(group), .text(after), .integer(Int64(limit))]
        ) { $0.text(0) }
    }

    /// The ids of all groups that a resource is a direct member of, ascending.
    public func groups(of member: String) throws -> [String] {
        try transaction.all(
            "SELECT group_id FROM scim_members WHERE tenant = $1 AND member_id = $2 ORDER BY group_id", [.text(tenant), .text(member)]
        ) { $0.text(0) }
    }

    private func addToMemberCount(_ group: String, _ change: Int) throws {
        guard change != 0 else { return }
        try transaction.execute(
            "UPDATE scim_resources SET members = members + $3 WHERE tenant = $1 AND id = $2",
            [.text(tenant), .text(group), .integer(Int64(change))])
    }
}
