import Foundation
import Mimecast
import MusterStore
import Planning

/// Looking into what was read last.
public struct Snapshots: Sendable {
    private let store: any Store
    private let tenant: String

    public init(store: any Store, tenant: String) {
        self.store = store
        self.tenant = tenant
    }

    public func report() async throws -> SyncReport? { try await SnapshotStore(store: store, tenant: tenant).report() }

    /// One person's neighbourhood.
    public struct PersonView: Sendable, Codable {
        public struct Step: Sendable, Codable {
            public var plan: String
            public var line: Int
            public var kind: String
            public var state: String
        }

        public var account: Account?
        /// Names of the groups.
        public var groups: [String]
        public var link: Link?
        public var history: [Step]
    }

    /// - Parameter address: of the account, or of the person in the source.
    /// - Returns: nil where neither the last read nor a link knows the address.
    public func person(_ address: String) async throws -> PersonView? {
        let key = EmailAddress.key(address)
        let steps = try await history(of: key)
        return try await store.read { [tenant] tx in
            let snapshot = try tx.first("SELECT id FROM snapshots WHERE tenant = $1 AND state = 'current'", [.text(tenant)]) { $0.text(0) }
            let link = try LinkTable.all(tenant: tenant, tx).first { $0.account == key || $0.person == key }
            let accountKey = link?.account ?? key
            let account = try tx.first(
                "SELECT body FROM observed_accounts WHERE snapshot = $1 AND key = $2", [.string(snapshot), .text(accountKey)]
            ) { try StoredJSON.value(Account.self, $0.text(0)) }
            guard account != nil || link != nil else { return nil }
            let groups = try tx.all(
                """
                SELECT g.name FROM observed_members m JOIN observed_groups g ON g.snapshot = m.snapshot AND g.id = m.group_id
                WHERE m.snapshot = $1 AND m.key = $2 ORDER BY g.name
                """, [.string(snapshot), .text(accountKey)]
            ) { $0.text(0) }
            return PersonView(account: account, groups: groups, link: link, history: steps)
        }
    }

    private func history(of key: String) async throws -> [PersonView.Step] {
        let plans = PlanStore(store: store)
        let stored = try await plans.list(tenant: tenant, state: .finished) + plans.list(tenant: tenant, state: .begun)
        let states = try await store.read { [tenant] tx in
            try tx.all("SELECT plan, line, state FROM journal WHERE tenant = $1", [.text(tenant)]) { ($0.text(0), $0.int(1), $0.text(2)) }
        }
        let byLine = Dictionary(states.map { ("\($0.0)/\($0.1)", $0.2) }) { first, _ in first }
        return stored.sorted { $0.number < $1.number }.flatMap { plan in
            plan.plan.work.compactMap { change in
                guard EmailAddress.key(change.person) == key || EmailAddress.key(change.account) == key else { return nil }
                return PersonView.Step(
                    plan: plan.file.id, line: change.line, kind: change.kind.rawValue,
                    state: byLine["\(plan.file.id)/\(change.line)"] ?? "unknown")
            }
        }
    }
}
