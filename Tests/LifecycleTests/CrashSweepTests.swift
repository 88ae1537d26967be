import Foundation
import HTTPTransport
import Mimecast
import MimecastClient
import MusterStore
import Planning
import Testing

@testable import Lifecycle

/// A run of mixed changes that ends at each of its steps, and is resumed: the tenant comes to be as after a run that nothing disturbed,
/// and nothing has its effect twice.
///
/// Death is a store that fails from its N-th write on, which leaves the same rows as a process that is killed there (`KillTests` kills a
/// real one, with fewer changes). `MUSTER_SWEEP=300` (`script/sweep`) makes the run longer.
struct CrashSweepTests {
    private static let asked = ProcessInfo.processInfo.environment["MUSTER_SWEEP"].flatMap { Int($0) }

    /// Where nothing is asked for: twice each kind over the API of the guide, once each over the other lanes.
    private func prepare(_ way: (dialect: Dialect, lane: WriteChannel)) async throws -> PreparedCompany {
        let one = MixedCompany(way.dialect, changes: 1).kinds.count
        let company = MixedCompany(way.dialect, changes: Self.asked ?? (way == (.guide, .api) ? 2 * one : one))
        return try await PreparedCompany(company, over: way.lane)
    }

    /// What an undisturbed run leaves.
    private struct End: Equatable {
        var tenant: FakeVendor.Tenant
        var links: [Link]
        var effects: Set<FakeVendor.Entry>
        var receipt: [Int]
    }

    private func end(_ bench: Bench, _ receipt: Receipt) async throws -> End {
        let effects = bench.vendor.effects
        #expect(Set(effects).count == effects.count, "an effect came twice")
        // Several lines at a time come in no order of their own.
        var tenant = bench.vendor.tenant
        tenant.rows.sort { $0.address < $1.address }
        return End(
            tenant: tenant, links: try await bench.links(), effects: Set(effects),
            receipt: [receipt.done, receipt.verified, receipt.failed, receipt.deferred])
    }

    private func undisturbed(_ prepared: PreparedCompany) async throws -> End {
        try await prepared.again { (bench: Bench, plan: StoredPlan) async throws in
            let company = prepared.company
            #expect(plan.plan.work.count == company.changes && Set(plan.plan.work.map(\.kind)) == Set(company.kinds))
            let receipt = try await bench.apply(plan)
            #expect(receipt.isWhole && receipt.verified == company.changes, "\(receipt)")
            return try await end(bench, receipt)
        }
    }

    /// The whole of a disturbed run: until it ends, then resumed.
    private func resumed(_ bench: Bench, _ plan: StoredPlan, width: Int = 1) async throws -> End {
        try await bench.buryLockOwner()
        return try await end(bench, try await bench.apply(bench.stored(plan.file.hash), width: width))
    }

    /// No write goes out twice without a read between.
    private func expectReadsBetween(_ log: [FakeVendor.Entry], _ comment: Comment) {
        var sent: [FakeVendor.Entry: Int] = [:]
        var lastRead = -1
        for (position, entry) in log.enumerated() {
            if !entry.isWrite {
                lastRead = position
            } else if let before = sent.updateValue(position, forKey: entry) {
                #expect(before < lastRead, comment)
            }
        }
    }

    @Test(arguments: ChangeKinds.lanes, [true, false])
    func `Killed before or after each write of the journal`(way: (dialect: Dialect, lane: WriteChannel), keepsLast: Bool) async throws {
        let prepared = try await prepare(way)
        let changes = prepared.company.changes
        let whole = try await undisturbed(prepared)
        // The lock, the beginning, twice for each line, the read-back, the end, the lock given back.
        let writes = 2 * changes + 5
        for death in 1...writes + 1 {
            try await prepared.again { (bench: Bench, plan: StoredPlan) async throws in
                let store = CrashingStore(bench.store, diesAt: death, keepsLast: keepsLast)
                // Line by line, and several at a time: then more than one may be of unknown outcome.
                let width = death.isMultiple(of: 2) ? 1 : 3
                _ = try? await bench.applier(store: store, width: width).apply(plan)
                #expect(store.hasDied == (death <= writes))
                #expect(try await resumed(bench, plan, width: width) == whole, "death \(death)")
                expectReadsBetween(bench.vendor.log, "death \(death)")
            }
        }
    }

    @Test(arguments: ChangeKinds.lanes, [FakeVendor.Fault.lostBefore, .lostAfter])
    func `Each call loses its answer, and the process dies before it has read what became of it`(
        way: (dialect: Dialect, lane: WriteChannel), fault: FakeVendor.Fault
    ) async throws {
        let prepared = try await prepare(way)
        let changes = prepared.company.changes
        let whole = try await undisturbed(prepared)
        for call in 0..<changes {
            try await prepared.again { (bench: Bench, plan: StoredPlan) async throws in
                bench.vendor.play(fault, skip: call)
                // It is kept that the call goes out; that its outcome was read is not.
                let store = CrashingStore(bench.store, diesAt: 2 + 2 * call + 2, keepsLast: false)
                _ = try? await bench.applier(store: store).apply(plan)
                #expect(store.hasDied)
                #expect(bench.vendor.pendingFaults == 0)
                #expect(try await bench.journal(plan).values.count { $0.state == .sent } == 1)
                #expect(try await resumed(bench, plan) == whole, "call \(call)")
                expectReadsBetween(bench.vendor.log, "call \(call)")
            }
        }
    }

    @Test(arguments: ChangeKinds.lanes, [FakeVendor.Fault.lostBefore, .lostAfter, .status(500), .statusAfter(502)])
    func `Every call loses its first answer, and one run sees it through`(
        way: (dialect: Dialect, lane: WriteChannel), fault: FakeVendor.Fault
    ) async throws {
        let prepared = try await prepare(way)
        let changes = prepared.company.changes
        let whole = try await undisturbed(prepared)
        try await prepared.again { (bench: Bench, plan: StoredPlan) async throws in
            // What was not carried out is sent again, and that passes: one call more for each line before.
            let isSentAgain = if case .lostBefore = fault { true } else if case .status = fault { true } else { false }
            for call in 0..<changes { bench.vendor.play(fault, skip: isSentAgain ? call : 0) }
            let receipt = try await bench.apply(plan)
            #expect(bench.vendor.pendingFaults == 0)
            #expect(receipt.settled == changes)
            #expect(try await end(bench, receipt) == whole)
            expectReadsBetween(bench.vendor.log, "\(fault)")
        }
    }
}
