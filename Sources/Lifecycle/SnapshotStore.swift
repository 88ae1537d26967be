import Crypto
import Foundation
import Mimecast
import MusterStore
import Planning

/// The observed state in the store. A read goes into rows of its own and becomes current in one transaction, whole or not at all.
struct SnapshotStore: Sendable {
    let store: any Store
    let tenant: String

    /// What is kept beside the rows.
    struct Facts: Codable, Sendable {
        var completeness: Completeness
        var domains: [String]
        var seats: Int?
    }

    /// Starts a read; rows of reads that never ended go.
    func begin(_ id: String, now: Int) async throws {
        try await store.write(tenant) { [tenant] tx in
            try tx.execute("DELETE FROM snapshots WHERE tenant = $1 AND state = 'reading'", [.text(tenant)])
            try tx.execute(
                "INSERT INTO snapshots (id, tenant, taken, state, digest, report, facts) VALUES ($1, $2, $3, 'reading', '', '', '')",
                [.text(id), .text(tenant), .int(now)])
        }
    }

    /// Adds a page's rows.
    ///
    /// - Parameter part: the domain or list that they were read from, so that this part can be read again.
    /// - Returns: how many of them had been seen before.
    func add(_ accounts: [Account], taken: [String], part: String, to id: String) async throws -> Int {
        let rows = try accounts.map { (EmailAddress.key($0.address), try StoredJSON.text($0)) }
        return try await store.write(tenant) { [tenant] tx in
            try Self.expectReading(id, tenant: tenant, tx)
            var repeated = 0
            for (key, body) in rows {
                repeated +=
                    1
                    - (try tx.execute(
                        """
                        INSERT INTO observed_accounts (snapshot, key, part, body) VALUES ($1, $2, $3, $4)
                        ON CONFLICT (snapshot, key) DO NOTHING
                        """, [.text(id), .text(key), .text(part), .text(body)]))
            }
            for key in taken {
                repeated +=
                    1
                    - (try tx.execute(
                        "INSERT INTO observed_taken (snapshot, key, part) VALUES ($1, $2, $3) ON CONFLICT (snapshot, key) DO NOTHING",
                        [.text(id), .text(key), .text(part)]))
            }
            return repeated
        }
    }

    /// The read that is in use.
    static func currentID(_ tenant: String, _ tx: any Transaction) throws -> String? {
        try tx.first("SELECT id FROM snapshots WHERE tenant = $1 AND state = 'current'", [.text(tenant)]) { $0.text(0) }
    }

    static func notRead(_ tenant: String) -> LifecycleError {
        LifecycleError(.input, "no-snapshot", "The tenant \(tenant) has not been read yet.", remedy: "Run muster sync first.")
    }

    private static func overtaken(_ tenant: String) -> LifecycleError {
        LifecycleError(
            .store, "sync-overtaken", "Another sync of \(tenant) began while this one was reading.",
            remedy: "Let that one finish; the read before it stays in use until then.")
    }

    /// A read that began later takes the place of this one.
    private static func expectReading(_ id: String, tenant: String, _ tx: any Transaction) throws {
        guard try tx.first("SELECT 1 FROM snapshots WHERE id = $1", [.text(id)], { _ in true }) == true else { throw overtaken(tenant) }
    }

    /// Takes the rows of one part back, before it is read again.
    func clear(part: String, of id: String) async throws {
        try await store.write(tenant) { tx in
            try tx.execute("DELETE FROM observed_accounts WHERE snapshot = $1 AND part = $2", [.text(id), .text(part)])
            try tx.execute("DELETE FROM observed_taken WHERE snapshot = $1 AND part = $2", [.text(id), .text(part)])
        }
    }

    func add(_ groups: [Group], to id: String) async throws {
        try await store.write(tenant) { [tenant] tx in
            try Self.expectReading(id, tenant: tenant, tx)
            for group in groups {
                try tx.execute(
                    """
                    INSERT INTO observed_groups (snapshot, id, name, authority) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (snapshot, id) DO NOTHING
                    """, [.text(id), .text(group.id), .text(group.name), .text(group.authority.rawValue)])
            }
        }
    }

    func add(members keys: [String], ofGroup group: String, to id: String) async throws {
        try await store.write(tenant) { [tenant] tx in
            try Self.expectReading(id, tenant: tenant, tx)
            for key in keys {
                try tx.execute(
                    """
                    INSERT INTO observed_members (snapshot, group_id, key) VALUES ($1, $2, $3)
                    ON CONFLICT (snapshot, group_id, key) DO NOTHING
                    """, [.text(id), .text(group), .text(key)])
            }
        }
    }

    /// Member addresses that no list of this read shows.
    func strangers(of id: String) async throws -> [String] {
        try await store.read { tx in
            try tx.all(
                """
                SELECT DISTINCT m.key FROM observed_members m
                LEFT JOIN observed_accounts a ON a.snapshot = m.snapshot AND a.key = m.key
                LEFT JOIN observed_taken t ON t.snapshot = m.snapshot AND t.key = m.key
                WHERE m.snapshot = $1 AND a.key IS NULL AND t.key IS NULL ORDER BY m.key
                """, [.text(id)]
            ) { $0.text(0) }
        }
    }

    /// Numbers of people, groups and memberships read.
    func counts(of id: String) async throws -> (groups: Int, memberships: Int) {
        try await store.read { tx in
            let groups = try tx.first("SELECT count(*) FROM observed_groups WHERE snapshot = $1", [.text(id)]) { $0.int(0) }
            let members = try tx.first("SELECT count(*) FROM observed_members WHERE snapshot = $1", [.text(id)]) { $0.int(0) }
            return (groups ?? 0, members ?? 0)
        }
    }

    /// Makes a read current and lets the one before go.
    ///
    /// - Parameter instant: seconds since 1970.
    func finish(_ id: String, facts: Facts, report: SyncReport, who: String, at instant: Int) async throws {
        let factsText = try StoredJSON.text(facts)
        let reportText = try StoredJSON.text(report)
        try await store.write(tenant) { [tenant] tx in
            let isOutdated = try tx.first("SELECT report FROM snapshots WHERE id = $1", [.text(id)]) { $0.text(0) } == "outdated"
            let digest = isOutdated ? "" : try Self.digest(of: id, tx)
            try tx.execute("DELETE FROM snapshots WHERE tenant = $1 AND id <> $2", [.text(tenant), .text(id)])
            let changed = try tx.execute(
                "UPDATE snapshots SET state = 'current', digest = $2, report = $3, facts = $4 WHERE id = $1",
                [.text(id), .text(digest), .text(reportText), .text(factsText)])
            guard changed == 1 else { throw Self.overtaken(tenant) }
            try AuditTrail.append(
                .snapshotTaken, id,
                [
                    "closed": String(report.closed), "accounts": String(report.accounts.internal), "groups": String(report.groups),
                    "memberships": String(report.memberships), "digest": digest.isEmpty ? nil : digest,
                ], tenant: tenant, actor: who, at: instant, tx)
        }
    }

    /// SHA-256 over all rows in key order, hex.
    private static func digest(of id: String, _ tx: any Transaction) throws -> String {
        var hash = SHA256()
        for sql in [
            "SELECT key, body FROM observed_accounts WHERE snapshot = $1 ORDER BY key",
            "SELECT key, '' FROM observed_taken WHERE snapshot = $1 ORDER BY key",
            "SELECT id, name || ' ' || authority FROM observed_groups WHERE snapshot = $1 ORDER BY id",
            "SELECT group_id, key FROM observed_members WHERE snapshot = $1 ORDER BY group_id, key",
        ] {
            try tx.each(sql, [.text(id)]) { row in
                for column in 0...1 {
                    let bytes = Data(row.text(column).utf8)
                    hash.update(data: Data("\(bytes.count):".utf8))
                    hash.update(data: bytes)
                }
                return true
            }
            hash.update(data: Data("/".utf8))
        }
        return hash.finalize().map { String(format: "%02x", $0) }.joined()
    }

    /// Marks the current read as no longer true: an empty digest matches no plan.
    static func outdate(tenant: String, _ tx: any Transaction) throws {
        try tx.execute("UPDATE snapshots SET digest = '' WHERE tenant = $1 AND state = 'current' AND digest <> ''", [.text(tenant)])
        // A read that is under way has seen some of it before the change and some after.
        try tx.execute("UPDATE snapshots SET report = 'outdated' WHERE tenant = $1 AND state = 'reading' AND report = ''", [.text(tenant)])
    }

    /// The current read's own report.
    func report() async throws -> SyncReport? {
        try await store.read { [tenant] tx in
            try tx.first("SELECT report FROM snapshots WHERE tenant = $1 AND state = 'current'", [.text(tenant)]) {
                try StoredJSON.value(SyncReport.self, $0.text(0))
            }
        }
    }

    func digest() async throws -> String? {
        try await store.read { [tenant] tx in
            try tx.first("SELECT digest FROM snapshots WHERE tenant = $1 AND state = 'current'", [.text(tenant)]) { $0.text(0) }
        }
    }

    /// The current read, for the planner.
    func observed() async throws -> ObservedState? {
        try await store.read { [tenant] tx in
            guard
                let head = try tx.first(
                    "SELECT id, digest, facts FROM snapshots WHERE tenant = $1 AND state = 'current'", [.text(tenant)],
                    { ($0.text(0), $0.text(1), $0.text(2)) })
            else { return nil }
            let facts = try StoredJSON.value(Facts.self, head.2)
            let decoder = JSONDecoder()
            let accounts = try tx.all("SELECT body FROM observed_accounts WHERE snapshot = $1 ORDER BY key", [.text(head.0)]) {
                try decoder.decode(Account.self, from: Data($0.text(0).utf8))
            }
            let owned = Set(accounts.flatMap { ($0.aliases ?? []).map(EmailAddress.key) })
            let taken = try tx.all("SELECT key FROM observed_taken WHERE snapshot = $1", [.text(head.0)]) { $0.text(0) }
                .filter { !owned.contains($0) }
            let groups = try tx.all("SELECT id, name, authority FROM observed_groups WHERE snapshot = $1 ORDER BY id", [.text(head.0)]) {
                Group(id: $0.text(0), name: $0.text(1), authority: Authority(rawValue: $0.text(2)) ?? .ldap)
            }
            var members: [String: Set<String>] = [:]
            try tx.each("SELECT group_id, key FROM observed_members WHERE snapshot = $1", [.text(head.0)]) {
                members[$0.text(0), default: []].insert($0.text(1))
                return true
            }
            return ObservedState(
                snapshot: head.0, digest: head.1, accounts: accounts.filter(\.isInternal), takenAddresses: Set(taken), groups: groups,
                members: members, domains: Set(facts.domains), completeness: facts.completeness, seats: facts.seats)
        }
    }
}
