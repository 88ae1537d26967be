import Foundation
import Mimecast
import MusterStore
import Planning
import Sources
import Synchronization
import TestSupport
import Testing

@testable import Lifecycle

/// Who is passed over, and what ends it.
@Suite struct SettledTests {
    private typealias Record = SettledWorld.Record

    private static let everybody = ["ann", "carl", "dora"].map { SettledWorld.record(at($0), "x-\($0)", $0.capitalized) }

    /// Plans as `muster plan` does.
    private func plan(
        _ bench: Bench, _ records: [Record], _ policy: DesiredPolicy = DesiredPolicy(), writtenAs generation: Generation = .v2
    ) async throws -> (plan: Plan, looked: Int) {
        let text = ([SettledWorld.columns] + records).map { $0.joined(separator: ",") + "\n" }.joined()
        var tenant = bench.tenant()
        if generation == .v1 {
            tenant.credentials = .v1(applicationID: "a", applicationKey: "env:A", accessKey: "env:B", secretKey: "env:C")
        }
        let book = try await PlanMaker.settledBook(tenant, store: bench.store)
        let file = try PeopleFile.parse(Array(text.utf8), name: "people.csv", digest: "d", policy: policy, known: book)
        let looked = Mutex(0)
        let source = PlanMaker.Source(book: book, hasPassedOver: file.hasPassedOver) { domains, isSettled in
            let desired = try file.desired(domains: domains, isSettled: isSettled)
            looked.withLock { $0 = desired.people.count }
            return desired
        }
        let maker = PlanMaker(client: bench.client(), tenant: tenant, store: bench.store, protected: [], now: bench.now)
        return (try await maker.make(proposer: "pat", source: source).plan, looked.withLock { $0 })
    }

    private func withSettled(_ dialect: Dialect = .guide, _ body: (Bench) async throws -> Void) async throws {
        try await withBench(dialect) { bench in
            try await bench.sync()
            #expect(try await plan(bench, Self.everybody).looked == 3)
            #expect(try await plan(bench, Self.everybody).looked == 0)
            try await body(bench)
        }
    }

    @Test func aSecondPlanLooksAtThoseWhoDrifted() async throws {
        try await withSettled { bench in
            bench.vendor.tenant.rows[3].name = "Somebody else"
            try await bench.sync()
            let (plan, looked) = try await plan(bench, Self.everybody)
            #expect(looked == 1)
            #expect(plan.changes.map(\.person) == [at("dora")])
            #expect(plan.source.people == 3)
            #expect(plan.seats?.present == 4)
            #expect(plan.orphans == [at("bob")])
        }
    }

    /// Two people at one address are a mistake of the source, and its reader has to see both to say so.
    @Test(arguments: [
        [at("ann"), "x-other", "", ""], [at("new"), "x-ann", "", ""], [at("new"), "x-new", at("ann"), ""],
        [at("new"), "", at("ann"), "Guests"],
    ])
    func whoeverMeetsASettledPersonIsTold(cells: [String]) async throws {
        let policy = DesiredPolicy(exclude: try Condition(parsing: "department = \"Guests\""))
        try await withBench { bench in
            try await bench.sync()
            for _ in 0..<2 { _ = try await plan(bench, Self.everybody, policy) }
            var record = SettledWorld.record(cells[0], cells[1], "New", cells[3])
            record[5] = cells[2]
            await #expect(throws: SourceError.self) { try await plan(bench, Self.everybody + [record], policy) }
            record = SettledWorld.record(at("new"), "x-new", "New")
            #expect(try await plan(bench, Self.everybody + [record], policy).looked == 1)
        }
    }

    /// Aliases keep nobody from being passed over: whoever comes with one of them meets its owner.
    @Test func whoeverTakesASettledAliasMeetsItsOwner() async throws {
        try await withBench { bench in
            bench.vendor.tenant.rows[2].aliases = [at("sales"), at("orders")]
            try await bench.sync()
            for expected in [3, 0] { #expect(try await plan(bench, Self.everybody).looked == expected) }
            let joiner = SettledWorld.record(at("orders"), "x-new", "New")
            let (taken, looked) = try await plan(bench, Self.everybody + [joiner])
            #expect(looked == 2)
            #expect(taken.changes.map(\.kind) == [.undecided])
            #expect(taken.changes.first?.reason.contains(at("carl")) == true)
            // What the source says of aliases is in line, or it is not; somebody else's it is in no case.
            var carl = Self.everybody[1]
            carl[5] = "\(at("orders"));\(at("sales"))"
            let listed = [Self.everybody[0], carl, Self.everybody[2]]
            for expected in [1, 0] {
                let (plan, looked) = try await plan(bench, listed)
                #expect(plan.changes.isEmpty)
                #expect(looked == expected)
            }
            await #expect(throws: SourceError.self) { try await plan(bench, listed + [joiner]) }
            bench.vendor.tenant.rows[2].aliases = [at("sales")]
            try await bench.sync()
            #expect(try await plan(bench, listed).plan.changes.map(\.person) == [at("carl")])
        }
    }

    /// A list that was read while somebody renamed an account has it twice. Neither is passed over as long as that is so.
    @Test func twoAccountsWithOneIdAreLookedAt() async throws {
        try await withSettled { bench in
            bench.vendor.tenant.rows.append(FakeVendor.Row(id: "id-carl", address: at("zoe"), name: "Carl"))
            try await bench.sync()
            // The one whose account it may be.
            for expected in [1, 1, 1] {
                let (plan, looked) = try await plan(bench, Self.everybody)
                #expect(plan.changes.map(\.kind) == [.undecided])
                #expect(looked == expected)
            }
            bench.vendor.tenant.rows.removeLast()
            try await bench.sync()
            #expect(try await plan(bench, Self.everybody).plan.changes.isEmpty)
            #expect(try await plan(bench, Self.everybody).looked == 0)
        }
    }

    /// What another generation compares was never compared.
    @Test func anotherGenerationLooksAtEverybody() async throws {
        try await withSettled(.portal) { bench in
            for expected in [3, 0] {
                let looked = try await plan(bench, Self.everybody, writtenAs: .v1).looked
                #expect(looked == expected)
            }
            #expect(try await plan(bench, Self.everybody).looked == 3)
        }
    }

    @Test func otherRulesLookAtEverybody() async throws {
        try await withSettled { bench in
            let map = DesiredPolicy(map: [.name: try Expression(parsing: "name")])
            #expect(try await plan(bench, Self.everybody, map).looked == 3)
            let rules = DesiredPolicy(groupRules: [.init(when: try Condition(parsing: "name present"), add: ["Staff"])])
            // Groups are compared with each plan.
            for _ in 0..<2 { #expect(try await plan(bench, Self.everybody, rules).looked == 3) }
        }
    }

    @Test func whomAHumanLinksOtherwiseIsLookedAt() async throws {
        try await withSettled { bench in
            try await Resolution(store: bench.store, tenant: "CACME", who: "pat", now: bench.now)
                .link(person: at("dora"), externalID: "x-dora", account: at("bob"))
            let (plan, looked) = try await plan(bench, Self.everybody)
            #expect(looked >= 1)
            #expect(plan.changes.map(\.kind) == [.undecided])
        }
    }

    @Test func aPlanThatIsStoppedSettlesNobody() async throws {
        try await withBench { bench in
            try await bench.sync()
            let joiners = (0..<40).map { SettledWorld.record(at("j\($0)"), "", "Joiner") }
            #expect(try await plan(bench, Self.everybody + joiners).plan.isStopped)
            #expect(try await plan(bench, Self.everybody).looked == 3)
        }
    }

    /// Each learned something that the other did not know of.
    @Test func twoPlansAtOnceSettleNobody() async throws {
        try await withSettled { bench in
            let book = try await PlanMaker.settledBook(bench.tenant(), store: bench.store)
            #expect(book.entries.count == 3)
            let news = SettledTable.News(
                book: book, isSettled: [true, true, false], basis: SettledPeople.basis(.v2, .guide), lookedAt: [at("dora")])
            for expected in [2, 0] {
                try await bench.store.write("CACME") { try SettledTable.put(news, tenant: "CACME", $0) }
                #expect(try await PlanMaker.settledBook(bench.tenant(), store: bench.store).entries.count == expected)
            }
            #expect(try await plan(bench, Self.everybody).looked == 3)
            #expect(try await plan(bench, Self.everybody).looked == 0)
        }
    }

    @Test func whatIsDoneByHandIsLookedAtAndTheRestIsNot() async throws {
        try await withSettled { bench in
            let maker = PlanMaker(client: bench.client(), tenant: bench.tenant(), store: bench.store, protected: [], now: bench.now)
            let file = try await maker.make(HandWork(people: [Person(address: at("dora"), active: false)]), proposer: "pat")
            _ = try await bench.carryOut(bench.stored(file.hash))
            try await bench.sync()
            #expect(try await plan(bench, Self.everybody).looked == 1)
        }
    }
}
