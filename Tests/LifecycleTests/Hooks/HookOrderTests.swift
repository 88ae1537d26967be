import Foundation
import HTTPTransport
import MusterStore
import TestSupport
import Testing

@testable import Lifecycle

/// Who is renamed stays one account: what happened before is delivered before what happens after.
struct HookOrderTests {
    private func rename(_ from: String, to person: String, _ bench: HookBench) async throws {
        try await bench.base.write(HookBench.tenant) { tx in
            try EventLanes(tenant: HookBench.tenant, tx: tx).rename(from, to: person)
        }
    }

    @Test func `What follows a rename waits for what came before it`() async throws {
        try await withHookBench { bench in
            let receiver = try await bench.add()
            receiver.answer { delivery throws(TransportError) in WireReply(status: delivery.id == "e1" ? 500 : 200) }
            try await bench.happen("ann@example.com", "bob@example.com")
            try await rename("ann@example.com", to: "ann.lee@example.com", bench)
            try await bench.happen("ann.lee@example.com", type: "account.renamed")
            try await bench.happen("ann.lee@example.com", "bob@example.com")
            try await rename("ann.lee@example.com", to: "ann.smith@example.com", bench)
            try await bench.happen("ann.smith@example.com", "carl@example.com")
            try await bench.deliver()
            #expect(receiver.seen.sorted() == ["e2", "e5", "e7"], "one account waits, whatever its address")
            #expect(try await bench.standing().waiting == 1)
            receiver.answer(200)
            bench.pass(60)
            try await bench.deliver()
            #expect(receiver.seen.filter { ["e1", "e3", "e4", "e6"].contains($0) } == ["e1", "e3", "e4", "e6"])
            #expect(try await bench.standing().waiting == 0)
        }
    }

    @Test func `Of an account no two events are under way at once, under whichever address`() {
        func entry(_ number: Int, _ person: String, _ lane: String? = nil) -> EventLog.Entry {
            EventLog.Entry(number: number, id: "e\(number)", type: "account.changed", person: person, at: 0, body: "{}", lane: lane)
        }
        let events = [entry(1, "ann"), entry(2, "ann.lee", "ann"), entry(3, "bob"), entry(4, "ann.lee", "ann")]
        var window = DeliveryWindow(events, end: 4, lagging: [])
        #expect(window.next()?.number == 1)
        #expect(window.next()?.number == 3)
        #expect(window.next() == nil)
        window.settle(events[0], arrived: true)
        #expect(window.next()?.number == 2)
        #expect(window.next() == nil)
        window.settle(events[1], arrived: false)
        #expect(window.next() == nil, "the fourth waits with the second")
        #expect(window.place == 2)
        window.settle(events[2], arrived: true)
        #expect(window.place == 4)
        var lagging = DeliveryWindow(events, end: 4, lagging: ["ann"])
        #expect(lagging.next()?.number == 3)
        #expect(lagging.next() == nil)
    }

    @Test func `An account is in one lane through all its names, there and back, and through a change of places`() async throws {
        try await withTemporaryStore(migrations: StateSchema.migrations) { store in
            func lanes(_ renames: [(String, String)]) async throws -> [String?] {
                try await store.write("CACME") { tx in
                    try tx.execute("DELETE FROM event_lanes")
                    let lanes = EventLanes(tenant: "CACME", tx: tx)
                    for (from, to) in renames { try lanes.rename(from, to: to) }
                    return try ["a", "b", "c"].map { try lanes.lane(of: $0) ?? $0 }
                }
            }
            #expect(try await lanes([("a", "b"), ("b", "c")]) == ["a", "a", "a"])
            #expect(try await lanes([("a", "b"), ("b", "a")]) == ["a", "a", "c"])
            #expect(try await lanes([("a", "b"), ("b", "a"), ("a", "c")]) == ["a", "a", "a"])
            #expect(try await lanes([("a", "c"), ("b", "a"), ("c", "b")]) == ["b", "a", "a"], "two that change places")
            let ofNobody = try await store.read { tx in try EventLanes(tenant: "CACME", tx: tx).lane(of: "") }
            #expect(ofNobody == nil)
        }
    }

    /// The real thing: a rename that a read shows.
    @Test func `A read's rename leads to the lane that the account had`() async throws {
        try await withBench { bench in
            try await bench.sync()
            bench.vendor.tenant.rows[2].address = at("carl.lee")
            bench.pass(hours: 1)
            try await bench.sync()
            bench.vendor.tenant.rows[2].isDisabled = true
            bench.pass(hours: 1)
            try await bench.sync()
            let events = try await EventLog(store: bench.store, tenant: "CACME").after(0, limit: 100)
            #expect(events.filter { $0.person == at("carl.lee") }.map(\.type).suffix(2) == ["account.renamed", "account.disabled"])
            #expect(Set(events.filter { $0.person == at("carl.lee") }.map(\.order)) == [at("carl")])
        }
    }
}
