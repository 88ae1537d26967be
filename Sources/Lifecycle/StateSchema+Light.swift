import MusterStore

extension StateSchema {
    /// Events that take less room: ids in 16 bytes (`EventID`), bodies in shorthand (`EventShorthand`), an index that leads to a person
    /// without naming the tenant. Bodies that were kept before keep their long form.
    static let lightEvents =
        [
            """
            CREATE TABLE light_events (
                tenant TEXT NOT NULL, number INTEGER NOT NULL, id BLOB NOT NULL, type TEXT NOT NULL, person TEXT NOT NULL,
                at INTEGER NOT NULL, body TEXT NOT NULL, read INTEGER, lane TEXT, PRIMARY KEY (tenant, number)
            ) STRICT
            """,
            "CREATE TABLE light_bytes (digits TEXT NOT NULL PRIMARY KEY, byte BLOB NOT NULL) STRICT, WITHOUT ROWID",
            """
            WITH RECURSIVE counted (value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM counted WHERE value < 255)
            INSERT INTO light_bytes SELECT printf('%02x', value), substr(X'\(everyByte)', value + 1, 1) FROM counted
            """,
            """
            INSERT INTO light_events (tenant, number, id, type, person, at, body, read)
            SELECT tenant, number,
                CASE length(CAST(id AS BLOB)) WHEN 32 THEN coalesce(CAST(\(packedID) AS BLOB), CAST(id AS BLOB))
                WHEN 16 THEN CAST(X'00' || id AS BLOB) ELSE CAST(id AS BLOB) END,
                type, person, at, body, read
            FROM events ORDER BY tenant, number
            """,
            "DROP TABLE light_bytes",
            "DROP TABLE events",
            "ALTER TABLE light_events RENAME TO events",
            // Ids are made of the tenant, too.
            "CREATE UNIQUE INDEX event_id ON events (id)",
            "CREATE INDEX event_person ON events (person, number)",
            // Of an account that was renamed: what its events before and after have in common for those who keep them in order.
            "CREATE INDEX event_lane ON events (lane, number) WHERE lane IS NOT NULL",
            """
            CREATE TABLE event_lanes (
                tenant TEXT NOT NULL, person TEXT NOT NULL, lane TEXT NOT NULL, PRIMARY KEY (tenant, person)
            ) STRICT, WITHOUT ROWID
            """,
        ]
        + Migration.addedFigures([
            ("events", "sqlite_autoindex_events_1", "1000000 1000000 1"), ("events", "event_id", "1000000 1"),
            ("events", "event_person", "1000000 4 1"),
        ])

    /// The vendor's audit events with what many of them share kept once.
    static let lightTraces =
        [
            """
            CREATE TABLE vendor_audit_sorts (
                number INTEGER NOT NULL PRIMARY KEY, kind TEXT NOT NULL, actor TEXT NOT NULL, application TEXT NOT NULL,
                category TEXT NOT NULL, group_name TEXT NOT NULL, UNIQUE (kind, actor, application, category, group_name)
            ) STRICT
            """,
            """
            INSERT INTO vendor_audit_sorts (kind, actor, application, category, group_name)
            SELECT DISTINCT kind, actor, application, category, group_name FROM vendor_audit
            """,
            // `n` is their order.
            """
            CREATE TABLE light_audit (
                n INTEGER NOT NULL PRIMARY KEY, tenant TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, sort INTEGER NOT NULL,
                subject TEXT NOT NULL, object TEXT NOT NULL, text TEXT NOT NULL
            ) STRICT
            """,
            """
            INSERT INTO light_audit (tenant, id, at, sort, subject, object, text)
            SELECT a.tenant, a.id, a.at, s.number, a.subject, a.object, a.text FROM vendor_audit a JOIN vendor_audit_sorts s
            ON s.kind = a.kind AND s.actor = a.actor AND s.application = a.application AND s.category = a.category
            AND s.group_name = a.group_name ORDER BY a.tenant, a.n
            """,
            "DROP TABLE vendor_audit",
            "ALTER TABLE light_audit RENAME TO vendor_audit",
            "CREATE UNIQUE INDEX vendor_audit_id ON vendor_audit (id, tenant)",
            "CREATE INDEX vendor_audit_subject ON vendor_audit (subject, at)",
            "CREATE INDEX vendor_audit_time ON vendor_audit (tenant, at)",
            // Whether anybody still says it.
            "CREATE INDEX vendor_audit_sort ON vendor_audit (sort)",
        ]
        + Migration.addedFigures([
            ("vendor_audit", "vendor_audit_id", "1000000 1 1"), ("vendor_audit", "vendor_audit_subject", "1000000 10 1"),
            ("vendor_audit", "vendor_audit_time", "1000000 1000000 10"), ("vendor_audit", "vendor_audit_sort", "1000000 10000"),
        ])

    private static let everyByte = (0..<256).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()

    /// The bytes of 32 hexadecimal digits; NULL where one of them is none.
    private static let packedID = (0..<16).map { "(SELECT byte FROM light_bytes WHERE digits = substr(id, \(2 * $0 + 1), 2))" }
        .joined(separator: " || ")
}
