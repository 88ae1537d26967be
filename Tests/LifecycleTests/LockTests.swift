import HTTPTransport
import Mimecast
import MusterStore
import Planning
import Testing
import TestSupport

@testable import Lifecycle

struct LockTests {
    private func lock(_ bench: Bench) -> TenantLock { TenantLock(store: bench.store, tenant: "CACME", now: bench.now) }

    @Test func `A second owner is refused, and told who holds it`() async throws {
        try await withBench { bench in
            let fence = try await lock(bench).acquire(who: "quinn")
            let error = try await lifecycleError { try await lock(bench).acquire(who: "pat") }
            #expect(error.code == "tenant-locked")
            #expect(error.category == .store)
            #expect(error.message.contains("quinn on "))
            #expect(error.message.contains("process"))
            try await lock(bench).release(fence)
            #expect(try await lock(bench).acquire(who: "pat") == fence + 1)
        }
    }

    @Test func `Another tenant is another lock`() async throws {
        try await withBench { bench in
            _ = try await lock(bench).acquire(who: "quinn")
            _ = try await TenantLock(store: bench.store, tenant: "COTHER", now: bench.now).acquire(who: "pat")
        }
    }

    @Test func `The lock of a dead process is taken over, and its writes fail from then on`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan([Person(address: at("new"))])
            let old = try await lock(bench).acquire(who: "quinn")
            let first = Journal(store: bench.store, plan: plan, fence: old, who: "pat", now: bench.now)
            try await first.begin()
            try await bench.buryLockOwner()
            let new = try await lock(bench).acquire(who: "pat")
            #expect(new == old + 1)
            let error = try await lifecycleError { try await first.send(1) }
            #expect(error.code == "lock-lost")
            #expect(try await bench.journal(plan)[1]?.state == .intended)
            try await lock(bench).release(old)
            #expect(try await lifecycleError { try await lock(bench).acquire(who: "x") }.code == "tenant-locked", "not theirs to release")
            try await Journal(store: bench.store, plan: plan, fence: new, who: "pat", now: bench.now).send(1)
        }
    }

    struct Case: Sendable {
        var host: String?
        var boot: String?
        var started: String?
        /// Seconds until the lease ends.
        var lease: Int
        var isAlive: Bool
    }

    @Test(arguments: [
        Case(lease: -10, isAlive: true), Case(started: "0", lease: 60, isAlive: false), Case(boot: "another", lease: 60, isAlive: false),
        Case(host: "elsewhere", lease: 60, isAlive: true), Case(host: "elsewhere", lease: 0, isAlive: false),
    ])
    func `On this machine the process tells whether it lives, on another the lease`(case it: Case) {
        var owner = TenantLock.Owner.current(who: "quinn", since: 0)
        if let host = it.host { owner.host = host }
        if let boot = it.boot { owner.boot = boot }
        if let started = it.started { owner.started = started }
        #expect(owner.isAlive(lease: 1_000 + it.lease, now: 1_000) == it.isAlive)
    }

    @Test func `While one applies, another is refused; afterwards the lock is free`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan([Person(address: at("new"))])
            let gate = Gate()
            bench.vendor.pause("/api/user/create-managed-sender") { await gate.pass() }
            let receipt = Task { try await bench.apply(plan) }
            await gate.waitForArrivals()
            let error = try await lifecycleError { try await bench.applier(who: "quinn").apply(plan) }
            #expect(error.code == "tenant-locked")
            gate.open()
            #expect(try await receipt.value.isWhole)
            #expect(bench.vendor.writes.count == 1)
            _ = try await lock(bench).acquire(who: "next")
        }
    }

    @Test func `An apply that is taken over makes no further call`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan(["new1", "new2"].map { Person(address: at($0)) })
            let gate = Gate()
            bench.vendor.pause("/api/user/create-managed-sender") { await gate.pass() }
            let receipt = Task { try await bench.apply(plan) }
            await gate.waitForArrivals()
            try await bench.buryLockOwner()
            _ = try await lock(bench).acquire(who: "next")
            gate.open()
            let error = try await lifecycleError { try await receipt.value }
            #expect(error.code == "lock-lost")
            #expect(bench.vendor.writes.map(\.subject) == [at("new1")])
            #expect(try await bench.journal(plan)[1]?.state == .sent, "its answer was not kept: the next one reads")
        }
    }

    @Test func `An apply that fails gives the lock back`() async throws {
        try await withBench { bench in
            let plan = try await bench.plan([Person(address: at("new"))])
            bench.pass(hours: 5)
            #expect(try await lifecycleError { try await bench.apply(plan) }.code == "plan-stale")
            _ = try await lock(bench).acquire(who: "next")
        }
    }
}
