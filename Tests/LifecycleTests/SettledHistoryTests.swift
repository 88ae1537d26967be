import Foundation
import Mimecast
import MusterStore
import Planning
import Sources
import Synchronization
import TestSupport
import Testing

@testable import Lifecycle

/// Leaving people out who need no second look changes nothing: at every point of a history the plan that does so is, byte for byte, the plan
/// that looks at everybody, and teaches the same.
@Suite struct SettledHistoryTests {
    static let seeds = UInt64(ProcessInfo.processInfo.environment["MUSTER_SEEDS"].flatMap { Int($0) }.map { $0 / 100 } ?? 8)

    @Test(arguments: [Dialect.guide, .portal], 1...seeds)
    func plansAreTheSame(_ dialect: Dialect, seed: UInt64) async throws {
        try await withTemporaryStore(migrations: StateSchema.migrations) { store in
            let bench = Bench(FakeVendor(dialect), store: store)
            var history = SettledHistory(bench: bench, store: store, world: SettledWorld(seed: seed))
            for round in 0..<20 { try await history.go(round) }
            // When all has calmed down, the short cut is there again: else nothing was tried.
            try await history.calmDown()
            #expect(history.spared > 15, "only \(history.spared) people were spared a look")
        }
    }
}

/// One history: what happens, and after each of it two plans.
struct SettledHistory {
    let bench: Bench
    let store: SQLiteStore
    var world: SettledWorld
    /// People whom the short cut spared a look in the last plan.
    var spared = 0
    private var last: StoredPlan?

    init(bench: Bench, store: SQLiteStore, world: SettledWorld) {
        self.bench = bench
        self.store = store
        self.world = world
    }

    mutating func go(_ round: Int) async throws {
        for _ in 0..<(round % 4) { try drift() }
        if round % 3 == 2 { world.mend() }
        try await happen(round)
    }

    /// The configuration is empty, no guard stops anything, and hardly anything happens.
    mutating func calmDown() async throws {
        (world.policy, world.patterns, world.removal) = (DesiredPolicy(), [], RemovalPolicy())
        world.tenant.domains = [FakeVendor.domain, "second.example"]
        for round in 100..<106 {
            for name in ["removals", "removals-24h", "removals-1h", "source-shrink", "policy", "additions", "additions-24h", "seats"] {
                try await GuardOverrides(store: store, tenant: "CACME", now: bench.now)
                    .raise(GuardOverride(name: name, value: 99, until: bench.seconds + 40 * 86_400, reason: "tried", who: "pat"))
            }
            world.mend()
            world.calm()
            try await happen(round)
        }
    }

    private mutating func happen(_ round: Int) async throws {
        bench.vendor.tenant = world.tenant
        bench.pass(hours: [0.1, 3, 30, 800][Int.random(in: 0..<4, using: &world.random)])
        if Bool.random(using: &world.random) { try await byHand() }
        bench.vendor.state.withLock { $0.dropsLastRow = false }
        if Int.random(in: 0..<6, using: &world.random) == 0 { bench.vendor.state.withLock { $0.dropsLastRow = true } }
        if try await isRead() {
            guard let plan = try await plans(round) else { return }
            if Int.random(in: 0..<3, using: &world.random) > 0 { try await carryOut(plan) }
        }
        world.tenant = bench.vendor.tenant
    }

    private mutating func drift() throws {
        switch Int.random(in: 0..<9, using: &world.random) {
        case 0..<4: world.driftOfSource()
        case 4..<8: world.driftOfTenant()
        default: try world.driftOfPolicy()
        }
    }

    /// A read that cannot be right is refused, and nothing is planned.
    private func isRead() async throws -> Bool {
        do {
            try await bench.sync()
            return true
        } catch is LifecycleError {
            return false
        }
    }

    private mutating func carryOut(_ plan: StoredPlan) async throws {
        guard !plan.plan.isStopped, plan.state == .open, !plan.plan.work.isEmpty else { return }
        do {
            _ = try await bench.carryOut(plan)
            last = try await bench.stored(plan.file.hash)
        } catch is LifecycleError {
            // Nothing is to do with it; what became of it, the next read shows.
        }
    }

    private func maker(_ store: any Store) -> PlanMaker {
        PlanMaker(
            client: bench.client(), tenant: bench.tenant(), store: store, protected: [SettledWorld.address(0)], patterns: world.patterns,
            removal: world.removal, now: bench.now)
    }

    /// What humans do beside plans from the source. Whatever is refused changes nothing.
    private mutating func byHand() async throws {
        let person = SettledWorld.address(Int.random(in: 0..<40, using: &world.random))
        let other = SettledWorld.address(Int.random(in: 0..<40, using: &world.random))
        do {
            switch Int.random(in: 0..<6, using: &world.random) {
            case 0, 1:
                try await bench.sync()
                let active = Bool.random(using: &world.random)
                let file = try await maker(store).make(HandWork(people: [Person(address: person, active: active)]), proposer: "pat")
                try await carryOut(bench.stored(file.hash))
            case 2:
                guard let last else { return }
                try await bench.sync()
                let file = try await maker(store).undo(bench.stored(last.file.hash), proposer: "pat")
                try await carryOut(bench.stored(file.hash))
            case 3:
                let id = ["x1", "x2", nil].randomElement(using: &world.random) ?? nil
                try await Resolution(store: store, tenant: "CACME", who: "pat", now: bench.now)
                    .link(person: person, externalID: id, account: other)
            case 4:
                _ = try await Resolution(store: store, tenant: "CACME", who: "pat", now: bench.now).followSource(person: person)
            default:
                let name = ["removals", "source-shrink", "policy", "group-leavers"].randomElement(using: &world.random) ?? "removals"
                try await GuardOverrides(store: store, tenant: "CACME", now: bench.now)
                    .raise(GuardOverride(name: name, value: 30, until: bench.seconds + 86_400, reason: "tried", who: "pat"))
            }
        } catch is LifecycleError {
        }
    }

    /// Both plans, or both errors; the one with the short cut stays.
    private mutating func plans(_ round: Int) async throws -> StoredPlan? {
        let folder = try TemporaryFolder()
        try await store.copy(to: folder.file("whole.db"))
        let whole = try SQLiteStore(path: folder.file("whole.db"), migrations: StateSchema.migrations)
        defer { try? whole.close() }
        let expected = await Self.outcome { try await make(whole, SettledBook()) }
        let book = try await PlanMaker.settledBook(bench.tenant(), store: store)
        let found = await Self.outcome { try await make(store, book) }
        #expect(found.text == expected.text, "round \(round)")
        #expect(try await Self.taught(store) == Self.taught(whole), "round \(round)")
        guard let made = found.made else { return nil }
        spared = made.spared
        return try await bench.stored(made.file.hash)
    }

    private typealias Made = (file: PlanFile, spared: Int)

    private static func outcome(_ body: () async throws -> Made) async -> (text: String, made: Made?) {
        do {
            let made = try await body()
            return (String(decoding: try made.file.written(), as: UTF8.self), made)
        } catch {
            return ("\(error)", nil)
        }
    }

    /// As `muster plan` does.
    private func make(_ store: any Store, _ book: SettledBook) async throws -> Made {
        let file = try PeopleFile.parse(world.csv, name: "people.csv", digest: "d", policy: world.policy, known: book)
        let looked = Mutex(0)
        let source = PlanMaker.Source(book: book, hasPassedOver: file.hasPassedOver) { domains, isSettled in
            let desired = try file.desired(domains: domains, isSettled: isSettled)
            looked.withLock { $0 = desired.people.count }
            return desired
        }
        let made = try await maker(store).make(proposer: "pat", source: source)
        return (made, made.plan.source.people - looked.withLock { $0 })
    }

    /// What a plan leaves behind for the next ones.
    private static func taught(_ store: any Store) async throws -> [String] {
        try await store.read { tx in
            var rows = try LinkTable.all(tenant: "CACME", tx).map { "\($0)" }
            rows += try tx.all("SELECT group_id FROM managed_groups ORDER BY group_id") { $0.text(0) }
            rows += try tx.all("SELECT people, policy, digest FROM accepted_sources") { "\($0.int(0)) \($0.text(1)) \($0.text(2))" }
            return rows
        }
    }
}
