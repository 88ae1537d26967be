import Foundation
import Mimecast
import MusterStore
import Planning

/// Reads whose rows are at hand: what syncs leave in a store, by the same code, without a vendor to ask. For measurements of tenants so large
/// that a vendor on the same machine would be what is measured.
package struct FedReads: Sendable {
    /// A group and its members, as folded addresses.
    package struct Members: Sendable {
        package var group: Group
        package var keys: [String]

        package init(group: Group, keys: [String]) {
            self.group = group
            self.keys = keys
        }
    }

    private let snapshots: SnapshotStore
    private let domain: String

    /// - Parameter domain: of all accounts.
    package init(store: any Store, tenant: String, domain: String) {
        snapshots = SnapshotStore(store: store, tenant: tenant)
        self.domain = domain
    }

    /// Takes what the vendor's audit log says, as a sync does before its read becomes current.
    ///
    /// - Parameter instant: seconds since 1970.
    package func note(_ traces: [AuditTrace], at instant: Int) async throws {
        try await snapshots.store.write(snapshots.tenant) { [tenant = snapshots.tenant] tx in
            let begun = try AuditTable.tail(tenant, tx)?.begun ?? instant
            for trace in traces { _ = try AuditTable.add(trace, tenant: tenant, tx) }
            try AuditTable.keep(AuditTable.Tail(begun: begun, newest: instant, read: instant), tenant: tenant, tx)
            try AuditTable.prune(tenant, at: instant, tx)
        }
    }

    /// Takes a read of everybody and makes it current.
    ///
    /// - Parameters:
    ///   - pages: all accounts, in any order, so many at a time as the caller likes to hold.
    ///   - groups: all of them, in the first read; nil later on, where none of them changes any more: they count as seen again.
    ///   - instant: when it begins and ends, in seconds since 1970.
    package func take(_ pages: some Sequence<[Account]> & Sendable, groups: [Members]?, at instant: Int) async throws {
        let id = "s-" + UUID().uuidString.lowercased().prefix(8)
        var reading = try await snapshots.begin(id, now: instant)
        var (rows, count) = (0, 0)
        try await snapshots.take(part: "all domains", into: &reading) { add in
            for page in pages {
                count += 1
                rows += page.count
                let aliases = page.flatMap { $0.aliases ?? [] }
                try await add(
                    Lot(accounts: try page.map(ObservedAccount.init), taken: aliases.map { ObservedTaken(key: EmailAddress.key($0)) }))
            }
        }
        reading.accounts.keep()
        reading.taken.keep()
        if let groups {
            try await snapshots.take(into: &reading) { add in
                for group in groups {
                    try await add(
                        Lot(
                            groups: [ObservedGroup(group: group.group)],
                            members: group.keys.map { ObservedMember(group: group.group.id, key: $0) }))
                }
            }
        } else {
            // Their numbers are those that the first read gave them.
            reading.groups.note(KeptRows(again: Array(0..<reading.groups.before)))
            reading.members.note(KeptRows(again: Array(0..<reading.members.before)))
        }
        let proof = DomainProof(domain: domain, pages: count, rows: rows, claimed: rows, state: .closed)
        let completeness = Completeness(domains: [proof], list: proof)
        let report = SyncReport(
            snapshot: id, closed: true, accounts: .init(internal: rows, external: nil), domains: completeness.domains,
            list: completeness.list, groups: reading.groups.count, memberships: reading.members.count, calls: count, seconds: 0)
        try await snapshots.finish(
            reading, facts: SnapshotStore.Facts(completeness: completeness, domains: [domain]), report: report, who: "bench", at: instant)
    }
}
