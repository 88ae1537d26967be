import Mimecast
import MusterStore

/// A registered application.
struct ApplicationFacts: Sendable {
    let id: String
    let generation: Generation
    let dialect: Dialect
    let scopes: Set<Scope>
    /// SHA-256 of a v2 secret.
    let secretHash: [UInt8]
    let applicationKey: String?
    let accessKey: String?
    let secretKey: String?

    static let columns =
        "a.id, a.generation, a.dialect, a.scopes, a.secret_hash, a.application_key, a.access_key, a.secret_key"

    init(_ row: any SQLRow) {
        id = row.text(0)
        generation = Generation(rawValue: row.text(1)) ?? .v2
        dialect = Dialect(rawValue: row.text(2)) ?? .portal
        scopes = Scope.parse(row.text(3)) ?? []
        secretHash = row.blob(4)
        applicationKey = row.textOrNil(5)
        accessKey = row.textOrNil(6)
        secretKey = row.textOrNil(7)
    }

    static func load(_ tx: any Transaction, id: String) throws -> ApplicationFacts? {
        try tx.first("SELECT \(columns) FROM sb_applications a WHERE a.id = $1", [.text(id)]) { ApplicationFacts($0) }
    }
}

/// Who makes a call, and what they may do.
struct Caller: Sendable {
    let application: ApplicationFacts
    /// Fewer than the application's where the token was asked for with fewer.
    let scopes: Set<Scope>
}
