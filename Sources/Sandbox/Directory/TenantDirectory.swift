import Mimecast
import MusterStore
import SCIM
import SCIMStore

/// The tenant's people and groups inside one transaction: SCIM resources and the vendor's facts, always changed together.
struct TenantDirectory {
    let facts: TenantFacts
    let tx: any Transaction
    let resources: ResourceStore
    /// Who changes things here; nil leaves no audit events (a seed).
    let actor: Actor?
    /// Milliseconds since 1970.
    let now: Int

    var tenant: SQLValue { .text(facts.code) }

    init(_ tx: any Transaction, facts: TenantFacts, actor: Actor?, now: Int) {
        self.tx = tx
        self.facts = facts
        self.actor = actor
        self.now = now
        resources = ResourceStore(tx, tenant: facts.code)
    }

    /// - Throws: ``CallRefusal`` 404 where there is no such tenant (any more).
    init(_ tx: any Transaction, tenant: String, actor: (TenantFacts) -> Actor?, now: Int) throws {
        guard let facts = try TenantFacts.load(tx, code: tenant) else {
            throw CallRefusal(404, "not_found", "There is no tenant \(tenant)")
        }
        self.init(tx, facts: facts, actor: actor(facts), now: now)
    }

    func isInternal(domain: String) -> Bool { facts.domains.contains(domain) }

    func account(id: String) throws -> AccountRecord? {
        try tx.first(
            """
            SELECT \(AccountRecord.columns) FROM sb_accounts a JOIN scim_resources r ON r.tenant = a.tenant AND r.id = a.id
            WHERE a.tenant = $1 AND a.id = $2
            """, [tenant, .text(id)]
        ) { AccountRecord($0) }
    }

    /// The account that an address belongs to.
    ///
    /// - Parameter byAlias: an alias names its account too.
    func account(_ address: EmailAddress, byAlias: Bool = false) throws -> AccountRecord? {
        let owner = try tx.first(
            "SELECT kind, account_id FROM sb_addresses WHERE tenant = $1 AND address_folded = $2", [tenant, .text(address.folded)]
        ) { (kind: $0.text(0), id: $0.textOrNil(1)) }
        guard let owner, let id = owner.id, byAlias || owner.kind == AddressKind.primary.rawValue else { return nil }
        return try account(id: id)
    }

    /// - Parameter id: an account whose own user name does not count.
    func isTaken(_ address: EmailAddress, except id: String? = nil) throws -> Bool {
        let isKnown = try tx.first(
            "SELECT 1 FROM sb_addresses WHERE tenant = $1 AND address_folded = $2", [tenant, .text(address.folded)]
        ) { _ in true }
        if isKnown == true { return true }
        // A user name of SCIM need not be its user's address, and two users cannot have one.
        return try resources.userID(named: address.text).map { $0 != id } ?? false
    }

    /// An account's aliases as written, by address.
    func aliases(of id: String) throws -> [String] {
        try tx.all(
            "SELECT address FROM sb_addresses WHERE tenant = $1 AND account_id = $2 AND kind = 'alias' ORDER BY address_folded",
            [tenant, .text(id)]
        ) { $0.text(0) }
    }

    /// How many rows of some kinds there are, kept.
    ///
    /// - Parameter domain: folded; nil is all.
    func count(_ kinds: Set<AddressKind>, isInternal: Bool, domain: String? = nil) throws -> Int {
        var sum = 0
        try tx.each(
            "SELECT domain, kind, rows FROM sb_address_counts WHERE tenant = $1 AND internal = $2", [tenant, .bool(isInternal)]
        ) { row in
            if let kind = AddressKind(rawValue: row.text(1)), kinds.contains(kind), domain == nil || domain == row.text(0) {
                sum += row.int(2)
            }
            return true
        }
        return sum
    }
}

/// What a row of the address list is.
enum AddressKind: String, Sendable {
    case primary, alias
    /// abuse@ and postmaster@: in the portal's list of every domain, but nobody's account.
    case system
}
