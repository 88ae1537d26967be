import MusterStore
import SCIM

/// What one resource of a type has at most: its id, or its user name. Most searches ask for one of these, since a provisioning client
/// looks whether somebody is there before it writes; they are answered like a GET.
struct UniqueKey: Sendable {
    enum Column: String, Sendable {
        case id = "r.id"
        case userName = "r.user_name_folded"
    }

    struct Statements: Sendable {
        /// ``LoadedRow/columns`` of the resource with the tenant `$1`, the type `$2` and the key `$3`.
        let alone: String
        /// The same with the id of a group behind it, a row for each that the resource is directly in, and one without where it is in none.
        let withGroups: String

        init(_ column: Column) {
            // The sign keeps SQLite from an index with more columns to compare.
            let found = "WHERE r.tenant = $1 AND r.type = $2 AND \(column.rawValue) = $3 AND +r.hidden = 0"
            alone = "SELECT \(LoadedRow.columns) FROM scim_resources r \(found)"
            withGroups =
                "SELECT \(LoadedRow.columns), m.group_id FROM scim_resources r "
                + "LEFT JOIN scim_members m ON m.tenant = r.tenant AND m.member_id = r.id \(found)"
        }
    }

    private static let byID = Statements(.id)
    private static let byUserName = Statements(.userName)

    let column: Column
    /// As the column has it.
    let value: String

    var statements: Statements {
        switch column {
        case .id: Self.byID
        case .userName: Self.byUserName
        }
    }

    init(id: String) {
        column = .id
        value = id
    }

    /// - Returns: nil for a search that may find several, or that asks for nothing or for a later page.
    init?(_ query: ResourceQuery) {
        guard query.types.count == 1, query.sort == nil, query.count > 0,
            case .compare(let path, .eq, .string(let text)) = query.filter,
            let resolved = query.types[0].resolve(path), resolved.attribute?.returned != .never,
            case .text(let target) = FilterTarget(resolved, query.types[0]), let column = Column(rawValue: target.name)
        else { return nil }
        switch query.start {
        case .after(nil), .index(...1): break
        case .after, .index: return nil
        }
        self.column = column
        value = target.isFolded ? foldedKey(text) : text
    }
}
