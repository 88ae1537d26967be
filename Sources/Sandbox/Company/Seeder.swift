import Foundation
import Mimecast
import MusterStore
import SCIM
import SCIMStore

/// Fills a new data file with a tenant, its applications and its company.
struct Seeder: Sendable {
    let options: SandboxOptions
    let store: any Store
    let keys: KeyRing
    let credentials: SandboxCredentials
    /// Milliseconds since 1970.
    let now: Int

    /// People per transaction.
    private static let batch = 2_000
    private static let done = "seeded"
    private static let tenantCode = "tenant"

    /// Reads the tenant, or makes it. A seed that was interrupted starts anew.
    func facts() async throws -> TenantFacts {
        let code = credentials.accountCode
        let known = try await store.read { tx in
            try SettingsTable.value(tx, Self.done) == nil ? nil : TenantFacts.load(tx, code: code)
        }
        var facts = try await { if let known { known } else { try await seed() } }()
        if let seats = options.seats, seats != facts.seats {
            facts.seats = seats
            let stored = facts
            try await store.write(code) { tx in
                try tx.execute("UPDATE sb_tenants SET seats = $2 WHERE tenant = $1", [.text(code), .int(stored.seats)])
            }
        }
        facts.seatsEnforced = options.seatsEnforced
        return facts
    }

    private func seed() async throws -> TenantFacts {
        let count =
            switch options.seed {
            case .empty: 0
            case .demo: 60
            case .people(let count): max(0, count)
            }
        let company = Company.generate(people: count, domains: options.domains, seed: options.seedNumber)
        let facts = TenantFacts(
            code: credentials.accountCode, company: company.name, region: "global", seats: options.seats ?? max(10, 2 * count),
            adminAddress: company.people.first?.address ?? "administrator@\(company.domains[0])", created: now,
            domains: company.domains)
        let groups = Dictionary(
            (company.cloudGroups + company.directoryGroups).map { ($0, id("group", $0)) }, uniquingKeysWith: { first, _ in first })
        try await store.write(facts.code) { tx in
            for table in SandboxSchema.tables { try tx.execute("DELETE FROM \(table)") }
            try insertTenant(tx, facts)
            try insertApplications(tx, facts)
            try insertGroups(tx, facts, company, groups)
        }
        for start in stride(from: 0, to: company.people.count, by: Self.batch) {
            let part = Array(company.people[start..<min(start + Self.batch, company.people.count)])
            try await store.write(facts.code) { tx in
                try insert(part, TenantDirectory(tx, facts: facts, now: now), groups)
            }
        }
        try await store.write(facts.code) { tx in
            let directory = TenantDirectory(tx, facts: facts, now: now)
            try insertGuests(company.guests, directory, groups)
            if company.people.isEmpty, let address = EmailAddress(facts.adminAddress) {
                let admin = NewAccount(address: address, name: "Administrator", adminRoles: ["Full Administrator"])
                try directory.create([admin], ids: [id("account", "administrator")])
            }
            try SettingsTable.set(tx, Self.done, [1])
        }
        return facts
    }

    private func id(_ kind: String, _ name: String) -> String { KeyRing.id("\(options.seedNumber) \(kind) \(name)") }

    private func insertTenant(_ tx: any Transaction, _ facts: TenantFacts) throws {
        try tx.execute(
            "INSERT INTO sb_tenants (tenant, company, region, seats, admin_address, created) VALUES ($1, $2, $3, $4, $5, $6)",
            [
                .text(facts.code), .text(facts.company), .text(facts.region), .int(facts.seats), .text(facts.adminAddress),
                .int(facts.created),
            ])
        for (position, domain) in facts.domains.enumerated() {
            try tx.execute(
                "INSERT INTO sb_domains (tenant, domain, id, position) VALUES ($1, $2, $3, $4)",
                [.text(facts.code), .text(domain), .text(id("domain", domain)), .int(position)])
        }
        try TenantDirectory(tx, facts: facts, now: now).insertSystemAddresses()
    }

    private func insertApplications(_ tx: any Transaction, _ facts: TenantFacts) throws {
        let insert = """
            INSERT INTO sb_applications (id, tenant, name, generation, dialect, scopes, secret_hash, application_key, access_key, secret_key)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """
        let scopes = Scope.format(Set(Scope.allCases))
        let v2: [(String, String, Dialect)] = [
            (credentials.clientID, credentials.clientSecret, .portal),
            (credentials.guideClientID, credentials.guideClientSecret, .guide),
        ]
        for (id, secret, dialect) in v2 {
            try tx.execute(
                insert,
                [
                    .text(id), .text(facts.code), .text(dialect.rawValue), .text(Generation.v2.rawValue), .text(dialect.rawValue),
                    .text(scopes), .blob(KeyRing.hash(secret)), .null, .null, .null,
                ])
        }
        try tx.execute(
            insert,
            [
                .text(credentials.appID), .text(facts.code), "v1", .text(Generation.v1.rawValue), .text(Dialect.portal.rawValue),
                .text(scopes), .null, .text(credentials.appKey), .text(credentials.accessKey), .text(credentials.secretKey),
            ])
    }

    private func insertGroups(_ tx: any Transaction, _ facts: TenantFacts, _ company: Company, _ ids: [String: String]) throws {
        let names = company.cloudGroups.map { ($0, Authority.cloud) } + company.directoryGroups.map { ($0, Authority.ldap) }
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
