import MusterStore
import SCIM

/// What of a filter the database can decide: a condition that every match fulfils.
struct FilterSQL: Sendable {
    enum Condition: Sendable, Hashable {
        /// Everything.
        case always
        /// Nothing.
        case never
        /// About the resource `r`, with the tenant as `$1`, the type as `$2`, and ``FilterSQL/arguments`` from `$3` on.
        case sql(String)
    }

    var condition: Condition
    var arguments: [SQLValue]
    /// Whatever fulfils the condition matches. Where not, ``FilterMatcher`` has the last word.
    var isExact: Bool
    /// The order in which pages cost least where nobody asks for one.
    var order: SearchOrder
    /// Few other filters look like this one, so that its statement is worth keeping.
    var isCommon: Bool

    /// The first argument's number.
    static let first = 3

    static let all = FilterSQL(condition: .always, arguments: [], isExact: true, order: .id, isCommon: true)

    /// - Parameter filter: known to be one of this type.
    init(_ filter: Filter, _ type: ResourceType) {
        var translation = FilterTranslation(type: type)
        let term = translation.term(filter, isNegated: false, depth: 0)
        condition = term?.condition ?? .always
        arguments = translation.arguments
        isExact = term?.isExact ?? false
        order = term?.order ?? .id
        isCommon = translation.leaves <= 1 || (translation.leaves == 2 && translation.lookUps == 2)
    }

    private init(condition: Condition, arguments: [SQLValue], isExact: Bool, order: SearchOrder, isCommon: Bool) {
        self.condition = condition
        self.arguments = arguments
        self.isExact = isExact
        self.order = order
        self.isCommon = isCommon
    }

    /// The condition with `AND` in front of it; empty where there is none.
    var conjunct: String {
        switch condition {
        case .always: ""
        case .never: " AND 1 = 0"
        case .sql(let text): " AND " + text
        }
    }
}

/// An order that an index has. Equal ones follow by id.
enum SearchOrder: Sendable, Hashable {
    case id, userName, displayName, created, modified

    /// Nil is the id alone.
    var column: String? {
        switch self {
        case .id: nil
        case .userName: "r.user_name_folded"
        case .displayName: "r.display_name_folded"
        case .created: "r.created"
        case .modified: "r.modified"
        }
    }

    /// Some resources have nothing there.
    var isOptional: Bool { self == .userName || self == .displayName }
    var isText: Bool { self == .userName || self == .displayName }
}
