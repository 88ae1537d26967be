import Foundation
import Mimecast
import MimecastClient
import Planning
import Synchronization
import TestSupport
import Testing

@testable import Lifecycle

/// The vendor's audit log, read by cursor.
struct AuditTailTests {
    private func disabled(_ bench: Bench, _ local: String, at time: Int? = nil, id: String? = nil) {
        bench.log("User Disabled", "User \(at(local)) disabled", at: time, id: id)
    }

    private func expect(_ bench: Bench, since: Int? = nil, new: Int, at location: SourceLocation = #_sourceLocation) async throws {
        let report = try await bench.tail().read(since: since)
        #expect(report.new == new, sourceLocation: location)
    }

    @Test func `Only what is needed is kept, in its order`() async throws {
        try await withBench { bench in
            disabled(bench, "ann")
            bench.log("User Logged On", "User \(at("ann")) logged on", category: "authentication_logs")
            bench.log("New Policy", "Policy x created", category: "account_logs")
            bench.log("User Enabled", "User \(at("ann")) enabled")
            let report = try await bench.tail().read()
            #expect(report.events == 3)
            #expect(report.new == 2)
            #expect(report.calls == 2, "a token and a page")
            #expect(try await bench.traces().map(\.kind) == [.accountDisabled, .accountEnabled])
        }
    }

    @Test func `What is known is dropped; what comes late is seen`() async throws {
        try await withBench { bench in
            disabled(bench, "ann")
            try await expect(bench, new: 1)
            bench.pass(hours: 0.1)
            disabled(bench, "bob")
            try await expect(bench, new: 1)
            // Ten minutes late.
            disabled(bench, "carl", at: bench.seconds - 600, id: "late")
            try await expect(bench, new: 1)
            try await expect(bench, new: 0)
            // Later than a look goes back: only a read of the tenant, which began before, asks for it.
            disabled(bench, "dora", at: bench.seconds - 7_200, id: "very-late")
            try await expect(bench, new: 0)
            try await expect(bench, since: bench.seconds - 7_000, new: 1)
        }
    }

    @Test func `Pages that shift lose nothing`() async throws {
        try await withBench { bench in
            bench.vendor.state.withLock { $0.auditPageSize = 3 }
            for index in 0..<20 { disabled(bench, "p\(index)", at: bench.seconds - 100 + index, id: "e\(index)") }
            let pages = Counter()
            bench.vendor.pause(AuditVendor.path) {
                // Before each page somebody else logs something.
                let page = pages.next()
                if page <= 6 { self.disabled(bench, "new\(page)", id: "n\(page)") }
            }
            let report = try await bench.tail().read()
            #expect(report.events > 20, "rows came twice")
            let ids = try await bench.traces().map(\.id)
            #expect(Set(ids).isSuperset(of: (0..<20).map { "e\($0)" }))
            #expect(ids.count == Set(ids).count)
            _ = try await bench.tail().read()
            #expect(Set(try await bench.traces().map(\.id)).isSuperset(of: (1...6).map { "n\($0)" }))
        }
    }

    @Test func `A log that was not read to its end is read again from the same place`() async throws {
        try await withBench { bench in
            disabled(bench, "ann")
            _ = try await bench.tail().read()
            bench.pass(hours: 5)
            bench.vendor.state.withLock { $0.auditPageSize = 1 }
            for index in 0..<3 { disabled(bench, "p\(index)", at: bench.seconds - 9_000 + 3_600 * index, id: "e\(index)") }
            bench.vendor.play(.refused(FailureCode.invalidPage, message: "gone"), path: AuditVendor.path, skip: 1)
            let broken = try await bench.tail().read()
            #expect(broken.broken != nil)
            #expect(broken.new == 1)
            #expect(broken.remark("CACME")?.contains("read again") == true)
            try await expect(bench, new: 2)
        }
    }

    @Test func `A log that may not be read is told once, and no reason to fail`() async throws {
        try await withBench { bench in
            bench.vendor.play(.status(403), path: AuditVendor.path, times: 3)
            let first = try await bench.read()
            #expect(first.closed)
            #expect(first.audit?.refused != nil)
            #expect(first.audit?.remark("CACME") != nil)
            let (second, third) = (try await bench.read(), try await bench.read())
            #expect(second.audit?.remark("CACME") == nil)
            #expect(third.audit?.refused != nil)
            let fourth = try await bench.read()
            #expect(fourth.audit?.refused == nil)
        }
    }

    @Test func `A vendor out of reach fails, and the next look loses nothing`() async throws {
        try await withBench { bench in
            disabled(bench, "ann")
            bench.vendor.play(.status(503), path: AuditVendor.path, times: 20)
            await #expect(throws: ClientError.self) { try await bench.tail().read() }
            bench.vendor.state.withLock { $0.faults = [] }
            try await expect(bench, new: 1)
        }
    }

    @Test func `Longer away than the vendor looks back is a gap, and said`() async throws {
        try await withBench { bench in
            _ = try await bench.tail().read()
            bench.pass(hours: 24 * 80)
            let report = try await bench.tail().read()
            #expect((report.missed ?? 0) > 20 * 86_400)
            #expect(report.remark("CACME")?.contains("gap") == true)
            let next = try await bench.tail().read()
            #expect(next.missed == nil)
        }
    }

    @Test func `A clock that is set back, or wrong by years, loses nothing`() async throws {
        try await withBench { bench in
            disabled(bench, "ann")
            _ = try await bench.tail().read()
            bench.pass(hours: -24 * 30)
            try await expect(bench, new: 0)
            bench.pass(hours: 24 * 30 + 1)
            disabled(bench, "bob", id: "b")
            // An event from the far future must not hide those of today.
            disabled(bench, "carl", at: bench.seconds + 80_000, id: "future")
            try await expect(bench, new: 2)
            bench.pass(hours: 0.01)
            disabled(bench, "dora", id: "d")
            try await expect(bench, since: bench.seconds - 100, new: 1)
        }
    }

    @Test func `Old ones go, and the tenant's go with it`() async throws {
        try await withBench { bench in
            disabled(bench, "ann")
            _ = try await bench.tail().read()
            bench.pass(hours: 24 * 76)
            _ = try await bench.tail().read()
            #expect(try await bench.traces() == [])
            disabled(bench, "bob")
            _ = try await bench.tail().read()
            _ = try await TenantRegistry(store: bench.store).remove("CACME", now: bench.seconds, who: "pat")
            #expect(try await bench.traces() == [])
        }
    }

    @Test func `A crash before or after the write keeps all or nothing, and nothing twice`() async throws {
        for keeps in [false, true] {
            try await withBench { bench in
                _ = try await bench.tail().read()
                bench.log("Delegate User Added", "\(at("bob")) may open the mailbox of \(at("ann"))")
                let dying = CrashingStore(bench.store, diesAt: 1, keepsLast: keeps)
                await #expect(throws: CrashingStore.Died.self) {
                    try await AuditTail(client: bench.client(), store: dying, tenant: "CACME", now: bench.now).read()
                }
                #expect(try await bench.traces().count == (keeps ? 1 : 0))
                #expect(try await bench.told().count == (keeps ? 1 : 0))
                _ = try await bench.tail().read()
                #expect(try await bench.traces().count == 1)
                #expect(try await bench.told().map(\.text) == ["delegate.added \(at("ann")) admin@acme.example audit-0"])
            }
        }
    }
}

/// Counts up from 1.
final class Counter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}
