import Foundation
import Mimecast
import MusterStore
import Planning
import Testing

@testable import Lifecycle

/// The record: what is in it, and that nothing in it can be changed unseen.
struct AuditTests {
    private func book(_ bench: Bench, _ tenant: String = "CACME") -> AuditBook { AuditBook(store: bench.store, tenant: tenant) }

    private func records(_ bench: Bench) async throws -> [AuditRecord] {
        try await bench.store.read { tx in
            try tx.all("SELECT record FROM audit WHERE tenant = 'CACME' ORDER BY number") {
                try StoredJSON.value(AuditRecord.self, $0.text(0))
            }
        }
    }

    /// A tenant with two applies behind it.
    private func withHistory(_ body: (Bench) async throws -> Void) async throws {
        try await withBench { bench in
            let dora = Person(address: at("dora"), externalID: "d")
            _ = try await bench.carryOut(bench.plan([dora, Person(address: at("new"), externalID: "n", groups: ["Staff"])]))
            _ = try await bench.carryOut(bench.plan([dora, Person(address: at("new"), externalID: "n", active: false)]))
            try await body(bench)
        }
    }

    @Test func `Each step of the circle stands in it, with who and when`() async throws {
        try await withBench { bench in
            let people = [Person(address: at("dora"), externalID: "d"), Person(address: at("carl"), externalID: "c", active: false)]
            let plan = try await bench.plan(people, by: "quinn")
            try await bench.approve(plan)
            let receipt = try await bench.apply(plan)
            let records = try await records(bench)
            #expect(
                records.map(\.action) == [
                    .snapshotTaken, .planMade, .planApproved, .applyBegun, .lineSent, .lineAnswered, .lineVerified, .applyFinished,
                ])
            #expect(records.map(\.number) == Array(1...8))
            #expect(records.map(\.actor) == ["pat", "quinn"] + Array(repeating: "pat", count: 6))
            #expect(records.allSatisfy { $0.at == "2023-11-14T22:13:20Z" && $0.tenant == "CACME" })
            #expect(records[1].detail["hash"] == plan.file.hash)
            #expect(records[4].subject == at("carl"))
            let line = ["plan": plan.file.id, "line": "1", "kind": "disable", "person": at("carl")]
            #expect(records[4].detail == line.merging(["reason": "the source says inactive"]) { $1 })
            #expect(records[5].detail == line)
            #expect(try await book(bench).verify().head == receipt.auditHead)
            #expect(try await bench.stored(plan.file.hash).receipt == receipt)
        }
    }

    @Test func `A refused call, a raised guard and a decision stand in it, too`() async throws {
        try await withBench { bench in
            try await bench.sync()
            try await GuardOverrides(store: bench.store, tenant: "CACME", now: bench.now).raise(
                GuardOverride(name: "removals", value: 40, until: bench.seconds + 60, reason: "office closed", who: "quinn"))
            try await Resolution(store: bench.store, tenant: "CACME", who: "rae", now: bench.now)
                .link(person: at("dora.day"), externalID: nil, account: at("dora"))
            let plan = try await bench.plan([Person(address: at("dora"))])
            _ = try await bench.approvals().decide(plan, .rejected, who: "sam")
            let records = try await records(bench)
            #expect(records.map(\.action) == [.snapshotTaken, .guardRaised, .accountChosen, .snapshotTaken, .planMade, .planRejected])
            #expect(records[1].detail == ["value": "40", "until": "2023-11-14T22:14:20Z", "reason": "office closed"])
            #expect(records[2].subject == at("dora") && records[2].actor == "rae")
        }
    }

    /// What somebody does who can write the store, and the line that gives it away; 13 lines are there.
    @Test(
        arguments: [
            ("UPDATE audit SET record = replace(record, 'pat', 'pam') WHERE number = 3", 3),
            ("UPDATE audit SET record = 'x' WHERE number = 3", 3),
            ("UPDATE audit SET hash = '\(String(repeating: "a", count: 64))' WHERE number = 4", 4),
            ("DELETE FROM audit WHERE number = 5", 5), ("DELETE FROM audit WHERE number = 1", 1),
            ("DELETE FROM audit WHERE number > 10", 11), ("DELETE FROM audit", 1), ("DELETE FROM audit_heads", 1),
            ("UPDATE audit SET tenant = 'COTHER' WHERE number = 2", 2),
            (
                """
                INSERT INTO audit (tenant, number, at, record, hash)
                SELECT tenant, (SELECT max(number) + 1 FROM audit), at, record, hash FROM audit WHERE number = 2
                """, 0
            ),
        ])
    func `Whatever is changed is found, where it was changed`(statement: String, line: Int) async throws {
        try await withHistory { bench in
            let whole = try await book(bench).verify()
            _ = try await bench.store.write("CACME") { try $0.execute(statement) }
            let error = try await lifecycleError { try await book(bench).verify() }
            #expect(error.code == "audit-broken")
            #expect(error.message.contains("line \(line == 0 ? whole.lines + 1 : line)"), "\(error)")
        }
    }

    /// Whoever writes the end anew, hashes and all, is found by a head that was kept elsewhere.
    @Test func `A record that was rewritten does not have the head that was noted`() async throws {
        try await withHistory { bench in
            let noted = try await book(bench).verify()
            _ = try await bench.sync()
            #expect(try await book(bench).verify(noted: noted.head).lines == noted.lines + 1)
            _ = try await bench.store.write("CACME") { tx in
                try tx.execute("DELETE FROM audit WHERE number >= \(noted.lines)")
                try tx.execute(
                    "UPDATE audit_heads SET number = \(noted.lines - 1), hash = (SELECT hash FROM audit ORDER BY number DESC LIMIT 1)")
            }
            _ = try await bench.sync()
            #expect(try await book(bench).verify().lines == noted.lines)
            let error = try await lifecycleError { try await book(bench).verify(noted: noted.head) }
            #expect(error.code == "audit-broken")
        }
    }

    @Test func `An export holds by itself, also from the middle on`() async throws {
        try await withHistory { bench in
            var lines: [String] = []
            try await book(bench).export { lines.append($0) }
            func walk(_ lines: some Sequence<String>, isWhole: Bool) throws -> AuditChain {
                var chain = AuditChain(isWhole: isWhole)
                for line in lines {
                    let (text, hash) = try #require(AuditLine.read(line))
                    try chain.take(text, hash: hash)
                }
                return chain
            }
            let proof = try await book(bench).verify()
            #expect(try walk(lines, isWhole: true).head == proof.head)
            #expect(try walk(lines.dropFirst(4), isWhole: false).head == proof.head)
            #expect(throws: AuditChain.Break.self) { try walk(lines.dropFirst(4), isWhole: true) }
            #expect(throws: AuditChain.Break.self) { try walk(lines.prefix(3) + lines.dropFirst(4), isWhole: false) }
            #expect(AuditLine.read(#"{"action":"plan-made"}"#) == nil)
            let last = try #require(lines.last?.split(separator: "\"number\":").last?.prefix { $0.isNumber })
            #expect(Int(last) == proof.lines)
        }
    }

    @Test func `A tenant's record is its own, and stays when the tenant is forgotten`() async throws {
        try await withHistory { bench in
            let registry = TenantRegistry(store: bench.store)
            var other = bench.tenant()
            other.code = "COTHER"
            try await registry.put(other, now: 1, who: "pat")
            let before = try await book(bench).verify()
            #expect(try await book(bench, "COTHER").verify().lines == 1)
            #expect(try await !registry.remove("CACME", now: 2, who: "pat"))
            try await registry.put(bench.tenant(), now: 1, who: "pat")
            #expect(try await registry.remove("CACME", now: 2, who: "pat"))
            #expect(try await book(bench).verify().lines == before.lines + 2)
            #expect(try await records(bench).last?.action == .tenantRemoved)
        }
    }

    @Test func `No secret is in it`() async throws {
        try await withHistory { bench in
            try await TenantRegistry(store: bench.store).put(bench.tenant(), now: 1, who: "pat")
            var text = ""
            try await book(bench).export { text += $0 }
            #expect(text.contains("tenant-added"))
            #expect(!text.contains(Bench.secret) && !text.contains("ACME_SECRET"))
        }
    }

    /// A crash between the journal's writes leaves the record and the journal agreeing.
    @Test func `The record tells as much as the journal`() async throws {
        try await withHistory { bench in
            let lines = try await bench.store.read { tx in
                try tx.all("SELECT plan, line, state FROM journal ORDER BY plan, line") { "\($0.text(0)) \($0.int(1)) \($0.text(2))" }
            }
            let told = Dictionary(
                try await records(bench).compactMap { record in
                    record.action.rawValue.hasPrefix("line-")
                        ? ("\(record.detail["plan"] ?? "") \(record.detail["line"] ?? "")", record.action.rawValue.dropFirst(5)) : nil
                }, uniquingKeysWith: { _, last in last })
            #expect(told.map { "\($0.key) \($0.value)" }.sorted() == lines.sorted())
        }
    }
}
