import HTTPTransport
import Foundation
import Mimecast
import MimecastClient
import MusterStore
import Planning
import Synchronization
import TestSupport

@testable import Lifecycle

/// `ann` is `ann@acme.example`.
func at(_ local: String) -> String { local.contains("@") ? local : "\(local)@\(FakeVendor.domain)" }

/// A vendor, a store and a calendar, and the engine between them.
final class Bench: Sendable {
    static let secret = "s3cr3t-of-the-application"

    let vendor: FakeVendor
    let scim: SCIMVendor
    let lane: WriteChannel
    let store: any Store
    let clock = ManualClock(advancesItself: true)
    private let instant = Mutex(Date(timeIntervalSince1970: 1_700_000_000))

    init(_ vendor: FakeVendor, over lane: WriteChannel = .api, store: any Store) {
        self.vendor = vendor
        self.lane = lane
        scim = SCIMVendor(vendor)
        self.store = store
    }

    var now: @Sendable () -> Date { { self.instant.withLock { $0 } } }
    func pass(hours: Double) { instant.withLock { $0 += hours * 3600 } }
    var seconds: Int { Int(now().timeIntervalSince1970) }

    func tenant(writes: Bool = true) -> TenantRecord {
        TenantRecord(
            code: "CACME", baseURL: "https://api.example.com", dialect: vendor.dialect, allowWrites: writes, writes: lane,
            credentials: .v2(clientID: "client-1", clientSecret: "env:ACME_SECRET"))
    }

    func client() -> TenantClient {
        TenantClient(
            baseURL: "https://api.example.com", dialect: vendor.dialect,
            credentials: .v2(clientID: "client-1", clientSecret: Self.secret), transport: vendor, clock: clock, now: now, random: { 0 })
    }

    @discardableResult
    func sync() async throws -> SyncReport {
        try await Syncer(client: client(), tenant: "CACME", store: store, who: "pat", now: now).sync()
    }

    /// Syncs and plans.
    func plan(
        _ people: [Person], by proposer: String = "pat", sync: Bool = true, writes: Bool = true, protected: Set<String> = []
    ) async throws -> StoredPlan {
        if sync { try await self.sync() }
        let maker = PlanMaker(client: client(), tenant: tenant(writes: writes), store: store, protected: protected, now: now)
        let desired = DesiredState(people: people, source: "people.csv", digest: "\(people.hashValue)")
        let file = try await maker.make(proposer: proposer) { _ in desired }
        return try await stored(file.hash)
    }

    /// A plan with lines of the test's own, as if the planner had made it.
    func plan(changes: [Change]) async throws -> StoredPlan {
        var plan = try await self.plan([Person(address: at("dora"))]).plan
        plan.changes = changes
        for index in plan.changes.indices { plan.changes[index].line = index + 1 }
        for index in plan.guards.indices { plan.guards[index].tripped = false }
        let file = try PlanFile(plan)
        try await PlanStore(store: store).save(file, proposer: "pat", links: [], groups: [])
        return try await stored(file.hash)
    }

    func stored(_ hash: String) async throws -> StoredPlan {
        guard let plan = try await PlanStore(store: store).find(hash: hash) else { throw Missing() }
        return plan
    }

    func approvals(fourEyes: Bool = false) -> Approvals { Approvals(store: store, fourEyes: fourEyes, now: now) }

    @discardableResult
    func approve(_ plan: StoredPlan) async throws -> Approval { try await approvals().decide(plan, .approved, who: "pat") }

    func applier(
        store: (any Store)? = nil, writes: Bool = true, who: String = "pat", width: Int = 1,
        interrupted: @escaping @Sendable () -> Bool = { false }, progress: @escaping @Sendable (Applier.Progress) -> Void = { _ in }
    ) -> Applier {
        let client = client()
        return Applier(
            client: client, tenant: tenant(writes: writes), scim: channel(client), store: store ?? self.store, approvals: approvals(),
            who: who, width: width, clock: clock, now: now, isInterrupted: interrupted,
            progress: progress)
    }

    func channel(_ client: TenantClient) -> SCIMChannel {
        SCIMChannel(tenant: tenant(), client: client, transport: scim, clock: clock, random: { 0 })
    }

    @discardableResult
    func apply(
        _ plan: StoredPlan, width: Int = 1, progress: @escaping @Sendable (Applier.Progress) -> Void = { _ in }
    ) async throws -> Receipt { try await applier(width: width, progress: progress).apply(plan) }

    /// Approves and applies.
    func carryOut(_ plan: StoredPlan) async throws -> Receipt {
        if ApprovalRules().needsApproval(plan.plan) { try await approve(plan) }
        return try await apply(plan)
    }

    func links() async throws -> [Link] { try await store.read { try LinkTable.all(tenant: "CACME", $0) } }

    func journal(_ plan: StoredPlan) async throws -> [Int: Journal.Entry] {
        try await Journal(store: store, plan: plan, fence: 0, who: "pat", now: now).entries()
    }

    /// The process that holds the lock is no more.
    func buryLockOwner() async throws {
        try await store.write("CACME") { tx in
            guard let text = try tx.first("SELECT owner FROM locks WHERE tenant = 'CACME' AND owner IS NOT NULL", [], { $0.text(0) }) else {
                return
            }
            var owner = try StoredJSON.value(TenantLock.Owner.self, text)
            owner.started = "0"
            try tx.execute("UPDATE locks SET owner = $1", [.text(try StoredJSON.text(owner))])
        }
    }

    struct Missing: Error {}
}

/// Runs a test's body with an empty store and a vendor with four people and a group.
func withBench<T>(
    _ dialect: Dialect = .guide, over lane: WriteChannel = .api, _ body: (Bench) async throws -> T
) async throws -> T {
    try await withTemporaryStore(migrations: StateSchema.migrations) { store in
        let vendor = FakeVendor(dialect)
        vendor.tenant.rows = ["ann", "bob", "carl", "dora"].map {
            FakeVendor.Row(id: "id-\($0)", address: at($0), name: $0.capitalized, isDisabled: $0 == "bob")
        }
        vendor.tenant.groups = [Group(id: "g1", name: "Staff", authority: .cloud)]
        vendor.tenant.members = ["g1": [at("carl")]]
        return try await body(Bench(vendor, over: lane, store: store))
    }
}

/// The error that `body` must throw.
func lifecycleError<T>(_ body: () async throws -> T) async throws -> LifecycleError {
    do {
        _ = try await body()
    } catch let error as LifecycleError {
        return error
    }
    throw Bench.Missing()
}
