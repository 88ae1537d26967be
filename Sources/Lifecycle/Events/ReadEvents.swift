import Foundation
import Mimecast
import MusterStore
import Planning

/// What of a tenant's groups a read does not prove whole.
struct UnprovedGroups: Sendable, Hashable, Codable {
    /// Whether the list of groups is.
    var isListWhole = true
    /// Ids of groups whose members are not.
    var groups: Set<String> = []
}

/// Writes the events of a read, in the transaction that makes it current.
///
/// Only the keys of what changed are held; versions are looked up one by one. The tenant's first read tells nothing of accounts and groups: what
/// was there before it nobody knows, and a million joiners who did not join would help nobody.
///
/// Who is missing from a read that does not prove it is told as nothing at all: the absence is kept, and told when a whole read confirms it. Whoever
/// turns up again by then goes on from their last version.
///
/// Order: memberships that ended, accounts that went, renames, accounts that came, what else differs, groups, memberships that began, groups
/// that went. Whoever applies the events in this order never meets an address that is still somebody else's, those who change
/// addresses in a circle excepted.
struct ReadEvents {
    let tenant: String
    let number: Int
    /// Nil in the first read.
    let previous: Previous?
    let read: (id: String, taken: Int)
    var accounts = SnapshotStore.Turned()
    var aliases = SnapshotStore.Turned()
    var groups = SnapshotStore.Turned()
    var members = SnapshotStore.Turned()

    struct Previous {
        var id: String
        var number: Int
        var taken: Int
        var facts: SnapshotStore.Facts
    }

    var isFirst: Bool { previous == nil }

    init(tenant: String, reading: Reading, _ tx: any Transaction) throws {
        self.tenant = tenant
        number = reading.number
        previous = try tx.first("SELECT id, number, taken, facts FROM snapshots WHERE tenant = $1 AND state = 'current'", [.text(tenant)]) {
            Previous(
                id: $0.text(0), number: $0.int(1), taken: $0.int(2), facts: try StoredJSON.value(SnapshotStore.Facts.self, $0.text(3)))
        }
        let taken = try tx.first("SELECT taken FROM snapshots WHERE tenant = $1 AND number = $2", [.text(tenant), .int(number)]) {
            $0.int(0)
        }
        read = (reading.id, taken ?? 0)
    }

    mutating func note(_ turned: SnapshotStore.Turned, of table: ObservedTable) {
        switch table.name {
        case ObservedAccount.table.name: accounts = turned
        case ObservedTaken.table.name: aliases = turned
        case ObservedGroup.table.name: groups = turned
        default: members = turned
        }
    }

    /// Writes the events, and what of the facts is told from now on.
    ///
    /// - Parameters:
    ///   - facts: of this read.
    ///   - accounts: in the tenant's own domains.
    ///   - instant: when the read ended, in seconds since 1970.
    func write(_ facts: inout SnapshotStore.Facts, accounts: Int, at instant: Int, _ tx: any Transaction) throws {
        let own = try OwnWork(tenant: tenant, since: previous?.taken ?? read.taken, tx)
        // Calendars can be set back between two reads.
        let since = previous?.taken ?? read.taken
        let writer = try EventWriter(
            tenant: tenant, read: number, at: read.taken, within: min(since, instant)...max(since, instant), own: own, tx)
        try ofTenant(&facts, accounts, writer)
        if !isFirst {
            let steps = ReadSteps(tenant: tenant, number: number, facts: facts, writer: writer, tx)
            try steps.write(self.accounts, aliases, groups, members)
        }
        guard writer.count > 0 else { return }
        try writer.finish(read: try EventJSON.text(header(facts)))
    }

    private func header(_ facts: SnapshotStore.Facts) -> EventData.Read {
        func word(_ completeness: Completeness) -> String { (completeness.isClosed ? DomainProof.State.closed : .open).rawValue }
        return EventData.Read(
            snapshot: read.id, at: EventTime.text(read.taken), proof: word(facts.completeness),
            previous: previous.map {
                EventData.Earlier(snapshot: $0.id, at: EventTime.text($0.taken), proof: word($0.facts.completeness))
            })
    }

    /// Proofs, connections, seats.
    private func ofTenant(_ facts: inout SnapshotStore.Facts, _ accounts: Int, _ writer: EventWriter) throws {
        let start = String(previous?.number ?? 0)
        for draft in TenantSteps.proofs(from: previous?.facts.completeness, to: facts.completeness) { try writer.add(draft, start) }
        for draft in TenantSteps.connections(from: previous?.facts.connections, to: facts.connections) { try writer.add(draft, start) }
        // What could not be read this time is as it was read last.
        facts.connections = facts.connections ?? previous?.facts.connections
        let seats = SeatCount(contracted: facts.contracted ?? facts.seats, present: accounts)
        let told = TenantSteps.seats(from: previous?.facts.seatLevel, to: seats, isWhole: facts.completeness.isClosed)
        for draft in told.drafts { try writer.add(draft, start) }
        facts.seatLevel = told.level
    }
}

/// Times in events.
enum EventTime {
    /// RFC 3339, UTC, whole seconds.
    static func text(_ seconds: Int) -> String { Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601) }
}
