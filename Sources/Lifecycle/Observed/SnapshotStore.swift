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
            let last = try tx.first("SELECT max(number) FROM snapshots WHERE tenant = $1", [.text(tenant)]) { $0.intOrNil(0) ?? 0 }
            let reading = Reading(id: id, number: (last ?? 0) + 1, counters ?? Reading.Counters())
            try tx.execute(
                """
                INSERT INTO snapshots (tenant, number, id, taken, state, outdated, digest, counters, report, facts)
                VALUES ($1, $2, $3, $4, 'reading', 0, '', '', '', '')
                """, [.text(tenant), .int(reading.number), .text(id), .int(now)])
            return reading
        }
    }

    /// Adds a page's rows. Those that are stored as they are cost a look and no write.
    ///
    /// - Parameters:
    ///   - part: the domain or list that they were read from, so that this part can be read again.
    ///   - seen: where the read keeps what it saw of their table.
    /// - Returns: how many of them had been seen before in this read.
    @discardableResult
    func add<Row: ObservedRow>(
        _ rows: [Row], part: String = "", to reading: inout Reading, _ seen: WritableKeyPath<Reading, SeenRows>
    ) async throws -> Int {
        guard !rows.isEmpty else { return 0 }
        let look = Look(tenant: tenant, number: reading.number, seen: reading[keyPath: seen])
        let found = try await store.read { tx in try look.find(rows, tx) }
        if !found.new.isEmpty {
            let (id, number, next) = (reading.id, reading.number, reading[keyPath: seen].next)
            try await store.write(tenant) { [tenant] tx in
                try Self.expectReading(id, tenant: tenant, tx)
                for (place, index) in found.new.enumerated() {
                    let row = rows[index]
                    var values: [SQLValue] = [.text(tenant), .int(next + place), .int(number)]
                    values += row.keys.map { .text($0) }
                    values += row.values.map { .string($0) }
                    if Row.table.takeBackPart != nil { values.append(.text(part)) }
                    try tx.execute(Row.table.insert, values)
                }
            }
        }
        reading[keyPath: seen].note(again: found.again, added: found.new.count)
        return found.repeated
    }

    /// Compares a page with the store.
    private struct Look: Sendable {
        let tenant: String
        let number: Int
        let seen: SeenRows

        struct Found: Sendable {
            /// Numbers of stored rows.
            var again: [Int] = []
            /// Positions on the page.
            var new: [Int] = []
            var repeated = 0
        }

        func find(_ rows: [some ObservedRow], _ tx: any Transaction) throws -> Found {
            var found = Found()
            var onPage = Set<[String]>(minimumCapacity: rows.count)
            for (index, row) in rows.enumerated() {
                let keys = row.keys
                guard onPage.insert(keys).inserted else {
                    found.repeated += 1
                    continue
                }
                var isRepeated = false
                var again: Int?
                try tx.each(type(of: row).table.versions, [.text(tenant)] + keys.map { .text($0) }) { version in
                    if version.int(1) == number || seen.contains(version.int(0)) {
                        isRepeated = true
                    } else if row.hasValues(of: version, at: 2) {
                        again = version.int(0)
                    }
                    return true
                }
                if isRepeated {
                    found.repeated += 1
                } else if let again {
                    found.again.append(again)
                } else {
                    found.new.append(index)
                }
            }
            return found
        }
    }

    /// Takes the rows of one part back, before it is read again.
    func clear(part: String, of reading: inout Reading) async throws {
        let number = reading.number
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
        let factsText = try StoredJSON.text(facts)
        let reportText = try StoredJSON.text(report)
        let countersText = try StoredJSON.text(reading.counters)
        try await store.write(tenant) { [tenant] tx in
            try Self.expectReading(reading.id, tenant: tenant, tx)
            let before = try tx.first("SELECT digest FROM snapshots WHERE tenant = $1 AND state = 'current'", [.text(tenant)]) {
                $0.text(0)
            }
            var sum = RowSum(hex: before ?? "")
            for (table, seen) in [
                (ObservedAccount.table, reading.accounts), (ObservedTaken.table, reading.taken), (ObservedGroup.table, reading.groups),
                (ObservedMember.table, reading.members),
            ] where !seen.isUnchanged {
                try Self.turn(table, seen, reading.number, tenant: tenant, &sum, tx)
            }
            try tx.execute("UPDATE snapshots SET state = 'past' WHERE tenant = $1 AND state = 'current'", [.text(tenant)])
            try tx.execute(
                "UPDATE snapshots SET state = 'current', digest = $3, counters = $4, report = $5, facts = $6 WHERE tenant = $1 AND number = $2",
                [.text(tenant), .int(reading.number), .text(sum.hex), .text(countersText), .text(reportText), .text(factsText)])
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

    /// Ends the versions that a read did not see again, and counts those that it added.
    private static func turn(
        _ table: ObservedTable, _ seen: SeenRows, _ number: Int, tenant: String, _ sum: inout RowSum, _ tx: any Transaction
    ) throws {
        var ended: [[SQLValue]] = []
        var turned = sum
        try tx.each(table.scan, [.text(tenant)]) { row in
            if row.int(1) == number {
                turned.add(RowSum.bytes(table, row, at: 2))
            } else if !seen.contains(row.int(0)) {
                turned.remove(RowSum.bytes(table, row, at: 2))
                ended.append([.int(row.int(1)), .int(number)] + (2..<2 + table.keyCount).map { .text(row.text($0)) })
            }
            return true
        }
        for version in ended { try tx.execute(table.end, [.text(tenant)] + version) }
        sum = turned
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

    /// The current read's own report.
    func report() async throws -> SyncReport? {
        try await store.read { [tenant] tx in
            try tx.first("SELECT report FROM snapshots WHERE tenant = $1 AND state = 'current'", [.text(tenant)]) {
                try StoredJSON.value(SyncReport.self, $0.text(0))
            }
        }
    }

    func digest() async throws -> String? { try await store.read { [tenant] tx in try Self.current(tenant, tx)?.digest } }

    /// The current read, for the planner.
    func observed() async throws -> ObservedState? {
        try await store.read { [tenant] tx in
            guard let head = try Self.current(tenant, tx), let facts = try Self.facts(tenant, tx) else { return nil }
            let here: [SQLValue] = [.text(tenant), .int(head.number)]
            let holds = ObservedTable.holds("o", at: "$2")
            let accounts = try tx.all(
                """
                SELECT \(ObservedAccount.columns.joined(separator: ", ")) FROM observed_accounts o
                WHERE o.tenant = $1 AND \(holds) AND o.side = 'internal' ORDER BY o.key
                """, here
            ) { try ObservedAccount.account($0) }
            // An external account may have an alias, too.
            var owned = Set<String>()
            try tx.each(
                "SELECT o.aliases FROM observed_accounts o WHERE o.tenant = $1 AND \(holds) AND o.aliases <> '[]'", here
            ) { row in
                owned.formUnion(try StoredJSON.value([String].self, row.text(0)).map(EmailAddress.key))
                return true
            }
            var taken = Set<String>()
            try tx.each("SELECT o.key FROM observed_taken o WHERE o.tenant = $1 AND \(holds)", here) { row in
                let key = row.text(0)
                if !owned.contains(key) { taken.insert(key) }
                return true
            }
            let groups = try tx.all(
                "SELECT o.id, o.name, o.authority FROM observed_groups o WHERE o.tenant = $1 AND \(holds) ORDER BY o.id", here
            ) {
                Group(id: $0.text(0), name: $0.text(1), authority: Authority(rawValue: $0.text(2)) ?? .ldap)
            }
            var members: [String: Set<String>] = [:]
            try tx.each("SELECT o.group_id, o.key FROM observed_members o WHERE o.tenant = $1 AND \(holds)", here) {
                members[$0.text(0), default: []].insert($0.text(1))
                return true
            }
            return ObservedState(
                snapshot: head.id, digest: head.digest, accounts: accounts, takenAddresses: taken, groups: groups, members: members,
                domains: Set(facts.domains), completeness: facts.completeness, seats: facts.seats)
        }
    }
}
