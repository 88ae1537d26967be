import MusterStore
import SCIM

/// A resource as a page has it, before what lies beside it is woven in.
struct LoadedRow {
    var id: String
    var version: Int
    var created: Int
    var modified: Int
    var members: Int
    var body: [UInt8]

    /// The columns, in the order that ``init(_:)`` reads them. The table is to be named `r`.
    static let columns = "r.id, r.version, r.created, r.modified, r.members, r.body"
    static let width = 6

    init(_ row: any SQLRow) {
        id = row.text(0)
        version = row.int(1)
        created = row.int(2)
        modified = row.int(3)
        members = row.int(4)
        body = row.blob(5)
    }

    func entry(_ type: ResourceType, groups: [Reference], members: [Reference]?) -> ResourceEntry {
        ResourceEntry(
            type: type.name, id: id, version: String(version), created: created, modified: modified, body: body, groups: groups,
            members: members)
    }
}
