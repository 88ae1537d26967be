import Mimecast
import MusterStore

extension TenantDirectory {
    /// Most rows that one page looks at where not every row is asked for. A page may then hold fewer rows than there is room for, or
    /// none, and still name a next one (our choice).
    private static var mostScanned: Int { 20_000 }

    /// A page of audit events, newest first.
    ///
    /// The place in the list is time and number of the last event seen, so that events which arrive meanwhile move nothing; the third
    /// part of it counts the rows before, for `recordStart`.
    func auditEvents(_ query: AuditQuery, _ slice: PageSlice) throws -> Reading<AuditEvent> {
        let window = try AuditWindow(query, now: now)
        let place = slice.after.compactMap { Int($0) }
        let (time, number, start) = place.count == 3 ? (place[0], place[1], place[2]) : (window.until, 0, 0)
        var fetched: [(event: AuditEvent, place: [Int])] = []
        var scanned = 0
        var last: [Int] = []
        var isCutShort = false
        try tx.each(
            """
            SELECT number, time, type, category, actor, info FROM sb_audit
            WHERE tenant = $1 AND time >= $2 AND (time, number) < ($3, $4) ORDER BY time DESC, number DESC
            """, [tenant, .int(window.from), .int(time), .int(number)]
        ) { row in
            guard scanned < Self.mostScanned || window.isUnfiltered else {
                isCutShort = true
                return false
            }
            scanned += 1
            last = [row.int(1), row.int(0)]
            if window.includes(category: row.text(3), { "\(row.text(4)) \(row.text(2)) \(row.text(5))" }) {
                fetched.append((event(row), last))
            }
            return fetched.count < slice.fetch
        }
        let page = slice.page(fetched) { $0.place.map { String($0) } }
        var next = page.next
        if isCutShort, next == nil { next = last.map { String($0) } }
        let shown = min(fetched.count, slice.limit)
        // Rows that a fault leaves out have had their place in the list all the same.
        next?.append(String(start + shown))
        return Reading(
            rows: page.rows.map(\.event), shown: page.rows.count, total: nil, next: next,
            recordStart: page.rows.isEmpty ? nil : start)
    }

    private func event(_ row: any SQLRow) -> AuditEvent {
        AuditEvent(
            // With the time, as a tenant's code may come again after it was forgotten.
            id: KeyRing.id("audit \(facts.code) \(row.int(0)) \(row.int(1))"), auditType: row.text(2), user: row.text(4),
            eventTime: vendorDate(milliseconds: row.int(1)), eventInfo: row.text(5), category: row.text(3))
    }
}
