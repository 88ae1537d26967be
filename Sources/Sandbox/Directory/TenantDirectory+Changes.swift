import Foundation
import Mimecast
import MusterStore
import SCIM
import SCIMStore

/// What changed in the company's own directory and has not been synced yet.
extension TenantDirectory {
    /// Notes a change; a sync will find it.
    func queue(_ change: DirectoryChange, over connection: ConnectionRecord) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try tx.execute(
            """
            INSERT INTO sb_directory_changes (tenant, number, connection, change)
            VALUES ($1, (SELECT coalesce(max(number), 0) + 1 FROM sb_directory_changes WHERE tenant = $1), $2, $3)
            """, [tenant, .text(connection.id), .text(String(decoding: encoder.encode(change), as: UTF8.self))])
    }

    /// Some connection has a change that no sync has looked at. While syncs are paused, those that were left must stay for what they
    /// are, so they are not read again each time.
    func hasNewChanges(_ connections: [ConnectionRecord]) throws -> Bool {
        try connections.contains { connection in
            try tx.first(
                "SELECT 1 FROM sb_directory_changes WHERE tenant = $1 AND connection = $2 AND waiting = 0 LIMIT 1",
                [tenant, .text(connection.id)]
            ) { _ in true } ?? false
        }
    }

    func hasChanges() throws -> Bool {
        try tx.first("SELECT 1 FROM sb_directory_changes WHERE tenant = $1 LIMIT 1", [tenant]) { _ in true } ?? false
    }

    /// All of them, in order. One that cannot be read (of a later version) is dropped.
    func changes() throws -> [SyncPlan.Entry] {
        let decoder = JSONDecoder()
        var entries: [SyncPlan.Entry] = []
        var unreadable: [Int] = []
        try tx.each("SELECT number, connection, change FROM sb_directory_changes WHERE tenant = $1 ORDER BY number", [tenant]) { row in
            if let change = try? decoder.decode(DirectoryChange.self, from: Data(row.text(2).utf8)) {
                entries.append(SyncPlan.Entry(number: row.int(0), connection: row.text(1), change: change))
            } else {
                unreadable.append(row.int(0))
            }
            return true
        }
        for number in unreadable { try removeChange(number) }
        return entries
    }

    func removeChange(_ number: Int) throws {
        try tx.execute("DELETE FROM sb_directory_changes WHERE tenant = $1 AND number = $2", [tenant, .int(number)])
    }

    func leaveWaiting(_ number: Int) throws {
        try tx.execute(
            "UPDATE sb_directory_changes SET waiting = 1 WHERE tenant = $1 AND number = $2 AND waiting = 0", [tenant, .int(number)])
    }
}

/// Groups of the company's directory.
extension TenantDirectory {
    /// - Parameter name: in any letter case.
    func directoryGroup(named name: String) throws -> GroupRecord? {
        // CROSS JOIN, which SQLite never reorders: the few resources of that name first.
        try tx.first(
            """
            SELECT \(GroupRecord.columns) FROM scim_resources r CROSS JOIN sb_groups g
            WHERE r.tenant = $1 AND r.type = $2 AND r.display_name_folded = $3
                AND g.tenant = r.tenant AND g.id = r.id AND g.source = $4
            ORDER BY r.id
            """, [tenant, .text(GroupResource.resourceType), .text(foldedKey(name)), .text(Authority.ldap.rawValue)]
        ) { GroupRecord($0) }
    }

    /// Makes a group right below the root of its source.
    func insertGroup(named name: String, source: Authority) throws {
        let root = try tx.first(
            "SELECT id FROM sb_groups WHERE tenant = $1 AND parent_id = '' AND source = $2", [tenant, .text(source.rawValue)]
        ) { $0.text(0) }
        guard let root else { throw ItemFailure(FailureCode.folderNotFound, "There is no place for groups of \(source.rawValue)") }
        let id = KeyRing.newID()
        try resources.insert([GroupResource(id: id, displayName: name)], now: now)
        try tx.execute(
            "INSERT INTO sb_groups (tenant, id, source, parent_id) VALUES ($1, $2, $3, $4)",
            [tenant, .text(id), .text(source.rawValue), .text(root)])
        try tx.execute("UPDATE sb_groups SET folders = folders + 1 WHERE tenant = $1 AND id = $2", [tenant, .text(root)])
        try record(.groupCreated, "Group \(name) created")
    }

    /// Removes a group that has no groups in it, with its memberships.
    func drop(_ group: GroupRecord) throws {
        guard group.folders == 0 else { throw ItemFailure(FailureCode.folderNotEmpty, "The group \(group.name) has groups in it") }
        let key: [SQLValue] = [tenant, .text(group.id)]
        try tx.execute("DELETE FROM sb_member_notes WHERE tenant = $1 AND group_id = $2", key)
        try tx.execute("DELETE FROM sb_group_domains WHERE tenant = $1 AND group_id = $2", key)
        try tx.execute("DELETE FROM sb_groups WHERE tenant = $1 AND id = $2", key)
        try tx.execute("UPDATE sb_groups SET folders = folders - 1 WHERE tenant = $1 AND id = $2", [tenant, .text(group.parentID)])
        try resources.deleteGroup(group.id, now: now)
        try record(.groupDeleted, "Group \(group.name) deleted")
    }
}
