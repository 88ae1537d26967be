import HTTPTransport
import Mimecast
import MimecastClient
import MusterStore
import Planning
import Testing

@testable import Lifecycle

/// The process dies again and again; another one finishes. Once at each write: `CrashSweepTests`.
struct CrashTests {
    private static let before = ["ann", "bob", "carl", "dora"].map { Person(address: at($0), externalID: $0) }

    /// Work of every kind that the dialect has.
    private static func people(_ dialect: Dialect) -> [Person] {
        var people = before
        people[0].name = "Ann Lee"
        people[1].active = true
        people[2].groups = []
        people[3].active = false
        if dialect == .guide { people[3].address = at("dora.day") }
        people.append(Person(address: at("new"), externalID: "new", name: "New", groups: ["Staff"]))
        return people
    }

    private func prepared(_ bench: Bench) async throws -> StoredPlan {
        _ = try await bench.plan(Self.before)
        // So that the portal, whose list shows no states, asks for bob's.
        try await bench.store.write("CACME") { try $0.execute("UPDATE links SET disabled_by_us = 1 WHERE person = 'bob@acme.example'") }
        let plan = try await bench.plan(Self.people(bench.vendor.dialect))
        try await bench.approve(plan)
        bench.vendor.forget()
        return plan
    }

    /// No write goes out twice without a read between.
    private func expectReadsBetween(_ log: [FakeVendor.Entry], _ comment: Comment) {
        for (position, entry) in log.enumerated() where entry.isWrite {
            guard let next = log[(position + 1)...].firstIndex(of: entry) else { continue }
            #expect(log[position..<next].contains { !$0.isWrite }, comment)
        }
    }

    @Test(arguments: WriteChannel.allCases)
    func `Dying again and again still comes to the end`(lane: WriteChannel) async throws {
        try await withBench(over: lane) { bench in
            let plan = try await prepared(bench)
            var lives = 0
            while try await bench.stored(plan.file.hash).state != .finished {
                lives += 1
                try #require(lives < 100)
                // Lock, the settling or the sending of the last life, and one answer more.
                let store = CrashingStore(bench.store, diesAt: 5, keepsLast: true)
                _ = try? await bench.applier(store: store).apply(bench.stored(plan.file.hash))
                try await bench.buryLockOwner()
            }
            #expect(lives > 3)
            #expect(try await bench.stored(plan.file.hash).receipt?.isWhole == true)
            expectReadsBetween(bench.vendor.log, "many lives")
            #expect(try await bench.plan(Self.people(.guide)).plan.isEmpty)
        }
    }
}
