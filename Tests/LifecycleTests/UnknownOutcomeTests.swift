import HTTPTransport
import Mimecast
import MimecastClient
import Planning
import Synchronization
import Testing
import TestSupport

@testable import Lifecycle

/// Calls whose answer is lost: settled by reading, never sent again before a read showed them absent.
struct UnknownOutcomeTests {
    @Test(arguments: ChangeKinds.all, [FakeVendor.Fault.lostAfter, .statusAfter(502), .lostBefore, .status(500)])
    func `Each kind is settled by a read`(kind: (Change.Kind, Dialect, WriteChannel), fault: FakeVendor.Fault) async throws {
        let (kind, dialect, lane) = kind
        try await withBench(dialect, over: lane) { bench in
            let plan = try await bench.plan(changes: [try #require(ChangeKinds.change(kind, dialect))])
            bench.vendor.forget()
            bench.vendor.play(fault)
            let receipt = try await bench.apply(plan)
            #expect(ChangeKinds.isDone(kind, bench.vendor))
            #expect([receipt.done, receipt.verified, receipt.failed, receipt.settled] == [1, 1, 0, 1])
            let order = bench.vendor.log.map(\.isWrite)
            let write = kind.isLookedAtFirst ? [false, true] : [true]
            switch fault {
            case .lostAfter, .statusAfter: #expect(order == write + [false, false], "write, read to settle, read back")
            default: #expect(order == write + [false] + write + [false], "write, read that shows it absent, write, read back")
            }
        }
    }

    @Test(arguments: [Change.Kind.create, .addMember, .removeMember, .remove], WriteChannel.allCases)
    func `A call that comes through after the read counts as done, though the second is refused`(
        kind: Change.Kind, lane: WriteChannel
    ) async throws {
        try await withBench(over: lane) { bench in
            let plan = try await bench.plan(changes: [try #require(ChangeKinds.change(kind, .guide))])
            bench.vendor.forget()
            bench.vendor.play(.lostAndLate)
            let receipt = try await bench.apply(plan)
            #expect(ChangeKinds.isDone(kind, bench.vendor))
            #expect([receipt.done, receipt.verified, receipt.failed] == [1, 1, 0])
            #expect(bench.vendor.writes.count == 2)
        }
    }

    @Test(arguments: WriteChannel.allCases)
    func `Refused after an unknown outcome, and not there, has failed`(lane: WriteChannel) async throws {
        try await withBench(over: lane) { bench in
            let plan = try await bench.plan([Person(address: at("new"))])
            bench.vendor.play(.lostBefore)
            bench.vendor.play(.refused("err_some_rule", message: "no"))
            let receipt = try await bench.apply(plan)
            #expect(receipt.failed == 1)
            #expect(bench.vendor.writes.count == 2)
        }
    }

    @Test(arguments: WriteChannel.allCases)
    func `A line that never takes effect is given up after three tries`(lane: WriteChannel) async throws {
        try await withBench(over: lane) { bench in
            let plan = try await bench.plan(["new1", "new2"].map { Person(address: at($0)) })
            bench.vendor.play(.lostBefore, subject: at("new1"), times: 100)
            let receipt = try await bench.apply(plan)
            #expect(receipt.failures.map(\.reason) == ["sent 3 times without effect"])
            #expect(receipt.done == 1)
            #expect(bench.vendor.writes.filter { $0.subject == at("new1") }.count == 3)
        }
    }

    @Test func `Before it is read, a call that was cut off gets time to arrive`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan([Person(address: at("new"))])
            bench.vendor.play(.lostAfter)
            try await bench.apply(plan)
            #expect(bench.clock.sleeps.contains(Applier.grace))
        }
    }

    @Test func `Where the read fails too, the line stays unknown and nothing is sent`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan(["new1", "new2"].map { Person(address: at($0)) })
            bench.vendor.forget()
            bench.vendor.play(.lostAfter)
            bench.vendor.play(.unreachable, path: "/api/user/get-internal-users", times: 100)
            let stopped = try await bench.apply(plan)
            #expect(stopped.stopCode == "unreachable")
            #expect([stopped.done, stopped.failed, stopped.deferred] == [0, 0, 2])
            #expect(try await bench.journal(plan)[1]?.state == .sent)
            bench.vendor.state.withLock { $0.faults = [] }
            bench.vendor.forget()
            let receipt = try await bench.apply(bench.stored(plan.file.hash))
            #expect([receipt.done, receipt.settled, receipt.verified] == [2, 1, 2])
            #expect(bench.vendor.writes.map(\.subject) == [at("new2")])
            #expect(bench.vendor.log.first?.path == "/api/user/get-internal-users")
            #expect(bench.vendor.log.first?.subject == at("new1"))
        }
    }

    @Test func `A cancelled apply leaves the line to be read`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan([Person(address: at("new"))])
            let task = Task { try await bench.apply(plan) }
            bench.vendor.pause("/api/user/create-managed-sender") { withUnsafeCurrentTask { $0?.cancel() } }
            bench.vendor.play(.lostAfter)
            _ = await task.result
            bench.vendor.pause("/api/user/create-managed-sender") {}
            try await bench.buryLockOwner()
            let receipt = try await bench.apply(bench.stored(plan.file.hash))
            #expect(receipt.isWhole)
            #expect(bench.vendor.writes.count == 1)
        }
    }
}
