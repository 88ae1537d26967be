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
    /// tenant's groups are few beside its people.
    ///
    /// - Parameters:
    ///   - query: part of the name, in any letter case; nil is all.
    ///   - after: folded name and id of the last group seen.
    func groups(query: String?, source: Authority?, after: (name: String, id: String)?, limit: Int) throws -> [GroupRecord] {
        let wanted = query.map(foldedKey)
        var found: [GroupRecord] = []
        try tx.each(
            """
            SELECT \(GroupRecord.columns) FROM scim_resources r JOIN sb_groups g ON g.tenant = r.tenant AND g.id = r.id
            WHERE r.tenant = $1 AND r.type = $2 AND (r.display_name_folded, r.id) > ($3, $4)
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

    /// The group that a member is to be put into or taken out of.
    func writableGroup(_ id: String?, _ field: String = "id") throws -> GroupRecord {
        let id = try FieldCheck.required(id, field)
        guard let group = try group(id: id) else {
            throw ItemFailure(FailureCode.folderNotFound, "Group not found", field: field)
        }
        guard group.source == .cloud else { throw ItemFailure.directoryManaged("The group") }
        return group
    }

    /// Puts an address into a cloud group. An unknown address of another company becomes an external account.
    func addMember(_ rawAddress: String?, to groupID: String?, notes: String?) throws -> (account: AccountRecord, group: GroupRecord) {
        let group = try writableGroup(groupID)
        let address = try FieldCheck.requiredAddress(rawAddress)
        if let notes { _ = try FieldCheck.plain(notes, "notes", most: 400) }
        guard (notes?.count ?? 0) <= 100 else { throw ItemFailure.invalid("notes", "At most 100 characters are allowed") }
        var account = try account(address, byAlias: true)
        if account == nil {
            guard !isInternal(domain: address.domain), try !isTaken(address) else { throw Self.addressNotFound }
            account = try create(NewAccount(address: address, name: nil))
        }
        guard let account else { throw Self.addressNotFound }
        guard try !resources.isMember(account.id, of: group.id) else {
            throw ItemFailure(FailureCode.memberAlreadyExists, "Group member already exists")
        }
        try resources.add([account.id], to: group.id, now: now)
        if let notes, !notes.isEmpty {
            try tx.execute(
                "INSERT INTO sb_member_notes (tenant, group_id, member_id, notes) VALUES ($1, $2, $3, $4)",
                [tenant, .text(group.id), .text(account.id), .text(notes)])
        }
        return (account, group)
    }

    func removeMember(_ rawAddress: String?, from groupID: String?) throws -> (account: AccountRecord, group: GroupRecord) {
        let group = try writableGroup(groupID)
        let address = try FieldCheck.requiredAddress(rawAddress)
        guard let account = try account(address, byAlias: true), try leave(account, group) else { throw Self.addressNotFound }
        return (account, group)
    }

    /// Takes an account out of a group, with what was noted about it.
    ///
    /// - Returns: false where it was not in the group.
    @discardableResult
    func leave(_ account: AccountRecord, _ group: GroupRecord) throws -> Bool {
        guard try resources.remove(account.id, from: group.id) else { return false }
        try tx.execute(
            "DELETE FROM sb_member_notes WHERE tenant = $1 AND group_id = $2 AND member_id = $3",
            [tenant, .text(group.id), .text(account.id)])
        return true
    }

    private static var addressNotFound: ItemFailure {
        ItemFailure(FailureCode.addressNotFound, "Error email address not found", field: "emailAddress")
    }
}
