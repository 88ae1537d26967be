import Mimecast
import MusterStore

/// How applications are registered.
enum ApplicationTable {
    enum Kind: Sendable {
        case v1(applicationKey: String)
        case v2(Dialect, secret: String)
    }

    /// Where the seeded applications may send people back to: to a program on the same machine (RFC 8252, section 7.3: any port).
    static let loopback = ["http://127.0.0.1/callback", "http://localhost/callback"]

    /// - Parameters:
    ///   - products: nil is all; portal applications alone.
    ///   - role: nil is no limit; portal applications alone.
    static func insert(
        _ tx: any Transaction, tenant: String, id: String, name: String, _ kind: Kind, scopes: Set<Scope>, products: Set<Product>? = nil,
        role: AdministratorRole? = nil, redirects: [String]
    ) throws {
        var (generation, dialect, hash, key) = (Generation.v1, Dialect.portal, SQLValue.null, SQLValue.null)
        switch kind {
        case .v1(let applicationKey): key = .text(applicationKey)
        case .v2(let spoken, let secret): (generation, dialect, hash) = (.v2, spoken, .blob(KeyRing.hash(secret)))
        }
        try tx.execute(
            """
            INSERT INTO sb_applications (id, tenant, name, generation, dialect, scopes, secret_hash, application_key, products, role, redirects)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            [
                .text(id), .text(tenant), .text(name), .text(generation.rawValue), .text(dialect.rawValue), .text(Scope.format(scopes)),
                hash, key, .string(products.map { StringList.encode($0.map(\.rawValue).sorted()) }), .string(role?.rawValue),
                .text(StringList.encode(redirects)),
            ])
    }

    /// Gives an access key of v1.
    ///
    /// - Parameters:
    ///   - account: who logged in for it; nil is the application's own administrator.
    ///   - expires: milliseconds since 1970; nil is never.
    static func bind(
        _ tx: any Transaction, application: String, account: String?, accessKey: String, secretKey: String, now: Int, expires: Int?
    ) throws {
        try tx.execute(
            """
            INSERT INTO sb_bindings (access_key, application, account_id, secret_key, created, expires) VALUES ($1, $2, $3, $4, $5, $6)
            """, [.text(accessKey), .text(application), .string(account), .text(secretKey), .int(now), .int(expires)])
    }

    /// Turns a v1 application into a v2 one of the same name and rights: its bindings end, and what is left of it fails as wrong
    /// credentials do.
    ///
    /// - Parameters:
    ///   - newID: the v2 application's id, which nothing has yet.
    ///   - secret: its secret.
    /// - Returns: false where there is no such v1 application, or it was moved before.
    static func move(_ tx: any Transaction, id: String, to newID: String, secret: String, dialect: Dialect) throws -> Bool {
        guard let old = try ApplicationFacts.load(tx, id: id), old.generation == .v1, old.movedTo == nil else { return false }
        try insert(
            tx, tenant: old.tenant, id: newID, name: old.name, .v2(dialect, secret: secret), scopes: old.scopes, redirects: loopback)
        try tx.execute("UPDATE sb_applications SET moved_to = $2 WHERE id = $1", [.text(id), .text(newID)])
        try tx.execute("DELETE FROM sb_bindings WHERE application = $1", [.text(id)])
        return true
    }
}
