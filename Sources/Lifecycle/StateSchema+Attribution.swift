extension StateSchema {
    /// Who did what: the vendor's audit events, and whom the lines of own plans are about.
    static let attribution = [
        """
        CREATE TABLE vendor_audit (
            tenant TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, n INTEGER NOT NULL, category TEXT NOT NULL, actor TEXT NOT NULL,
            kind TEXT NOT NULL, subject TEXT NOT NULL, object TEXT NOT NULL, group_name TEXT NOT NULL, application TEXT NOT NULL,
            text TEXT NOT NULL, PRIMARY KEY (tenant, id)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX vendor_audit_subject ON vendor_audit (tenant, subject, at)",
        "CREATE INDEX vendor_audit_time ON vendor_audit (tenant, at, n)",
        "CREATE INDEX vendor_audit_n ON vendor_audit (tenant, n)",
        """
        CREATE TABLE vendor_audit_tails (
            tenant TEXT NOT NULL PRIMARY KEY, begun INTEGER NOT NULL, newest INTEGER NOT NULL, last_read INTEGER NOT NULL, refused TEXT
        ) STRICT
        """,
        // Lines that were sent before have none of it: what they did stays unattributed.
        "ALTER TABLE journal ADD COLUMN sent INTEGER",
        "ALTER TABLE journal ADD COLUMN subject TEXT",
        "ALTER TABLE journal ADD COLUMN object TEXT",
        "ALTER TABLE journal ADD COLUMN actor TEXT",
        "CREATE INDEX journal_subject ON journal (tenant, subject, sent) WHERE subject IS NOT NULL",
    ]

    /// When what is due, who reads, and how far the mail logs were read.
    static let polling = [
        """
        CREATE TABLE polls (
            tenant TEXT NOT NULL PRIMARY KEY, read_due INTEGER NOT NULL, failures INTEGER NOT NULL, cost TEXT
        ) STRICT
        """,
        "CREATE TABLE readers (tenant TEXT NOT NULL PRIMARY KEY, fence INTEGER NOT NULL, owner TEXT, lease INTEGER NOT NULL) STRICT",
        """
        CREATE TABLE siem_cursors (
            tenant TEXT NOT NULL, type TEXT NOT NULL, cursor TEXT, newest INTEGER NOT NULL, read_at INTEGER NOT NULL, seen BLOB NOT NULL,
            PRIMARY KEY (tenant, type)
        ) STRICT, WITHOUT ROWID
        """,
    ]
}
