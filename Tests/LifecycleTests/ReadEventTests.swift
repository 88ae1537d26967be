import Foundation
import Mimecast
import MusterStore
import Planning
import Synchronization
import TestSupport
import Testing

@testable import Lifecycle

/// Events that reads of a vendor write.
struct ReadEventTests {
    private func told(_ bench: Bench, after number: Int = 0) async throws -> [ToldEvent] {
        try await EventLog(store: bench.store, tenant: "CACME").after(number, limit: 1_000).map { try ToldEvent($0.body) }
    }

    private func words(_ events: [ToldEvent]) -> [String] { events.map { $0.type.rawValue + ($0.subject.map { " \($0)" } ?? "") } }

    @Test(arguments: [Dialect.guide, .portal])
    func `The first read tells nothing, and what it found stays so`(dialect: Dialect) async throws {
        try await withBench(dialect) { bench in
            try await bench.sync()
            try await bench.sync()
            #expect(try await told(bench).isEmpty)
        }
    }

    @Test func `A rename is one event, and memberships go with it`() async throws {
        try await withBench { bench in
            try await bench.sync()
            bench.vendor.tenant.rows[2].address = at("carl.lee")
            bench.vendor.tenant.members["g1"] = [at("carl.lee")]
            bench.vendor.tenant.rows[0].isDisabled = true
            bench.pass(hours: 1)
            try await bench.sync()
            #expect(words(try await told(bench)) == ["account.renamed \(at("carl.lee"))", "account.disabled \(at("ann"))"])
        }
    }

    @Test(arguments: [Dialect.guide, .portal])
    func `Who is missing from a read that is not whole is not told to be gone`(dialect: Dialect) async throws {
        try await withBench(dialect) { bench in
            try await bench.sync()
            // The last of four is not shown, and the count says four.
            bench.vendor.state.withLock { $0.dropsLastRow = true }
            #expect(try await !bench.sync().closed)
            #expect(words(try await told(bench)) == ["proof.opened"])
            // Shown again, and otherwise: the step starts where they were seen last.
            bench.vendor.state.withLock { $0.dropsLastRow = false }
            bench.vendor.tenant.rows[3].name = "Dora Lee"
            #expect(try await bench.sync().closed)
            let events = try await told(bench)
            #expect(words(events) == ["proof.opened", "proof.closed", "account.changed \(at("dora"))"])
            #expect(events.last?.data.before?.name == "Dora")
            // Hidden once more, and then really gone.
            bench.vendor.state.withLock { $0.dropsLastRow = true }
            try await bench.sync()
            bench.vendor.state.withLock { $0.dropsLastRow = false }
            bench.vendor.tenant.rows.removeLast()
            try await bench.sync()
            #expect(words(Array(try await told(bench).suffix(3))) == ["proof.opened", "proof.closed", "account.removed \(at("dora"))"])
        }
    }

    @Test(arguments: [Dialect.guide, .portal])
    func `What Muster did says so, and what others did does not`(dialect: Dialect) async throws {
        try await withBench(dialect) { bench in
            try await bench.sync()
            var ann = Person(address: at("ann"), line: 2)
            ann.name = "Ann Lee"
            ann.groups = ["Staff"]
            let plan = try await bench.plan([ann, Person(address: at("new"), name: "New", line: 3)])
            _ = try await bench.carryOut(plan)
            bench.vendor.tenant.rows[3].name = "Dora Lee"
            bench.pass(hours: 1)
            try await bench.sync()
            let events = try await told(bench)
            let own = events.filter { $0.data.by?.own == true }
            #expect(
                Set(words(own)) == ["account.changed \(at("ann"))", "account.created \(at("new"))", "group.joined \(at("ann"))"])
            for event in own {
                #expect(event.data.by?.plan == plan.file.id)
                #expect(event.data.by?.actor == "pat")
                let line = try #require(event.data.by?.line)
                #expect(plan.plan.changes[line - 1].reason == event.data.by?.reason)
            }
            #expect(words(events.filter { $0.data.by == nil }) == ["account.changed \(at("dora"))"])
            #expect(events.first { $0.subject == at("ann") }?.data.person == .init(address: at("ann")))
        }
    }

    @Test func `Dialects that show less change nothing by it`() async throws {
        try await withTemporaryStore(migrations: StateSchema.migrations) { store in
            var tenant = FakeVendor.Tenant()
            tenant.rows = [FakeVendor.Row(id: "1", address: at("ann"), name: "Ann", aliases: [at("a")], roles: ["R"])]
            func sync(_ dialect: Dialect) async throws {
                let vendor = FakeVendor(dialect, tenant: tenant)
                let bench = Bench(vendor, store: store)
                try await bench.sync()
            }
            try await sync(.guide)
            try await sync(.portal)
            try await sync(.guide)
            let log = EventLog(store: store, tenant: "CACME")
            #expect(try await log.after(0, limit: 10).map(\.type) == [])
            try await sync(.portal)
            tenant.rows[0].isDisabled = true
            try await sync(.portal)
            try await sync(.guide)
            #expect(try await log.after(0, limit: 10).map(\.type) == ["account.disabled"])
        }
    }

    @Test func `Aliases without an owner are told without one`() async throws {
        try await withBench(.portal) { bench in
            try await bench.sync()
            bench.vendor.tenant.rows[0].aliases = [at("a.nn")]
            try await bench.sync()
            bench.vendor.tenant.rows[0].aliases = []
            try await bench.sync()
            let events = try await told(bench)
            #expect(words(events) == ["alias.added", "alias.removed"])
            #expect(events.map { ($0.data.after ?? $0.data.before)?.alias } == [at("a.nn"), at("a.nn")])
        }
    }

    @Test func `The same way there and back again is an event each time`() async throws {
        try await withBench { bench in
            try await bench.sync()
            for disabled in [true, false, true] {
                bench.vendor.tenant.rows[0].isDisabled = disabled
                try await bench.sync()
                try await bench.sync()
            }
            let events = try await told(bench)
            #expect(events.map(\.type) == [.accountDisabled, .accountEnabled, .accountDisabled])
            #expect(Set(events.map(\.id)).count == 3)
        }
    }

    @Test func `Seats tell when a line is crossed`() async throws {
        try await withBench { bench in
            bench.vendor.tenant.seats = 4
            try await bench.sync()
            bench.vendor.tenant.rows.append(FakeVendor.Row(id: "5", address: at("eve"), name: "Eve"))
            try await bench.sync()
            let events = try await told(bench)
            #expect(events.map(\.type) == [.seatsCrossed, .seatsCrossed, .accountCreated])
            #expect(events.map { $0.data.after?.level } == ["near", "over", nil])
        }
    }
}
