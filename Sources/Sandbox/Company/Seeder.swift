import Foundation
import Mimecast
import MusterStore
import SCIM
import SCIMStore

/// Makes a tenant with its applications and its company.
struct Seeder: Sendable {
    /// What is to be made.
    struct Order: Sendable {
        var seed: SandboxOptions.Seed
        var seedNumber: UInt64
        var domains: Int
        /// nil is twice as many as there are people.
        var seats: Int?
        var seatsEnforced: Bool
        var region: Region
        var plan = Plan.enterprise
        var sso = SSOState.active
        /// Of a tenant that is added beside the first one; nil is the invented company's own.
        var added: Addition?
    }

    /// What sets an added tenant apart from the others.
    struct Addition: Sendable {
        var company: String?
        /// Folded; at least one.
        var domains: [String]
        var archive = true
        /// Days.
        var retention = 365
    }

    let order: Order
    let store: any Store
    let credentials: SandboxCredentials
    /// Milliseconds since 1970.
    let now: Int

    /// People per transaction.
    private static let batch = 2_000
    private var code: String { credentials.accountCode }
    private var done: String { "seeded \(code)" }
    /// As the first version of the data file wrote it, when there was one tenant.
    private static let doneOnce = "seeded"

    /// Makes the tenant where it is not there yet. A seed that was interrupted starts anew.
    func prepare() async throws {
        let (code, order, done) = (code, order, done)
        let known = try await store.read { tx in
            let isDone = try SettingsTable.value(tx, done) != nil || SettingsTable.value(tx, Self.doneOnce) != nil
            return isDone ? try TenantFacts.load(tx, code: code) : nil
        }
        guard let known else { return try await seed() }
        try await AdministratorPassword.complete(store, tenant: code, credentials.adminPassword, now: now)
        guard
            order.seats.map({ $0 != known.seats }) ?? false || order.seatsEnforced != known.seatsEnforced
                || order.region != known.region || order.plan != known.plan || order.sso != known.sso
        else { return }
        try await store.write(code) { tx in
            try tx.execute(
                "UPDATE sb_tenants SET seats = $2, seats_enforced = $3, region = $4, plan = $5, sso = $6 WHERE tenant = $1",
                [
                    .text(code), .int(order.seats ?? known.seats), .bool(order.seatsEnforced), .text(order.region.rawValue),
                    .text(order.plan.rawValue), .text(order.sso.rawValue),
                ])
        }
    }

    private func seed() async throws {
        let count =
            switch order.seed {
            case .empty: 0
            case .demo: 60
            case .people(let count): max(0, count)
            }
        // People are drawn as they are inserted: a large company is never in memory as a whole.
        var maker = CompanyMaker(domains: max(1, order.domains), named: order.added?.domains, seed: order.seedNumber)
        func draw(_ start: Int) -> [Employee] { (start..<min(start + Self.batch, count)).map { maker.employee($0) } }
        let company = Company(
            name: order.added?.company ?? CompanyMaker.name, domains: maker.domains, people: draw(0), guests: [],
            cloudGroups: CompanyMaker.cloudGroups, directoryGroups: CompanyMaker.directoryGroups)
        let facts = TenantFacts(
            code: code, company: company.name, region: order.region, seats: order.seats ?? max(10, 2 * count),
            seatsEnforced: order.seatsEnforced,
            adminAddress: company.people.first?.address ?? "administrator@\(company.domains[0])", created: now,
            domains: company.domains, archive: order.added?.archive ?? true, retention: order.added?.retention ?? 365,
            plan: order.plan, sso: order.sso)
        let groups = Dictionary(
            (company.cloudGroups + company.directoryGroups).map { ($0, id("group", $0)) }, uniquingKeysWith: { first, _ in first })
        try await store.write(facts.code) { tx in
            if order.added == nil {
                try SandboxSchema.clear(tx, tenant: facts.code)
                try Self.forget(tx, facts.code)
                // Nobody is served yet, so that nobody misses an index.
                try BulkLoad.begin(tx)
            } else {
                try requireFree(tx, facts)
            }
            try insertTenant(tx, facts)
            try insertApplications(tx, facts)
            try insertGroups(tx, facts, company, groups)
        }
        var (start, part) = (0, company.people)
        while !part.isEmpty {
            let people = part
            try await store.write(facts.code) { tx in
                try insert(people, TenantDirectory(tx, facts: facts, actor: nil, now: now), groups)
            }
            start += part.count
            part = draw(start)
        }
        let guests = (0..<CompanyMaker.guests(among: count)).map { _ in maker.guest() }
        try await store.write(facts.code) { tx in
            let directory = TenantDirectory(tx, facts: facts, actor: nil, now: now)
            try insertGuests(guests, directory, groups)
            if company.people.isEmpty, let address = EmailAddress(facts.adminAddress) {
                let admin = NewAccount(address: address, name: "Administrator", adminRoles: ["Full Administrator"])
                try directory.create([admin], ids: [id("account", "administrator")])
            }
            try directory.insertSeededConnection(id: id("connection", "1"))
            // The first people of a company are enough to have made its history.
            try AuditHistory(company, seedNumber: order.seedNumber, until: now).insert(directory)
            if order.added == nil { try BulkLoad.end(tx) }
            try AdministratorPassword.set(directory, credentials.adminPassword)
            try SettingsTable.set(tx, done, [1])
        }
    }

    /// Ids of the first tenant belong to its seed; those of another one to its code as well, so that no two tenants share any.
    private func id(_ kind: String, _ name: String) -> String {
        KeyRing.id((order.added == nil ? "" : code + " ") + "\(order.seedNumber) \(kind) \(name)")
    }

    /// An address has one tenant: v1 finds it by the domain.
    ///
    /// - Throws: ``CallRefusal`` 409.
    private func requireFree(_ tx: any Transaction, _ facts: TenantFacts) throws {
        if try tx.first("SELECT 1 FROM sb_tenants WHERE tenant = $1", [.text(code)], { _ in true }) ?? false {
            throw CallRefusal(409, "tenant_exists", "There is a tenant \(code) already")
        }
        for domain in facts.domains { try TenantFacts.requireFree(tx, domain: domain, tenant: code) }
    }

    /// Whether a tenant is there whole.
    static func isDone(_ tx: any Transaction, _ code: String) throws -> Bool { try SettingsTable.value(tx, "seeded \(code)") != nil }

    /// Forgets that a tenant was made.
    static func forget(_ tx: any Transaction, _ code: String) throws {
        try tx.execute("DELETE FROM sb_settings WHERE name = $1", [.text("seeded \(code)")])
    }

    private func insertTenant(_ tx: any Transaction, _ facts: TenantFacts) throws {
        try tx.execute(
            """
            INSERT INTO sb_tenants (tenant, company, region, seats, admin_address, created, seats_enforced, archive, retention, plan,
                sso)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            [
                .text(facts.code), .text(facts.company), .text(facts.region.rawValue), .int(facts.seats), .text(facts.adminAddress),
                .int(facts.created), .bool(facts.seatsEnforced), .bool(facts.archive), .int(facts.retention),
                .text(facts.plan.rawValue), .text(facts.sso.rawValue),
            ])
        for (position, domain) in facts.domains.enumerated() {
            try tx.execute(
                "INSERT INTO sb_domains (tenant, domain, id, position) VALUES ($1, $2, $3, $4)",
                [.text(facts.code), .text(domain), .text(id("domain", domain)), .int(position)])
        }
        try TenantDirectory(tx, facts: facts, actor: nil, now: now).insertSystemAddresses()
    }

    private func insertApplications(_ tx: any Transaction, _ facts: TenantFacts) throws {
        let scopes = Set(Scope.allCases)
        try ApplicationTable.insert(
            tx, tenant: facts.code, id: credentials.clientID, name: "Portal application",
            .v2(.portal, secret: credentials.clientSecret), scopes: scopes, redirects: ApplicationTable.loopback)
        try ApplicationTable.insert(
            tx, tenant: facts.code, id: credentials.guideClientID, name: "Guide application",
            .v2(.guide, secret: credentials.guideClientSecret), scopes: scopes, redirects: ApplicationTable.loopback)
        try ApplicationTable.insert(
            tx, tenant: facts.code, id: credentials.appID, name: "v1 application", .v1(applicationKey: credentials.appKey),
            scopes: scopes, redirects: [])
        try ApplicationTable.bind(
            tx, application: credentials.appID, account: nil, accessKey: credentials.accessKey, secretKey: credentials.secretKey, now: now,
            expires: nil)
    }

    private func insertGroups(_ tx: any Transaction, _ facts: TenantFacts, _ company: Company, _ ids: [String: String]) throws {
        let names = company.cloudGroups.map { ($0, Authority.cloud) } + company.directoryGroups.map { ($0, Authority.ldap) }
        let directory = TenantDirectory(tx, facts: facts, actor: nil, now: now)
        for (source, count) in [(Authority.cloud, company.cloudGroups.count), (.ldap, company.directoryGroups.count)] {
            try directory.insertRoot(source, id: id("root", source.rawValue), folders: count)
        }
        try ResourceStore(tx, tenant: facts.code).insert(
            names.map { GroupResource(id: ids[$0.0] ?? id("group", $0.0), displayName: $0.0) }, now: now)
        for (name, source) in names {
            try tx.execute(
                "INSERT INTO sb_groups (tenant, id, source, parent_id) VALUES ($1, $2, $3, $4)",
                [
                    .text(facts.code), .text(ids[name] ?? id("group", name)), .text(source.rawValue),
                    .text(id("root", source.rawValue)),
                ])
        }
    }

    private func insert(_ people: [Employee], _ directory: TenantDirectory, _ groups: [String: String]) throws {
        var drafts: [NewAccount] = []
        var ids: [String] = []
        var members: [String: [String]] = [:]
        for person in people {
            guard let address = EmailAddress(person.address) else { continue }
            let id = id("account", person.employeeID)
            ids.append(id)
            drafts.append(
                NewAccount(
                    address: address, name: person.displayName, firstName: person.firstName, lastName: person.lastName,
                    externalID: person.employeeID, title: person.title, department: person.department, source: person.source,
                    aliases: person.aliases.compactMap { EmailAddress($0) }, adminRoles: person.adminRoles))
            for group in person.groups + person.directoryGroups { members[group, default: []].append(id) }
        }
        try directory.create(drafts, ids: ids)
        for (group, ids) in members {
            if let group = groups[group] { try directory.resources.add(ids, to: group, now: now) }
        }
    }

    private func insertGuests(_ guests: [Guest], _ directory: TenantDirectory, _ groups: [String: String]) throws {
        let drafts = guests.compactMap { guest in EmailAddress(guest.address).map { NewAccount(address: $0, name: guest.displayName) } }
        let ids = drafts.map { id("guest", $0.address.folded) }
        try directory.create(drafts, ids: ids)
        if let group = groups[CompanyMaker.guestsGroup] { try directory.resources.add(ids, to: group, now: now) }
    }
}
