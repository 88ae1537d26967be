import Mimecast
import MusterStore

/// What is to be changed of a tenant; nil stays as it is.
struct TenantChange: Codable, Sendable {
    var company: String?
    var seats: Int?
    var seatsEnforced: Bool?
    /// Days; of people who go from now on.
    var retention: Int?
    var archive: Bool?
    var plan: Plan?
    var sso: SSOState?
    /// All of them, in the place of those that there are.
    var pendingDomains: [String]?
    /// Becomes the company's own, whether it was pending or is new. Guests at it become its people.
    var addDomain: String?

    /// Checked before anything is changed.
    func carryOut(_ directory: TenantDirectory) throws {
        let (tx, facts) = (directory.tx, directory.facts)
        let company = try company.map { try FieldCheck.plain(FieldCheck.required($0, "company"), "company", most: 200) }
        let seats = try TenantDesk.seats(seats)
        let retention = try TenantDesk.retention(retention)
        let pending = try pendingDomains?.map(TenantDesk.domain)
        let added = try addDomain.map(TenantDesk.domain)
        guard (pending?.count ?? 0) <= 50, facts.domains.count < 500 || added == nil else {
            throw ItemFailure.invalid("domains", "These are too many")
        }
        for domain in (pending ?? []) + (added.map { [$0] } ?? []) {
            guard !facts.domains.contains(domain) else { throw ItemFailure.invalid("domains", "\(domain) is internal already") }
            try TenantFacts.requireFree(tx, domain: domain, tenant: facts.code)
        }
        try tx.execute(
            """
            UPDATE sb_tenants SET company = $2, seats = $3, seats_enforced = $4, retention = $5, archive = $6, plan = $7, sso = $8
            WHERE tenant = $1
            """,
            [
                directory.tenant, .text(company ?? facts.company), .int(seats ?? facts.seats), .bool(seatsEnforced ?? facts.seatsEnforced),
                .int(retention ?? facts.retention), .bool(archive ?? facts.archive),
                .text((plan ?? facts.plan).rawValue), .text((sso ?? facts.sso).rawValue),
            ])
        if let pending { try directory.replacePending(Set(pending).sorted()) }
        if let added { try directory.addDomain(added) }
    }
}

extension TenantDirectory {
    fileprivate func replacePending(_ domains: [String]) throws {
        try tx.execute("DELETE FROM sb_domains WHERE tenant = $1 AND state = 'pending'", [tenant])
        for domain in domains { try insertDomain(domain, "pending") }
        try record(.domainsChanged, "Pending domains set to \(domains.isEmpty ? "none" : domains.joined(separator: " and "))")
    }

    /// Makes a domain the company's own, with what stood at it before.
    fileprivate func addDomain(_ domain: String) throws {
        try tx.execute("DELETE FROM sb_domains WHERE tenant = $1 AND domain = $2", [tenant, .text(domain)])
        try insertDomain(domain, "internal")
        // While these rows are external their counts are, too.
        var counts: [CountKey: Int] = [:]
        try tx.each(
            "SELECT kind, rows FROM sb_address_counts WHERE tenant = $1 AND internal = 0 AND domain = $2", [tenant, .text(domain)]
        ) { row in
            counts[CountKey(isInternal: false, domain: domain, kind: row.text(0)), default: 0] -= row.int(1)
            counts[CountKey(isInternal: true, domain: domain, kind: row.text(0)), default: 0] += row.int(1)
            return true
        }
        try tx.execute(
            """
            UPDATE sb_accounts SET internal = 1 WHERE tenant = $1 AND id IN
                (SELECT account_id FROM sb_addresses WHERE tenant = $1 AND internal = 0 AND domain = $2 AND kind = 'primary')
            """, [tenant, .text(domain)])
        try tx.execute("UPDATE sb_addresses SET internal = 1 WHERE tenant = $1 AND internal = 0 AND domain = $2", [tenant, .text(domain)])
        var facts = facts
        facts.domains.append(domain)
        let wider = TenantDirectory(tx, facts: facts, actor: actor, now: now)
        for local in ["abuse", "postmaster"] {
            guard let address = EmailAddress("\(local)@\(domain)"), try !isTaken(address) else { continue }
            try wider.insertAddress(address, .system, account: nil, &counts)
        }
        try addToCounts(counts)
        try record(.domainsChanged, "Internal domain \(domain) added")
    }

    private func insertDomain(_ domain: String, _ state: String) throws {
        try tx.execute(
            """
            INSERT INTO sb_domains (tenant, domain, id, position, state)
            VALUES ($1, $2, $3, (SELECT coalesce(max(position), 0) + 1 FROM sb_domains WHERE tenant = $1), $4)
            """, [tenant, .text(domain), .text(KeyRing.id("\(facts.code) domain \(domain)")), .text(state)])
    }
}
