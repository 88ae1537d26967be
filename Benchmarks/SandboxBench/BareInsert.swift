import Foundation
import GRDB

/// Puts the rows of a seeded data file into a new one with the same schema, with nothing but cached statements: what seeding
/// would cost if making the rows cost nothing.
struct BareInsert {
    /// People per transaction, as the seeder has it.
    private static let batch = 2_000

    /// A table whose rows go with their account, and the column that names it.
    private static let followers = [
        ("scim_resources", "id"), ("scim_values", "resource_id"), ("sb_accounts", "id"), ("sb_addresses", "account_id"),
        ("scim_members", "member_id"),
    ]

    private let source: DatabaseQueue
    private let target: DatabasePool

    init(from path: String, to copy: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        source = try DatabaseQueue(path: path, configuration: configuration)
        target = try DatabasePool(path: copy)
        try target.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
    }

    private struct Part {
        let insert: String
        let rows: [StatementArguments]
    }

    /// - Returns: how long the inserts took; reading the rows is not counted.
    func run() throws -> Duration {
        let schema = try source.read { db in
            try String.fetchAll(db, sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY rowid")
        }
        try target.write { db in
            for statement in schema { try db.execute(sql: statement) }
        }
        var elapsed = try insert(source.read { try others($0) })
        let accounts = try source.read { try String.fetchAll($0, sql: "SELECT id FROM sb_accounts ORDER BY rowid") }
        for start in stride(from: 0, to: accounts.count, by: Self.batch) {
            let ids = accounts[start..<min(start + Self.batch, accounts.count)]
            elapsed += try insert(source.read { db in try Self.followers.map { try part(db, $0.0, $0.1, Array(ids)) } })
        }
        try target.close()
        return elapsed
    }

    private func insert(_ parts: [Part]) throws -> Duration {
        try ContinuousClock().measure {
            try target.write { db in
                for part in parts {
                    let statement = try db.cachedStatement(sql: part.insert)
                    for row in part.rows { try statement.execute(arguments: row) }
                }
            }
        }
    }

    /// The rows of all tables that belong to no account.
    private func others(_ db: Database) throws -> [Part] {
        let tables = try String.fetchAll(
            db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY rowid")
        return try tables.compactMap { table in
            guard let follower = Self.followers.first(where: { $0.0 == table }) else {
                return try part(db, "SELECT * FROM \(table)", table)
            }
            let rest = "(SELECT id FROM sb_accounts)"
            return try part(
                db, "SELECT * FROM \(table) WHERE \(follower.1) IS NULL OR \(follower.1) NOT IN \(rest)", table)
        }
    }

    /// The rows of some accounts, in the accounts' order.
    private func part(_ db: Database, _ table: String, _ column: String, _ ids: [String]) throws -> Part {
        let tenant = "(SELECT tenant FROM sb_tenants)"
        let statement = try db.cachedStatement(sql: "SELECT * FROM \(table) WHERE tenant = \(tenant) AND \(column) = ?")
        return Part(
            insert: try insertion(db, table),
            rows: try ids.flatMap { id in
                try Row.fetchAll(statement, arguments: [id]).map { StatementArguments($0.databaseValues) }
            })
    }

    private func part(_ db: Database, _ query: String, _ table: String) throws -> Part {
        Part(
            insert: try insertion(db, table),
            rows: try Row.fetchAll(db, sql: query).map { StatementArguments($0.databaseValues) })
    }

    private func insertion(_ db: Database, _ table: String) throws -> String {
        let names = try db.columns(in: table).map(\.name)
        return "INSERT INTO \(table) (\(names.joined(separator: ", "))) VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))"
    }
}
