import Mimecast
import MusterStore
import SCIM
import SCIMStore

/// How groups lie in one another. Each source has a root, which is a row of `sb_groups` without a parent and without a resource: it can be
/// named as a parent, but no list shows it.
extension TenantDirectory {
    /// How deep groups may lie below their root (our choice; the vendor's limit is not public).
    static var deepest: Int { 20 }
    /// How many groups a tenant may have: what a part of a name matches is looked for among all of them (our choice).
    static var mostGroups: Int { 10_000 }

    /// A folder in which a group may be.
    struct GroupParent {
        /// From the folder itself up to its root.
        let path: [String]
        var id: String { path.first ?? "" }
    }

    /// A group that is to be made; checked.
    struct NewGroupPlan {
        let name: String
        let parent: GroupParent
    }

    /// - Parameter folders: how many groups are right below it.
    func insertRoot(_ source: Authority, id: String, folders: Int) throws {
        try tx.execute(
            "INSERT INTO sb_groups (tenant, id, source, parent_id, folders) VALUES ($1, $2, $3, '', $4)",
            [tenant, .text(id), .text(source.rawValue), .int(folders)])
    }

    func checked(new item: NewGroup) throws -> NewGroupPlan {
        let name = try Self.groupName(item.description)
        let parent = try parent(item.parentId)
        try checkDepth(parent, height: 1)
        try checkSiblings(name, in: parent.id, except: nil)
        guard try resources.count(GroupResource.resourceType) < Self.mostGroups else {
            throw ItemFailure.invalid("description", "There are \(Self.mostGroups) groups, which is the most")
        }
        return NewGroupPlan(name: name, parent: parent)
    }

    func create(_ plan: NewGroupPlan) throws -> GroupRecord {
        let id = KeyRing.newID()
        try resources.insert([GroupResource(id: id, displayName: plan.name)], now: now)
        try tx.execute(
            "INSERT INTO sb_groups (tenant, id, source, parent_id) VALUES ($1, $2, $3, $4)",
            [tenant, .text(id), .text(Authority.cloud.rawValue), .text(plan.parent.id)])
        try addToFolders(plan.parent.id, 1)
        try record(.groupCreated, "Group \(plan.name) created")
        guard let group = try group(id: id) else { throw Self.groupNotFound("id") }
        return group
    }

    /// Gives a group another name, another parent, or both.
    ///
    /// - Returns: the group as it is now; `read` where the item asks for nothing, `none` where all of it is so already.
    func update(_ item: GroupUpdate) throws -> (group: GroupRecord, effect: Effect) {
        let group = try writableGroup(item.id)
        let name = try item.description.map { try Self.groupName($0) } ?? group.name
        let wanted = try item.parentId.map { try parent($0) }
        if let wanted, wanted.id != group.parentID {
            guard !wanted.path.contains(group.id) else {
                throw ItemFailure.invalid("parentId", "A group cannot be in itself, nor in a group below it")
            }
            try checkDepth(wanted, height: 1 + height(below: group))
        }
        let isMoved = wanted.map { $0.id != group.parentID } ?? false
        // Scalar by scalar: another spelling of the same letters is another name.
        let isRenamed = !name.unicodeScalars.elementsEqual(group.name.unicodeScalars)
        guard isMoved || isRenamed else { return (group, item.description == nil && item.parentId == nil ? .read : .none) }
        try checkSiblings(name, in: wanted?.id ?? group.parentID, except: group.id)
        if isRenamed { try rename(group, name) }
        if isMoved, let wanted { try move(group, name, to: wanted) }
        return (try self.group(id: group.id) ?? group, isRenamed ? .renamed : .updated)
    }

    /// Removes a group that has nobody and nothing in it.
    func deleteGroup(_ id: String?) throws -> GroupRecord {
        let group = try writableGroup(id)
        guard group.memberCount == 0, group.folders == 0 else {
            throw ItemFailure(FailureCode.folderNotEmpty, "The group has members or groups in it", field: "id")
        }
        try tx.execute("DELETE FROM sb_groups WHERE tenant = $1 AND id = $2", [tenant, .text(group.id)])
        try resources.deleteGroup(group.id, now: now)
        try addToFolders(group.parentID, -1)
        try record(.groupDeleted, "Group \(group.name) deleted")
        return group
    }

    private func rename(_ group: GroupRecord, _ name: String) throws {
        guard var resource = try resources.group(group.id) else { throw Self.groupNotFound("id") }
        resource.displayName = name
        try resources.replace(resource, now: now)
        try record(.groupChanged, "Group \(group.name) renamed to \(name)")
    }

    private func move(_ group: GroupRecord, _ name: String, to parent: GroupParent) throws {
        try tx.execute(
            "UPDATE sb_groups SET parent_id = $3 WHERE tenant = $1 AND id = $2", [tenant, .text(group.id), .text(parent.id)])
        try addToFolders(group.parentID, -1)
        try addToFolders(parent.id, 1)
        try record(.groupChanged, "Group \(name) moved")
    }

    /// Control characters are refused: names stand in logs, and in page tokens, which would swell.
    static func groupName(_ text: String?) throws -> String {
        let name = try FieldCheck.plain(FieldCheck.required(text, "description"), "description", most: 400)
        guard name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw ItemFailure.invalid("description", "Control characters are not allowed")
        }
        return name
    }

    /// - Parameter id: nil is the cloud root.
    private func parent(_ id: String?) throws -> GroupParent {
        guard let id else { return GroupParent(path: [try cloudRoot()]) }
        var path: [String] = []
        var next = try FieldCheck.id(id, "parentId")
        // Bounded, whatever the table holds.
        while !next.isEmpty, path.count <= 2 * Self.deepest {
            let folder = try tx.first(
                "SELECT source, parent_id FROM sb_groups WHERE tenant = $1 AND id = $2", [tenant, .text(next)]
            ) { (source: $0.text(0), parent: $0.text(1)) }
            guard let folder else {
                guard path.isEmpty else { break }
                throw Self.groupNotFound("parentId")
            }
            guard folder.source == Authority.cloud.rawValue else { throw ItemFailure.directoryManaged("The parent") }
            path.append(next)
            next = folder.parent
        }
        return GroupParent(path: path)
    }

    func cloudRoot() throws -> String {
        let known = try tx.first(
            "SELECT id FROM sb_groups WHERE tenant = $1 AND parent_id = '' AND source = $2",
            [tenant, .text(Authority.cloud.rawValue)]
        ) { $0.text(0) }
        guard let known else { throw Self.groupNotFound("parentId") }
        return known
    }

    /// - Parameter height: how many levels are to lie below the parent.
    private func checkDepth(_ parent: GroupParent, height: Int) throws {
        // The path counts the root, which is no level.
        guard parent.path.count - 1 + height <= Self.deepest else {
            throw ItemFailure.invalid("parentId", "Groups lie at most \(Self.deepest) deep")
        }
    }

    /// How many levels of groups lie below a group.
    private func height(below group: GroupRecord) throws -> Int {
        guard group.folders > 0 else { return 0 }
        return try tx.first(
            """
            WITH RECURSIVE below (id, depth) AS (
                SELECT id, 1 FROM sb_groups WHERE tenant = $1 AND parent_id = $2
                UNION ALL
                SELECT g.id, b.depth + 1 FROM below b CROSS JOIN sb_groups g
                WHERE g.tenant = $1 AND g.parent_id = b.id AND b.depth < $3
            ) SELECT coalesce(max(depth), 0) FROM below
            """, [tenant, .text(group.id), .int(Self.deepest + 1)]
        ) { $0.int(0) } ?? 0
    }

    /// Two groups of one name in one folder are refused (our choice).
    func checkSiblings(_ name: String, in parent: String, except id: String?) throws {
        // CROSS JOIN, which SQLite never reorders: a name has few groups, a folder may have thousands.
        let taken = try tx.first(
            """
            SELECT r.id FROM scim_resources r CROSS JOIN sb_groups g
            WHERE r.tenant = $1 AND r.type = $2 AND r.display_name_folded = $3
                AND g.tenant = r.tenant AND g.id = r.id AND g.parent_id = $4 AND g.id <> $5
            """,
            [tenant, .text(GroupResource.resourceType), .text(foldedKey(name)), .text(parent), .text(id ?? "")]
        ) { _ in true }
        guard taken == nil else {
            throw ItemFailure(ItemFailure.folderExistsCode, "The folder has a group of this name already", field: "description")
        }
    }

    func addToFolders(_ id: String, _ change: Int) throws {
        try tx.execute(
            "UPDATE sb_groups SET folders = folders + $3 WHERE tenant = $1 AND id = $2", [tenant, .text(id), .int(change)])
    }
}

extension ItemFailure {
    /// A group of this name is in the folder already (our code: none is documented).
    static let folderExistsCode = "err_folder_already_exists"
}
