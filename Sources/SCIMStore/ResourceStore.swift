import MusterStore
import SCIM

/// SCIM resources of one tenant inside one transaction. Made in a transaction's closure and gone with it.
///
/// Every function is synchronous and touches nothing but the transaction. Unless said otherwise, hidden resources are found, too.
public struct ResourceStore {
    public let tenant: String
    public let transaction: any Transaction
    let tenantValue: SQLValue
    let remembered: RememberedGroups?

    /// - Parameter remembered: groups that were read before, of this store.
    public init(_ transaction: any Transaction, tenant: String, remembered: RememberedGroups? = nil) {
        self.transaction = transaction
        self.tenant = tenant
        self.remembered = remembered
        tenantValue = .text(tenant)
    }

    /// The whole stored user; nil where there is none with this id.
    public func user(_ id: String) throws -> UserResource? { try resource(id, type: UserResource.resourceType).map { UserResource($0) } }

    /// The whole stored group; nil where there is none with this id.
    public func group(_ id: String) throws -> GroupResource? {
        try resource(id, type: GroupResource.resourceType).map { GroupResource($0) }
    }

    /// The whole stored resource; nil where there is none with this id.
    ///
    /// - Parameter type: the name of its type.
    public func resource(_ id: String, type: String) throws -> Resource? {
        try transaction.first(
            "SELECT body FROM scim_resources WHERE tenant = $1 AND id = $2 AND type = $3", [tenantValue, .text(id), .text(type)]
        ) { try Self.parse($0.blob(0), id) }
    }

    /// What lists show of one resource of any type.
    public func row(_ id: String) throws -> StoredRow? {
        try transaction.first(Self.rowText, [tenantValue, .text(id)]) { StoredRow($0) }
    }

    private static let rowText = "SELECT \(StoredRow.columns) FROM scim_resources r WHERE r.tenant = $1 AND r.id = $2"

    /// The id of the user with this name, in any letter case.
    public func userID(named userName: String) throws -> String? {
        try transaction.first(
            "SELECT id FROM scim_resources WHERE tenant = $1 AND type = $2 AND user_name_folded = $3",
            [tenantValue, .text(UserResource.resourceType), .text(foldedKey(userName))]
        ) { $0.text(0) }
    }

    /// The ids of the users who have this e-mail address, in any letter case.
    public func userIDs(email: String) throws -> [String] {
        try transaction.all(
            "SELECT resource_id FROM scim_values WHERE tenant = $1 AND attribute = 'emails.value' AND value_folded = $2",
            [tenantValue, .text(foldedKey(email))]
        ) { $0.text(0) }
    }

    /// How many resources of a type there are.
    public func count(_ type: String) throws -> Int { try counts(type).all }

    /// How many resources of a type there are, and how many of them are hidden; kept.
    func counts(_ type: String) throws -> (all: Int, hidden: Int) {
        try transaction.first(
            "SELECT resources, hidden FROM scim_counts WHERE tenant = $1 AND type = $2", [tenantValue, .text(type)]
        ) { ($0.int(0), $0.int(1)) } ?? (0, 0)
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
            [tenantValue, .text(GroupResource.resourceType), .text(after?.name ?? ""), .text(after?.id ?? ""), .int(limit)]
        ) { StoredRow($0) }
    }

    /// - Throws: ``StoreError`` where the bytes are no JSON object, which nobody wrote through this store.
    static func parse(_ body: [UInt8], _ id: String) throws -> Resource {
        guard let object = (try? JSONValue.parse(body))?.object else {
            throw StoreError(.failed, "The stored resource \(id) cannot be read.", remedy: "Put back a copy of the store.")
        }
        return Resource(object)
    }
}
