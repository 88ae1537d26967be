import MusterStore

/// Resources that SCIM has deleted and that others still know: no SCIM call finds them; their row and their user name stay.
extension ResourceStore {
    /// - Returns: false also where there is no such resource.
    public func isHidden(_ id: String) throws -> Bool {
        try transaction.first(
            "SELECT hidden FROM scim_resources WHERE tenant = $1 AND id = $2", [tenantValue, .text(id)]
        ) { $0.bool(0) } ?? false
    }

    /// Hides a resource, which leaves all groups; its version rises.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Returns: false where there is none that can be seen.
    @discardableResult
    public func hide(_ id: String, now: Int) throws -> Bool {
        guard try setHidden(id, true, now: now) else { return false }
        try leaveAllGroups(id, now: now)
        return true
    }

    /// Has SCIM find a hidden resource again; its version rises.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Returns: false where there is none that is hidden.
    @discardableResult
    public func unhide(_ id: String, now: Int) throws -> Bool { try setHidden(id, false, now: now) }

    private func setHidden(_ id: String, _ isHidden: Bool, now: Int) throws -> Bool {
        let type = try transaction.first(
            "SELECT type FROM scim_resources WHERE tenant = $1 AND id = $2 AND hidden = $3", [tenantValue, .text(id), .bool(!isHidden)]
        ) { $0.text(0) }
        guard let type else { return false }
        try transaction.execute(
            "UPDATE scim_resources SET hidden = $3, version = version + 1, modified = $4 WHERE tenant = $1 AND id = $2",
            [tenantValue, .text(id), .bool(isHidden), .int(now)])
        try addToCount(type, 0, hidden: isHidden ? 1 : -1)
        return true
    }
}
