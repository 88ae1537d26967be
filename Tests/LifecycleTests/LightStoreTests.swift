import Foundation
import Mimecast
import MusterStore
import Planning
import TestSupport
import Testing

@testable import Lifecycle

/// Events and the vendor's audit events take little room.
struct LightStoreTests {
    private let tenant = "CACME"

    @Test(arguments: [
        String(repeating: "0f", count: 16), String(repeating: "0F", count: 16), "e1", "exactly16letters", "",
        String(repeating: "é", count: 8),
        String(repeating: "g", count: 32),
    ])
    func `An id is what it was`(id: String) throws {
        guard case .blob(let bytes) = EventID.value(id) else {
            Issue.record("\(id) is no bytes")
            return
        }
        #expect(EventID.text(bytes) == id)
        #expect(bytes.count == (id == String(repeating: "0f", count: 16) ? 16 : id.utf8.count == 16 ? 17 : id.utf8.count))
    }

    @Test func `Traces that say the same of many keep it once, and what nobody says any more goes`() async throws {
        try await withTemporaryStore(migrations: StateSchema.migrations) { store in
            func trace(_ number: Int, at instant: Int) -> AuditTrace {
                let person = "p\(number)@acme.example"
                return AuditTrace(
                    id: "eN\(number)", at: instant, category: "c", actor: "pat@acme.example", kind: .accountDisabled, subject: person,
                    application: "Console", text: "User \(person) disabled\u{1}")
            }
            let all = (0..<20).map { trace($0, at: 1_000) }
            try await store.write(tenant) { [tenant] tx in
                for trace in all {
                    let isNew = try AuditTable.add(trace, tenant: tenant, tx)
                    #expect(isNew)
                }
            }
            let kept = try await store.read { [tenant] tx in
                var kept: [AuditTrace] = []
                try AuditTable.each(0...2_000, tenant: tenant, tx) { kept.append($0) }
                return kept
            }
            #expect(kept == all)
            func sorts() async throws -> Int? {
                try await store.read { tx in try tx.first("SELECT count(*) FROM vendor_audit_sorts") { $0.int(0) } }
            }
            #expect(try await sorts() == 1)
            try await store.write(tenant) { [tenant] in try AuditTable.prune(tenant, at: 1_001 + AuditTable.kept, $0) }
            #expect(try await sorts() == 0)
        }
    }

    /// Of 4,000 people 40 change from read to read, and the vendor's audit log says who did it.
    @Test func `A store grows by little more than what is told`() async throws {
        try await withTemporaryStore(migrations: StateSchema.migrations) { store in
            let people = 4_000
            func address(_ person: Int) -> String { "\(String(person &* 7_919 % 6_007, radix: 36))person\(person)@acme.example" }
            func account(_ person: Int, _ read: Int) -> Account {
                let last = max(0, read - (read - person % 100 + 100) % 100)
                var account = Account(id: "eN\(person)-of-a-tenant-that-has-long-ids", address: address(person), isInternal: true)
                account.name = last == 0 ? "Person \(person)" : "Name \(last) of \(person)"
                (account.aliases, account.adminRoles, account.status) = ([], [], .active)
                return account
            }
            let fed = FedReads(store: store, tenant: tenant, domain: "acme.example")
            func used() async throws -> Int {
                let pages = try await store.read { tx in
                    try ["page_count", "freelist_count"].map { name in try tx.first("PRAGMA \(name)") { $0.int(0) } ?? 0 }
                }
                return (pages[0] - pages[1]) * 4_096
            }
            var before = 0
            for read in 0...100 {
                let traces = (read == 0 ? [] : Array(stride(from: read % 100, to: people, by: 100))).map { person in
                    AuditTrace(
                        id: "eN\(read)-\(person)-of-an-audit-log", at: read * 3_600, category: "user_account_and_role_logs",
                        actor: "an.administrator@acme.example", kind: .accountChanged, subject: address(person),
                        application: "Administration Console", text: "User \(address(person)) changed")
                }
                try await fed.note(traces, at: read * 3_600 + 60)
                let pages = stride(from: 0, to: people, by: 500).map { start in
                    (start..<min(start + 500, people)).map { account($0, read) }
                }
                try await fed.take(pages, groups: read == 0 ? [] : nil, at: read * 3_600 + 60)
                if read == 0 { before = try await used() }
            }
            let grown = try await used() - before
            var (count, told, place) = (0, 0, 0)
            while case let stretch = try await EventFeed(store: store, tenant: tenant).after(place), !stretch.items.isEmpty {
                count += stretch.items.count
                told += stretch.items.reduce(0) { $0 + $1.bytes.count + 1 }
                place = stretch.place
            }
            #expect(count == people)
            #expect(Double(grown) <= 1.2 * Double(told), "\(grown) bytes for \(told), \(grown / count) an event")
            // Who did it is told, too.
            let last = try await EventFeed(store: store, tenant: tenant).after(count - 1).items.first?.text
            #expect(last?.contains(#""by":{"actor":"an.administrator@acme.example""#) == true)
        }
    }
}
