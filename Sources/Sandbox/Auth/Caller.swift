import Mimecast
import MusterStore

/// A registered application, with the region of its tenant. A class, because every call hands it on many times.
final class ApplicationFacts: Sendable {
    let id: String
    let tenant: String
    let region: Region
    let name: String
    let generation: Generation
    let dialect: Dialect
    /// What it may do: a guide application's scopes; of a portal one what its role permits.
    let scopes: Set<Scope>
    /// Which paths it may call at all.
    let products: Set<Product>
    /// SHA-256 of a v2 secret.
    let secretHash: [UInt8]
    let applicationKey: String?
    /// Where the authorization-code flow may send people back to, a JSON array; few calls ask for it.
    private let redirectList: String
    /// What a v1 application has become.
    let movedTo: String?
    /// The tenant's.
    let plan: Plan
    /// The tenant's.
    let sso: SSOState

    /// For queries that join; the tables are to be named `a` and `n`.
    static let columns = """
        a.id, a.tenant, n.region, a.name, a.generation, a.dialect, a.scopes, a.products, a.secret_hash, a.application_key, \
        a.redirects, a.moved_to, a.role, n.plan, n.sso
        """
    static let tables = "sb_applications a JOIN sb_tenants n ON n.tenant = a.tenant"
    static let width = 15

    init(_ row: any SQLRow) {
        id = row.text(0)
        tenant = row.text(1)
        region = Region(rawValue: row.text(2)) ?? .global
        name = row.text(3)
        generation = Generation(rawValue: row.text(4)) ?? .v2
        dialect = Dialect(rawValue: row.text(5)) ?? .portal
        let granted = Scope.parse(row.text(6)) ?? []
        scopes = row.textOrNil(12).map { granted.intersection(AdministratorRole.scopes(of: [$0])) } ?? granted
        products = row.textOrNil(7).map { Set(StringList.decode($0).compactMap(Product.init)) } ?? Set(Product.allCases)
        secretHash = row.isNull(8) ? [] : row.blob(8)
        applicationKey = row.textOrNil(9)
        redirectList = row.text(10)
        movedTo = row.textOrNil(11)
        plan = Plan(rawValue: row.text(13)) ?? .enterprise
        sso = SSOState(rawValue: row.text(14)) ?? .active
    }

    var redirects: [String] { StringList.decode(redirectList) }

    static func load(_ tx: any Transaction, id: String) throws -> ApplicationFacts? {
        try tx.first("SELECT \(columns) FROM \(tables) WHERE a.id = $1", [.text(id)]) { ApplicationFacts($0) }
    }

    static func all(_ tx: any Transaction, tenant: String) throws -> [ApplicationFacts] {
        try tx.all("SELECT \(columns) FROM \(tables) WHERE a.tenant = $1 ORDER BY a.id", [.text(tenant)]) { ApplicationFacts($0) }
    }
}

/// The person on whose behalf an application acts: whoever signed in for its token or binding.
struct SignedIn: Sendable {
    let accountID: String
    let address: String
    /// What their roles permit.
    let scopes: Set<Scope>

    /// For queries that join; the tables are to be named `k` and `r`.
    static let columns = "k.id, k.address, k.admin_roles, k.locked, r.active"
    /// - Parameters:
    ///   - tenant: the column with the tenant.
    ///   - account: the column with the account's id, which may be null.
    static func tables(tenant: String, account: String) -> String {
        """
        LEFT JOIN sb_accounts k ON k.tenant = \(tenant) AND k.id = \(account)
        LEFT JOIN scim_resources r ON r.tenant = k.tenant AND r.id = k.id
        """
    }

    /// - Returns: nil where the account is gone, locked or disabled: nobody of that kind is signed in anywhere.
    init?(_ row: any SQLRow, at first: Int) {
        guard !row.isNull(first), !row.bool(first + 3), row.bool(first + 4) else { return nil }
        accountID = row.text(first)
        address = row.text(first + 1)
        scopes = AdministratorRole.scopes(of: StringList.decode(row.text(first + 2)))
    }
}

/// Who makes a call, and what they may do.
struct Caller: Sendable {
    let application: ApplicationFacts
    /// nil is the application itself.
    let person: SignedIn?
    /// Fewer than the application's where the token was asked for with fewer, or the person may do less.
    let scopes: Set<Scope>

    init(application: ApplicationFacts, person: SignedIn?, granted: Set<Scope>) {
        self.application = application
        self.person = person
        var scopes = granted.intersection(application.scopes)
        if let person { scopes.formIntersection(person.scopes) }
        self.scopes = scopes
    }

    var tenant: String { application.tenant }

    func actor(_ facts: TenantFacts, ip: String) -> Actor {
        Actor(user: person?.address ?? facts.adminAddress, application: application.id, ip: ip, rights: person.map { _ in scopes })
    }
}
