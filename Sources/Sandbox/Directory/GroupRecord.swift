import Mimecast
import MusterStore
import SCIMStore

/// A group as one row of the store.
struct GroupRecord: Sendable {
    let resource: StoredRow
    let source: Authority
    let parentID: String
    /// How many groups are below it, kept.
    let folders: Int

    var id: String { resource.id }
    var name: String { resource.displayName ?? "" }

    static let columns = StoredRow.columns + ", g.source, g.parent_id, g.folders"

    init(_ row: any SQLRow) {
        resource = StoredRow(row)
        source = Authority(rawValue: row.text(StoredRow.width)) ?? .cloud
        parentID = row.text(StoredRow.width + 1)
        folders = row.int(StoredRow.width + 2)
    }
}
