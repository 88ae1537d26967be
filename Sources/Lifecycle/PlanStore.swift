import Foundation
import MusterStore
import Planning

/// A plan in the store.
public struct StoredPlan: Sendable {
    public enum State: String, Sendable, Codable {
        case open, rejected
        /// An apply has begun; what is left stands in the journal.
        case begun
        case finished
    }

    public let file: PlanFile
    public let state: State
    public let proposer: String
    /// Its place in the order in which plans were made.
    public let number: Int
    public let receipt: Receipt?

    public var plan: Plan { file.plan }
}

/// Plans and the decisions about them.
public struct PlanStore: Sendable {
    let store: any Store

    public init(store: any Store) { self.store = store }

    /// Keeps a plan, and what it found out: the links that are sure, the groups that the source manages, the source as accepted.
    ///
    /// A plan that a guard stops teaches nothing: its source is not accepted.
    ///
    /// - Parameter settled: who needs no second look next time; nil where nobody looked.
    func save(
        _ file: PlanFile, proposer: String, links: [Link], settled: SettledTable.News? = nil, groups: Set<String>
    ) async throws {
        let document = [UInt8](try file.written())
        let plan = file.plan
        try await store.write(plan.tenant) { tx in
            let isNew = try tx.execute(
                """
                INSERT INTO plans (number, id, hash, tenant, proposer, document, state)
                VALUES ((SELECT coalesce(max(number), 0) + 1 FROM plans), $1, $2, $3, $4, $5, 'open') ON CONFLICT (id) DO NOTHING
                """, [.text(file.id), .text(file.hash), .text(plan.tenant), .text(proposer), .blob(document)])
            if isNew == 1 {
                let counts = plan.counts.filter { $0.value > 0 }.map { "\($0.key) \($0.value)" }.sorted().joined(separator: ", ")
                try AuditTrail.append(
                    .planMade, file.id,
                    [
                        "hash": file.hash, "snapshot": plan.snapshot, "source": plan.source.name, "sourceDigest": plan.source.digest,
                        "policy": plan.policy,
                        "counts": counts.isEmpty ? nil : counts,
                        "stopped": plan.isStopped ? plan.guards.filter(\.tripped).map(\.name).joined(separator: ", ") : nil,
                    ], tenant: plan.tenant, actor: proposer, at: plan.created, tx)
            }
            guard !plan.isStopped else { return }
            try LinkTable.put(links, tenant: plan.tenant, tx)
            if let settled { try SettledTable.put(settled, tenant: plan.tenant, tx) }
            for group in groups {
                try tx.execute(
                    "INSERT INTO managed_groups (tenant, group_id) VALUES ($1, $2) ON CONFLICT (tenant, group_id) DO NOTHING",
                    [.text(plan.tenant), .text(group)])
            }
            try Self.accept(plan, tx)
        }
    }

    /// Keeps the plan's source as the last accepted one: when it is made, or, where a guard stopped it, when it is applied all the same.
    static func accept(_ plan: Plan, _ tx: any Transaction) throws {
        guard !plan.isPartial else { return }
        try tx.execute(
            """
            INSERT INTO accepted_sources (tenant, name, digest, people, accepted, policy) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (tenant) DO UPDATE SET name = $2, digest = $3, people = $4, accepted = $5, policy = $6
            WHERE accepted_sources.accepted <= $5
            """,
            [
                .text(plan.tenant), .text(plan.source.name), .text(plan.source.digest), .int(plan.source.people), .int(plan.created),
                .string(plan.policy),
            ])
    }

    public func find(id: String) async throws -> StoredPlan? { try await one("id = $1", id) }
    public func find(hash: String) async throws -> StoredPlan? { try await one("hash = $1", hash) }

    /// The tenant's plans in a state, newest first.
    public func list(tenant: String, state: StoredPlan.State) async throws -> [StoredPlan] {
        try await store.read { tx in
            try tx.all(
                Self.columns + " WHERE tenant = $1 AND state = $2 ORDER BY number DESC", [.text(tenant), .text(state.rawValue)],
                Self.plan)
        }
    }

    private func one(_ condition: String, _ value: String) async throws -> StoredPlan? {
        try await store.read { tx in try tx.first(Self.columns + " WHERE " + condition, [.text(value)], Self.plan) }
    }

    private static let columns = "SELECT document, state, proposer, number, receipt FROM plans"

    private static func plan(_ row: any SQLRow) throws -> StoredPlan {
        StoredPlan(
            file: try PlanFile(reading: Data(row.blob(0))), state: StoredPlan.State(rawValue: row.text(1)) ?? .finished,
            proposer: row.text(2), number: row.int(3),
            receipt: try row.textOrNil(4).map { try StoredJSON.value(Receipt.self, $0) })
    }

    /// Whether another plan's apply began after this one was made: then the tenant is not what this plan saw.
    func isOvertaken(_ plan: StoredPlan) async throws -> String? {
        let tenant = plan.plan.tenant
        let number = plan.number
        return try await store.read { tx in
            try tx.first(
                """
                SELECT id FROM plans WHERE tenant = $1 AND number <> $2 AND begun_after >= $2
                    AND EXISTS (SELECT 1 FROM journal WHERE journal.plan = plans.id) ORDER BY begun_after
                """, [.text(tenant), .int(number)]
            ) { $0.text(0) }
        }
    }
}

/// The rows of stored links.
enum LinkTable {
    /// Keeps what a plan is sure of. An account that was renamed at the vendor keeps its id: its old row goes.
    static func put(_ links: [Link], tenant: String, _ tx: any Transaction) throws {
        let kept = Set(links.map(\.account))
        for link in links.sorted(by: { $0.account.utf8.lexicographicallyPrecedes($1.account.utf8) }) {
            let old = try one(account: link.account, tenant: tenant, tx)
            // Nearly all are as they were, and cost no write.
            if old == link { continue }
            try put(link, tenant: tenant, tx)
            guard let id = link.accountID, old?.accountID != id else { continue }
            let moved = try tx.all("SELECT account FROM links WHERE tenant = $1 AND account_id = $2", [.text(tenant), .text(id)]) {
                $0.text(0)
            }
            for account in moved where !kept.contains(account) {
                try tx.execute("DELETE FROM links WHERE tenant = $1 AND account = $2", [.text(tenant), .text(account)])
            }
        }
    }

    static func put(_ link: Link, tenant: String, _ tx: any Transaction) throws {
        // A person has one account: the row of the one before, which is gone, goes too.
        if let id = link.externalID {
            try tx.execute(
                "DELETE FROM links WHERE tenant = $1 AND external_id = $2 AND account <> $3",
                [.text(tenant), .text(id), .text(link.account)])
        }
        try tx.execute(
            """
            INSERT INTO links (tenant, account, account_id, external_id, person, disabled_by_us, said_inactive, out_of_scope)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (tenant, account) DO UPDATE
            SET account_id = $3, external_id = $4, person = $5, disabled_by_us = $6, said_inactive = $7, out_of_scope = $8, settled_row = NULL
            """,
            [
                .text(tenant), .text(link.account), .string(link.accountID), .string(link.externalID), .text(link.person),
                .bool(link.disabledByUs), .bool(link.saidInactive), .bool(link.outOfScope),
            ])
    }

    static func all(tenant: String, _ tx: any Transaction) throws -> [Link] {
        try tx.all(columns + " WHERE tenant = $1 ORDER BY account", [.text(tenant)], link)
    }

    static func one(account: String, tenant: String, _ tx: any Transaction) throws -> Link? {
        try tx.first(columns + " WHERE tenant = $1 AND account = $2", [.text(tenant), .text(account)], link)
    }

    /// What ``link(_:at:)`` reads.
    static let fields = "account, account_id, external_id, person, disabled_by_us, said_inactive, out_of_scope"
    private static let columns = "SELECT \(fields) FROM links"

    private static func link(_ row: any SQLRow) -> Link { link(row, at: 0) }

    static func link(_ row: any SQLRow, at column: Int) -> Link {
        Link(
            account: row.text(column), accountID: row.textOrNil(column + 1), externalID: row.textOrNil(column + 2),
            person: row.text(column + 3), disabledByUs: row.bool(column + 4), saidInactive: row.bool(column + 5),
            outOfScope: row.bool(column + 6))
    }
}
