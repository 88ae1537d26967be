import MusterStore
import Planning

/// The vendor's audit events that are kept: traces of what was done to people and groups.
enum AuditTable {
    /// How long they are kept, in seconds: the vendor shows them for 60 days, a read that comes late has some days more (our choice).
    static let kept = 75 * 86_400

    /// How far the log was read.
    struct Tail: Sendable, Equatable {
        /// When it was first read: what was done before is no news. Seconds since 1970, by our clock.
        var begun: Int
        /// The time of the newest trace that was read with all before it, by the vendor's clock.
        var newest: Int
        /// When it was last read to its end; by our clock.
        var read: Int
        /// Why the vendor does not show it; nil where it does.
        var refused: String?
    }

    private static let columns = "a.id, a.at, s.category, s.actor, s.kind, a.subject, a.object, s.group_name, s.application, a.text"
    private static let tables = "vendor_audit a JOIN vendor_audit_sorts s ON s.number = a.sort"

    static func tail(_ tenant: String, _ tx: any Transaction) throws -> Tail? {
        try tx.first("SELECT begun, newest, last_read, refused FROM vendor_audit_tails WHERE tenant = $1", [.text(tenant)]) {
            Tail(begun: $0.int(0), newest: $0.int(1), read: $0.int(2), refused: $0.textOrNil(3))
        }
    }

    static func keep(_ tail: Tail, tenant: String, _ tx: any Transaction) throws {
        try tx.execute(
            """
            INSERT INTO vendor_audit_tails (tenant, begun, newest, last_read, refused) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (tenant) DO UPDATE SET begun = $2, newest = $3, last_read = $4, refused = $5
            """, [.text(tenant), .int(tail.begun), .int(tail.newest), .int(tail.read), .string(tail.refused)])
    }

    /// Adds a trace.
    ///
    /// - Returns: whether it is new.
    static func add(_ trace: AuditTrace, tenant: String, _ tx: any Transaction) throws -> Bool {
        try tx.execute(
            """
            INSERT INTO vendor_audit (tenant, id, at, sort, subject, object, text) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (id, tenant) DO NOTHING
            """,
            [
                .text(tenant), .text(trace.id), .int(trace.at), .int(try sort(of: trace, tx)), .text(trace.subject), .text(trace.object),
                .text(EventShorthand.short(trace.text, person: trace.subject)),
            ]) == 1
    }

    /// The number of what a trace has in common with others.
    private static func sort(of trace: AuditTrace, _ tx: any Transaction) throws -> Int {
        let values: [SQLValue] = [
            .text(trace.kind.rawValue), .text(trace.actor), .text(trace.application), .text(trace.category), .text(trace.group),
        ]
        func known() throws -> Int? {
            try tx.first(
                """
                SELECT number FROM vendor_audit_sorts WHERE kind = $1 AND actor = $2 AND application = $3 AND category = $4
                AND group_name = $5
                """, values
            ) { $0.int(0) }
        }
        if let number = try known() { return number }
        try tx.execute(
            "INSERT INTO vendor_audit_sorts (kind, actor, application, category, group_name) VALUES ($1, $2, $3, $4, $5)", values)
        return try known() ?? 0
    }

    /// Traces of some subjects, in the order in which they were made.
    static func traces(_ subjects: [String], _ times: ClosedRange<Int>, tenant: String, _ tx: any Transaction) throws -> [AuditTrace] {
        var found: [(trace: AuditTrace, n: Int)] = []
        for subject in Set(subjects) {
            try tx.each(
                "SELECT \(columns), a.n FROM \(tables) WHERE a.tenant = $1 AND a.subject = $2 AND a.at >= $3 AND a.at <= $4",
                [.text(tenant), .text(subject), .int(times.lowerBound), .int(times.upperBound)]
            ) { row in
                if let trace = trace(row) { found.append((trace, row.int(10))) }
                return true
            }
        }
        return found.sorted { ($0.trace.at, $0.n) < ($1.trace.at, $1.n) }.map(\.trace)
    }

    /// All traces of a time, in the order in which they were made.
    static func each(_ times: ClosedRange<Int>, tenant: String, _ tx: any Transaction, _ body: (AuditTrace) throws -> Void) throws {
        try tx.each(
            "SELECT \(columns) FROM \(tables) WHERE a.tenant = $1 AND a.at >= $2 AND a.at <= $3 ORDER BY a.at, a.n",
            [.text(tenant), .int(times.lowerBound), .int(times.upperBound)]
        ) { row in
            if let trace = trace(row) { try body(trace) }
            return true
        }
    }

    static func prune(_ tenant: String, at instant: Int, _ tx: any Transaction) throws {
        let gone = try tx.execute("DELETE FROM vendor_audit WHERE tenant = $1 AND at < $2", [.text(tenant), .int(instant - kept)])
        if gone > 0 { try forgetSorts(tx) }
    }

    /// What no trace says any more.
    static func forgetSorts(_ tx: any Transaction) throws {
        try tx.execute(
            "DELETE FROM vendor_audit_sorts WHERE NOT EXISTS (SELECT 1 FROM vendor_audit a WHERE a.sort = vendor_audit_sorts.number)")
    }

    private static func trace(_ row: any SQLRow) -> AuditTrace? {
        guard let kind = AuditTrace.Kind(rawValue: row.text(4)) else { return nil }
        return AuditTrace(
            id: row.text(0), at: row.int(1), category: row.text(2), actor: row.text(3), kind: kind, subject: row.text(5),
            object: row.text(6), group: row.text(7), application: row.text(8),
            text: EventShorthand.long(row.text(9), person: row.text(5)))
    }
}

/// Lines of own plans, by whom they are about.
enum OwnActs {
    /// Lines whose calls were sent and whose states last changed within a time, somewhat more than less.
    static func of(_ subjects: [String], _ times: ClosedRange<Int>, tenant: String, _ tx: any Transaction) throws -> [OwnAct] {
        var acts: [OwnAct] = []
        for subject in Set(subjects) {
            try tx.each(
                """
                SELECT plan, line, actor, kind, subject, object, sent, changed FROM journal
                WHERE tenant = $1 AND subject = $2 AND sent <= $3 AND changed >= $4 AND state IN ('sent', 'answered', 'verified')
                """, [.text(tenant), .text(subject), .int(times.upperBound), .int(times.lowerBound)]
            ) { row in
                guard let kind = Change.Kind(rawValue: row.text(3)) else { return true }
                acts.append(
                    OwnAct(
                        plan: row.text(0), line: row.int(1), who: row.text(2), kind: kind, subject: row.text(4), object: row.text(5),
                        sent: row.int(6), changed: row.int(7)))
                return true
            }
        }
        return acts.sorted { ($0.sent, $0.plan, $0.line) < ($1.sent, $1.plan, $1.line) }
    }

    /// Notes whom a line is about, before its call leaves.
    static func note(_ change: Change, plan: String, who: String, at instant: Int, _ tx: any Transaction) throws {
        let names = OwnAct.names(of: change)
        try tx.execute(
            "UPDATE journal SET sent = coalesce(sent, $3), subject = $4, object = $5, actor = $6 WHERE plan = $1 AND line = $2",
            [.text(plan), .int(change.line), .int(instant), .text(names.subject), .text(names.object), .text(who)])
    }
}
