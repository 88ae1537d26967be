import HTTPTransport
import Mimecast
import MimecastClient
import MusterStore
import Planning
import Synchronization
import Testing
import TestSupport

@testable import Lifecycle

struct SyncTests {
    @Test(arguments: [Dialect.guide, .portal])
    func `A whole read closes, over pages too`(dialect: Dialect) async throws {
        try await withBench(dialect) { bench in
            bench.vendor.tenant.externals = ["x@elsewhere.example"]
            bench.vendor.state.withLock { $0.pageSize = 2 }
            let report = try await bench.sync()
            #expect(report.closed)
            #expect(report.accounts == .init(internal: 4, external: 1))
            #expect(report.domains.map(\.pages) == [2])
            #expect(report.domains.map(\.rows) == [4])
            #expect(report.groups == 1)
            #expect(report.memberships == 1)
            let observed = try #require(try await SnapshotStore(store: bench.store, tenant: "CACME").observed())
            #expect(observed.accounts.map(\.address) == ["ann", "bob", "carl", "dora"].map(at))
            #expect(observed.members == ["g1": [at("carl")]])
            #expect(try await Snapshots(store: bench.store, tenant: "CACME").report() == report)
        }
    }

    @Test(arguments: [Dialect.guide, .portal])
    func `A page with rows missing opens, after three reads`(dialect: Dialect) async throws {
        try await withBench(dialect) { bench in
            bench.vendor.state.withLock { $0.dropsLastRow = true }
            let report = try await bench.sync()
            #expect(!report.closed)
            #expect(report.domains.first?.reason == "1 of 4 missing")
            #expect(bench.vendor.state.withLock(\.lists) == 3)
            #expect(report.accounts.internal == 3)
        }
    }

    @Test(arguments: [Dialect.guide, .portal])
    func `A page token that comes back opens`(dialect: Dialect) async throws {
        try await withBench(dialect) { bench in
            bench.vendor.state.withLock { $0.repeatsToken = true }
            let report = try await bench.sync()
            #expect(!report.closed)
            #expect(report.domains.first?.reason?.contains("page token a second time") == true)
        }
    }

    @Test(arguments: [Dialect.guide, .portal])
    func `A count that changes while one reads is read again, and closes`(dialect: Dialect) async throws {
        try await withBench(dialect) { bench in
            bench.vendor.state.withLock {
                $0.pageSize = 2
                $0.lieAboutCount = { list, page, count in list == 1 && page == 1 ? count + 1 : count }
            }
            let report = try await bench.sync()
            #expect(report.closed)
            #expect(bench.vendor.state.withLock(\.lists) == 2)
            #expect(report.accounts.internal == 4)
        }
    }

    @Test(arguments: [Dialect.guide, .portal])
    func `A list without any count proves nothing`(dialect: Dialect) async throws {
        try await withBench(dialect) { bench in
            bench.vendor.state.withLock { $0.lieAboutCount = { _, _, _ in nil } }
            let report = try await bench.sync()
            #expect(report.domains.first?.reason == "the vendor gave no count")
        }
    }

    @Test(arguments: [Dialect.guide, .portal])
    func `A group member in no list opens the domain; an alias is no stranger`(dialect: Dialect) async throws {
        try await withBench(dialect) { bench in
            bench.vendor.tenant.rows[0].aliases = [at("a.nn")]
            bench.vendor.tenant.members["g1"] = [at("a.nn"), "x@elsewhere.example"]
            #expect(try await bench.sync().closed)
            bench.vendor.tenant.members["g1"] = [at("hidden")]
            let report = try await bench.sync()
            #expect(!report.closed)
            #expect(report.domains.first?.reason == "1 group member of this domain in no list")
        }
    }

    @Test func `Where no call gives external people, their number is unknown and the read closes`() async throws {
        try await withBench { bench in
            bench.vendor.tenant.externals = nil
            let report = try await bench.sync()
            #expect(report.closed)
            #expect(report.accounts.external == nil)
            #expect(report.external == nil)
        }
    }

    @Test func `Each domain of the portal is read and proved for itself`() async throws {
        try await withBench(.portal) { bench in
            bench.vendor.tenant.domains = [FakeVendor.domain, "sub.example"]
            bench.vendor.tenant.rows.append(FakeVendor.Row(id: "id-eve", address: "eve@sub.example", name: "Eve"))
            let report = try await bench.sync()
            #expect(report.domains.map(\.rows) == [4, 1])
            #expect(report.closed)
            #expect(report.list == nil)
        }
    }

    @Test func `Credentials of another tenant are refused, and nothing is kept`() async throws {
        try await withBench { bench in
            bench.vendor.tenant.code = "COTHER"
            let error = try await lifecycleError { try await bench.sync() }
            #expect(error.code == "wrong-tenant")
            #expect(error.message.contains("COTHER"))
            #expect(try await Snapshots(store: bench.store, tenant: "CACME").report() == nil)
        }
    }

    @Test(arguments: ["/api/user/get-internal-users", "/api/directory/find-groups", "/api/directory/get-group-members"])
    func `A sync that dies leaves the read before it current`(path: String) async throws {
        try await withBench { bench in
            let first = try await bench.sync()
            bench.vendor.tenant.rows.removeLast()
            bench.vendor.play(.status(403), path: path, times: 100)
            await #expect(throws: ClientError.self) { try await bench.sync() }
            let observed = try await SnapshotStore(store: bench.store, tenant: "CACME").observed()
            #expect(observed?.snapshot == first.snapshot)
            #expect(observed?.accounts.count == 4)
            bench.vendor.state.withLock { $0.faults = [] }
            #expect(try await bench.sync().accounts.internal == 3)
            let kept = try await bench.store.read { try $0.all("SELECT state FROM snapshots ORDER BY number") { $0.text(0) } }
            #expect(kept == ["past", "current"])
        }
    }

    @Test func `Of two syncs at once, the one that began first leaves the store as it was`() async throws {
        try await withBench { bench in
            let first = try await bench.sync()
            let gate = Gate()
            bench.vendor.pause("/api/directory/get-group-members") { await gate.pass() }
            let slow = Task { try await bench.sync() }
            await gate.waitForArrivals()
            bench.vendor.tenant.members = [:]
            _ = try await SnapshotStore(store: bench.store, tenant: "CACME").begin("s-other", now: bench.seconds)
            gate.open()
            let error = try await lifecycleError { try await slow.value }
            #expect(error.code == "sync-overtaken")
            #expect(try await Snapshots(store: bench.store, tenant: "CACME").report()?.snapshot == first.snapshot)
        }
    }

    @Test func `Equal tenants have equal digests, whatever the read was called`() async throws {
        try await withBench { bench in
            let store = SnapshotStore(store: bench.store, tenant: "CACME")
            try await bench.sync()
            let digest = try await store.digest()
            bench.vendor.tenant.rows.reverse()
            try await bench.sync()
            #expect(try await store.digest() == digest)
            bench.vendor.tenant.members["g1"]?.insert(at("ann"))
            try await bench.sync()
            #expect(try await store.digest() != digest)
        }
    }
}
