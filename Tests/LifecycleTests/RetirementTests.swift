import HTTPTransport
import Foundation
import Mimecast
import MimecastClient
import MusterStore
import Planning
import Testing

@testable import Lifecycle

/// The end of an account's life, and other lines that the lists do not show: by hand and by the configuration, in each dialect and lane.
struct RetirementTests {
    private func maker(_ bench: Bench, days: Int? = 30) -> PlanMaker {
        PlanMaker(
            client: bench.client(), tenant: bench.tenant(), store: bench.store, protected: [],
            removal: RemovalPolicy(purgeAfterDays: days), now: bench.now)
    }

    private func plan(_ bench: Bench, _ people: [Person]) async throws -> StoredPlan {
        try await bench.sync()
        let desired = DesiredState(people: people, source: "people.csv", digest: "\(people.hashValue)")
        return try await bench.stored(try await maker(bench).make(proposer: "pat") { _ in desired }.hash)
    }

    private func ask(_ bench: Bench, _ asks: HandAsk...) async throws -> StoredPlan {
        try await bench.sync()
        return try await bench.stored(try await maker(bench, days: nil).make(HandWork(asks: asks), proposer: "pat").hash)
    }

    private let everybody = ["ann", "bob", "carl", "dora"].map { Person(address: at($0), externalID: $0) }

    @Test(arguments: ChangeKinds.lanes)
    func `A leaver is disabled, purged after thirty days, and comes back`(way: (dialect: Dialect, lane: WriteChannel)) async throws {
        try await withBench(way.dialect, over: way.lane) { bench in
            bench.vendor.tenant.rights = ["\(at("carl"))>\(at("ann"))"]
            var people = everybody
            _ = try await plan(bench, people)
            people[2].active = false
            #expect(try await bench.carryOut(plan(bench, people)).isWhole)
            bench.pass(hours: 29 * 24)
            #expect(try await plan(bench, people).plan.changes.isEmpty)
            bench.pass(hours: 24)
            let purge = try await plan(bench, people)
            #expect(purge.plan.work.map(\.kind) == [.removeDelegate, .purge])
            #expect(try await lifecycleError { try await bench.apply(purge) }.code == "approval-missing")
            let receipt = try await bench.carryOut(purge)
            #expect(receipt.isWhole && receipt.verified == 2, "\(receipt)")
            #expect(bench.vendor.tenant.purgeListed == [at("carl")] && bench.vendor.tenant.rights.isEmpty)
            #expect(try await plan(bench, people).plan.changes.isEmpty)

            let undo = try await bench.stored(try await maker(bench).undo(bench.stored(purge.file.hash), proposer: "pat").hash)
            #expect(undo.plan.work.map(\.kind) == [.unpurge, .addDelegate])
            #expect(try await bench.carryOut(undo).isWhole)
            #expect(bench.vendor.tenant.purgeListed.isEmpty && bench.vendor.tenant.rights == ["\(at("carl"))>\(at("ann"))"])
            // The days begin anew.
            #expect(try await plan(bench, people).plan.changes.isEmpty)

            bench.pass(hours: 31 * 24)
            #expect(try await bench.carryOut(plan(bench, people)).isWhole)
            people[2].active = true
            let back = try await plan(bench, people)
            #expect(back.plan.work.map(\.kind) == [.unpurge, .enable])
            #expect(try await bench.carryOut(back).isWhole)
            #expect(bench.vendor.tenant.purgeListed.isEmpty && bench.vendor.row("carl")?.isDisabled == false)
            #expect(try await plan(bench, people).plan.changes.isEmpty)
        }
    }

    @Test(arguments: ChangeKinds.lanes)
    func `Each by hand and back`(way: (dialect: Dialect, lane: WriteChannel)) async throws {
        try await withBench(way.dialect, over: way.lane) { bench in
            let before = bench.vendor.tenant
            for (there, back) in [
                (HandAsk.addAlias(at("a.lee"), of: at("ann")), HandAsk.removeAlias(at("a.lee"), of: at("ann"))),
                (.addDelegate(at("dora"), of: at("ann")), .removeDelegate(at("dora"), of: at("ann"))),
                (.purge(at("bob")), .unpurge(at("bob"))),
            ] {
                let plan = try await ask(bench, there)
                #expect(plan.plan.work.count == 1)
                #expect(try await bench.carryOut(plan).isWhole)
                #expect(bench.vendor.tenant != before, "\(there)")
                #expect(try await bench.carryOut(ask(bench, back)).isWhole)
                #expect(bench.vendor.tenant == before, "\(back)")
            }
            #expect(try await bench.carryOut(ask(bench, .createGroup("Crew"))).isWhole)
            #expect(bench.vendor.tenant.groups.map(\.name) == ["Staff", "Crew"])
        }
    }

    @Test(arguments: [Dialect.guide, .portal])
    func `What cannot be by hand says why`(dialect: Dialect) async throws {
        try await withBench(dialect) { bench in
            for (ask, why) in [
                (HandAsk.purge(at("ann")), "not disabled"), (.purge(at("nobody")), "no such account"),
                (.addAlias(at("dora"), of: at("ann")), "taken"), (.addAlias("a@elsewhere.example", of: at("ann")), "no domain"),
                (.addDelegate(at("nobody"), of: at("ann")), "no account"), (.createGroup("staff"), "a group of this name"),
            ] {
                let changes = try await self.ask(bench, ask).plan.changes
                #expect(changes.map(\.kind) == [.blocked] && changes[0].reason.contains(why), "\(changes)")
            }
            bench.vendor.tenant.rows[1].roles = ["Basic Administrator"]
            let changes = try await ask(bench, .purge(at("bob"))).plan.changes
            #expect(changes.map(\.kind) == [.blocked] && changes[0].reason.contains("Basic Administrator"))
        }
    }

    /// The purge list cannot be read: a call of unknown outcome is sent again, which has its effect once.
    @Test(arguments: [FakeVendor.Fault.lostBefore, .lostAfter, .statusAfter(502)])
    func `A purge whose answer is lost takes effect once`(fault: FakeVendor.Fault) async throws {
        try await withBench(.portal) { bench in
            for ask in [HandAsk.purge(at("bob")), .unpurge(at("bob"))] {
                let plan = try await self.ask(bench, ask)
                bench.vendor.forget()
                bench.vendor.play(fault)
                let receipt = try await bench.carryOut(plan)
                #expect(receipt.isWhole && bench.vendor.effects.count == 1, "\(receipt)")
                #expect(bench.vendor.pendingFaults == 0)
            }
        }
    }

    /// A group, its members and a right that ends, killed before and after each write of the journal.
    @Test(arguments: ChangeKinds.lanes, [true, false])
    func `Killed anywhere, new groups and purges come out the same`(
        way: (dialect: Dialect, lane: WriteChannel), keepsLast: Bool
    ) async throws {
        var death = 1
        var hasDied = true
        while hasDied {
            hasDied = try await withBench(way.dialect, over: way.lane) { bench in
                bench.vendor.tenant.rights = ["\(at("bob"))>\(at("ann"))"]
                var changes = try await ask(bench, .purge(at("bob")), .createGroup("Crew")).plan.changes
                let join = Change(
                    kind: .addMember, person: at("ann"), account: at("ann"), accountID: way.dialect == .guide ? "id-ann" : nil,
                    reason: "test", evidence: "test", group: "Crew")
                changes.insert(join, at: 1)
                let plan = try await bench.plan(changes: changes)
                try await bench.approve(plan)
                bench.vendor.forget()
                let store = CrashingStore(bench.store, diesAt: death, keepsLast: keepsLast)
                _ = try? await bench.applier(store: store).apply(plan)
                try await bench.buryLockOwner()
                let receipt = try await bench.apply(bench.stored(plan.file.hash))
                #expect(receipt.isWhole && receipt.verified == 4, "death \(death): \(receipt)")
                #expect(bench.vendor.effects.count == 4, "death \(death)")
                #expect(bench.vendor.tenant.members["g-Crew"] == [at("ann")] && bench.vendor.tenant.purgeListed == [at("bob")])
                return store.hasDied
            }
            death += 1
        }
        #expect(death > 8)
    }
}
