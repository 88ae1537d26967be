import MusterStore
import SCIM

/// A part of a search's answer that one statement walks: the resources of one type, or those of them that have something, or nothing, in
/// the attribute that sorts them. A search is one stretch after the other.
struct SearchStretch: Sendable {
    enum Part: Sendable, Hashable {
        case all
        case assigned
        case unassigned
    }

    let type: ResourceType
    let filter: FilterSQL
    let order: SearchOrder
    let isAscending: Bool
    let part: Part

    /// The order of this stretch: what has nothing in the sorting attribute goes by id.
    private var walked: SearchOrder { part == .unassigned ? .id : order }

    struct Statement: Sendable {
        var sql: String
        var arguments: [SQLValue]
        /// Whether its text is worth keeping.
        var isCommon: Bool
    }

    /// ``LoadedRow/columns`` and then the sorting value, in order.
    func page(_ tenant: SQLValue, after key: PageKey?, limit: Int) -> Statement {
        var statement = walk("\(LoadedRow.columns), \(walked.column ?? "r.id")", tenant, after: key)
        statement.arguments.append(.int(limit))
        statement.sql += " LIMIT $\(statement.arguments.count)"
        return statement
    }

    /// The sorting value and the id of one resource alone, out of the index where the filter allows it.
    ///
    /// - Parameters:
    ///   - offset: how many resources after the key are left out.
    ///   - hasHidden: whether resources of the type may be hidden: where none are, nobody has to look.
    func place(_ tenant: SQLValue, after key: PageKey?, offset: Int, hasHidden: Bool) -> Statement {
        var statement = walk("\(walked.column ?? "r.id"), r.id", tenant, after: key, seesHidden: !hasHidden && walked != .id)
        statement.arguments.append(.int(offset))
        statement.sql += " LIMIT 1 OFFSET $\(statement.arguments.count)"
        return statement
    }

    /// How many there are after a key.
    func count(_ tenant: SQLValue, after key: PageKey?) -> Statement {
        var statement = conditions(tenant, after: key)
        statement.sql = "SELECT count(*) FROM scim_resources r WHERE " + statement.sql + " AND r.hidden = 0"
        return statement
    }

    /// How many of the whole type fulfil the filter, hidden ones included.
    func countAll(_ tenant: SQLValue) -> Statement {
        Statement(
            sql: "SELECT count(*) FROM scim_resources r WHERE r.tenant = $1 AND r.type = $2" + filter.conjunct,
            arguments: [tenant, .text(type.name)] + filter.arguments, isCommon: filter.isCommon)
    }

    /// How many hidden ones of the whole type fulfil the filter.
    func countHidden(_ tenant: SQLValue) -> Statement {
        var statement = countAll(tenant)
        statement.sql += " AND r.hidden = 1"
        return statement
    }

    /// A row where there are more than so many in this stretch.
    func beyond(_ tenant: SQLValue, _ count: Int) -> Statement {
        var statement = conditions(tenant, after: nil)
        statement.arguments.append(.int(count))
        statement.sql =
            "SELECT 1 FROM scim_resources r WHERE \(statement.sql) AND r.hidden = 0 LIMIT 1 OFFSET $\(statement.arguments.count)"
        return statement
    }

    /// The text that sorts one resource, hidden or not; nil where none does.
    func value(_ tenant: SQLValue, of id: String) -> Statement? {
        guard walked.isText, let column = walked.column else { return nil }
        return Statement(
            sql: "SELECT \(column) FROM scim_resources r WHERE r.tenant = $1 AND r.id = $2 AND r.type = $3",
            arguments: [tenant, .text(id), .text(type.name)], isCommon: true)
    }

    private func walk(_ columns: String, _ tenant: SQLValue, after key: PageKey?, seesHidden: Bool = false) -> Statement {
        var statement = conditions(tenant, after: key)
        let direction = isAscending ? "" : " DESC"
        let order: String
        switch walked {
        case .id: order = "r.id\(direction)"
        case .userName: order = "r.user_name_folded\(direction)"
        case .displayName, .created, .modified: order = "\(walked.column ?? "")\(direction), r.id\(direction)"
        }
        statement.sql =
            "SELECT \(columns) FROM scim_resources r WHERE \(statement.sql)\(seesHidden ? "" : " AND r.hidden = 0") ORDER BY \(order)"
        return statement
    }

    private func conditions(_ tenant: SQLValue, after key: PageKey?) -> Statement {
        var sql = "r.tenant = $1 AND r.type = $2"
        var arguments: [SQLValue] = [tenant, .text(type.name)]
        arguments += filter.arguments
        if let column = order.column, part != .all {
            sql += part == .assigned ? " AND \(column) IS NOT NULL" : " AND \(column) IS NULL"
        }
        sql += filter.conjunct
        if let key {
            let sign = isAscending ? ">" : "<"
            let value: SQLValue? =
                switch key.place {
                case .text(let text): .text(text.text)
                case .number(let number): .int(number)
                case .id, .rank, .row: nil
                }
            if let value { arguments.append(value) }
            if walked == .userName {
                // Unique, so that the id says nothing more.
                sql += " AND r.user_name_folded \(sign) $\(arguments.count)"
            } else {
                arguments.append(.text(key.id))
                sql +=
                    value == nil
                    ? " AND r.id \(sign) $\(arguments.count)"
                    : " AND (\(walked.column ?? "r.id"), r.id) \(sign) ($\(arguments.count - 1), $\(arguments.count))"
            }
        }
        return Statement(sql: sql, arguments: arguments, isCommon: filter.isCommon)
    }

    /// Whether a key can be one of this stretch.
    func accepts(_ key: PageKey) -> Bool {
        switch key.place {
        case .id: walked == .id
        case .text, .row: walked.isText
        case .number: walked == .created || walked == .modified
        case .rank: false
        }
    }

    /// The key of a row that ends with the sorting value and, at `column`, the id.
    func key(_ row: any SQLRow, stretch: Int, value: Int, id: String) -> PageKey {
        let place: PageKey.Place =
            switch walked {
            case .id: .id
            case .userName, .displayName: .text(ExactText(row.text(value)))
            case .created, .modified: .number(row.int(value))
            }
        return PageKey(stretch: stretch, place: place, id: id)
    }
}
