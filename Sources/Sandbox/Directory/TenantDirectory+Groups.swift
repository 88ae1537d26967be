import Mimecast
import MusterStore
import SCIM
import SCIMStore

extension TenantDirectory {
    func group(id: String) throws -> GroupRecord? {
        try tx.first(
            """
            SELECT \(GroupRecord.columns) FROM sb_groups g JOIN scim_resources r ON r.tenant = g.tenant AND r.id = g.id
            WHERE g.tenant = $1 AND g.id = $2
            """, [tenant, .text(id)]
        ) { GroupRecord($0) }
    }

    /// A page of groups by name. A substring is looked for in Swift: no text search is spelled alike in both databases, and a
    /// tenant's groups are few beside its people (``mostGroups``). CROSS JOIN, which SQLite never reorders: the names' index is in order.
    ///
    /// - Parameters:
    ///   - query: part of the name, in any letter case; nil is all.
    ///   - after: folded name and id of the last group seen.
    func groups(query: String?, source: Authority?, after: (name: String, id: String)?, limit: Int) throws -> [GroupRecord] {
        let wanted = query.map(foldedKey)
        var found: [GroupRecord] = []
        try tx.each(
            """
            SELECT \(GroupRecord.columns) FROM scim_resources r CROSS JOIN sb_groups g
            WHERE r.tenant = $1 AND r.type = $2 AND (r.display_name_folded, r.id) > ($3, $4) AND g.tenant = r.tenant AND g.id = r.id
            ORDER BY r.display_name_folded, r.id
            """, [tenant, .text(GroupResource.resourceType), .text(after?.name ?? ""), .text(after?.id ?? "")]
        ) { row in
            let group = GroupRecord(row)
            if source == nil || source == group.source, wanted.map({ group.resource.displayNameFolded?.contains($0) == true }) ?? true {
                found.append(group)
            }
            return found.count < limit
        }
        return found
    }

    /// A group that somebody wants to read.
    ///
    /// - Throws: ``CallRefusal`` for a malformed id.
    func readableGroup(_ id: String?, _ field: String = "id") throws -> GroupRecord {
        guard let group = try group(id: FieldCheck.id(id, field)) else { throw Self.groupNotFound(field) }
        return group
    }

    /// The group that is to be changed, or whose members are.
    ///
    /// - Throws: ``CallRefusal`` for a malformed id.
    func writableGroup(_ id: String?, _ field: String = "id") throws -> GroupRecord {
        let group = try readableGroup(id, field)
        guard group.source == .cloud else { throw ItemFailure.directoryManaged("The group") }
        return group
    }

    static func groupNotFound(_ field: String) -> ItemFailure {
        ItemFailure(FailureCode.folderNotFound, "Group not found", field: field)
    }
}
