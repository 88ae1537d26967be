import Mimecast
import MusterStore

/// A row of what was read, beside the tenant's code: what it is known by, and what is known of it.
protocol ObservedRow: Sendable {
    static var table: ObservedTable { get }
    var keys: [String] { get }
    var values: [String?] { get }
    /// Whether a stored row has these values, its columns beginning at a place. Nothing is made of the columns for it: of a million rows
    /// hardly any differ.
    func hasValues(of row: any SQLRow, at column: Int) -> Bool
}

extension SQLRow {
    fileprivate func holds(_ value: String?, at column: Int) -> Bool {
        guard let value else { return isNull(column) }
        return !isNull(column) && holds(value, column)
    }
}

/// An account, internal or external.
struct ObservedAccount: ObservedRow {
    private static let stored = [
        "address", "account_id", "name", "first_name", "last_name", "aliases", "admin_roles", "status", "authority", "side",
    ]
    static let table = ObservedTable("observed_accounts", keys: ["key"], values: stored, shown: columns(), hasParts: true)

    /// What ``account(_:at:)`` takes. An address that is its own key, as most are, is kept once.
    ///
    /// - Parameter alias: the table's name in the query, where that has several tables.
    static func columns(of alias: String? = nil) -> [String] {
        let prefix = alias.map { $0 + "." } ?? ""
        return ["CASE \(prefix)address WHEN '' THEN \(prefix)key ELSE \(prefix)address END"] + stored.dropFirst().map { prefix + $0 }
    }

    let key: String
    let account: Account
    /// Lists as JSON; nil was not shown.
    private let aliases: String?
    private let adminRoles: String?

    init(_ account: Account) throws {
        self.account = account
        key = EmailAddress.key(account.address)
        aliases = try account.aliases.map(Self.text)
        adminRoles = try account.adminRoles.map(Self.text)
    }

    var keys: [String] { [key] }

    var values: [String?] {
        [
            account.address.utf8.elementsEqual(key.utf8) ? "" : account.address, account.id, account.name, account.firstName,
            account.lastName, aliases, adminRoles, account.status?.rawValue, account.authority.rawValue, side,
        ]
    }

    private var side: String { account.isInternal ? "internal" : "external" }

    func hasValues(of row: any SQLRow, at column: Int) -> Bool {
        row.holds(account.address, at: column) && row.holds(account.id, at: column + 1) && row.holds(account.name, at: column + 2)
            && row.holds(account.firstName, at: column + 3) && row.holds(account.lastName, at: column + 4)
            && row.holds(aliases, at: column + 5) && row.holds(adminRoles, at: column + 6)
            && row.holds(account.status?.rawValue, at: column + 7) && row.holds(account.authority.rawValue, at: column + 8)
            && row.holds(side, at: column + 9)
    }

    /// The account of a row whose columns are ``columns(of:)``.
    static func account(_ row: any SQLRow, at column: Int = 0) throws -> Account {
        Account(
            id: row.textOrNil(column + 1), address: row.text(column), name: row.textOrNil(column + 2), firstName: row.textOrNil(column + 3),
            lastName: row.textOrNil(column + 4), aliases: try row.textOrNil(column + 5).map(list),
            adminRoles: try row.textOrNil(column + 6).map(list),
            status: row.textOrNil(column + 7).flatMap(Account.Status.init(rawValue:)),
            authority: Authority(rawValue: row.text(column + 8)) ?? .ldap, isInternal: row.holds("internal", column + 9))
    }

    // Most lists are empty.
    private static func text(_ list: [String]) throws -> String { list.isEmpty ? "[]" : try StoredJSON.text(list) }
    private static func list(_ text: String) throws -> [String] { text == "[]" ? [] : try StoredJSON.value([String].self, text) }
}

/// An address that is taken without being anybody's: an alias whose owner the dialect does not show, a row of the system.
struct ObservedTaken: ObservedRow {
    static let table = ObservedTable("observed_taken", keys: ["key"], values: [], hasParts: true)

    let key: String

    var keys: [String] { [key] }
    var values: [String?] { [] }
    func hasValues(of row: any SQLRow, at column: Int) -> Bool { true }
}

struct ObservedGroup: ObservedRow {
    static let table = ObservedTable("observed_groups", keys: ["id"], values: ["name", "authority"], hasParts: false)

    let group: Group

    var keys: [String] { [group.id] }
    var values: [String?] { [group.name, group.authority.rawValue] }

    func hasValues(of row: any SQLRow, at column: Int) -> Bool {
        row.holds(group.name, at: column) && row.holds(group.authority.rawValue, at: column + 1)
    }
}

struct ObservedMember: ObservedRow {
    static let table = ObservedTable("observed_members", keys: ["group_id", "key"], values: [], hasParts: false)

    let group: String
    let key: String

    var keys: [String] { [group, key] }
    var values: [String?] { [] }
    func hasValues(of row: any SQLRow, at column: Int) -> Bool { true }
}
