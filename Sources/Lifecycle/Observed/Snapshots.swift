import Foundation
import Mimecast
import MusterStore
import Planning
import Synchronization

/// Looking into what was read last.
public struct Snapshots: Sendable {
    let store: any Store
    let tenant: String

    public init(store: any Store, tenant: String) {
        self.store = store
        self.tenant = tenant
    }

    public func report() async throws -> SyncReport? { try await SnapshotStore(store: store, tenant: tenant).report() }

    /// The accounts of the last read in the order of their folded addresses, a stretch in memory at a time.
    ///
    /// A read that becomes current meanwhile ends it with ``LifecycleError``: half of one and half of another would be neither.
    public func accounts() -> AsyncThrowingStream<Account, any Error> {
        let (store, tenant) = (store, tenant)
        // Of the last stretch: what was not handed over yet, and where it goes on.
        let place = Mutex<(rows: ArraySlice<Account>, last: String, snapshot: String?, isEnd: Bool)>(([], "", nil, false))
        return AsyncThrowingStream {
            if let next = place.withLock({ $0.rows.popFirst() }) { return next }
            let (last, snapshot, isEnd) = place.withLock { ($0.last, $0.snapshot, $0.isEnd) }
            if isEnd { return nil }
            let (id, rows) = try await store.read { tx -> (String, [(key: String, account: Account)]) in
                guard let head = try SnapshotStore.current(tenant, tx) else { throw SnapshotStore.notRead(tenant) }
                let rows = try tx.all(Self.stretch, [.text(tenant), .int(head.number), .text(last)]) {
                    (key: $0.text(0), account: try ObservedAccount.account($0, at: 1))
                }
                return (head.id, rows)
            }
            guard snapshot == nil || snapshot == id else {
                throw LifecycleError(
                    .store, "sync-overtaken", "\(tenant) was read anew while this list was written.", remedy: "Repeat the command.")
            }
            return place.withLock { place in
                place = (rows.map(\.account)[...], rows.last?.key ?? "", id, rows.count < 1_000)
                return place.rows.popFirst()
            }
        }
    }

    private static let stretch = """
        SELECT o.key, \(ObservedAccount.columns(of: "o").joined(separator: ", ")) FROM observed_accounts o
        WHERE o.tenant = $1 AND o.key > $3 AND \(ObservedTable.holds("o", at: "$2")) ORDER BY o.key LIMIT 1000
        """

    public struct GroupView: Sendable, Codable {
        public var id: String
        public var name: String
        public var source: String
        public var members: Int
    }

    /// The groups of the last read, by name.
    public func groups() async throws -> [GroupView] {
        try await store.read { [tenant] tx in
            guard let head = try SnapshotStore.current(tenant, tx) else { throw SnapshotStore.notRead(tenant) }
            return try tx.all(
                """
                SELECT g.id, g.name, g.authority,
                    (SELECT count(*) FROM observed_members m
                        WHERE m.tenant = g.tenant AND m.group_id = g.id AND \(ObservedTable.holds("m", at: "$2")))
                FROM observed_groups g WHERE g.tenant = $1 AND \(ObservedTable.holds("g", at: "$2")) ORDER BY g.name, g.id
                """, [.text(tenant), .int(head.number)]
            ) { GroupView(id: $0.text(0), name: $0.text(1), source: $0.text(2), members: $0.int(3)) }
        }
    }

    public struct MembersView: Sendable, Codable {
        public var group: String
        public var id: String
        /// Folded addresses.
        public var members: [String]
    }

    /// - Parameter group: a name, in any letter case, or an id.
    public func members(of group: String) async throws -> MembersView {
        let found = try await groups().filter { $0.id == group || EmailAddress.fold($0.name) == EmailAddress.fold(group) }
        guard found.count == 1, let only = found.first else {
            throw LifecycleError(
                .input, "no-such-group",
                found.isEmpty ? "The tenant has no group \(group)." : "\(found.count) groups have the name \(group).",
                remedy: found.isEmpty ? "muster groups list shows them." : "Name one by its id: \(found.map(\.id).joined(separator: ", "))."
            )
        }
        let members = try await store.read { [tenant] tx in
            try tx.all(
                """
                SELECT o.key FROM observed_members o
                WHERE o.tenant = $1 AND o.group_id = $3 AND \(ObservedTable.holds("o", at: "$2")) ORDER BY o.key
                """, [.text(tenant), .int(try SnapshotStore.current(tenant, tx)?.number), .text(only.id)]
            ) { $0.text(0) }
        }
        return MembersView(group: only.name, id: only.id, members: members)
    }

    func history(of key: String) async throws -> [PersonView.Step] {
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
