import Mimecast
import Planning
import Testing

@testable import Lifecycle

/// The resource forest of which the same person comes disabled and enabled in turn.
struct FlappingTests {
    private func person(_ active: Bool) -> [Person] { [Person(address: at("ann"), externalID: "a", active: active)] }

    @Test(arguments: [Dialect.guide, .portal])
    func `The second flip is held, until a human or a day lets it go`(dialect: Dialect) async throws {
        for isResolved in [true, false] {
            try await withBench(dialect) { bench in
                #expect(try await bench.carryOut(bench.plan(person(false))).done == 1)
                bench.pass(hours: 1)
                #expect(try await bench.carryOut(bench.plan(person(true))).done == 1)
                bench.pass(hours: 1)
                let held = try await bench.plan(person(false))
                #expect(held.plan.changes.map(\.kind) == [.undecided] && !held.plan.isStopped)
                #expect(bench.vendor.row("ann")?.isDisabled == false)
                if isResolved {
                    let resolution = Resolution(store: bench.store, tenant: "CACME", who: "quinn", now: bench.now)
                    #expect(try await resolution.followSource(person: at("ann")) == 2)
                    #expect(try await lifecycleError { try await resolution.followSource(person: at("ann")) }.code == "nothing-flaps")
                    var record = ""
                    try await AuditBook(store: bench.store, tenant: "CACME").export { record += $0 }
                    #expect(record.contains(#""action":"flapping-released""#))
                } else {
                    bench.pass(hours: 21.9)
                    #expect(try await bench.plan(person(false)).plan.work.isEmpty)
                    bench.pass(hours: 0.2)
                }
                #expect(try await bench.carryOut(bench.plan(person(false))).done == 1)
                #expect(bench.vendor.row("ann")?.isDisabled == true)
            }
        }
    }

    @Test func `Somebody who undoes what Muster does twice is not fought`() async throws {
        try await withBench { bench in
            for _ in 0..<2 {
                let plan = try await bench.plan(person(false))
                #expect(try await bench.carryOut(plan).done == 1)
                var tenant = bench.vendor.tenant
                for index in tenant.rows.indices where tenant.rows[index].address == at("ann") { tenant.rows[index].isDisabled = false }
                bench.vendor.tenant = tenant
                bench.pass(hours: 1)
            }
            #expect(try await bench.plan(person(false)).plan.changes.map(\.kind) == [.undecided])
        }
    }

    @Test func `What is taken back is no flip`() async throws {
        try await withBench { bench in
            for _ in 0..<3 {
                let plan = try await bench.plan(person(false))
                #expect(plan.plan.work.map(\.kind) == [.disable])
                _ = try await bench.carryOut(plan)
                try await bench.sync()
                let maker = PlanMaker(client: bench.client(), tenant: bench.tenant(), store: bench.store, protected: [], now: bench.now)
                let back = try await maker.undo(bench.stored(plan.file.hash), proposer: "pat")
                _ = try await bench.carryOut(bench.stored(back.hash))
                bench.pass(hours: 25)
            }
        }
    }
}
