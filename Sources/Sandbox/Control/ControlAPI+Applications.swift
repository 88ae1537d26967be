import Foundation
import HTTPTypes
import Mimecast
import MusterStore

/// A tenant's applications.
extension ControlAPI {
    private struct Report: Encodable { var applications: [ApplicationReport] }
    private struct Move: Codable {
        /// portal where nothing is said.
        var dialect: Dialect?
    }

    static let applications = [
        ControlRoute(.get, "/tenants/*/applications") { api, call in
            let all = try await api.state.store.read { tx in
                try ApplicationReport.all(tx, tenant: api.desk.facts(tx, call.id(0)).code)
            }
            return try .json(Report(applications: all))
        },
        ControlRoute(.post, "/tenants/*/applications") { api, call in
            let draft = try call.read(ApplicationDraft.self).checked()
            let made = try await api.inTenant(call.id(0)) { try draft.register($0) }
            return try .json(made, status: 201)
        },
        // From v1 to v2: new credentials, the same name and rights.
        ControlRoute(.post, "/tenants/*/applications/*/move") { api, call in
            let (id, dialect) = (call.id(1), try call.read(Move.self).dialect ?? .portal)
            let (newID, secret) = (ApplicationDraft.newClientID(), ApplicationDraft.random())
            let moved = try await api.inTenant(call.id(0)) { directory in
                let application = try ApplicationReport.one(directory, id)
                guard try ApplicationTable.move(directory.tx, id: id, to: newID, secret: secret, dialect: dialect) else {
                    throw CallRefusal(409, "not_movable", "The application is no v1 one, or was moved before")
                }
                try directory.record(.applicationChanged, "API application \(application.name) moved to v2")
                return try ApplicationReport.one(directory, newID)
            }
            var report = moved
            report.credentials = ApplicationDraft.credentials(dialect, id: newID, secret: secret)
            return try .json(report, status: 201)
        },
        ControlRoute(.delete, "/tenants/*/applications/*") { api, call in
            let id = call.id(1)
            try await api.inTenant(call.id(0)) { directory in
                let application = try ApplicationReport.one(directory, id)
                for table in ["sb_tokens", "sb_bindings", "sb_codes"] {
                    try directory.tx.execute("DELETE FROM \(table) WHERE application = $1", [.text(id)])
                }
                try directory.tx.execute("DELETE FROM sb_applications WHERE id = $1", [.text(id)])
                try directory.record(.applicationChanged, "API application \(application.name) deleted")
            }
            return Answer(status: 204)
        },
    ]
}

/// An application as the control API shows it. Its secrets are shown once, when they are made.
struct ApplicationReport: Encodable, Sendable {
    let id: String
    let name: String
    let generation: Generation
    /// nil for v1, which has one.
    let dialect: Dialect?
    /// Before the role takes any away.
    let scopes: [Scope]
    /// nil is all.
    let products: [String]?
    /// nil is no limit.
    let role: String?
    let redirects: [String]
    /// What a v1 application has become.
    let movedTo: String?
    var credentials: [String: String]?

    static func all(_ tx: any Transaction, tenant: String) throws -> [ApplicationReport] {
        try tx.all(
            """
            SELECT id, name, generation, dialect, scopes, products, role, redirects, moved_to FROM sb_applications
            WHERE tenant = $1 ORDER BY name, id
            """, [.text(tenant)]
        ) { ApplicationReport($0) }
    }

    /// - Throws: ``CallRefusal`` 404 where the tenant has none of that id.
    static func one(_ directory: TenantDirectory, _ id: String) throws -> ApplicationReport {
        guard let found = try all(directory.tx, tenant: directory.facts.code).first(where: { $0.id == id }) else {
            throw CallRefusal(404, "not_found", "The tenant \(directory.facts.code) has no application \(id)")
        }
        return found
    }

    private init(_ row: any SQLRow) {
        id = row.text(0)
        name = row.text(1)
        generation = Generation(rawValue: row.text(2)) ?? .v2
        dialect = generation == .v1 ? nil : Dialect(rawValue: row.text(3))
        scopes = (Scope.parse(row.text(4)) ?? []).sorted()
        products = row.textOrNil(5).map { StringList.decode($0) }
        role = row.textOrNil(6)
        redirects = StringList.decode(row.text(7))
        movedTo = row.textOrNil(8)
    }
}
