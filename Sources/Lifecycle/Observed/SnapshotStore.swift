import Foundation
import Mimecast
import MusterStore
import Planning

/// The observed state in the store. A read adds versions of rows that nobody sees; in one transaction it becomes current, whole or not at all.
struct SnapshotStore: Sendable {
    let store: any Store
    let tenant: String

    /// What is kept beside the rows.
    struct Facts: Codable, Sendable {
        var completeness: Completeness
        var domains: [String]
        var seats: Int?
        /// Contracted seats, also where the configuration alone says so.
        var contracted: Int?
        /// As told last.
        var seatLevel: TenantSteps.SeatLevel?
        /// As read last; nil where they never could be.
        var connections: [TenantSteps.Connection]?
        /// What of the groups is not proved whole; nil where all of it is.
        var unproved: UnprovedGroups?
    }

    /// The head of a read.
    struct Head: Sendable {
        let id: String
        let number: Int
        /// Empty where Muster has changed the tenant since.
        let digest: String

        static let columns = "id, number, CASE WHEN outdated = 0 THEN digest ELSE '' END"

        init(_ row: any SQLRow) {
            id = row.text(0)
            number = row.int(1)
            digest = row.text(2)
        }
    }

    /// Starts a read; what a read left behind that never ended goes.
    func begin(_ id: String, now: Int) async throws -> Reading {
        try await store.write(tenant) { [tenant] tx in
            let left = try tx.all("SELECT number FROM snapshots WHERE tenant = $1 AND state = 'reading'", [.text(tenant)]) { $0.int(0) }
            for number in left {
                for table in ObservedTable.all { try tx.execute(table.takeBack, [.text(tenant), .int(number)]) }
                try tx.execute("DELETE FROM snapshots WHERE tenant = $1 AND number = $2", [.text(tenant), .int(number)])
            }
            let counters = try tx.first("SELECT counters FROM snapshots WHERE tenant = $1 AND state = 'current'", [.text(tenant)]) {
                try StoredJSON.value(Reading.Counters.self, $0.text(0))
            }
            // Numbers are given once, also where a tenant was removed and is added again: ids of events rest on them.
            let last = try tx.all(
                "SELECT max(number) FROM snapshots WHERE tenant = $1 UNION ALL SELECT number FROM history_marks WHERE tenant = $1",
                [.text(tenant)]
            ) { $0.intOrNil(0) ?? 0 }
            let reading = Reading(id: id, number: (last.max() ?? 0) + 1, counters ?? Reading.Counters())
            try tx.execute(
                """
                INSERT INTO snapshots (tenant, number, id, taken, state, outdated, digest, counters, report, facts)
                VALUES ($1, $2, $3, $4, 'reading', 0, '', '', '', '')
                """, [.text(tenant), .int(reading.number), .text(id), .int(now)])
            return reading
        }
    }

    /// Puts rows beside those that the read has put there before. Those that are stored as they are cost a look and no write.
    ///
    /// - Parameters:
    ///   - part: the domain or list that they were read from, so that this part can be read again; as ``Reading/label(of:)`` names it.
    ///   - seen: what the read saw of their table before; the caller notes what comes back.
    func keep<Row: ObservedRow>(_ rows: [Row], part: String = "", of read: Reading, _ seen: SeenRows) async throws -> KeptRows {
        guard !rows.isEmpty else { return KeptRows() }
        // In the order of the table: neighbours share a page of the file, which is then written once.
        let sorted = rows.map { (keys: $0.keys, row: $0) }.sorted { $0.keys.lexicographicallyPrecedes($1.keys, by: Self.isBefore) }
        var kept = KeptRows()
        var new = Array(sorted.indices)
        // A tenant that is read for the first time has nothing to compare with.
        if seen.before > 0 {
            (kept, new) = try await store.read { [tenant] tx in try Self.compare(sorted, seen, read, tenant: tenant, tx) }
            guard !new.isEmpty else { return kept }
        }
        let added = try await store.write(tenant) { [tenant, new] tx in
            try Self.expectReading(read.id, tenant: tenant, tx)
            var added = 0
            for index in new {
                let (keys, row) = sorted[index]
                var values: [SQLValue] = [.text(tenant), .int(seen.next + added), .int(read.number)]
                values += keys.map { .text($0) }
                values += row.values.map { .string($0) }
                if Row.table.takeBackPart != nil { values.append(.text(part)) }
                added += try tx.execute(Row.table.insert, values)
            }
            return added
        }
        kept.added = added
        kept.repeated += new.count - added
        return kept
    }

    private static func isBefore(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

    /// Compares rows, in the order of their keys, with the store.
    ///
    /// - Returns: with the positions of those that are not there.
    private static func compare<Row: ObservedRow>(
        _ rows: [(keys: [String], row: Row)], _ seen: SeenRows, _ read: Reading, tenant: String, _ tx: any Transaction
    ) throws -> (kept: KeptRows, new: [Int]) {
        var kept = KeptRows()
        var new: [Int] = []
        var last: [String]?
        for (index, (keys, row)) in rows.enumerated() {
            guard last != keys else {
                kept.repeated += 1
                continue
            }
            last = keys
            var isRepeated = false
            var again: Int?
            try tx.each(Row.table.versions, [.text(tenant)] + keys.map { .text($0) }) { version in
                if version.int(1) == read.number || seen.contains(version.int(0)) {
                    isRepeated = true
                } else if row.hasValues(of: version, at: 2) {
                    again = version.int(0)
                }
                return true
            }
            if isRepeated {
                kept.repeated += 1
            } else if let again {
                kept.again.append(again)
            } else {
                new.append(index)
            }
        }
        return (kept, new)
    }

    /// Takes the rows of one part back, before it is read again.
    func clear(part: String, of reading: inout Reading) async throws {
        let number = reading.number
        let part = reading.label(of: part)
        try await store.write(tenant) { [tenant] tx in
            for table in ObservedTable.all {
                if let takeBack = table.takeBackPart { try tx.execute(takeBack, [.text(tenant), .int(number), .text(part)]) }
            }
        }
        reading.accounts.forget()
        reading.taken.forget()
    }

    static func notRead(_ tenant: String) -> LifecycleError {
        LifecycleError(.input, "no-snapshot", "The tenant \(tenant) has not been read yet.", remedy: "Run muster sync first.")
    }

    private static func overtaken(_ tenant: String) -> LifecycleError {
        LifecycleError(
            .store, "sync-overtaken", "Another sync of \(tenant) began while this one was reading.",
            remedy: "Let that one finish; the read before it stays in use until then.")
    }

    /// A read that began later takes the place of this one.
    private static func expectReading(_ id: String, tenant: String, _ tx: any Transaction) throws {
        let isThere = try tx.first("SELECT 1 FROM snapshots WHERE tenant = $1 AND id = $2", [.text(tenant), .text(id)]) { _ in true }
        guard isThere == true else { throw overtaken(tenant) }
    }

    /// Member addresses that no list of this read shows, folded, in order.
    func strangers(of reading: Reading) async throws -> [String] {
        try await store.read { [tenant] tx in
            var strangers: [String] = []
            var key = ""
            var (isMember, isKnown) = (false, false)
            func end() throws {
                guard isMember, !isKnown else { return }
                var isTaken = false
                try tx.each(ObservedTaken.table.versions, [.text(tenant), .text(key)]) { row in
                    isTaken = isTaken || row.int(1) == reading.number || reading.taken.contains(row.int(0))
                    return true
                }
                if !isTaken { strangers.append(key) }
            }
            try tx.each(
                """
                SELECT m.key, m.n, m.since, a.n, a.since FROM observed_members m
                LEFT JOIN observed_accounts a ON a.tenant = m.tenant AND a.key = m.key AND a.until IS NULL
                WHERE m.tenant = $1 AND m.until IS NULL ORDER BY m.key
                """, [.text(tenant)]
            ) { row in
                if !row.holds(key, 0) {
                    try end()
                    key = row.text(0)
                    (isMember, isKnown) = (false, false)
                }
                isMember = isMember || row.int(2) == reading.number || reading.members.contains(row.int(1))
                if !row.isNull(3) { isKnown = isKnown || row.int(4) == reading.number || reading.accounts.contains(row.int(3)) }
                return true
            }
            try end()
            return strangers
        }
    }

    /// Makes a read current.
    ///
    /// - Parameter instant: seconds since 1970.
    func finish(_ reading: Reading, facts: Facts, report: SyncReport, who: String, at instant: Int) async throws {
        let reportText = try StoredJSON.text(report)
        let countersText = try StoredJSON.text(reading.counters)
        try await store.write(tenant) { [tenant] tx in
            try Self.expectReading(reading.id, tenant: tenant, tx)
            var facts = facts
            var events = try ReadEvents(tenant: tenant, reading: reading, tx)
            let before = try tx.first("SELECT digest FROM snapshots WHERE tenant = $1 AND state = 'current'", [.text(tenant)]) {
                $0.text(0)
            }
            var sum = RowSum(hex: before ?? "")
            for (table, seen) in [
                (ObservedAccount.table, reading.accounts), (ObservedTaken.table, reading.taken), (ObservedGroup.table, reading.groups),
                (ObservedMember.table, reading.members),
            ] where !seen.isUnchanged {
                let turned = try Self.turn(table, seen, reading.number, keepsAdded: !events.isFirst, tenant: tenant, &sum, tx)
                events.note(turned, of: table)
            }
            try events.write(&facts, accounts: report.accounts.internal, at: instant, tx)
            let factsText = try StoredJSON.text(facts)
            try tx.execute("UPDATE snapshots SET state = 'past' WHERE tenant = $1 AND state = 'current'", [.text(tenant)])
            try tx.execute(
                "UPDATE snapshots SET state = 'current', digest = $3, counters = $4, report = $5, facts = $6 WHERE tenant = $1 AND number = $2",
                [.text(tenant), .int(reading.number), .text(sum.hex), .text(countersText), .text(reportText), .text(factsText)])
            let taken = try tx.first(
                "SELECT taken FROM snapshots WHERE tenant = $1 AND number = $2", [.text(tenant), .int(reading.number)]
            ) { $0.int(0) }
            try AuditNews.tellUndone(number: reading.number, taken: taken ?? instant, tenant: tenant, at: instant, tx)
            let isOutdated = try tx.first(
                "SELECT outdated FROM snapshots WHERE tenant = $1 AND number = $2", [.text(tenant), .int(reading.number)]
            ) { $0.bool(0) }
            try AuditTrail.append(
                .snapshotTaken, reading.id,
                [
                    "closed": String(report.closed), "accounts": String(report.accounts.internal), "groups": String(report.groups),
                    "memberships": String(report.memberships), "digest": isOutdated == false ? sum.hex : nil,
                ], tenant: tenant, actor: who, at: instant, tx)
        }
    }

    /// What a read changed of a table.
    struct Turned: Sendable {
        /// Versions that it ended: since when they held, and their keys.
        var ended: [(since: Int, keys: [String])] = []
        /// The keys of versions that it added.
        var added: [[String]] = []
    }

    /// Ends the versions that a read did not see again, and counts those that it added.
    ///
    /// - Parameter keepsAdded: whether the keys of what was added are asked for.
    private static func turn(
        _ table: ObservedTable, _ seen: SeenRows, _ number: Int, keepsAdded: Bool, tenant: String, _ sum: inout RowSum,
        _ tx: any Transaction
    ) throws -> Turned {
        var result = Turned()
        var turned = sum
        try tx.each(table.scan, [.text(tenant)]) { row in
            let isAdded = row.int(1) == number
            if isAdded {
                turned.add(RowSum.bytes(table, row, at: 2))
                guard keepsAdded else { return true }
            } else if !seen.contains(row.int(0)) {
                turned.remove(RowSum.bytes(table, row, at: 2))
            } else {
                return true
            }
            let keys = (2..<2 + table.keyCount).map { row.text($0) }
            if isAdded { result.added.append(keys) } else { result.ended.append((row.int(1), keys)) }
            return true
        }
        for version in result.ended {
            try tx.execute(table.end, [.text(tenant), .int(version.since), .int(number)] + version.keys.map { .text($0) })
        }
        sum = turned
        return result
    }

    /// Marks what was read as no longer true: its digest matches no plan. That goes for a read that is under way, too: it has seen some of
    /// the tenant before the change and some after.
    static func outdate(tenant: String, _ tx: any Transaction) throws {
        try tx.execute(
            "UPDATE snapshots SET outdated = 1 WHERE tenant = $1 AND state IN ('current', 'reading') AND outdated = 0", [.text(tenant)])
    }

    /// The read that is in use.
    static func current(_ tenant: String, _ tx: any Transaction) throws -> Head? {
        try tx.first("SELECT \(Head.columns) FROM snapshots WHERE tenant = $1 AND state = 'current'", [.text(tenant)]) { Head($0) }
    }

    /// What is kept beside the rows of the read that is in use.
    static func facts(_ tenant: String, _ tx: any Transaction) throws -> Facts? {
        try tx.first("SELECT facts FROM snapshots WHERE tenant = $1 AND state = 'current'", [.text(tenant)]) {
            try StoredJSON.value(Facts.self, $0.text(0))
        }
    }

    /// What is kept beside the rows of any one read; nil where it was thrown away.
    static func facts(_ tenant: String, of number: Int, _ tx: any Transaction) throws -> Facts? {
        try tx.first("SELECT facts FROM snapshots WHERE tenant = $1 AND number = $2 AND facts <> ''", [.text(tenant), .int(number)]) {
            try StoredJSON.value(Facts.self, $0.text(0))
        }
    }

    /// The current read's own report.
    func report() async throws -> SyncReport? {
        try await store.read { [tenant] tx in
            try tx.first("SELECT report FROM snapshots WHERE tenant = $1 AND state = 'current'", [.text(tenant)]) {
                try StoredJSON.value(SyncReport.self, $0.text(0))
            }
        }
    }

    func digest() async throws -> String? { try await store.read { [tenant] tx in try Self.current(tenant, tx)?.digest } }
}
