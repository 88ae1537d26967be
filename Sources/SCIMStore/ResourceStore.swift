import Foundation
import MusterStore
import SCIM

/// SCIM resources of one tenant inside one transaction. Made in a transaction's closure and gone with it.
///
/// Every function is synchronous and touches nothing but the transaction.
public struct ResourceStore {
    public let tenant: String
    let transaction: any Transaction
    private let encoder = JSONEncoder()
    private let decoder = JSONDecoder()

    public init(_ transaction: any Transaction, tenant: String) {
        self.transaction = transaction
        self.tenant = tenant
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    /// The whole stored user; nil where there is none with this id.
    public func user(_ id: String) throws -> UserResource? {
        try body(id, UserResource.resourceType).map { try decoder.decode(UserResource.self, from: $0) }
    }

    /// The whole stored group; nil where there is none with this id.
    public func group(_ id: String) throws -> GroupResource? {
        try body(id, GroupResource.resourceType).map { try decoder.decode(GroupResource.self, from: $0) }
    }

    /// What lists show of one resource of any type.
    public func row(_ id: String) throws -> StoredRow? {
        try transaction.first(
            "SELECT \(StoredRow.columns) FROM scim_resources r WHERE r.tenant = $1 AND r.id = $2", [.text(tenant), .text(id)]
        ) { StoredRow($0) }
    }

    /// The id of the user with this name, in any letter case.
    public func userID(named userName: String) throws -> String? {
        try transaction.first(
            "SELECT id FROM scim_resources WHERE tenant = $1 AND type = $2 AND user_name_folded = $3",
            [.text(tenant), .text(UserResource.resourceType), .text(foldedKey(userName))]
        ) { $0.text(0) }
    }

    /// The ids of the users who have this e-mail address, in any letter case.
    public func userIDs(email: String) throws -> [String] {
        try transaction.all(
            "SELECT resource_id FROM scim_values WHERE tenant = $1 AND attribute = 'emails.value' AND value_folded = $2",
            [.text(tenant), .text(foldedKey(email))]
        ) { $0.text(0) }
    }

    /// How many resources of a type there are.
    public func count(_ type: String) throws -> Int {
        try transaction.first(
            "SELECT resources FROM scim_counts WHERE tenant = $1 AND type = $2", [.text(tenant), .text(type)]
        ) { $0.int(0) } ?? 0
    }

    /// A page of groups by display name.
    ///
    /// - Parameters:
    ///   - after: the folded display name and id of the last row seen; nil for the first page.
    ///   - limit: most rows to return.
    public func groups(after: (name: String, id: String)? = nil, limit: Int) throws -> [StoredRow] {
        // A row value comparison is valid in both databases and walks the index.
        try transaction.all(
            """
            SELECT \(StoredRow.columns) FROM scim_resources r
            WHERE r.tenant = $1 AND r.type = $2 AND (r.display_name_folded, r.id) > ($3, $4)
            ORDER BY r.display_name_folded, r.id LIMIT $5
            """,
            [
                .text(tenant), .text(GroupResource.resourceType), .text(after?.name ?? ""), .text(after?.id ?? ""),
                .integer(Int64(limit)),
            ]
        ) { StoredRow($0) }
    }

    private func body(_ id: String, _ type: String) throws -> Data? {
        try transaction.first(
            "SELECT body FROM scim_resources WHERE tenant = $1 AND id = $2 AND type = $3", [.text(tenant), .text(id), .text(type)]
        ) { Data($0.blob(0)) }
    }
}

extension ResourceStore {
    /// Adds users that are not there yet; the count is kept once for all of them.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Throws: ``StoreError`` of code `constraint` where an id or a user name is taken.
    public func insert(_ users: [UserResource], now: Int) throws {
        for user in users {
            try insertRow(Columns(user), body: encoder.encode(user), now: now)
            try insertValues(user)
        }
        try addToCount(UserResource.resourceType, users.count)
    }

    /// Adds groups that are not there yet.
    ///
    /// - Parameter now: milliseconds since 1970.
    public func insert(_ groups: [GroupResource], now: Int) throws {
        for group in groups { try insertRow(Columns(group), body: encoder.encode(group), now: now) }
        try addToCount(GroupResource.resourceType, groups.count)
    }

    /// Puts a user in the place of the stored one with the same id and raises its version.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Returns: false where there is none.
    @discardableResult
    public func replace(_ user: UserResource, now: Int) throws -> Bool {
        guard try replaceRow(Columns(user), body: encoder.encode(user), now: now) else { return false }
        try transaction.execute("DELETE FROM scim_values WHERE tenant = $1 AND resource_id = $2", [.text(tenant), .text(user.id)])
        try insertValues(user)
        return true
    }

    /// Puts a group in the place of the stored one with the same id and raises its version.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Returns: false where there is none.
    @discardableResult
    public func replace(_ group: GroupResource, now: Int) throws -> Bool {
        try replaceRow(Columns(group), body: encoder.encode(group), now: now)
    }

    /// Removes a user with their memberships.
    ///
    /// - Returns: false where there is none.
    @discardableResult
    public func deleteUser(_ id: String) throws -> Bool {
        try leaveAllGroups(id)
        try transaction.execute("DELETE FROM scim_values WHERE tenant = $1 AND resource_id = $2", [.text(tenant), .text(id)])
        return try deleteRow(id, UserResource.resourceType)
    }

    /// Removes a group with its memberships, those of which it is a member included.
    ///
    /// - Returns: false where there is none.
    @discardableResult
    public func deleteGroup(_ id: String) throws -> Bool {
        try leaveAllGroups(id)
        try transaction.execute("DELETE FROM scim_members WHERE tenant = $1 AND group_id = $2", [.text(tenant), .text(id)])
        return try deleteRow(id, GroupResource.resourceType)
    }

    private struct Columns {
        var id: String
        var type: String
        var userNameFolded: String?
        var externalID: String?
        var displayName: String?
        var givenName: String?
        var familyName: String?
        var active: Bool

        init(_ user: UserResource) {
            id = user.id
            type = UserResource.resourceType
            userNameFolded = foldedKey(user.userName)
            externalID = user.externalId
            displayName = user.displayName
            givenName = user.name?.givenName
            familyName = user.name?.familyName
            active = user.active ?? true
        }

        init(_ group: GroupResource) {
            id = group.id
            type = GroupResource.resourceType
            externalID = group.externalId
            displayName = group.displayName
            active = true
        }

        var values: [SQLValue] {
            [
                .string(userNameFolded), .string(externalID), .string(displayName), .string(displayName.map(foldedKey)),
                .string(givenName), .string(familyName), .bool(active),
            ]
        }
    }

    private func insertRow(_ columns: Columns, body: Data, now: Int) throws {
        try transaction.execute(
            """
            INSERT INTO scim_resources (tenant, id, type, user_name_folded, external_id, display_name, display_name_folded,
                given_name, family_name, active, version, created, modified, body)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $11, $12)
            """,
            [.text(tenant), .text(columns.id), .text(columns.type)] + columns.values + [.integer(Int64(now)), .blob([UInt8](body))])
    }

    private func replaceRow(_ columns: Columns, body: Data, now: Int) throws -> Bool {
        try transaction.execute(
            """
            UPDATE scim_resources SET user_name_folded = $4, external_id = $5, display_name = $6, display_name_folded = $7,
                given_name = $8, family_name = $9, active = $10, version = version + 1, modified = $11, body = $12
            WHERE tenant = $1 AND id = $2 AND type = $3
            """,
            [.text(tenant), .text(columns.id), .text(columns.type)] + columns.values + [.integer(Int64(now)), .blob([UInt8](body))])
            == 1
    }

    private func leaveAllGroups(_ id: String) throws {
        try transaction.execute(
            """
            UPDATE scim_resources SET members = members - 1
            WHERE tenant = $1 AND id IN (SELECT group_id FROM scim_members WHERE tenant = $1 AND member_id = $2)
            """, [.text(tenant), .text(id)])
        try transaction.execute("DELETE FROM scim_members WHERE tenant = $1 AND member_id = $2", [.text(tenant), .text(id)])
    }

    private func deleteRow(_ id: String, _ type: String) throws -> Bool {
        let gone = try transaction.execute(
            "DELETE FROM scim_resources WHERE tenant = $1 AND id = $2 AND type = $3", [.text(tenant), .text(id), .text(type)])
        if gone == 1 { try addToCount(type, -1) }
        return gone == 1
    }

    private func insertValues(_ user: UserResource) throws {
        for value in Set((user.emails ?? []).map { foldedKey($0.value) }) {
            try transaction.execute(
                "INSERT INTO scim_values (tenant, attribute, value_folded, resource_id) VALUES ($1, 'emails.value', $2, $3)",
                [.text(tenant), .text(value), .text(user.id)])
        }
    }

    private func addToCount(_ type: String, _ change: Int) throws {
        guard change != 0 else { return }
        try transaction.execute(
            """
            INSERT INTO scim_counts (tenant, type, resources) VALUES ($1, $2, $3)
            ON CONFLICT (tenant, type) DO UPDATE SET resources = scim_counts.resources + excluded.resources
            """, [.text(tenant), .text(type), .integer(Int64(change))])
    }
}
