import Foundation
import Mimecast
import MusterStore
import Planning
import TestSupport
import Testing

@testable import Lifecycle

/// What was read, kept in versions: random reads against a plain list of what each of them showed.
struct ObservedVersionTests {
    private struct Shown: Hashable {
        var accounts: [String: Account] = [:]
        var taken: Set<String> = []
        var groups: [String: Group] = [:]
        var members: Set<[String]> = []
    }

    private let tenant = "CACME"

    private func vary(_ shown: inout Shown, _ random: inout SeededRandom) {
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            let person = "p\(Int.random(in: 0..<12, using: &random))@acme.example"
            let group = "g\(Int.random(in: 0..<3, using: &random))"
            switch Int.random(in: 0..<8, using: &random) {
            case 0...2:
                var account = Account(address: person, isInternal: Bool.random(using: &random))
                account.name = [nil, "", "Ann", "Bob"].randomElement(using: &random) ?? nil
                account.aliases = [nil, [], ["x-\(person)"]].randomElement(using: &random) ?? nil
                account.status = [nil, .active, .disabled].randomElement(using: &random) ?? nil
                account.id = Bool.random(using: &random) ? "id-\(person)" : nil
                shown.accounts[person] = account
            case 3: shown.accounts[person] = nil
            case 4: if shown.taken.remove(person) == nil { shown.taken.insert(person) }
            case 5:
                shown.groups[group] =
                    shown.groups[group] == nil || Bool.random(using: &random)
                    ? Group(id: group, name: "Group \(Int.random(in: 0..<3, using: &random))", authority: .cloud) : nil
            default: if shown.members.remove([group, person]) == nil { shown.members.insert([group, person]) }
            }
        }
    }

    /// Reads what is shown, in random pages; some rows come twice.
    private func read(_ shown: Shown, into reading: inout Reading, _ store: SnapshotStore, _ random: inout SeededRandom) async throws {
        var accounts = Array(shown.accounts.values).shuffled(using: &random)
        if Bool.random(using: &random), let first = accounts.first {
            // A part that is read again.
            try await store.take(part: "all", into: &reading) { add in try await add(Lot(accounts: [ObservedAccount(first)])) }
            try await store.clear(part: "all", of: &reading)
        }
        while !accounts.isEmpty {
            let page = accounts.prefix(4)
            accounts.removeFirst(page.count)
            let twice = Bool.random(using: &random) ? Array(page.prefix(1)) : []
            let repeated = try await store.take(part: "all", into: &reading) { add in
                try await add(Lot(accounts: try (page + twice).map { try ObservedAccount($0) }))
            }
            #expect(repeated == twice.count)
        }
        try await store.take(part: "all", into: &reading) { add in try await add(Lot(taken: shown.taken.map { ObservedTaken(key: $0) })) }
        reading.accounts.keep()
        reading.taken.keep()
        try await store.take(into: &reading) { add in
            try await add(Lot(groups: shown.groups.values.map { ObservedGroup(group: $0) }))
            try await add(Lot(members: shown.members.map { ObservedMember(group: $0[0], key: $0[1]) }))
        }
    }

    private func finish(_ reading: Reading, _ store: SnapshotStore) async throws {
        let proof = DomainProof(domain: "acme.example", pages: 1, rows: 1, claimed: 1, state: .closed)
        let report = SyncReport(
            snapshot: reading.id, closed: true, accounts: .init(internal: 0, external: 0), domains: [proof], list: nil, external: nil,
            groups: reading.groups.count, memberships: reading.members.count, calls: 0, seconds: 0)
        try await store.finish(
            reading, facts: .init(completeness: Completeness(domains: [proof]), domains: ["acme.example"], seats: nil), report: report,
            who: "somebody", at: reading.number)
    }

    /// All rows of every version, for counting.
    private func versions(_ store: any Store) async throws -> [Int] {
        try await store.read { tx in
            try ObservedTable.all.map { table in try tx.first("SELECT count(*) FROM \(table.name)") { $0.int(0) } ?? 0 }
        }
    }

    /// What a read showed, by a query of its own.
    private func shown(_ store: any Store, at number: Int) async throws -> Shown {
        try await store.read { tx in
            let then = "since <= \(number) AND (until IS NULL OR until > \(number))"
            var shown = Shown()
            try tx.each("SELECT key, \(ObservedAccount.columns().joined(separator: ", ")) FROM observed_accounts WHERE \(then)", []) {
                row in
                #expect(shown.accounts[row.text(0)] == nil)
                shown.accounts[row.text(0)] = try ObservedAccount.account(row, at: 1)
                return true
            }
            shown.taken = Set(try tx.all("SELECT key FROM observed_taken WHERE \(then)") { $0.text(0) })
            for group in try tx.all(
                "SELECT id, name, authority FROM observed_groups WHERE \(then)",
                [], { Group(id: $0.text(0), name: $0.text(1), authority: Authority(rawValue: $0.text(2)) ?? .ldap) })
            {
                shown.groups[group.id] = group
            }
            shown.members = Set(try tx.all("SELECT group_id, key FROM observed_members WHERE \(then)") { [$0.text(0), $0.text(1)] })
            return shown
        }
    }

    @Test(arguments: 0..<60) func `Each read shows what it saw, and what earlier ones saw stays`(seed: Int) async throws {
        var random = SeededRandom(seed: UInt64(seed) + 1)
        let database = try SQLiteStore.temporary(migrations: StateSchema.migrations)
        let store = SnapshotStore(store: database, tenant: tenant)
        var present = Shown()
        var past: [Int: Shown] = [:]
        var digests: [String: Shown] = [:]
        for round in 0..<10 {
            vary(&present, &random)
            var reading = try await store.begin("s-\(round)", now: round)
            try await read(present, into: &reading, store, &random)
            if Int.random(in: 0..<4, using: &random) == 0 {
                // It dies here: the next one begins where the last whole one ended.
                if let last = past.keys.max() { #expect(try await shown(database, at: last) == past[last]) }
                continue
            }
            let before = try await versions(database)
            try await finish(reading, store)
            #expect(try await versions(database) == before)
            past[reading.number] = present
            for (number, then) in past { #expect(try await shown(database, at: number) == then) }
            #expect(reading.accounts.count == present.accounts.count)
            #expect(reading.members.count == present.members.count)

            let observed = try #require(try await store.observed())
            #expect(Set(observed.accounts) == Set(present.accounts.values.filter(\.isInternal)))
            #expect(Set(observed.groups) == Set(present.groups.values))
            let strangers = Set(present.members.map { $0[1] }).subtracting(present.accounts.keys).subtracting(present.taken)
            #expect(try await store.strangers(of: reading) == strangers.sorted())

            // Equal tenants, and only those, have equal digests.
            let digest = try #require(try await store.digest())
            #expect(digests[digest] ?? present == present)
            digests[digest] = present
            #expect(Set(digests.values).count == digests.count)

            // Read again, nothing is written but the head of the read.
            var again = try await store.begin("t-\(round)", now: round)
            let stored = try await versions(database)
            try await read(present, into: &again, store, &random)
            if !again.accounts.isUnchanged || !again.members.isUnchanged { Issue.record("A read of the same found something new.") }
            try await finish(again, store)
            #expect(try await versions(database) == stored)
            #expect(try await store.digest() == digest)
            past[again.number] = present
        }
    }

    @Test func `The sum goes by what rows there are, not by their order`() {
        var random = SeededRandom(seed: 7)
        var rows = (0..<40).map { _ in (0..<8).map { _ in UInt8.random(in: .min ... .max, using: &random) } }
        var sum = RowSum()
        for row in rows { sum.add(row) }
        rows.shuffle(using: &random)
        var other = RowSum(hex: RowSum().hex)
        for row in rows { other.add(row) }
        #expect(sum == other)
        #expect(RowSum(hex: sum.hex) == sum)
        for row in rows.reversed() { sum.remove(row) }
        #expect(sum == RowSum())
        #expect(sum.hex == String(repeating: "0", count: 64))
    }
}
