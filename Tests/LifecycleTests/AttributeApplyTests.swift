import HTTPTransport
import Mimecast
import MimecastClient
import MusterStore
import Planning
import Synchronization
import Testing
import TestSupport

@testable import Lifecycle

/// Attributes from the plan to the read-back: 25 lines a call, and never over what somebody else wrote.
struct AttributeApplyTests {
    private func person(_ local: String, _ attributes: [String: String]) -> Person {
        var person = Person(address: at(local), externalID: local)
        person.accountAttributes = attributes
        return person
    }

    private func people(_ count: Int, _ attributes: (Int) -> [String: String]) -> [Person] {
        (0..<count).map { person("p\($0)", attributes($0)) }
    }

    private func fill(_ bench: Bench, _ count: Int) {
        bench.vendor.tenant.members = [:]
        bench.vendor.tenant.rows = (0..<count).map {
            FakeVendor.Row(id: "id-p\($0)", address: at("p\($0)"), name: "P \($0)", attributes: ["Phone": "old", "Kept": "\($0)"])
        }
    }

    private let path = "/api/user/update-attributes"

    @Test(arguments: ChangeKinds.lanes)
    func `Twenty-five lines a call, read back, and the next plan is empty and asks nobody`(
        dialect: Dialect, lane: WriteChannel
    ) async throws {
        try await withBench(dialect, over: lane) { bench in
            fill(bench, 60)
            // Some as they are to be, some to be set, some to be taken away, one twice.
            let wanted = people(60) { number in
                switch number {
                case 0..<5: ["Phone": "old"]
                case 5..<8: ["Phone": ""]
                case 10: ["Phone": "8", "City": "Rome"]
                default: ["Phone": "\(number)"]
                }
            }
            let plan = try await bench.plan(wanted)
            #expect(plan.plan.work.count == 56 && plan.plan.work.allSatisfy { $0.kind == .attribute })
            #expect(plan.plan.cost.calls == 9)
            bench.vendor.forget()
            let receipt = try await bench.carryOut(plan)
            #expect(receipt.isWhole && receipt.verified == 56)
            // 25, 25, and the rest; the second line of one account does not go with the first.
            #expect(bench.vendor.count(path) == 3 && bench.vendor.writes.count == 3)
            #expect(bench.vendor.count("/api/user/get-attributes") == 3 + 3)
            #expect(bench.vendor.row("p3")?.attributes == ["Phone": "old", "Kept": "3"])
            #expect(bench.vendor.row("p6")?.attributes == ["Kept": "6"])
            #expect(bench.vendor.row("p10")?.attributes == ["Phone": "8", "City": "Rome", "Kept": "10"])
            #expect(bench.vendor.row("p59")?.attributes == ["Phone": "59", "Kept": "59"])
            // Once they are read as they were left, nobody is asked for any more.
            for asked in [3, 0] {
                bench.vendor.forget()
                #expect(try await bench.plan(wanted).plan.isEmpty)
                #expect(bench.vendor.count("/api/user/get-attributes") == asked)
            }
            // One changed his mind: one call.
            var changed = wanted
            changed[20].accountAttributes = ["Phone": "another"]
            bench.vendor.forget()
            #expect(try await bench.plan(changed).plan.work.count == 1 && bench.vendor.count("/api/user/get-attributes") == 1)
        }
    }

    @Test func `What somebody changed at the vendor shows when everybody is read`() async throws {
        try await withBench { bench in
            fill(bench, 3)
            let wanted = people(3) { _ in ["Phone": "old"] }
            #expect(try await bench.plan(wanted).plan.isEmpty)
            bench.vendor.tenant.rows[1].attributes["Phone"] = "drifted"
            #expect(try await bench.plan(wanted).plan.isEmpty)
            try await bench.sync()
            var maker = PlanMaker(client: bench.client(), tenant: bench.tenant(), store: bench.store, protected: [], now: bench.now)
            maker.readsAllAttributes = true
            let desired = DesiredState(people: wanted, source: "people.csv", digest: "x")
            let plan = try await maker.make(proposer: "pat") { _ in desired }.plan
            #expect(plan.work.map(\.differences) == [[Change.Difference(field: "Phone", from: "drifted", to: "old")]])
            // Seen as different, it stays so for the plans after.
            #expect(try await bench.plan(wanted).plan.work.count == 1)
        }
    }

    @Test(arguments: ChangeKinds.lanes)
    func `A colleague's edit meanwhile is reported, and not overwritten`(dialect: Dialect, lane: WriteChannel) async throws {
        try await withBench(dialect, over: lane) { bench in
            fill(bench, 4)
            let plan = try await bench.plan(people(4) { ["Phone": "\($0)"] })
            bench.vendor.tenant.rows[1].attributes["Phone"] = "a colleague's"
            bench.vendor.tenant.rows[2].attributes["Phone"] = "2"
            bench.vendor.tenant.rows[3].attributes["Phone"] = nil
            let receipt = try await bench.carryOut(plan)
            #expect([receipt.done, receipt.verified, receipt.failed] == [2, 2, 2])
            #expect(bench.vendor.row("p1")?.attributes["Phone"] == "a colleague's")
            #expect(bench.vendor.row("p3")?.attributes["Phone"] == nil)
            #expect(bench.vendor.row("p0")?.attributes["Phone"] == "0")
            let found = receipt.failures.map { "\($0.person.prefix(2)) \($0.conflict?.expected ?? "") -> \($0.conflict?.found ?? "")" }
            #expect(found == [#"p1 Phone "old" -> Phone "a colleague's""#, #"p3 Phone "old" -> no Phone"#])
            #expect(receipt.failures.allSatisfy { $0.reason.hasSuffix("nothing was sent.") })
        }
    }

    @Test func `An attribute that the tenant does not have fails once, and is one blocked line from then on`() async throws {
        try await withBench { bench in
            fill(bench, 30)
            bench.vendor.tenant.definedAttributes = ["Phone"]
            let wanted = people(30) { ["Phone": "\($0)", "Badge": "\($0)"] }
            let plan = try await bench.plan(wanted)
            #expect(plan.plan.work.count == 60)
            bench.vendor.forget()
            let receipt = try await bench.carryOut(plan)
            #expect(receipt.done == 30 && receipt.failed == 30)
            // One call meets the refusal, whichever lines it has; the rest of that attribute stays at home.
            #expect(bench.vendor.count(path) <= 4)
            #expect(receipt.failures.contains { $0.reason.contains("not sent, since the vendor refused this attribute in line") })
            let next = try await bench.plan(wanted).plan
            #expect(next.isEmpty && next.changes.map(\.kind) == [.blocked])
            #expect(next.changes[0].person == "Badge" && next.changes[0].reason.contains("unknown attribute"))
            // Defined, and tried again.
            bench.vendor.tenant.definedAttributes = nil
            var maker = PlanMaker(client: bench.client(), tenant: bench.tenant(), store: bench.store, protected: [], now: bench.now)
            maker.readsAllAttributes = true
            try await bench.sync()
            let desired = DesiredState(people: wanted, source: "people.csv", digest: "y")
            let file = try await maker.make(proposer: "pat") { _ in desired }
            #expect(file.plan.work.count == 30)
            #expect(try await bench.carryOut(bench.stored(file.hash)).isWhole)
            #expect(try await bench.plan(wanted).plan.changes.isEmpty)
        }
    }

    @Test(arguments: ChangeKinds.lanes, [FakeVendor.Fault.lostBefore, .lostAfter, .status(500), .statusAfter(502)])
    func `A call of unknown outcome is settled by reading, and repeated only where it was absent`(
        lane: (dialect: Dialect, lane: WriteChannel), fault: FakeVendor.Fault
    ) async throws {
        try await withBench(lane.dialect, over: lane.lane) { bench in
            fill(bench, 10)
            let plan = try await bench.plan(people(10) { ["Phone": "\($0)"] })
            bench.vendor.forget()
            bench.vendor.play(fault)
            let receipt = try await bench.carryOut(plan)
            #expect(receipt.isWhole && receipt.verified == 10 && receipt.settled == 10)
            #expect((0..<10).allSatisfy { bench.vendor.row("p\($0)")?.attributes["Phone"] == "\($0)" })
            let sentAgain = if case .lostAfter = fault { false } else if case .statusAfter = fault { false } else { true }
            // What was absent goes by calls of its own.
            #expect(bench.vendor.writes.count == (sentAgain ? 11 : 1))
            #expect(Set(bench.vendor.effects).count == bench.vendor.effects.count)
        }
    }

    @Test func `What cannot be sent now waits, and goes together again`() async throws {
        try await withBench { bench in
            fill(bench, 10)
            let plan = try await bench.plan(people(10) { ["Phone": "\($0)"] })
            bench.vendor.forget()
            bench.vendor.play(.status(403))
            let stopped = try await bench.carryOut(plan)
            #expect(stopped.deferred == 10 && stopped.done == 0 && stopped.stopped != nil)
            let receipt = try await bench.apply(try await bench.stored(plan.file.hash))
            #expect(receipt.isWhole && receipt.verified == 10 && bench.vendor.count(path) == 2)
        }
    }

    @Test func `An account that is gone fails alone`() async throws {
        try await withBench { bench in
            fill(bench, 3)
            let plan = try await bench.plan(people(3) { ["Phone": "\($0)"] })
            bench.vendor.tenant.rows.remove(at: 1)
            let receipt = try await bench.carryOut(plan)
            #expect([receipt.done, receipt.failed] == [2, 1])
            #expect(receipt.failures.first?.conflict?.found == "no account")
        }
    }

    @Test(arguments: ChangeKinds.lanes)
    func `An undo puts the values back, and the source proposes them again`(dialect: Dialect, lane: WriteChannel) async throws {
        try await withBench(dialect, over: lane) { bench in
            fill(bench, 3)
            let old = bench.vendor.tenant.rows
            let wanted = people(3) { $0 == 0 ? ["Phone": ""] : ["Phone": "\($0)", "City": "Rome"] }
            let plan = try await bench.plan(wanted)
            #expect(try await bench.carryOut(plan).isWhole)
            #expect(try await bench.plan(wanted).plan.isEmpty)
            let maker = PlanMaker(client: bench.client(), tenant: bench.tenant(), store: bench.store, protected: [], now: bench.now)
            let undo = try await maker.undo(try await bench.stored(plan.file.hash), proposer: "pat")
            #expect(undo.plan.work.count == 5)
            #expect(try await bench.carryOut(bench.stored(undo.hash)).isWhole)
            #expect(bench.vendor.tenant.rows == old)
            #expect(try await bench.plan(wanted).plan.work.count == 5)
        }
    }

    @Test func `New accounts get theirs in the same plan`() async throws {
        try await withBench { bench in
            fill(bench, 1)
            let wanted = [person("p0", ["Phone": "old"]), person("new", ["Phone": "1"])]
            let plan = try await bench.plan(wanted)
            #expect(plan.plan.work.map(\.kind) == [.create, .attribute])
            #expect(try await bench.carryOut(plan).isWhole)
            #expect(bench.vendor.row("new")?.attributes == ["Phone": "1"])
            #expect(try await bench.plan(wanted).plan.isEmpty)
        }
    }

    @Test func `Nobody who is not made gets one`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan([person("new", ["Phone": "1"])])
            bench.vendor.play(.refused("err_some_rule", message: "no"))
            let receipt = try await bench.carryOut(plan)
            #expect(receipt.failed == 2 && bench.vendor.count(path) == 0)
        }
    }

    @Test func `Where attributes cannot be read the plan says so, and goes on`() async throws {
        try await withBench { bench in
            fill(bench, 2)
            bench.vendor.play(.status(403), path: "/api/user/get-attributes", times: 3)
            var wanted = people(2) { ["Phone": "\($0)"] }
            wanted[0].name = "Another"
            let plan = try await bench.plan(wanted).plan
            #expect(plan.work.map(\.kind) == [.update])
            #expect(plan.notices.contains { $0.hasPrefix("Attributes were not compared") })
        }
    }

    /// Thirty lines in two calls: a process that dies before or after any write of its journal leaves what another one brings to the same end.
    @Test(arguments: ChangeKinds.lanes)
    func `Killed before or after each write of the journal`(dialect: Dialect, lane: WriteChannel) async throws {
        try await withBench(dialect, over: lane) { bench in
            fill(bench, 30)
            let wanted = people(30) { ["Phone": "\($0)"] }
            let plan = try await bench.plan(wanted)
            bench.vendor.forget()
            let seen = Mutex(0)
            let store = try #require(bench.store as? SQLiteStore)
            let forking = ForkingStore(store) { moment, write in
                let folder = try TemporaryFolder()
                try await store.copy(to: folder.file("muster.db"))
                let left = try SQLiteStore(path: folder.file("muster.db"), migrations: StateSchema.migrations)
                defer { try? left.close() }
                let survivor = Bench(bench.vendor.fork(), over: lane, store: left)
                try await survivor.buryLockOwner()
                let receipt = try await survivor.apply(survivor.stored(plan.file.hash))
                #expect(receipt.isWhole && receipt.verified == 30, "\(moment) \(write)")
                for number in 0..<30 { #expect(survivor.vendor.row("p\(number)")?.attributes["Phone"] == "\(number)") }
                // Nobody is written twice to any effect: two calls did it all, or one and those of the lines that a kill left open.
                #expect(survivor.vendor.effects.reduce(0) { $0 + $1.subject.split(separator: ",").count } == 30, "\(moment) \(write)")
                _ = try await AuditBook(store: left, tenant: "CACME").verify()
                seen.withLock { $0 += 1 }
            }
            #expect(try await bench.applier(store: forking).apply(plan).isWhole)
            #expect(seen.withLock { $0 } == 2 * forking.writes && forking.writes == 2 * 2 + 5)
        }
    }
}
