import HTTPTransport
import Mimecast
import MimecastClient
import MusterStore
import Planning
import Testing
import TestSupport

@testable import Lifecycle

struct PlanMakingTests {
    private let everybody = ["ann", "bob", "carl", "dora"].map { Person(address: at($0), externalID: $0) }

    @Test func `Without a read there is nothing to compare with`() async throws {
        try await withBench { bench in
            let error = try await lifecycleError { try await bench.plan([], sync: false) }
            #expect(error.code == "no-snapshot")
        }
    }

    @Test(arguments: [Dialect.guide, .portal])
    func `A plan saves the links it is sure of, also when there is nothing to do`(dialect: Dialect) async throws {
        try await withBench(dialect) { bench in
            let plan = try await bench.plan(everybody)
            #expect(plan.plan.changes.isEmpty)
            let links = try await bench.links()
            #expect(links.map(\.account) == everybody.map(\.address))
            #expect(links.map(\.externalID) == everybody.map(\.externalID))
            #expect(links.map(\.accountID) == (dialect == .guide ? ["id-ann", "id-bob", "id-carl", "id-dora"] : [nil, nil, nil, nil]))
        }
    }

    @Test func `A plan that a guard stops teaches nothing`() async throws {
        try await withBench { bench in
            let crowd = (0..<30).map { Person(address: at("new\($0)"), groups: ["Staff"]) }
            let plan = try await bench.plan(everybody + crowd)
            #expect(plan.plan.isStopped)
            #expect(try await bench.links().isEmpty)
            let rows = try await bench.store.read { tx in
                try tx.all("SELECT 1 FROM managed_groups UNION ALL SELECT 1 FROM accepted_sources") { $0.int(0) }
            }
            #expect(rows.isEmpty)
        }
    }

    @Test func `The source is measured against the last accepted one`() async throws {
        try await withBench { bench in
            let many = (0..<10).map { Person(address: at("p\($0)"), active: false) }
            try await _ = bench.plan(everybody + many)
            let shrunk = try await bench.plan(everybody)
            #expect(shrunk.plan.guards.filter(\.tripped).map(\.name) == ["source-shrink"])
            #expect(try await bench.plan(everybody).plan.isStopped, "a stopped source is not the next measure")
        }
    }

    @Test func `A stopped source that is applied with a raised limit is accepted from then on`() async throws {
        try await withBench { bench in
            let many = (0..<10).map { Person(address: at("p\($0)"), active: false) }
            try await _ = bench.plan(everybody + many)
            let shrunk = try await bench.plan(everybody)
            try await GuardOverrides(store: bench.store, tenant: "CACME", now: bench.now).raise(
                GuardOverride(name: "source-shrink", value: 10, until: bench.seconds + 60, reason: "sold", who: "pat"))
            try await bench.apply(shrunk)
            bench.pass(hours: 1)
            #expect(try await !bench.plan(everybody).plan.isStopped)
        }
    }

    @Test func `A source that shrank costs no look-ups`() async throws {
        try await withBench(.portal) { bench in
            let many = (0..<10).map { Person(address: at("p\($0)"), active: false) }
            try await _ = bench.plan(everybody + many)
            bench.vendor.forget()
            try await _ = bench.plan(Array(everybody.prefix(1)))
            #expect(bench.vendor.count("/api/user/update-user") == 0)
        }
    }

    @Test func `Unknown states are read for those whose plan depends on them, five a call`() async throws {
        try await withBench(.portal) { bench in
            bench.vendor.tenant.rows += (0..<4).map { FakeVendor.Row(id: "x\($0)", address: at("x\($0)"), name: "X", isDisabled: true) }
            let inactive = ["bob", "x0", "x1", "x2", "x3", "ann"].map { Person(address: at($0), active: false) }
            let plan = try await bench.plan(inactive + [Person(address: at("dora"))])
            #expect(plan.plan.work.map(\.account) == [at("ann")])
            let asked = bench.vendor.log.filter { $0.path == "/api/user/update-user" }
            #expect(asked.count == 2)
            #expect(!asked.contains { $0.subject.contains("dora") || $0.isWrite })
        }
    }

    @Test func `On a read-only tenant no state is asked for, and the plan says so`() async throws {
        try await withBench(.portal) { bench in
            let plan = try await bench.plan([Person(address: at("ann"), active: false)], writes: false)
            #expect(bench.vendor.count("/api/user/update-user") == 0)
            #expect(plan.plan.notices.contains { $0.contains("were not read") })
        }
    }

    @Test func `A group stays managed after the source stopped naming it`() async throws {
        try await withBench { bench in
            try await _ = bench.plan([Person(address: at("carl"), groups: ["Staff"])])
            let plan = try await bench.plan([Person(address: at("carl"), groups: [])])
            #expect(plan.plan.work.map(\.kind) == [.removeMember])
        }
    }

    @Test func `Protected accounts are left out`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan([Person(address: at("ann"), active: false)], protected: [at("ann")])
            #expect(plan.plan.work.isEmpty)
            #expect(plan.plan.changes.map(\.kind) == [.blocked])
        }
    }

    @Test func `A saved plan is found by id and hash`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan([Person(address: at("new"))], by: "quinn")
            let plans = PlanStore(store: bench.store)
            let found = try await plans.find(id: plan.file.id)
            #expect(found?.file.hash == plan.file.hash)
            #expect(found?.proposer == "quinn")
            #expect(found?.state == .open)
            #expect(try await plans.find(id: "p-0") == nil)
        }
    }

    @Test func `A human's word becomes the link, and replaces what was there`() async throws {
        try await withBench { bench in
            try await _ = bench.plan(everybody)
            let resolution = Resolution(store: bench.store, tenant: "CACME", who: "pat", now: bench.now)
            try await resolution.link(person: "ANN@acme.example", externalID: "ann", account: at("dora"))
            let links = try await bench.links().filter { $0.externalID == "ann" || $0.account == at("dora") }
            #expect(links == [Link(account: at("dora"), accountID: "id-dora", externalID: "ann", person: at("ann"))])
            let missing = try await lifecycleError { try await resolution.link(person: at("ann"), externalID: nil, account: at("nobody")) }
            #expect(missing.code == "no-such-account")
            let wrong = try await lifecycleError { try await resolution.link(person: "ann", externalID: nil, account: at("ann")) }
            #expect(wrong.code == "not-an-address")
        }
    }
}
