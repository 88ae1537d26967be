import Mimecast
import MusterStore
import SCIMStore

/// A group as one row of the store.
struct GroupRecord: Sendable {
    let resource: StoredRow
    let source: Authority
    /// A group's id, or a root's, which no list shows.
    let parentID: String
    /// How many groups are right below it, kept.
    let folders: Int
    /// How many domains are members, kept.
    let domains: Int

    var id: String { resource.id }
    var name: String { resource.displayName ?? "" }
    /// How many rows the list of its members has.
    var memberCount: Int { resource.members + domains }

    /// The columns, in the order that ``init(_:)`` reads them; the tables are to be named `r` and `g`.
    static let columns = StoredRow.columns + ", g.source, g.parent_id, g.folders, g.domains"

    init(_ row: any SQLRow) {
        resource = StoredRow(row)
        source = Authority(rawValue: row.text(StoredRow.width)) ?? .cloud
        parentID = row.text(StoredRow.width + 1)
        folders = row.int(StoredRow.width + 2)
        domains = row.int(StoredRow.width + 3)
    }
}
