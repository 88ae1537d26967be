import Foundation
import HTTPTransport
import Mimecast
import MimecastClient
import MusterStore
import Planning
import Synchronization
import Testing

@testable import Lifecycle

/// A run of mixed changes that ends at each of its steps, and is resumed: the tenant comes to be as after a run that nothing disturbed,
/// and nothing has its effect twice.
///
/// Whoever survives knows what stands in the store, and what the tenant shows. So one run is enough for all its steps: before and after each
/// of its writes both are copied, which are what a process that is killed there leaves (`KillTests` kills a real one, with fewer changes),
/// and the copy is resumed.
///
/// `MUSTER_SWEEP=300` (`script/sweep`) makes the run longer. A resume is then followed until journal, tenant and links are as they were at a
/// later step of the undisturbed run; a process that is killed at that step is resumed, too, and so on to the end. Each sixteenth is
/// followed to its very end all the same.
struct CrashSweepTests {
    private static let asked = ProcessInfo.processInfo.environment["MUSTER_SWEEP"].flatMap { Int($0) }
    private static let followed = 16

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
        var retired: [RetiredAccount]
        var effects: Set<FakeVendor.Entry>
        var receipt: [Int]
    }

    private func end(_ bench: Bench, _ receipt: Receipt) async throws -> End {
        let effects = bench.vendor.effects
        #expect(Set(effects).count == effects.count, "an effect came twice")
        // Several lines at a time come in no order of their own.
        var tenant = bench.vendor.tenant
        tenant.rows.sort { $0.address < $1.address }
        tenant.groups.sort { $0.id < $1.id }
        return End(
            tenant: tenant, links: try await bench.links(),
            retired: try await bench.store.read { try RetiredTable.all(tenant: "CACME", $0) }, effects: Set(effects),
            receipt: [receipt.done, receipt.verified, receipt.failed, receipt.deferred])
    }

    /// The undisturbed run, line by line: its end, and how things stood after each of its writes.
    private struct Course {
        var end: End
        var steps: [Standing: Int]
    }

    /// What decides how a run goes on, and how it ends.
    private struct Standing: Hashable {
        var journal: [String]
        var tenant: FakeVendor.Tenant
        var links: [Link]

        init(_ bench: Bench) async throws {
            journal = try await bench.store.read { tx in try tx.all("SELECT state FROM journal ORDER BY line", []) { $0.text(0) } }
            tenant = bench.vendor.tenant
            tenant.rows.sort { $0.address < $1.address }
            tenant.groups.sort { $0.id < $1.id }
            links = try await bench.links()
        }
    }

    private final class Steps: Sendable {
        private let steps = Mutex<[Standing: Int]>([:])
        var all: [Standing: Int] { steps.withLock { $0 } }
        func add(_ standing: Standing, _ write: Int) { steps.withLock { $0[standing] = write } }
    }

    private func undisturbed(_ prepared: PreparedCompany) async throws -> Course {
        try await prepared.again { (bench: Bench, plan: StoredPlan, store: SQLiteStore) async throws in
            let company = prepared.company
            #expect(plan.plan.work.count == company.lines && Set(plan.plan.work.map(\.kind)) == Set(company.kinds))
            let steps = Steps()
            let watched = ForkingStore(store) { moment, write in
                if moment == .afterWrite { steps.add(try await Standing(bench), write) }
            }
            let receipt = try await bench.applier(store: watched).apply(plan)
            #expect(receipt.isWhole && receipt.verified == company.lines, "\(receipt)")
            return Course(end: try await end(bench, receipt), steps: steps.all)
        }
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

    /// All that a survivor can tell of a kill: the record holds each move of the journal.
    private struct Sight: Hashable {
        var tenant: FakeVendor.Tenant
        var record: String?
        var lock: String?
    }

    /// What was seen in one test.
    private final class Seen: Sendable {
        private let sights = Mutex<Set<Sight>>([])
        var count: Int { sights.withLock(\.count) }
        func isNew(_ sight: Sight) -> Bool { sights.withLock { $0.insert(sight).inserted } }
    }

    private struct Met: Error {}

    /// What this process would leave if it were killed now is resumed, unless another kill has left the same.
    private func resume(
        _ bench: Bench, _ store: SQLiteStore, of prepared: PreparedCompany, width: Int, seen: Seen, along course: Course, _ comment: Comment
    ) async throws {
        try await prepared.survivor(of: bench, store) { (survivor: Bench, left: SQLiteStore) async throws in
            let (record, lock) = try await left.read { tx in
                (
                    try tx.first("SELECT hash FROM audit_heads", []) { $0.text(0) },
                    try tx.first("SELECT owner FROM locks", []) { $0.textOrNil(0) } ?? nil
                )
            }
            let sight = Sight(tenant: survivor.vendor.tenant, record: record, lock: lock)
            guard seen.isNew(sight) else { return }
            try await survivor.buryLockOwner()
            let plan = try await survivor.stored(prepared.hash)
            if Self.asked == nil || seen.count.isMultiple(of: Self.followed) {
                let receipt = try await survivor.apply(plan, width: width)
                #expect(try await end(survivor, receipt) == course.end, comment)
            } else {
                try await follow(survivor, left, plan, along: course, comment)
            }
            _ = try await AuditBook(store: left, tenant: "CACME").verify()
            let effects = survivor.vendor.effects
            #expect(Set(effects).count == effects.count, comment)
            expectReadsBetween(survivor.vendor.log, comment)
        }
    }

    /// Resumes, until all that the kill disturbed is settled and things stand as at a later step of the undisturbed run.
    private func follow(
        _ survivor: Bench, _ left: SQLiteStore, _ plan: StoredPlan, along course: Course, _ comment: Comment
    ) async throws {
        let start = try await Standing(survivor)
        let own = course.steps[start] ?? 0
        let disturbed = start.journal.lastIndex { $0 != Journal.State.intended.rawValue } ?? -1
        let hasMet = Mutex(false)
        let watched = ForkingStore(left) { moment, _ in
            guard !hasMet.withLock({ $0 }) else { throw Met() }
            guard moment == .afterWrite else { return }
            let isOpen = try await left.read { tx in
                try tx.first("SELECT 1 FROM journal WHERE line <= $1 AND state IN ('intended', 'sent')", [.int(disturbed + 1)]) { _ in true
                }
            }
            if isOpen == nil, let step = course.steps[try await Standing(survivor)], step > own {
                hasMet.withLock { $0 = true }
                throw Met()
            }
        }
        let receipt = try? await survivor.applier(store: watched).apply(plan)
        guard !hasMet.withLock({ $0 }) else { return }
        #expect(try await end(survivor, try #require(receipt, comment)) == course.end, comment)
    }

    /// Line by line, and several at a time: then more than one may be of unknown outcome.
    @Test(arguments: ChangeKinds.lanes, [1, 3])
    func `Killed before or after each write of the journal`(way: (dialect: Dialect, lane: WriteChannel), width: Int) async throws {
        let prepared = try await prepare(way)
        let lines = prepared.company.lines
        let course = try await undisturbed(prepared)
        let seen = Seen()
        try await prepared.again { (bench: Bench, plan: StoredPlan, store: SQLiteStore) async throws in
            let forking = ForkingStore(store) { moment, write in
                try await resume(
                    bench, store, of: prepared, width: width, seen: seen, along: course, "\(moment) \(write), \(width) at a time")
            }
            let receipt = try await bench.applier(store: forking, width: width).apply(plan)
            #expect(try await end(bench, receipt) == course.end)
            // The lock, the beginning, twice for each line, the read-back, the end, the lock given back.
            #expect(forking.writes == 2 * lines + 5)
        }
        // Of each line at least: sent and not there yet, sent and there, answered.
        #expect(seen.count >= (width == 1 ? 3 : 2) * lines)
    }

    @Test(arguments: ChangeKinds.lanes, [FakeVendor.Fault.lostBefore, .lostAfter])
    func `Each call loses its answer, and the process dies before it has read what became of it`(
        way: (dialect: Dialect, lane: WriteChannel), fault: FakeVendor.Fault
    ) async throws {
        let prepared = try await prepare(way)
        let lines = prepared.company.lines
        let course = try await undisturbed(prepared)
        let seen = Seen()
        try await prepared.again { (bench: Bench, plan: StoredPlan, store: SQLiteStore) async throws in
            let lost = Mutex(0)
            let forking = ForkingStore(store) { moment, write in
                // It is kept that the call goes out; that its outcome was read is not.
                guard moment == .beforeWrite, bench.vendor.struckCount > lost.withLock({ $0 }) else { return }
                lost.withLock { $0 += 1 }
                #expect(try await bench.journal(plan).values.count { $0.state == .sent } == 1)
                try await resume(bench, store, of: prepared, width: 1, seen: seen, along: course, "\(fault), write \(write)")
            }
            bench.vendor.playFirst(fault)
            let receipt = try await bench.applier(store: forking).apply(plan)
            #expect(bench.vendor.struckCount == lines && receipt.settled >= lines)
            #expect(try await end(bench, receipt) == course.end)
        }
        #expect(seen.count == lines)
    }

    @Test(arguments: ChangeKinds.lanes, [FakeVendor.Fault.lostBefore, .lostAfter, .status(500), .statusAfter(502)])
    func `Every call loses its first answer, and one run sees it through`(
        way: (dialect: Dialect, lane: WriteChannel), fault: FakeVendor.Fault
    ) async throws {
        let prepared = try await prepare(way)
        let course = try await undisturbed(prepared)
        try await prepared.again { (bench: Bench, plan: StoredPlan, _) async throws in
            bench.vendor.playFirst(fault)
            let receipt = try await bench.apply(plan)
            #expect(bench.vendor.struckCount == prepared.company.lines)
            #expect(receipt.settled >= prepared.company.lines)
            #expect(try await end(bench, receipt) == course.end)
            expectReadsBetween(bench.vendor.log, "\(fault)")
        }
    }
}
