import Foundation
import Mimecast
import MusterStore
import Planning
import TestSupport
import Testing

@testable import Lifecycle

/// A sync that dies at each of its writes, and is repeated: nothing is told twice, and nothing is lost.
struct EventCrashTests {
    /// Two reads with changes between; the second dies at a write, before or after it is kept, and is repeated.
    ///
    /// - Returns: the events, and whether it died.
    private func run(_ dialect: Dialect, dyingAt write: Int?, keepsLast: Bool) async throws -> (events: [EventLog.Entry], died: Bool) {
        try await withBench(dialect) { bench in
            bench.vendor.tenant.rows[3].isLDAP = true
            try await bench.sync()
            var tenant = bench.vendor.tenant
            tenant.rows[0].name = "Ann Lee"
            tenant.rows[0].isDisabled = true
            tenant.rows[1].roles = ["R"]
            tenant.rows[2].address = at("carl.lee")
            tenant.rows[3].isLDAP = false
            tenant.rows.append(FakeVendor.Row(id: "5", address: at("eve"), name: "Eve", aliases: [at("e")]))
            tenant.groups = [Group(id: "g1", name: "All", authority: .cloud), Group(id: "g2", name: "New", authority: .cloud)]
            tenant.members = ["g1": [at("ann")], "g2": [at("eve")]]
            bench.vendor.tenant = tenant
            bench.pass(hours: 1)
            var died = false
            if let write {
                let store = CrashingStore(bench.store, diesAt: write, keepsLast: keepsLast)
                do {
                    _ = try await Syncer(client: bench.client(), tenant: "CACME", store: store, who: "pat", now: bench.now).sync()
                } catch is CrashingStore.Died {
                    died = true
                }
            }
            try await bench.sync()
            try await bench.sync()
            return (try await EventLog(store: bench.store, tenant: "CACME").after(0, limit: 1_000), died)
        }
    }

    @Test(arguments: [Dialect.guide, .portal], [true, false])
    func `Killed at every write, it tells the same in the end`(dialect: Dialect, keepsLast: Bool) async throws {
        let whole = try await run(dialect, dyingAt: nil, keepsLast: true).events
        #expect(whole.count > 8)
        var write = 1
        while true {
            let (events, died) = try await run(dialect, dyingAt: write, keepsLast: keepsLast)
            #expect(events.map(\.id) == whole.map(\.id), "write \(write)")
            #expect(events.map(\.number) == Array(1...whole.count), "write \(write)")
            guard died else { break }
            write += 1
            try #require(write < 100, "The sync never came to its end.")
        }
        // The beginning, pages of accounts, aliases, groups and members, the end.
        #expect(write > 5)
    }
}
