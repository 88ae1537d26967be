import Foundation
import Mimecast

/// An application that is to be registered; nil is what stands beside it.
struct ApplicationDraft: Codable, Sendable {
    /// v2.
    var generation: Generation?
    /// portal; v2 alone.
    var dialect: Dialect?
    /// "Application".
    var name: String?
    /// All.
    var scopes: [Scope]?
    /// All; portal applications alone.
    var products: [Product]?
    /// No limit; portal applications alone.
    var role: AdministratorRole?
    /// Those to this machine; v2 alone.
    var redirects: [String]?

    private static let mostApplications = 1_000

    /// - Throws: ``ItemFailure`` where it contradicts itself.
    func checked() throws -> ApplicationDraft {
        var draft = self
        draft.name = try FieldCheck.plain(FieldCheck.required(name ?? "Application", "name"), "name", most: 200)
        let (isV1, isPortal) = (generation == .v1, dialect != .guide)
        guard !isV1 || dialect == nil && redirects == nil else {
            throw ItemFailure.invalid("generation", "A v1 application has neither dialect nor redirects")
        }
        guard !isV1 && isPortal || products == nil && role == nil else {
            throw ItemFailure.invalid("products", "Portal applications alone have products and a role")
        }
        guard scopes?.isEmpty != true else { throw ItemFailure.invalid("scopes", "An application needs one at least") }
        guard (redirects?.count ?? 0) <= 20 else { throw ItemFailure.invalid("redirects", "At most 20 are allowed") }
        for redirect in redirects ?? [] {
            let url = URL(string: try FieldCheck.plain(redirect, "redirects"))
            guard let url, url.scheme != nil, url.fragment == nil else {
                throw ItemFailure.invalid("redirects", "\(redirect.prefix(200)) is no absolute URL without a fragment")
            }
        }
        return draft
    }

    /// - Returns: the application with its credentials, by the names that they have in the environment.
    func register(_ directory: TenantDirectory) throws -> ApplicationReport {
        let (tx, tenant) = (directory.tx, directory.facts.code)
        guard try ApplicationFacts.all(tx, tenant: tenant).count < Self.mostApplications else {
            throw ItemFailure.invalid("applications", "A tenant may have \(Self.mostApplications)")
        }
        let (name, scopes) = (name ?? "Application", Set(scopes ?? Scope.allCases))
        let made: (id: String, credentials: [String: String])
        if generation == .v1 {
            let (id, key) = (UUID().uuidString.lowercased(), UUID().uuidString.lowercased())
            let (access, secret) = (Self.random(), Data(KeyRing.randomBytes()).base64EncodedString())
            try ApplicationTable.insert(
                tx, tenant: tenant, id: id, name: name, .v1(applicationKey: key), scopes: scopes, redirects: [])
            try ApplicationTable.bind(
                tx, application: id, account: nil, accessKey: access, secretKey: secret, now: directory.now, expires: nil)
            made = (
                id,
                [
                    "MIMECAST_APP_ID": id, "MIMECAST_APP_KEY": key, "MIMECAST_ACCESS_KEY": access, "MIMECAST_SECRET_KEY": secret,
                ]
            )
        } else {
            let dialect = dialect ?? .portal
            let (id, secret) = (Self.newClientID(), Self.random())
            try ApplicationTable.insert(
                tx, tenant: tenant, id: id, name: name, .v2(dialect, secret: secret), scopes: scopes, products: products.map(Set.init),
                role: role, redirects: redirects ?? ApplicationTable.loopback)
            made = (id, Self.credentials(dialect, id: id, secret: secret))
        }
        try directory.record(.applicationChanged, "API application \(name) registered")
        var report = try ApplicationReport.one(directory, made.id)
        report.credentials = made.credentials
        return report
    }

    static func credentials(_ dialect: Dialect, id: String, secret: String) -> [String: String] {
        let name = dialect == .guide ? "MIMECAST_GUIDE_CLIENT" : "MIMECAST_CLIENT"
        return ["\(name)_ID": id, "\(name)_SECRET": secret]
    }

    static func newClientID() -> String { String(random().prefix(32)) }
    static func random() -> String { Base64URL.encode(KeyRing.randomBytes()) }
}
