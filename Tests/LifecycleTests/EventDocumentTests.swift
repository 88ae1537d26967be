import Foundation
import Mimecast
import MusterStore
import Planning
import TestSupport
import Testing

@testable import Lifecycle

/// Writes `docs/events.md` and `docs/event.schema.json`: each type with an event that reads wrote.
struct EventDocumentTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let tenant = "C0A0"

    /// What a read shows.
    private struct Shown {
        var accounts: [Account]
        var groups: [Group]
        var members: [(group: String, key: String)]
        var taken: [String] = []
        var proof = DomainProof.State.closed
        var seats = 10
        var failed = false
    }

    private func read(_ shown: Shown, _ number: Int, _ store: SnapshotStore) async throws {
        let at = 1_764_000_000 + number * 3_600
        var reading = try await store.begin("s-0000000\(number)", now: at)
        try await store.take(part: "all", into: &reading) { add in
            try await add(
                Lot(accounts: try shown.accounts.map { try ObservedAccount($0) }, taken: shown.taken.map { ObservedTaken(key: $0) }))
        }
        reading.accounts.keep()
        reading.taken.keep()
        try await store.take(into: &reading) { add in
            try await add(
                Lot(
                    groups: shown.groups.map { ObservedGroup(group: $0) },
                    members: shown.members.map { ObservedMember(group: $0.group, key: $0.key) }))
        }
        let proof = DomainProof(
            domain: "example.com", pages: 1, rows: shown.accounts.count, claimed: shown.accounts.count, state: shown.proof,
            reason: shown.proof == .open ? "1 of 4 missing" : nil)
        let report = SyncReport(
            snapshot: reading.id, closed: shown.proof == .closed, accounts: .init(internal: shown.accounts.count, external: nil),
            domains: [proof], list: nil, external: nil, groups: shown.groups.count, memberships: shown.members.count, calls: 0, seconds: 0)
        var facts = SnapshotStore.Facts(completeness: Completeness(domains: [proof]), domains: ["example.com"], seats: shown.seats)
        facts.connections = [.init(id: "MTOKEN:1", name: "Directory", failed: shown.failed, reason: shown.failed ? "disabled" : nil)]
        try await store.finish(reading, facts: facts, report: report, who: "pat", at: at)
    }

    /// One event of each type, by type.
    private func examples() async throws -> [EventType: String] {
        let database = try SQLiteStore.temporary(migrations: StateSchema.migrations)
        let store = SnapshotStore(store: database, tenant: Self.tenant)
        func account(_ local: String, _ id: String) -> Account {
            Account(id: id, address: "\(local)@example.com", name: local.capitalized, aliases: [], adminRoles: [], status: .active)
        }
        var shown = Shown(
            accounts: [account("ann", "u-1"), account("bob", "u-2"), account("carl", "u-3"), account("dora", "u-4")],
            groups: [
                Group(id: "g-1", name: "Staff", authority: .cloud), Group(id: "g-2", name: "Old", authority: .cloud),
                Group(id: "g-3", name: "Sales", authority: .ldap),
            ], members: [("g-1", "bob@example.com"), ("g-1", "ann@example.com")])
        shown.accounts[3].authority = .ldap
        shown.accounts[1].adminRoles = ["Help Desk Administrator"]
        shown.accounts[2].aliases = ["c@example.com"]
        try await read(shown, 1, store)
        try await database.write(Self.tenant) { tx in
            try LinkTable.put(Link(account: "ann@example.com", externalID: "Q-1001", person: "ann@example.com"), tenant: Self.tenant, tx)
        }
        shown.accounts[0].name = "Ann Lee"
        shown.accounts[1].adminRoles = []
        shown.accounts[1].status = .disabled
        shown.accounts[2].address = "carl.lee@example.com"
        shown.accounts[2].aliases = []
        shown.accounts[3].authority = .cloud
        shown.accounts.append(account("eve", "u-5"))
        shown.groups[0].name = "All Staff"
        shown.groups[1] = Group(id: "g-4", name: "New", authority: .cloud)
        shown.groups[2].authority = .cloud
        shown.members = [("g-1", "ann@example.com"), ("g-4", "dora@example.com")]
        shown.seats = 5
        shown.failed = true
        try await read(shown, 2, store)
        shown.proof = .open
        shown.accounts.removeLast()
        shown.accounts[1].status = .active
        shown.accounts[0].adminRoles = ["Basic Administrator"]
        shown.accounts[0].aliases = ["a@example.com"]
        shown.failed = false
        try await read(shown, 3, store)
        shown.proof = .closed
        try await read(shown, 4, store)
        for (type, isAdded) in [(EventType.delegateAdded, true), (.delegateRemoved, false)] {
            var values = EventData.Values()
            values.delegate = "bob@example.com"
            var data = isAdded ? EventData(after: values) : EventData(before: values)
            data.account = .init(address: "ann@example.com")
            data.by = .init(actor: "admin@example.com", audit: "eNoVzb0OgjAUBtB", at: "2025-11-24T20:11:02Z")
            let draft = EventDraft(type, person: "ann@example.com", object: "account:ann@example.com/delegate:bob@example.com", data)
            let entry = try EventLog.entry(draft, tenant: Self.tenant, start: "audit:1", at: 1_764_015_062)
            try await database.write(Self.tenant) { tx in try EventLog.append(entry, tenant: Self.tenant, tx) }
        }
        let all = try await EventLog(store: database, tenant: Self.tenant).after(0, limit: 1_000)
        return try Dictionary(all.map { (EventType(rawValue: $0.type) ?? .accountChanged, try ToldEvent($0.body).text) }) { first, _ in
            first
        }
    }

    private func keep(_ name: String, _ text: String) throws {
        let file = Self.root.appendingPathComponent("docs/\(name)")
        let old = try? String(contentsOf: file, encoding: .utf8)
        if old != text { try text.write(to: file, atomically: true, encoding: .utf8) }
        #expect(old == text, "docs/\(name) was stale and is written anew: commit it.")
    }

    @Test func `The documents show every type as it is told`() async throws {
        let examples = try await examples()
        #expect(Set(examples.keys) == Set(EventType.allCases))
        var lines = [
            "# Events", "",
            "What `muster events` tells, and what hooks deliver: a type each, with an event as reads of an invented tenant wrote it. Written by",
            "`LifecycleTests`; do not edit. The schema is [event.schema.json](event.schema.json), which `muster events --schema` prints, too.",
            "",
            "- The envelope is CloudEvents 1.0. `id` is derived from the tenant, what changed, from what to what, and the version that the change leaves:",
            "  the same read repeated gives the same ids, and the same change made again later another one.",
            "- `time` is when the read began that showed the change; it happened after `data.read.previous.at`. What was made and undone between two",
            "  reads shows by the vendor's audit events alone, and is marked `undone`.",
            "- `before` and `after` hold what differs, and all that was shown of who comes and who goes. What is not shown is missing, never null.",
            "- A tenant's first read tells nothing of accounts and groups. Later ones tell in this order: memberships that ended, accounts that went,",
            "  renames, accounts that came, what else differs, groups, memberships that began, groups that went. Applied in this order to what the",
            "  first read showed, events give what the last whole read shows.",
            "- Nobody is told to be gone whom a read does not prove gone: an account wants a closed domain, a membership a whole list of the group's",
            "  members, a group a whole list of groups. Until then nothing is told; whoever turns up again goes on from where they were seen last.",
            "  Whether a read was whole stands in `data.read.proof`: who is told as new after an `open` read may have been there, unseen.",
            "- A rename is one event where the dialect shows the vendor's ids, or where Muster did it. Elsewhere it is an account that goes and one that",
            "  comes. Memberships go with a renamed account without a word.",
            "- A field that a dialect does not show says nothing; it is compared with what was shown last. Delegates show by audit events alone, in the",
            "  portal's dialect and v1 states, roles and the owners of aliases as well.",
            "- `by` says who: a line of a plan of Muster's own (`own`), or the vendor's audit event. It is missing where nobody knows.", "",
        ]
        for type in EventType.allCases {
            let text = try #require(examples[type])
            lines += ["## \(type.rawValue)", "", type.summary, "", "```json", try Self.pretty(text), "```", ""]
        }
        try keep("events.md", lines.joined(separator: "\n"))
        try keep("event.schema.json", EventSchema.text + "\n")
    }

    private static func pretty(_ text: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(JSONDecoder().decode(JSON.self, from: Data(text.utf8))), as: UTF8.self)
    }

    @Test func `The schema refuses what is no event`() async throws {
        let good = try #require(try await examples()[.accountRenamed])
        let check = try SchemaCheck(EventSchema.text)
        #expect(try check.faults(good) == [])
        for (old, new) in [
            ("\"specversion\":\"1.0\"", "\"specversion\":\"0.3\""), ("account.renamed", "account.moved"),
            ("account.renamed", "account.changed"),
            ("\"before\":{", "\"secret\":{"), ("\"tenant\":\"C0A0\"", "\"tenant\":null"), ("T1", "t1"),
            ("\"proof\":\"closed\"", "\"proof\":\"maybe\""),
        ] {
            let bad = good.replacing(old, with: new)
            #expect(bad != good, "\(old)")
            #expect(try !check.faults(bad).isEmpty, "\(new)")
        }
    }
}
