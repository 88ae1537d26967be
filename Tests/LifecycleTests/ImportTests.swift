import HTTPTransport
import Mimecast
import MimecastClient
import MusterStore
import Planning
import Synchronization
import TestSupport
import Testing

@testable import Lifecycle

/// Many new accounts by a file that the vendor imports.
struct ImportTests {
    private static let path = "/api/user/import-users"
    private static let single = "/api/user/create-user"
    private static let joiners = (1...30).map { Person(address: at("new\($0)"), name: "New \($0)") }

    /// Thirty joiners of the portal's, planned, with the limit lifted.
    private func withPlan(_ people: [Person] = joiners, _ body: (Bench, StoredPlan) async throws -> Void) async throws {
        try await withBench(.portal) { bench in
            for name in ["additions", "additions-24h"] { try await bench.raise(name, to: 1_000) }
            let plan = try await bench.plan(people)
            bench.vendor.forget()
            try await body(bench, plan)
        }
    }

    private func expectAllThere(_ bench: Bench, _ comment: Comment? = nil) async throws {
        let made = bench.vendor.tenant.rows.filter { $0.address.hasPrefix("new") }
        #expect(made.count == 30 && made.allSatisfy { $0.name == "New " + $0.address.dropFirst(3).prefix { $0 != "@" } }, comment)
        #expect(bench.vendor.count(Self.path) <= 1, comment)
        #expect(try await bench.links().count == 30, comment)
        #expect(try await bench.plan(Self.joiners).plan.isEmpty, comment)
    }

    @Test func `One file and a few looks make them all, and all are read back`() async throws {
        try await withPlan { bench, plan in
            #expect(plan.plan.work.allSatisfy { $0.route == .file } && plan.plan.cost.calls == 34)
            #expect(plan.plan.notices.contains { $0.hasPrefix("30 accounts are made by a file") })
            let receipt = try await bench.apply(plan)
            #expect(receipt.isWhole && receipt.verified == 30)
            // The file, two looks, one page to read back, and a token.
            #expect(
                bench.vendor.log.map(\.path).filter { $0 != "/api/user/get-internal-users" } == [
                    Self.path, "/api/user/get-import-status", "/api/user/get-import-status",
                ])
            #expect(receipt.calls <= 6, "\(receipt)")
            try await expectAllThere(bench)
        }
    }

    @Test func `Whoever has more than a file carries goes by a call of their own, and few go by calls`() async throws {
        func routes(_ people: [Person], _ dialect: Dialect, _ lane: WriteChannel = .api) async throws -> [Change.Route?] {
            try await withBench(dialect, over: lane) { bench in
                for name in ["additions", "additions-24h"] { try await bench.raise(name, to: 1_000) }
                return try await bench.plan(people).plan.changes.map(\.route)
            }
        }
        #expect(try await routes(Array(Self.joiners.prefix(24)), .portal).allSatisfy { $0 == nil })
        #expect(try await routes(Array(Self.joiners.prefix(25)), .portal).allSatisfy { $0 == .file })
        #expect(try await routes(Self.joiners, .guide).allSatisfy { $0 == nil })
        #expect(try await routes(Self.joiners, .portal, .scim).allSatisfy { $0 == nil })
        let spaced = Self.joiners + [Person(address: at("odd"), name: "Odd\nName")]
        #expect(try await routes(spaced, .portal).count { $0 == nil } == 1)
    }

    @Test func `Who is left out is sent alone, and the vendor says why`() async throws {
        try await withPlan { bench, plan in
            bench.vendor.state.withLock { _ = $0.tenant.create(FakeVendor.Row(id: "x", address: at("new7"), name: "Theirs")) }
            let receipt = try await bench.apply(plan)
            #expect([receipt.done, receipt.verified, receipt.failed, receipt.deferred] == [29, 29, 1, 0])
            let failure = try #require(receipt.failures.first)
            #expect(failure.person == at("new7") && !failure.reason.isEmpty)
            #expect(failure.conflict?.expected == "no account" && failure.conflict?.found == "an account \"Theirs\"")
            #expect(bench.vendor.count(Self.path) == 1 && bench.vendor.count(Self.single) == 1)
            #expect(bench.vendor.row("new7")?.name == "Theirs")
        }
    }

    @Test(arguments: [FakeVendor.Fault.lostBefore, .lostAfter, .status(502), .statusAfter(502)])
    func `A file whose answer is lost is not sent again`(fault: FakeVendor.Fault) async throws {
        try await withPlan { bench, plan in
            bench.vendor.play(fault, path: Self.path)
            let receipt = try await bench.apply(plan)
            #expect(receipt.isWhole && receipt.verified == 30, "\(receipt)")
            #expect(bench.vendor.pendingFaults == 0)
            let wasDone = if case .lostAfter = fault { true } else if case .statusAfter = fault { true } else { false }
            #expect(bench.vendor.count(Self.single) == (wasDone ? 0 : 30))
            try await expectAllThere(bench)
        }
    }

    @Test func `A file that is not taken leaves each to a call of their own`() async throws {
        for fault in [FakeVendor.Fault.status(404), .refused("err_import_invalid", message: "no")] {
            try await withPlan { bench, plan in
                bench.vendor.play(fault, path: Self.path)
                #expect(try await bench.apply(plan).isWhole)
                #expect(bench.vendor.count(Self.single) == 30)
                try await expectAllThere(bench)
            }
        }
    }

    @Test func `Where the application is refused the lines wait, and go by a file when it is let in`() async throws {
        try await withPlan { bench, plan in
            bench.vendor.play(.status(403), path: Self.path)
            let refused = try await bench.apply(plan)
            #expect([refused.done, refused.failed, refused.deferred] == [0, 0, 30] && refused.stopCode == "forbidden")
            #expect(try await bench.apply(bench.stored(plan.file.hash)).isWhole)
            #expect(bench.vendor.count(Self.path) == 2 && bench.vendor.count(Self.single) == 0)
        }
    }

    @Test(arguments: [FakeVendor.Fault?.none, .lostBefore, .lostAfter])
    func `Killed before or after each write of the journal, it comes to the same end`(fault: FakeVendor.Fault?) async throws {
        try await withPlan { bench, plan in
            guard let base = bench.store as? SQLiteStore else { throw Bench.Missing() }
            let kills = Mutex(0)
            let forking = ForkingStore(base) { moment, write in
                let copy = try TemporaryFolder()
                try await base.copy(to: copy.file("muster.db"))
                let vendor = bench.vendor.fork()
                let store = try SQLiteStore(path: copy.file("muster.db"), migrations: StateSchema.migrations)
                defer { try? store.close() }
                let survivor = Bench(vendor, store: store)
                try await survivor.buryLockOwner()
                let receipt = try await survivor.apply(survivor.stored(plan.file.hash))
                #expect(receipt.isWhole && receipt.verified == 30, "\(moment) \(write): \(receipt)")
                try await expectAllThere(survivor, "\(moment) \(write)")
                _ = try await AuditBook(store: store, tenant: "CACME").verify()
                kills.withLock { $0 += 1 }
            }
            if let fault { bench.vendor.play(fault, path: Self.path) }
            #expect(try await bench.applier(store: forking).apply(plan).isWhole)
            #expect(kills.withLock { $0 } >= 14)
        }
    }

    @Test func `An import that goes on is waited for, and asked for again by the next run`() async throws {
        try await withPlan { bench, plan in
            bench.vendor.play(.status(503), path: "/api/user/get-import-status", times: 50)
            let stopped = try await bench.apply(plan)
            #expect(stopped.deferred == 30 && stopped.failed == 0 && bench.vendor.count(Self.path) == 1)
            #expect(try await bench.journal(plan).values.allSatisfy { $0.state == .sent && $0.note == "import i-1" })
            bench.vendor.state.withLock { $0.faults = [] }
            #expect(try await bench.apply(bench.stored(plan.file.hash)).isWhole)
            try await expectAllThere(bench)
        }
    }

    @Test func `The file quotes what has to be quoted`() {
        var change = Change(kind: .create, person: at("ann"), account: at("ann"), reason: "", evidence: "")
        change.values = Change.Values(address: at("ann"), name: "Lee, \"Ann\"")
        let text = String(decoding: ImportLane.file([change]), as: UTF8.self)
        #expect(text == "email,name\r\n\(at("ann")),\"Lee, \"\"Ann\"\"\"\r\n")
    }
}
