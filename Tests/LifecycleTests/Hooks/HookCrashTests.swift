import Foundation
import HTTPTransport
import MusterStore
import TestSupport
import Testing

@testable import Lifecycle

/// Ended at each step, and begun again: nothing is lost, each person's order holds, one who keeps ids sees each event once.
struct HookCrashTests {
    private static let people = ["ann", "bob", "ann", "", "carl", "bob", "ann", "dora", "carl", "ann"]

    @Test(arguments: [true, false])
    func `Ended at every write, with and without it`(keepsLast: Bool) async throws {
        var hasEnded = false
        var last = 0
        while !hasEnded {
            last += 1
            try #require(last < 60)
            hasEnded = try await withHookBench { bench in
                let receiver = try await bench.add()
                receiver.answer { delivery throws(TransportError) in WireReply(status: delivery.person == "bob" ? 500 : 200) }
                try await bench.happen(Self.people)
                let store = CrashingStore(bench.base, diesAt: last, keepsLast: keepsLast)
                _ = try? await bench.deliver(store, width: 2)
                // The process is gone; its lease is not.
                bench.pass(LaneStore.lease)
                receiver.answer(200)
                try await bench.settle()
                try Self.expectAll(receiver, Self.people)
                return !store.hasDied
            }
        }
        #expect(last > Self.people.count)
    }

    @Test(arguments: 0..<60)
    func `Any history, any receiver, any crash`(seed: Int) async throws {
        try await withHookBench { bench in
            var random = SeededRandom(seed: UInt64(seed) &* 7919)
            let receiver = try await bench.add()
            let people = ["", "ann", "bob", "carl", "dora", "emil"]
            var told: [String] = []
            for _ in 0..<12 {
                let batch = (0..<Int.random(in: 0...15, using: &random)).map { _ in people.randomElement(using: &random) ?? "" }
                told += batch
                try await bench.happen(batch)
                let mood = Int.random(in: 0..<4, using: &random)
                let bad = people.randomElement(using: &random)
                receiver.answer { delivery throws(TransportError) in
                    switch mood {
                    case 0: throw .noAnswer
                    case 1: WireReply(status: delivery.person == bad ? 500 : 200)
                    case 2: WireReply(status: (delivery.id.utf8.last ?? 0) % 3 == 0 ? 503 : 204, headers: [("Retry-After", "20")])
                    default: WireReply(status: 200)
                    }
                }
                if Bool.random(using: &random) {
                    let store = CrashingStore(
                        bench.base, diesAt: Int.random(in: 1...12, using: &random), keepsLast: Bool.random(using: &random))
                    _ = try? await bench.deliver(store, width: Int.random(in: 1...4, using: &random))
                    bench.pass(LaneStore.lease)
                } else {
                    try await bench.deliver(width: Int.random(in: 1...4, using: &random))
                }
                bench.pass(Int.random(in: 0...4_000, using: &random))
            }
            receiver.answer(200)
            try await bench.settle()
            try Self.expectAll(receiver, told)
            #expect(try await bench.standing().waiting == 0)
        }
    }

    private static func expectAll(_ receiver: Receiver, _ people: [String]) throws {
        let seen = receiver.seen
        #expect(Set(seen) == Set(people.indices.map { "e\($0 + 1)" }))
        for person in Set(people) {
            let expected = people.indices.filter { people[$0] == person }.map { "e\($0 + 1)" }
            #expect(seen.filter { expected.contains($0) } == expected, "\(person)")
        }
    }

    /// Answers when the gate opens.
    private static func waiting(at gate: Gate, status: Int) -> Receiver {
        Receiver { _ throws(TransportError) in
            await gate.pass()
            return WireReply(status: status)
        }
    }

    @Test func `A hook is one dispatcher's at a time`() async throws {
        try await withHookBench { bench in
            let gate = Gate()
            let receiver = try await bench.add("desk", Self.waiting(at: gate, status: 200))
            try await bench.happen("ann")
            let first = Task { try await bench.deliver() }
            await gate.waitForArrivals()
            #expect(try await bench.deliver() == [], "somebody else delivers")
            gate.open()
            #expect(try await first.value.map(\.delivered) == [1])
            #expect(receiver.deliveries.count == 1)
        }
    }

    @Test func `One who hangs loses the hook when the lease ends, and stores nothing afterwards`() async throws {
        try await withHookBench { bench in
            let gate = Gate()
            let receiver = try await bench.add("desk", Self.waiting(at: gate, status: 500))
            try await bench.happen("ann")
            let first = Task { try await bench.deliver() }
            await gate.waitForArrivals()
            bench.pass(LaneStore.lease)
            receiver.answer(200)
            #expect(try await bench.deliver().map(\.delivered) == [1])
            gate.open()
            let late = try #require(try await first.value.first)
            #expect(late.note?.contains("Somebody else delivers") == true)
            let standing = try await bench.standing()
            #expect(standing.waiting == 0 && standing.failingSince == nil)
        }
    }

    @Test func `The hook of a dead process is taken over at once`() async throws {
        try await withHookBench { bench in
            let receiver = try await bench.add()
            try await bench.happen("ann")
            _ = try await LaneStore.acquire(bench.base, HookBench.tenant, "desk", who: "quinn", now: bench.seconds)
            #expect(try await bench.deliver() == [])
            try await bench.base.write(HookBench.tenant) { tx in
                let text = try tx.first("SELECT owner FROM hooks") { $0.text(0) } ?? ""
                var owner = try StoredJSON.value(TenantLock.Owner.self, text)
                owner.started = "0"
                try tx.execute("UPDATE hooks SET owner = $1", [.text(try StoredJSON.text(owner))])
            }
            try await bench.deliver()
            #expect(receiver.seen == ["e1"])
        }
    }
}
