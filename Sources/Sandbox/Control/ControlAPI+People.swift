import Foundation
import HTTPTypes
import Mimecast
import MusterStore

/// A tenant's people behind the API's back, what was kept of those who are gone, and what happened.
extension ControlAPI {
    private struct NewUser: Codable {
        var emailAddress: String
        var name: String?
        /// Taken as it is, however weak.
        var password: String?
        var adminRoles: [AdministratorRole]?
        var source: Authority?
        var aliases: [String]?
    }
    private struct Made: Encodable {
        var id: String
        var emailAddress: String
    }
    private struct Archived: Encodable {
        var id: String
        var emailAddress: String
        var name: String?
        var deleted: String
        var keptUntil: String
        var reason: String
    }
    private struct Event: Encodable {
        var number: Int
        var time: String
        var type: String
        var category: String
        var actor: String
        var info: String
    }

    static let people = [
        ControlRoute(.post, "/tenants/*/users") { api, call in
            let user = try call.read(NewUser.self)
            let code = call.id(0)
            let password = try user.password.map { try PasswordHash.checked($0) }
            let made = try await api.inTenant(code) { try create(user, password, $0) }
            api.state.life.wake(code)
            return try .json(made, status: 201)
        },
        ControlRoute(.get, "/tenants/*/archive") { api, call in
            try .lines(await api.state.store.read { try archive($0, api.desk.facts($0, call.id(0)).code) })
        },
        ControlRoute(.get, "/tenants/*/audit", query: ["since"]) { api, call in
            let (number, time) = try call.since()
            return try .lines(
                await api.state.store.read { tx in
                    try audit(tx, api.desk.facts(tx, call.id(0)).code, after: number ?? 0, since: time ?? 0)
                })
        },
    ]

    /// Seats are not counted here: whoever scripts a tenant wants it as scripted.
    private static func create(_ user: NewUser, _ password: PasswordHash?, _ directory: TenantDirectory) throws -> Made {
        let address = try FieldCheck.requiredAddress(user.emailAddress)
        let aliases = try (user.aliases ?? []).map { try FieldCheck.address($0, "aliases") }
        guard aliases.count <= 100, Set(aliases + [address]).count == aliases.count + 1 else {
            throw ItemFailure.invalid("aliases", "At most 100 are allowed, each of them once")
        }
        for address in aliases + [address] where try directory.isTaken(address) {
            throw ItemFailure(FailureCode.userExists, "\(address.text) exists already")
        }
        let draft = NewAccount(
            address: address, name: try user.name.map { try FieldCheck.plain($0, "name") }, source: user.source ?? .cloud, aliases: aliases,
            adminRoles: (user.adminRoles ?? []).map(\.rawValue))
        guard let account = try directory.create(draft) else { throw CallRefusal(500, "internal_error", "The account is not there") }
        if let password { try directory.setFirstPassword(password, of: account.id) }
        return Made(id: account.id, emailAddress: account.address)
    }

    private static func archive(_ tx: any Transaction, _ tenant: String) throws -> Data {
        var lines = Lines()
        try tx.each(
            "SELECT account_id, address, name, deleted, kept_until, reason FROM sb_archive WHERE tenant = $1 ORDER BY deleted, account_id",
            [.text(tenant)]
        ) { row in
            try lines.append(
                Archived(
                    id: row.text(0), emailAddress: row.text(1), name: row.textOrNil(2), deleted: controlDate(milliseconds: row.int(3)),
                    keptUntil: controlDate(milliseconds: row.int(4)), reason: row.text(5)))
        }
        return lines.data
    }

    private static func audit(_ tx: any Transaction, _ tenant: String, after number: Int, since time: Int) throws -> Data {
        var lines = Lines()
        try tx.each(
            """
            SELECT number, time, type, category, actor, info FROM sb_audit
            WHERE tenant = $1 AND number > $2 AND time >= $3 ORDER BY number
            """, [.text(tenant), .int(number), .int(time)]
        ) { row in
            try lines.append(
                Event(
                    number: row.int(0), time: controlDate(milliseconds: row.int(1)), type: row.text(2), category: row.text(3),
                    actor: row.text(4), info: row.text(5)))
        }
        return lines.data
    }

    /// A JSON document a line.
    private struct Lines {
        var data = Data()
        private let encoder = JSONEncoder()

        init() { encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes] }

        /// - Returns: true, to go on with the rows.
        mutating func append(_ line: some Encodable) throws -> Bool {
            data += try encoder.encode(line)
            data.append(UInt8(ascii: "\n"))
            return true
        }
    }
}
