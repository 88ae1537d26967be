import HTTPTransport
import Mimecast
import MimecastClient
import Planning
import Synchronization
import Testing
import TestSupport

@testable import Lifecycle

struct ApplyTests {
    @Test(arguments: ChangeKinds.all)
    func `Each kind of line is carried out with one write, and read back`(
        kind: Change.Kind, dialect: Dialect, lane: WriteChannel
    ) async throws {
        try await withBench(dialect, over: lane) { bench in
            let plan = try await bench.plan(changes: [try #require(ChangeKinds.change(kind, dialect))])
            #expect(!ChangeKinds.isDone(kind, bench.vendor))
            bench.vendor.forget()
            let receipt = try await bench.apply(plan)
            #expect(ChangeKinds.isDone(kind, bench.vendor))
            #expect(bench.vendor.writes.count == 1)
            #expect(bench.vendor.log.last?.isWrite == false, "the read-back")
            #expect(receipt.isWhole)
            #expect([receipt.done, receipt.verified, receipt.failed, receipt.deferred, receipt.settled] == [1, 1, 0, 0, 0])
            #expect(receipt.receipt == "r-" + plan.file.id.dropFirst(2))
            #expect(try await bench.stored(plan.file.hash).state == .finished)
        }
    }

    @Test func `A finished plan does nothing and shows its receipt`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan([Person(address: at("new"))])
            let receipt = try await bench.apply(plan)
            bench.vendor.forget()
            #expect(try await bench.apply(plan) == receipt)
            #expect(try await bench.apply(bench.stored(plan.file.hash)) == receipt)
            #expect(bench.vendor.log.isEmpty)
        }
    }

    @Test func `A plan without work is finished without a call`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan([Person(address: at("ann"))])
            bench.vendor.forget()
            let receipt = try await bench.apply(plan)
            #expect(receipt.isWhole && receipt.done == 0)
            #expect(bench.vendor.log.isEmpty)
        }
    }

    @Test(arguments: WriteChannel.allCases)
    func `A refused line fails, and the rest goes on`(lane: WriteChannel) async throws {
        try await withBench(over: lane) { bench in
            let plan = try await bench.plan(["new1", "new2", "new3"].map { Person(address: at($0)) })
            bench.vendor.play(.refused("err_some_rule", message: "not on Mondays"), subject: at("new2"))
            bench.vendor.forget()
            let receipt = try await bench.apply(plan)
            #expect([receipt.done, receipt.verified, receipt.failed, receipt.deferred] == [2, 2, 1, 0])
            #expect(receipt.failures.map(\.person) == [at("new2")])
            #expect(receipt.failures.first?.reason.contains("not on Mondays") == true)
            #expect(bench.vendor.writes.count == 3, "a refusal is final")
            #expect(bench.vendor.log.count == 5, "and no reading but the page that shows the other two, and the look at what was refused")
            #expect(!receipt.isWhole)
            #expect(try await bench.journal(plan)[2]?.state == .failed)
        }
    }

    @Test(arguments: ChangeKinds.lanes)
    func `An unreachable vendor ends the run with the rest deferred; resume finishes it`(
        dialect: Dialect, lane: WriteChannel
    ) async throws {
        try await withBench(dialect, over: lane) { bench in
            let plan = try await bench.plan(["new1", "new2", "new3"].map { Person(address: at($0)) })
            bench.vendor.play(.unreachable, skip: 1, times: 100)
            let stopped = try await bench.apply(plan)
            #expect([stopped.done, stopped.failed, stopped.verified] == [1, 0, 0])
            #expect(stopped.deferred == 3, "one to be read, two to be sent")
            #expect(stopped.stopCode == "unreachable")
            #expect(try await bench.stored(plan.file.hash).state == .begun)
            #expect(try await bench.journal(plan)[2]?.state == .intended, "it did not leave")
            bench.vendor.state.withLock { $0.faults = [] }
            let receipt = try await bench.apply(bench.stored(plan.file.hash))
            #expect([receipt.done, receipt.verified, receipt.deferred] == [3, 3, 0])
            #expect(bench.vendor.tenant.rows.count == 7)
        }
    }

    @Test(arguments: [(FakeVendor.Fault.status(401), "unauthorized"), (.status(403), "forbidden")], WriteChannel.allCases)
    func `Where the application is refused, lines wait instead of failing`(
        refusal: (fault: FakeVendor.Fault, code: String), lane: WriteChannel
    ) async throws {
        let (fault, code) = refusal
        try await withBench(over: lane) { bench in
            let plan = try await bench.plan(["new1", "new2"].map { Person(address: at($0)) })
            bench.vendor.play(fault, times: 100)
            let receipt = try await bench.apply(plan)
            #expect(receipt.stopCode == code)
            #expect([receipt.done, receipt.failed, receipt.deferred] == [0, 0, 2])
        }
    }

    @Test(arguments: WriteChannel.allCases)
    func `A quota is waited for, and the write is sent again`(lane: WriteChannel) async throws {
        try await withBench(over: lane) { bench in
            let plan = try await bench.plan([Person(address: at("new"))])
            bench.vendor.play(.limited(seconds: 7))
            #expect(try await bench.apply(plan).isWhole)
            #expect(bench.clock.sleeps.contains(.seconds(7)))
            #expect(bench.vendor.writes.count == 2)
        }
    }

    @Test func `What is answered as done and reads back otherwise has failed`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan([Person(address: at("new"), name: "New")])
            bench.vendor.pause("/api/user/get-internal-users") {
                bench.vendor.state.withLock { state in
                    if let index = state.tenant.index(at("new")) { state.tenant.rows[index].name = "Somebody" }
                }
            }
            let receipt = try await bench.apply(plan)
            #expect(receipt.failed == 1)
            #expect(receipt.failures.first?.reason == "answered as done, but read back: name is Somebody")
        }
    }

    @Test(arguments: WriteChannel.allCases)
    func `An interruption ends after the call in flight`(lane: WriteChannel) async throws {
        try await withBench(over: lane) { bench in
            let plan = try await bench.plan(["new1", "new2", "new3"].map { Person(address: at($0)) })
            let receipt = try await bench.applier(interrupted: { !bench.vendor.writes.isEmpty }).apply(plan)
            #expect(receipt.stopCode == "interrupted")
            #expect([receipt.done, receipt.failed, receipt.deferred] == [1, 0, 3])
            #expect(bench.vendor.writes.count == 1)
            #expect(try await bench.apply(bench.stored(plan.file.hash)).isWhole)
            #expect(bench.vendor.writes.map(\.subject) == ["new1", "new2", "new3"].map(at))
        }
    }

    @Test func `Each account and group is read back once, however many lines ask`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan(
                ["new1", "new2", "new3"].map { Person(address: at($0), groups: ["Staff"]) } + [
                    Person(address: at("ann"), name: "A", groups: ["Staff"])
                ])
            bench.vendor.forget()
            #expect(try await bench.apply(plan).verified == 8)
            // One page shows all four; before it was one look at whose name is written over.
            #expect(bench.vendor.count("/api/user/get-internal-users") == 2)
            #expect(bench.vendor.count("/api/directory/get-group-members") == 1)
        }
    }

    @Test(arguments: ChangeKinds.lanes)
    func `After an apply, the next plan has no work`(dialect: Dialect, lane: WriteChannel) async throws {
        try await withBench(dialect, over: lane) { bench in
            var people = ["ann", "bob", "carl", "dora"].map { Person(address: at($0), externalID: $0) }
            _ = try await bench.plan(people)
            people[0].name = "Ann Lee"
            people[1].active = true
            people[2].groups = []
            people[3].groups = ["Staff"]
            if dialect == .guide { people[3].address = at("dora.day") }
            people.append(Person(address: at("new"), externalID: "new", groups: ["Staff"]))
            let receipt = try await bench.carryOut(bench.plan(people))
            #expect(receipt.isWhole && receipt.done >= (dialect == .guide ? 6 : 5))
            let next = try await bench.plan(people)
            #expect(next.plan.isEmpty, "\(next.plan.changes)")
            people.removeLast()
            #expect(try await bench.carryOut(bench.plan(people)).done == 1)
            #expect(bench.vendor.row("new")?.isDisabled == true)
            #expect(try await bench.plan(people).plan.isEmpty)
        }
    }

    @Test func `Several lines are carried out at a time, and never more than that`() async throws {
        try await withBench { bench in
            let people = (1...7).map { Person(address: at("new\($0)")) }
            let plan = try await bench.plan(people)
            let gate = Gate()
            let flying = Mutex((now: 0, most: 0))
            bench.vendor.pause("/api/user/create-managed-sender") {
                flying.withLock {
                    $0.now += 1
                    $0.most = max($0.most, $0.now)
                }
                await gate.pass()
                flying.withLock { $0.now -= 1 }
            }
            let apply = Task { try await bench.apply(plan, width: 3) }
            await gate.waitForArrivals(3)
            // Each of them stands in the journal before its call goes out, and nobody else does.
            #expect(try await bench.journal(plan).values.count { $0.state == .sent } == 3)
            gate.open()
            let receipt = try await apply.value
            #expect([receipt.done, receipt.verified, receipt.failed, receipt.deferred] == [7, 7, 0, 0])
            #expect(flying.withLock(\.most) == 3)
            #expect(Set(bench.vendor.effects).count == 7)
        }
    }

    @Test func `What stops one of several lines lets the others come to their end`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan((1...6).map { Person(address: at("new\($0)")) })
            let gate = Gate()
            let path = "/api/user/create-managed-sender"
            bench.vendor.pause(path) { await gate.pass() }
            // Refused while two others are on their way, who are not answered before the run has taken note of that.
            bench.vendor.pause(path, subject: at("new2")) { await gate.waitForArrivals(2) }
            bench.vendor.play(.status(403), subject: at("new2"))
            let receipt = try await bench.apply(plan, width: 3) { _ in gate.open() }
            #expect(receipt.stopCode == "forbidden")
            // Those two are answered, and nobody else was begun; nothing is of unknown outcome.
            let states = try await bench.journal(plan).values.map(\.state)
            #expect(states.count { $0 == .answered } == 2)
            #expect(states.allSatisfy { $0 == .answered || $0 == .intended })
            #expect(try await bench.apply(plan, width: 3).verified == 6)
            #expect(Set(bench.vendor.effects).count == bench.vendor.effects.count)
        }
    }

    /// A list is read instead of one account after another where that takes fewer calls, and is not taken at its word.
    @Test func `Whom a page does not show as they should be is asked for`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan((1...5).map { Person(address: at("new\($0)")) })
            bench.vendor.state.withLock { $0.dropsLastRow = true }
            bench.vendor.forget()
            let receipt = try await bench.apply(plan)
            #expect(receipt.verified == 5)
            // Five writes, the page, and the one whom it left out.
            #expect(bench.vendor.log.count == 7)
        }
    }
}
