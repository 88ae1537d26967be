import MusterStore

/// What a list shows of a resource, read from plain columns: no stored body is parsed for it.
public struct StoredRow: Sendable, Hashable {
    public let id: String
    /// The folded user name; nil for groups.
    public let userName: String?
    public let externalID: String?
    public let displayName: String?
    public let displayNameFolded: String?
    public let givenName: String?
    public let familyName: String?
    public let active: Bool
    /// How many members a group has, kept.
    public let members: Int
    public let version: Int
    /// Milliseconds since 1970.
    public let created: Int
    /// Milliseconds since 1970.
    public let modified: Int

    /// The columns, in the order that ``init(_:at:)`` reads them, for queries that join. The table is to be named `r`.
    public static let columns =
        "r.id, r.user_name_folded, r.external_id, r.display_name, r.display_name_folded, r.given_name, r.family_name, r.active, "
        + "r.members, r.version, r.created, r.modified"
    /// How many columns there are.
    public static let width = 12

    /// - Parameter first: the position of the first of ``columns`` in the row.
    public init(_ row: any SQLRow, at first: Int = 0) {
        id = row.text(first)
        userName = row.textOrNil(first + 1)
        externalID = row.textOrNil(first + 2)
        displayName = row.textOrNil(first + 3)
        displayNameFolded = row.textOrNil(first + 4)
        givenName = row.textOrNil(first + 5)
        familyName = row.textOrNil(first + 6)
        active = row.bool(first + 7)
        members = row.int(first + 8)
        version = row.int(first + 9)
        created = row.int(first + 10)
        modified = row.int(first + 11)
    }
}
