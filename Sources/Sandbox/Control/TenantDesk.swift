import Foundation
import Mimecast
import MusterStore

/// Makes tenants beside the first one, and takes them away. To be called by one at a time.
struct TenantDesk: Sendable {
    let state: SandboxState

    /// What a new tenant is to be; nil is what stands beside it.
    struct Order: Codable, Sendable {
        /// Made up.
        var code: String?
        /// The invented company's own name.
        var company: String?
        /// The first one that is served.
        var region: Region?
        /// One, after the code.
        var domains: [String]?
        /// `empty`, `demo` (the default) or `people:N`.
        var seed: String?
        /// 1.
        var seedNumber: UInt64?
        /// Twice the people.
        var seats: Int?
        var seatsEnforced: Bool?
        /// Days; 365.
        var retention: Int?
        /// Mail of people who are gone is kept; true.
        var archive: Bool?
        /// enterprise.
        var plan: Plan?
        /// active.
        var sso: SSOState?
    }

    static let mostTenants = 1_000

    /// - Returns: its code.
    func create(_ order: Order) async throws -> String {
        let taken = try await state.store.read { try TenantFacts.codes($0) }
        guard taken.count < Self.mostTenants else {
            throw CallRefusal(422, "too_many_tenants", "There may be \(Self.mostTenants) tenants")
        }
        let code = try order.code.map(Self.checked) ?? Self.freshCode(taken)
        guard !taken.contains(code) else { throw CallRefusal(409, "tenant_exists", "There is a tenant \(code) already") }
        guard let region = order.region ?? state.options.regions.first, state.options.regions.contains(region) else {
            throw Self.invalid("region", "This sandbox does not serve it (--regions)")
        }
        guard let seed = SandboxOptions.Seed(order.seed ?? "demo") else { throw Self.invalid("seed", "It is empty, demo or people:N") }
        let domains = try (order.domains ?? ["\(code.lowercased()).example"]).map(Self.domain)
        guard (1...50).contains(domains.count), Set(domains).count == domains.count else {
            throw Self.invalid("domains", "A tenant has 1 to 50, each of them once")
        }
        let addition = Seeder.Addition(
            company: try order.company.map { try FieldCheck.plain(FieldCheck.required($0, "company"), "company", most: 200) },
            domains: domains, archive: order.archive ?? true, retention: try Self.retention(order.retention) ?? 365)
        let seeder = Seeder(
            order: Seeder.Order(
                seed: seed, seedNumber: order.seedNumber ?? 1, domains: domains.count, seats: try Self.seats(order.seats),
                seatsEnforced: order.seatsEnforced ?? false, region: region, plan: order.plan ?? .enterprise,
                sso: order.sso ?? .active, added: addition),
            store: state.store, credentials: credentials(code), now: state.clock.milliseconds)
        do {
            try await seeder.prepare()
        } catch {
            try await removeUnfinished()
            throw error
        }
        return code
    }

    /// Takes a tenant away with all that belongs to it. What its applications asked for stays in the request log.
    func remove(_ code: String) async throws {
        guard code != state.firstTenant else {
            throw CallRefusal(409, "first_tenant", "The tenant that the sandbox was started with stays")
        }
        try await state.store.write(code) { tx in
            _ = try facts(tx, code)
            try SandboxSchema.clear(tx, tenant: code)
            try Seeder.forget(tx, code)
        }
        state.life.wake(code)
    }

    /// Takes away what is left of tenants at whose making the process was killed. Nobody has had their credentials.
    func removeUnfinished() async throws {
        let first = state.firstTenant
        try await state.store.write("") { tx in
            for code in try TenantFacts.codes(tx) where code != first {
                if try !Seeder.isDone(tx, code) { try SandboxSchema.clear(tx, tenant: code) }
            }
        }
    }

    /// Of those that are there whole, oldest first.
    static func codes(_ tx: any Transaction, first: String) throws -> [String] {
        try TenantFacts.codes(tx).filter { try $0 == first || Seeder.isDone(tx, $0) }
    }

    /// - Throws: ``CallRefusal`` 404 where there is no such tenant.
    func facts(_ tx: any Transaction, _ code: String) throws -> TenantFacts {
        guard let facts = try TenantFacts.load(tx, code: code), try code == state.firstTenant || Seeder.isDone(tx, code) else {
            throw CallRefusal(404, "not_found", "There is no tenant \(code)")
        }
        return facts
    }

    func credentials(_ code: String) -> SandboxCredentials {
        SandboxCredentials(state.keys, tenant: code == state.firstTenant ? nil : code)
    }

    private static func freshCode(_ taken: [String]) throws -> String {
        for _ in 0..<1_000 {
            let code = SandboxCredentials.code(KeyRing.randomBytes())
            if !taken.contains(code) { return code }
        }
        throw CallRefusal(422, "no_code", "No code was found that is free; name one")
    }

    private static func checked(_ code: String) throws -> String {
        let isPlain = code.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || (48...57).contains($0) }
        guard isPlain, (2...32).contains(code.utf8.count) else { throw invalid("code", "It has 2 to 32 capital letters and digits") }
        return code
    }

    /// A domain, folded.
    static func domain(_ name: String) throws -> String {
        // Without an at sign, or the part before it would be taken for the local one.
        guard !name.contains("@"), let domain = EmailAddress("postmaster@\(name)")?.domain else {
            throw invalid("domains", "\(name.prefix(100)) is no domain")
        }
        return domain
    }

    static func seats(_ seats: Int?) throws -> Int? {
        guard (0...1_000_000_000).contains(seats ?? 0) else { throw invalid("seats", "It is 0 to 1000000000") }
        return seats
    }

    static func retention(_ days: Int?) throws -> Int? {
        guard (1...36_500).contains(days ?? 1) else { throw invalid("retention", "It is 1 to 36500 days") }
        return days
    }

    private static func invalid(_ field: String, _ message: String) -> CallRefusal {
        CallRefusal(422, FailureCode.validationInvalid, "\(field): \(message)")
    }
}
