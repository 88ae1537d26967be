import Foundation
import Mimecast

/// An account of the tenant, as the sandbox itself has it.
struct TenantUser: Sendable, Equatable {
    var address: String
    var name: String
    var isActive: Bool
    var isSynced: Bool
    var aliases: [String]
    var roles: [String]
    /// Names of the cloud groups, sorted.
    var groups: [String]

    var isPlain: Bool { !isSynced && roles.isEmpty }
}

/// The tenant, looked at through its guide application by plain HTTP.
struct GuideReader: Sendable {
    let http: HTTP

    init(_ credentials: [String: String]) async throws {
        let base = credentials["MIMECAST_BASE_URL"] ?? ""
        let reply = try await HTTP(base: base).post(
            "/oauth/token",
            form: [
                ("grant_type", "client_credentials"), ("client_id", credentials["MIMECAST_GUIDE_CLIENT_ID"] ?? ""),
                ("client_secret", credentials["MIMECAST_GUIDE_CLIENT_SECRET"] ?? ""),
            ])
        let token = try JSONDecoder().decode(JSON.self, from: reply)["access_token"]?.text
        guard let token else { throw HarnessError("The sandbox gave no token.") }
        http = HTTP(base: base, token: token)
    }

    /// Cloud groups: ids by name.
    func groups() async throws -> [String: String] {
        let body = JSON.object([
            "meta": .object(["pagination": .object(["pageSize": .number(500)])]), "data": .array([.object(["source": .string("cloud")])]),
        ])
        let rows = try JSONDecoder().decode(JSON.self, from: await http.post("/api/directory/find-groups", body))["data"]?.list ?? []
        return rows.reduce(into: [:]) { groups, row in groups[row["description"]?.text ?? ""] = row["id"]?.text ?? "" }
    }

    /// All internal accounts, in the order of their addresses.
    func users() async throws -> [TenantUser] {
        let names = Dictionary(uniqueKeysWithValues: try await groups().map { ($0.value, $0.key) })
        let reply = try JSONDecoder().decode(JSON.self, from: await http.get("/api/user/get-internal-users?pageSize=500"))
        let rows = reply["data"]?.list ?? []
        guard reply.at("meta", "pagination", "totalCount")?.int == rows.count else {
            throw HarnessError("The company is too large for one page.")
        }
        return rows.map { row in
            TenantUser(
                address: row["emailAddress"]?.text ?? "", name: row["name"]?.text ?? "", isActive: row["status"]?.text == "active",
                isSynced: row["source"]?.text == "ldap", aliases: row["alias"]?.list.compactMap(\.text) ?? [],
                roles: row["adminRoles"]?.list.compactMap(\.text) ?? [],
                groups: (row["groups"]?.list ?? []).compactMap { $0.text.flatMap { names[$0] } }.sorted())
        }.sorted { $0.address < $1.address }
    }

    func user(_ address: String) async throws -> TenantUser? { try await users().first { $0.address == address } }
}

extension [TenantUser] {
    /// The first, or last, of whom something is so: by default whom the API may write and who has no role.
    func pick(last: Bool = false, _ isWanted: (TenantUser) -> Bool = { $0.isPlain }) throws -> TenantUser {
        guard let user = last ? self.last(where: isWanted) : first(where: isWanted) else {
            throw HarnessError("The invented company has nobody of this kind.")
        }
        return user
    }
}
