import Foundation
import MusterStore
import Planning
import TestSupport
import Testing

@testable import Lifecycle

/// A store from before events were kept in shorthand is read, added to and delivered from as if nothing had happened.
struct LightUpgradeTests {
    private let tenant = HookBench.tenant
    private let ann = "ann@acme.example"
    /// As they always were, and two that never were but are texts all the same.
    private let ids = [String(repeating: "0123456789abcdef", count: 2), "e2", "exactly16letters", String(repeating: "00ff", count: 8)]
    private let data = #"{"account":{"address":"ann@acme.example"},"after":{"name":"Ann"},"before":{"name":"A"},"fields":["name"]}"#
    private let whole = #"{"data":{"tenant":"CACME"},"id":"e2"}"#

    private func withOlderStore(_ body: (String, HookBench, Receiver) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.file("muster.db")
        let older = Array(StateSchema.migrations.prefix { $0.name != "muster-17" })
        #expect(older.count < StateSchema.migrations.count)
        let old = try SQLiteStore(path: path, migrations: older)
        let bench = HookBench(old)
        try await old.write(tenant) { [self, at = bench.seconds] tx in
            for (index, id) in ids.enumerated() {
                let isOfTenant = id == "e2"
                try tx.execute(
                    "INSERT INTO events (tenant, number, id, type, person, at, body, read) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                    [
                        .text(tenant), .int(index + 1), .text(id), .text(isOfTenant ? "seats.crossed" : "account.changed"),
                        .text(isOfTenant ? "" : ann), .int(at), .text(isOfTenant ? whole : data), isOfTenant ? .null : 2,
                    ])
            }
            try tx.execute("INSERT INTO event_heads (tenant, number) VALUES ($1, $2)", [.text(tenant), .int(ids.count)])
            try tx.execute(#"INSERT INTO event_reads (tenant, number, at, body) VALUES ($1, 2, 1000, '{"at":"x"}')"#, [.text(tenant)])
            for (n, id) in ["eN1", "eN2", "eN3"].enumerated() {
                try tx.execute(
                    """
                    INSERT INTO vendor_audit (tenant, id, at, n, category, actor, kind, subject, object, group_name, application, text)
                    VALUES ($1, $2, 500, $3, 'c', 'pat@acme.example', 'account-changed', 'ann@acme.example', '', '', 'Console', 'words')
                    """, [.text(tenant), .text(id), .int(3 - n)])
            }
        }
        // Somebody who has the first two events: the first did not arrive and waits, the second is a dead letter.
        let receiver = try await bench.add(since: bench.seconds - 1)
        try await old.write(tenant) { [tenant, ann, at = bench.seconds] tx in
            try tx.execute("UPDATE hook_stretches SET place = 2 WHERE tenant = $1", [.text(tenant)])
            try tx.execute(
                """
                INSERT INTO hook_lags (tenant, hook, stretch, person, place, attempts, first_failed, due)
                VALUES ($1, 'desk', (SELECT number FROM hook_stretches), $2, 1, 1, $3, $3)
                """, [.text(tenant), .text(ann), .int(at)])
            try tx.execute(
                """
                INSERT INTO hook_dead_letters (tenant, hook, number, id, type, person, first_failed, died)
                VALUES ($1, 'desk', 2, 'e2', 'seats.crossed', '', $2, $2)
                """, [.text(tenant), .int(at)])
        }
        try old.close()
        try await body(path, bench, receiver)
    }

    @Test func `What an older store keeps is told as before, and not told twice`() async throws {
        try await withOlderStore { path, bench, _ in
            let store = try SQLiteStore(path: path, migrations: StateSchema.migrations)
            let items = try await EventFeed(store: store, tenant: tenant).after(0).items
            let shared = EventEnvelope.shared(tenant: tenant, read: #"{"at":"x"}"#)
            func told(_ id: String) -> String {
                EventEnvelope(tenant: tenant, time: EventTime.text(bench.seconds), shared: shared)
                    .text(id: id, type: "account.changed", person: ann, data: data)
            }
            #expect(items.map(\.text) == [told(ids[0]), whole, told(ids[2]), told(ids[3])])
            for (index, id) in ids.enumerated() {
                #expect(try await EventFeed.place(of: id, store).number == index + 1)
                let again = EventLog.Entry(number: 0, id: id, type: "account.changed", person: ann, at: 2_000, body: whole)
                let isTold = try await store.write(tenant) { [tenant] tx in try EventLog.append(again, tenant: tenant, tx) }
                #expect(!isTold, "\(id)")
            }
            let lengths = try await store.read { tx in try tx.all("SELECT length(id) FROM events ORDER BY number") { $0.int(0) } }
            #expect(lengths == [16, 2, 17, 16])
            let traces = try await store.read { [tenant, ann] tx in try AuditTable.traces([ann], 0...1_000, tenant: tenant, tx) }
            #expect(traces.map(\.id) == ["eN3", "eN2", "eN1"], "in their order")
            #expect(traces.allSatisfy { $0.actor == "pat@acme.example" && $0.text == "words" && $0.application == "Console" })
            // Known by its id still.
            let isNew = try await store.write(tenant) { [tenant] in try AuditTable.add(traces[0], tenant: tenant, $0) }
            #expect(!isNew)
            let tables = try await store.read { tx in try tx.all("SELECT name FROM sqlite_schema WHERE name LIKE 'light%'") { $0.text(0) } }
            #expect(tables == [])
            try store.close()
        }
    }

    @Test func `Who subscribed in an older store gets what waited, in order, and what comes`() async throws {
        try await withOlderStore { path, bench, receiver in
            let store = try SQLiteStore(path: path, migrations: StateSchema.migrations)
            let book = HookBook(store: store, tenant: tenant, now: bench.now)
            let before = try #require(try await book.standings().first)
            #expect((before.waiting, before.deadLetters) == (1, 1))
            receiver.answer(500)
            try await bench.deliver(store)
            #expect(receiver.seen == [])
            try await store.write(tenant) { [tenant, ann] tx in
                try EventLanes(tenant: tenant, tx: tx).rename(ann, to: "ann.lee@acme.example")
                let renamed = EventLog.Entry(
                    number: 0, id: "e5", type: "account.renamed", person: "ann.lee@acme.example", at: 2_000, body: "{}")
                try EventLog.append(renamed, tenant: tenant, tx)
            }
            receiver.answer(204)
            bench.pass(3_600)
            try await bench.deliver(store)
            #expect(receiver.seen == [ids[0], ids[2], ids[3], "e5"])
            let after = try #require(try await book.standings().first)
            #expect((after.waiting, after.deadLetters, after.behind) == (0, 1, 0))
            try store.close()
        }
    }
}
