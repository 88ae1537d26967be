import Foundation
import Mimecast
import MusterStore
import Planning
import TestSupport
import Testing

@testable import Lifecycle

/// Events against a plain list of what each read showed: random histories with renames, circles of them, and reads that are not whole.
struct EventHistoryTests {
    private static let domains = ["acme.example", "acme-two.example"]
    private let tenant = "CACME"

    private struct Tenant {
        var accounts: [String: Account] = [:]
        var groups: [String: Group] = [:]
        var members: Set<EventMirror.Membership> = []
        var next = 0

        func account(at address: String) -> Account? { accounts.values.first { $0.address == address } }
    }

    /// What a read leaves out, and admits to.
    private struct Gaps {
        var domains: Set<String> = []
        var isGroupListWhole = true
        var groups: Set<String> = []
    }

    private func address(_ random: inout SeededRandom) -> String {
        "p\(Int.random(in: 0..<10, using: &random))@\(Self.domains[Int.random(in: 0..<2, using: &random)])"
    }

    private func vary(_ tenant: inout Tenant, _ random: inout SeededRandom) {
        let person = address(&random)
        let group = "g\(Int.random(in: 0..<3, using: &random))"
        let id = tenant.account(at: person)?.id
        switch Int.random(in: 0..<14, using: &random) {
        case 0, 1:
            guard id == nil else { return }
            tenant.next += 1
            tenant.accounts["i\(tenant.next)"] = Account(
                id: "i\(tenant.next)", address: person, name: "N", aliases: [], adminRoles: [], status: .active)
        case 2: if let id { tenant.accounts[id] = nil }
        case 3: if let id { tenant.accounts[id]?.name = ["A", "B", "C"].randomElement(using: &random) }
        case 4: if let id { tenant.accounts[id]?.status = Bool.random(using: &random) ? .active : .disabled }
        case 5: if let id { tenant.accounts[id]?.authority = Bool.random(using: &random) ? .cloud : .ldap }
        case 6: if let id { tenant.accounts[id]?.adminRoles = ["R1", "R2", "R3"].filter { _ in Bool.random(using: &random) } }
        case 7:
            if let id {
                tenant.accounts[id]?.aliases = ["x1-\(id)@acme.example", "x2-\(id)@acme.example"].filter { _ in Bool.random(using: &random)
                }
            }
        case 8, 9:
            guard let id else { return }
            // To a free address, or in exchange for somebody else's; memberships go with the account.
            let other = address(&random)
            let otherID = tenant.account(at: other)?.id
            tenant.accounts[id]?.address = other
            if let otherID { tenant.accounts[otherID]?.address = person }
            tenant.members = Set(
                tenant.members.map { membership in
                    var membership = membership
                    if membership.member == person {
                        membership.member = other
                    } else if otherID != nil, membership.member == other {
                        membership.member = person
                    }
                    return membership
                })
        case 10:
            tenant.groups[group] =
                tenant.groups[group] == nil || Bool.random(using: &random)
                ? Group(
                    id: group, name: "Group \(Int.random(in: 0..<3, using: &random))",
                    authority: Bool.random(using: &random) ? .cloud : .ldap) : nil
            if tenant.groups[group] == nil { tenant.members = tenant.members.filter { $0.group != group } }
        default:
            guard tenant.groups[group] != nil else { return }
            let membership = EventMirror.Membership(group: group, member: person)
            if tenant.members.remove(membership) == nil { tenant.members.insert(membership) }
        }
    }

    private func shown(_ tenant: Tenant, _ gaps: Gaps, _ random: inout SeededRandom) -> Tenant {
        var shown = tenant
        for (id, account) in tenant.accounts where gaps.domains.contains(EmailAddress(account.address)?.domain ?? "") {
            if Bool.random(using: &random) { shown.accounts[id] = nil }
        }
        if !gaps.isGroupListWhole, let group = tenant.groups.keys.sorted().randomElement(using: &random) { shown.groups[group] = nil }
        shown.members = shown.members.filter { membership in
            guard shown.groups[membership.group] != nil else { return false }
            return !gaps.groups.contains(membership.group) || Bool.random(using: &random)
        }
        return shown
    }

    private func read(_ shown: Tenant, _ gaps: Gaps, _ round: Int, _ store: SnapshotStore, dies: Bool = false) async throws {
        var reading = try await store.begin("s-\(round)", now: 1_000 + round / 3)
        try await store.take(part: "all", into: &reading) { add in
            try await add(
                Lot(
                    accounts: try shown.accounts.values.map { try ObservedAccount($0) },
                    taken: shown.accounts.values.flatMap { $0.aliases ?? [] }.map { ObservedTaken(key: $0) }))
        }
        reading.accounts.keep()
        reading.taken.keep()
        try await store.take(into: &reading) { add in
            try await add(
                Lot(
                    groups: shown.groups.values.map { ObservedGroup(group: $0) },
                    members: shown.members.map { ObservedMember(group: $0.group, key: $0.member) }))
        }
        if dies { return }
        let proofs = Self.domains.map {
            DomainProof(domain: $0, pages: 1, rows: 1, claimed: 1, state: gaps.domains.contains($0) ? .open : .closed)
        }
        let completeness = Completeness(domains: proofs)
        let report = SyncReport(
            snapshot: reading.id, closed: completeness.isClosed, accounts: .init(internal: shown.accounts.count, external: nil),
            domains: proofs, list: nil, external: nil, groups: shown.groups.count, memberships: shown.members.count, calls: 0, seconds: 0)
        var facts = SnapshotStore.Facts(completeness: completeness, domains: Self.domains, seats: nil)
        facts.unproved = UnprovedGroups(isListWhole: gaps.isGroupListWhole, groups: gaps.groups)
        try await store.finish(reading, facts: facts, report: report, who: "somebody", at: 1_000 + round)
    }

    private func mirror(_ tenant: Tenant) -> EventMirror {
        EventMirror(accounts: Array(tenant.accounts.values), groups: Array(tenant.groups.values), members: tenant.members).shown
    }

    @Test(arguments: 0..<40) func `Events take who follows them from the first read to every whole one`(seed: Int) async throws {
        var random = SeededRandom(seed: UInt64(seed) + 77)
        let database = try SQLiteStore.temporary(migrations: StateSchema.migrations)
        let store = SnapshotStore(store: database, tenant: tenant)
        let again = SnapshotStore(store: try SQLiteStore.temporary(migrations: StateSchema.migrations), tenant: tenant)
        let log = EventLog(store: database, tenant: tenant)
        var present = Tenant()
        for _ in 0..<30 { vary(&present, &random) }
        try await read(present, Gaps(), 0, store)
        try await read(present, Gaps(), 0, again)
        #expect(try await log.after(0, limit: 10).isEmpty)
        var mirror = mirror(present)
        var number = 0
        for round in 1...14 {
            for _ in 0..<Int.random(in: 0...8, using: &random) { vary(&present, &random) }
            var gaps = Gaps()
            if round < 14, Bool.random(using: &random) {
                gaps.domains = Set(Self.domains.filter { _ in Bool.random(using: &random) })
                gaps.isGroupListWhole = Bool.random(using: &random)
                gaps.groups = Set(present.groups.keys.sorted().filter { _ in Bool.random(using: &random) })
            }
            let seen = shown(present, gaps, &random)
            // A read that dies before its end leaves nothing behind that the next one would tell otherwise.
            if Int.random(in: 0..<4, using: &random) == 0 { try await read(seen, gaps, round, store, dies: true) }
            try await read(seen, gaps, round, store)
            try await read(seen, gaps, round, again)

            let told = try await log.after(number, limit: 10_000)
            #expect(told.map(\.number) == Array(number + 1..<number + 1 + told.count))
            number += told.count
            let events = try told.map { try ToldEvent($0.body) }
            do {
                try mirror.apply(events)
            } catch let wrong as EventMirror.Wrong {
                Issue.record("seed \(seed), round \(round): \(wrong.event)")
                return
            }
            // Nobody is told to be gone who may only be hidden.
            for event in events {
                switch event.type {
                case .accountRemoved:
                    let id = try #require(event.data.before?.id)
                    #expect(present.accounts[id].map { EmailAddress.key($0.address) } != event.subject, "seed \(seed), round \(round)")
                    #expect(!gaps.domains.contains(EmailAddress.domain(ofKey: event.subject ?? "")), "seed \(seed), round \(round)")
                case .groupRemoved: #expect(present.groups[event.data.group?.id ?? ""] == nil)
                case .groupLeft:
                    let membership = EventMirror.Membership(group: event.data.group?.id ?? "", member: event.subject ?? "")
                    let isMoved = events.contains { $0.type == .accountRenamed && $0.data.before?.address == event.subject }
                    #expect(isMoved || !present.members.contains(membership), "seed \(seed), round \(round)")
                default: break
                }
            }
            if gaps.domains.isEmpty, gaps.isGroupListWhole, gaps.groups.isEmpty {
                #expect(mirror.shown == self.mirror(present), "seed \(seed), round \(round)")
            }
        }
        let all = try await log.after(0, limit: 100_000)
        #expect(Set(all.map(\.id)).count == all.count)
        #expect(try await EventLog(store: again.store, tenant: tenant).after(0, limit: 100_000).map(\.body) == all.map(\.body))
        let absences = try await database.read { tx in try tx.first("SELECT count(*) FROM event_absences") { $0.int(0) } }
        #expect(absences == 0)
    }
}
