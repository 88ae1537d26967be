import HTTPTransport
import Foundation
import Mimecast
import MimecastClient
import MusterStore
import Planning
import Testing
import TestSupport

@testable import Lifecycle

/// What Muster remembers after an apply, and what it never keeps.
struct LearningTests {
    private func link(_ bench: Bench, _ externalID: String) async throws -> Link? {
        try await bench.links().first { $0.externalID == externalID }
    }

    @Test(arguments: [Dialect.guide, .portal])
    func `Made, disabled, back again: the link follows`(dialect: Dialect) async throws {
        try await withBench(dialect) { bench in
            let settled = ["ann", "carl", "dora"].map { Person(address: at($0), externalID: $0) }
            let new = Person(address: at("new"), externalID: "n")
            _ = try await bench.carryOut(bench.plan(settled + [new]))
            #expect(try await link(bench, "n") == Link(account: at("new"), externalID: "n", person: at("new")))
            _ = try await bench.carryOut(bench.plan(settled))
            #expect(try await link(bench, "n")?.disabledByUs == true)
            #expect(bench.vendor.row("new")?.isDisabled == true)
            let back = try await bench.plan(settled + [new])
            #expect(back.plan.work.map(\.kind) == [.enable])
            _ = try await bench.carryOut(back)
            #expect(try await link(bench, "n")?.disabledByUs == false)
            #expect(bench.vendor.row("new")?.isDisabled == false)
        }
    }

    @Test func `A rename moves the link, with the state that is set in the same plan`() async throws {
        try await withBench { bench in
            _ = try await bench.plan([Person(address: at("ann"), externalID: "a"), Person(address: at("dora"), externalID: "d")])
            let people = [
                Person(address: at("ann.lee"), externalID: "a", active: false, groups: ["Staff"]),
                Person(address: at("dora.day"), externalID: "d", groups: ["Staff"]),
            ]
            let receipt = try await bench.carryOut(bench.plan(people))
            #expect(receipt.isWhole && receipt.done == 4)
            #expect(
                try await link(bench, "a")
                    == Link(
                        account: at("ann.lee"), accountID: "id-ann", externalID: "a", person: at("ann.lee"), disabledByUs: true,
                        saidInactive: true))
            #expect(bench.vendor.row("ann.lee")?.isDisabled == true)
            #expect(bench.vendor.tenant.members["g1"]?.contains(at("dora.day")) == true)
            var back = people
            back[0].active = true
            back[0].address = at("ann.new")
            let again = try await bench.carryOut(bench.plan(back))
            #expect(again.isWhole, "\(again.failures)")
            #expect(bench.vendor.row("ann.new")?.isDisabled == false)
            #expect(try await link(bench, "a")?.disabledByUs == false)
        }
    }

    @Test func `A leaver whose account somebody renamed at the vendor is remembered as disabled`() async throws {
        try await withBench { bench in
            let dora = Person(address: at("dora"), externalID: "d")
            _ = try await bench.plan([Person(address: at("ann"), externalID: "a"), dora])
            bench.vendor.tenant.rows[0].address = at("ann.lee")
            _ = try await bench.carryOut(bench.plan([dora]))
            #expect(bench.vendor.row("ann.lee")?.isDisabled == true)
            let back = try await bench.plan([Person(address: at("ann.lee"), externalID: "a"), dora])
            #expect(back.plan.work.map(\.kind) == [.enable])
        }
    }

    @Test func `A person whose account was lost and made anew has one link`() async throws {
        try await withBench { bench in
            let dora = Person(address: at("dora"), externalID: "d")
            _ = try await bench.plan([Person(address: at("zoe"), externalID: "z"), Person(address: at("ann"), externalID: "a"), dora])
            bench.vendor.tenant.rows.removeAll { $0.address == at("ann") }
            _ = try await bench.carryOut(bench.plan([Person(address: at("anna"), externalID: "a"), dora]))
            #expect(try await bench.links().filter { $0.externalID == "a" }.map(\.account) == [at("anna")])
        }
    }

    @Test func `A deleted account takes its link with it`() async throws {
        try await withBench { bench in
            _ = try await bench.plan([Person(address: at("dora"), externalID: "d")])
            let change = try #require(ChangeKinds.change(.remove, .guide))
            try await bench.apply(bench.plan(changes: [change]))
            #expect(try await bench.links().isEmpty)
        }
    }

    @Test func `A person's page shows account, groups, link and history`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan([Person(address: at("carl"), externalID: "c", name: "Charles")])
            try await bench.apply(plan)
            try await bench.sync()
            let page = try #require(try await Snapshots(store: bench.store, tenant: "CACME").person("CARL@acme.example"))
            #expect(page.account?.name == "Charles")
            #expect(page.groups == ["Staff"])
            #expect(page.link?.externalID == "c")
            #expect(page.history.map(\.kind) == ["update"])
            #expect(page.history.map(\.state) == ["verified"])
            #expect(try await Snapshots(store: bench.store, tenant: "CACME").person(at("nobody")) == nil)
        }
    }

    @Test func `A tenant that is forgotten leaves nothing but its record, and others stay`() async throws {
        try await withBench { bench in
            let registry = TenantRegistry(store: bench.store)
            try await registry.put(bench.tenant(), now: 1, who: "pat")
            var other = bench.tenant(writes: false)
            other.code = "COTHER"
            try await registry.put(other, now: 1, who: "pat")
            let plan = try await bench.plan([Person(address: at("ann"), active: false)])
            _ = try await bench.carryOut(plan)
            #expect(try await registry.remove("CACME", now: 2, who: "pat"))
            #expect(try await !registry.remove("CACME", now: 2, who: "pat"))
            #expect(try await registry.all() == [other])
            let left = try await bench.store.read { tx in
                try tx.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'grdb%' AND name NOT LIKE 'sqlite%'") {
                    $0.text(0)
                }.filter { table in try tx.first("SELECT count(*) FROM \(table)") { $0.int(0) } ?? 0 > 0 }
            }
            // And the number of its last read, which no other read may have.
            #expect(left == ["tenants", "audit", "audit_heads", "history_marks"])
        }
    }

    @Test func `No secret and no token is ever in the store`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.file("muster.db"), migrations: StateSchema.migrations)
        let vendor = FakeVendor(.guide)
        vendor.tenant.rows = [FakeVendor.Row(id: "id-ann", address: at("ann"), name: "Ann")]
        let bench = Bench(vendor, store: store)
        try await TenantRegistry(store: store).put(bench.tenant(), now: 1, who: "pat")
        let plan = try await bench.plan([
            Person(address: at("ann"), active: false), Person(address: at("new1")), Person(address: at("new2")),
        ])
        try await bench.approve(plan)
        // A vendor that echoes what it was sent.
        vendor.play(.refused("err_echo", message: "got \(Bench.secret) and token-0"), subject: at("new1"))
        vendor.play(.lostAfter, subject: at("new2"))
        let receipt = try await bench.apply(plan)
        #expect(receipt.failed == 1)
        #expect(receipt.failures.first?.reason.contains("•••") == true)
        let needles = [Bench.secret, "token-0"]
        func expectClean() throws {
            var size = 0
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
                for needle in needles { #expect(bytes.range(of: Data(needle.utf8)) == nil, "\(needle) in \(name)") }
                size += bytes.count
            }
            #expect(size > 50_000, "the rows are in what was searched")
        }
        try expectClean()
        try store.close()
        try expectClean()
    }
}
