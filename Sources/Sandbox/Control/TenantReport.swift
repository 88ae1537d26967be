import Foundation
import Mimecast
import MusterStore
import SCIMStore

/// A tenant as the control API shows it.
struct TenantReport: Encodable, Sendable {
    let code: String
    let company: String
    let region: Region
    /// Where its credentials are good; nil where this sandbox does not serve the region.
    let baseURL: String?
    let scimURL: String?
    let admin: String
    /// ISO 8601.
    let created: String
    let domains: [String]
    /// Not yet proved to be the company's.
    let pendingDomains: [String]
    let seats: Int
    let seatsEnforced: Bool
    /// Days.
    let retention: Int
    let archive: Bool
    let plan: Plan
    let sso: SSOState
    /// Internal people, their aliases, and people of other companies. Kept counts.
    let people: Int
    let aliases: Int
    let guests: Int
    let groups: Int
    let applications: Int

    init(_ tx: any Transaction, _ facts: TenantFacts, baseURL: String?) throws {
        let directory = TenantDirectory(tx, facts: facts, actor: nil, now: 0)
        code = facts.code
        company = facts.company
        region = facts.region
        self.baseURL = baseURL
        scimURL = baseURL.map { $0 + SandboxOptions.scimPath }
        admin = facts.adminAddress
        created = Date(timeIntervalSince1970: TimeInterval(facts.created / 1_000)).ISO8601Format()
        domains = facts.domains
        pendingDomains = try tx.all(
            "SELECT domain FROM sb_domains WHERE tenant = $1 AND state = 'pending' ORDER BY position", [.text(facts.code)]
        ) { $0.text(0) }
        seats = facts.seats
        seatsEnforced = facts.seatsEnforced
        retention = facts.retention
        archive = facts.archive
        plan = facts.plan
        sso = facts.sso
        people = try directory.count([.primary], isInternal: true)
        aliases = try directory.count([.alias], isInternal: true)
        guests = try directory.count([.primary], isInternal: false)
        groups = try directory.resources.count("Group")
        applications = try ApplicationFacts.all(tx, tenant: facts.code).count
    }
}
