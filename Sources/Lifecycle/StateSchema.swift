import MusterStore

/// The tables of the engine's state. Addresses are keyed by their folded form; no secret is in any of them.
public enum StateSchema {
    public static let migrations: [Migration] = [
        Migration(
            "muster-1",
            [
                """
                CREATE TABLE tenants (
                    code TEXT NOT NULL PRIMARY KEY, base_url TEXT NOT NULL, generation TEXT NOT NULL, dialect TEXT NOT NULL,
                    allow_writes INTEGER NOT NULL, credentials TEXT NOT NULL, added INTEGER NOT NULL
                ) STRICT
                """,
                """
                CREATE TABLE snapshots (
                    id TEXT NOT NULL PRIMARY KEY, tenant TEXT NOT NULL, taken INTEGER NOT NULL, state TEXT NOT NULL
                        CHECK (state IN ('reading', 'current')), digest TEXT NOT NULL, report TEXT NOT NULL, facts TEXT NOT NULL
                ) STRICT
                """,
                "CREATE UNIQUE INDEX snapshot_current ON snapshots (tenant) WHERE state = 'current'",
                """
                CREATE TABLE observed_accounts (
                    snapshot TEXT NOT NULL REFERENCES snapshots (id) ON DELETE CASCADE, key TEXT NOT NULL, part TEXT NOT NULL,
                    body TEXT NOT NULL, PRIMARY KEY (snapshot, key)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE observed_taken (
                    snapshot TEXT NOT NULL REFERENCES snapshots (id) ON DELETE CASCADE, key TEXT NOT NULL, part TEXT NOT NULL,
                    PRIMARY KEY (snapshot, key)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE observed_groups (
                    snapshot TEXT NOT NULL REFERENCES snapshots (id) ON DELETE CASCADE, id TEXT NOT NULL, name TEXT NOT NULL,
                    authority TEXT NOT NULL, PRIMARY KEY (snapshot, id)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE observed_members (
                    snapshot TEXT NOT NULL REFERENCES snapshots (id) ON DELETE CASCADE, group_id TEXT NOT NULL, key TEXT NOT NULL,
                    PRIMARY KEY (snapshot, group_id, key)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE links (
                    tenant TEXT NOT NULL, account TEXT NOT NULL, account_id TEXT, external_id TEXT, person TEXT NOT NULL,
                    disabled_by_us INTEGER NOT NULL, PRIMARY KEY (tenant, account)
                ) STRICT, WITHOUT ROWID
                """,
                "CREATE INDEX link_external ON links (tenant, external_id)",
                "CREATE INDEX link_account_id ON links (tenant, account_id)",
                """
                CREATE TABLE managed_groups (
                    tenant TEXT NOT NULL, group_id TEXT NOT NULL, PRIMARY KEY (tenant, group_id)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE accepted_sources (
                    tenant TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL, people INTEGER NOT NULL,
                    accepted INTEGER NOT NULL
                ) STRICT
                """,
                """
                CREATE TABLE plans (
                    number INTEGER NOT NULL PRIMARY KEY, id TEXT NOT NULL UNIQUE, hash TEXT NOT NULL UNIQUE, tenant TEXT NOT NULL,
                    proposer TEXT NOT NULL, document BLOB NOT NULL, state TEXT NOT NULL
                        CHECK (state IN ('open', 'rejected', 'begun', 'finished')), begun_after INTEGER, receipt TEXT
                ) STRICT
                """,
                "CREATE INDEX plan_tenant ON plans (tenant, state)",
                """
                CREATE TABLE approvals (
                    number INTEGER NOT NULL PRIMARY KEY, hash TEXT NOT NULL, who TEXT NOT NULL, decision TEXT NOT NULL CHECK (decision IN ('approved', 'rejected')),
                    given INTEGER NOT NULL, expires INTEGER NOT NULL
                ) STRICT
                """,
                "CREATE INDEX approval_hash ON approvals (hash)",
                """
                CREATE TABLE locks (
                    tenant TEXT NOT NULL PRIMARY KEY, fence INTEGER NOT NULL, owner TEXT, lease INTEGER NOT NULL
                ) STRICT
                """,
                """
                CREATE TABLE journal (
                    plan TEXT NOT NULL, line INTEGER NOT NULL, tenant TEXT NOT NULL, state TEXT NOT NULL
                        CHECK (state IN ('intended', 'sent', 'answered', 'verified', 'failed')), removal INTEGER NOT NULL,
                    attempts INTEGER NOT NULL, changed INTEGER NOT NULL, note TEXT, PRIMARY KEY (plan, line)
                ) STRICT, WITHOUT ROWID
                """,
                "CREATE INDEX journal_removals ON journal (tenant, removal, changed)",
                """
                CREATE TABLE guard_overrides (
                    tenant TEXT NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL, until INTEGER NOT NULL, reason TEXT NOT NULL,
                    who TEXT NOT NULL, PRIMARY KEY (tenant, name)
                ) STRICT
                """,
            ]),
        Migration(
            "muster-2",
            ["ALTER TABLE tenants ADD COLUMN writes TEXT NOT NULL DEFAULT 'api' CHECK (writes IN ('api', 'scim'))"]),
        Migration(
            "muster-3",
            [
                """
                CREATE TABLE audit (
                    tenant TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, record TEXT NOT NULL, hash TEXT NOT NULL,
                    PRIMARY KEY (tenant, number)
                ) STRICT, WITHOUT ROWID
                """,
                "CREATE TABLE audit_heads (tenant TEXT NOT NULL PRIMARY KEY, number INTEGER NOT NULL, hash TEXT NOT NULL) STRICT",
            ]),
        Migration(
            "muster-4",
            [
                """
                CREATE TABLE learned_quotas (
                    tenant TEXT NOT NULL, application TEXT NOT NULL, category TEXT NOT NULL, quota TEXT NOT NULL, used INTEGER NOT NULL,
                    PRIMARY KEY (tenant, application, category)
                ) STRICT, WITHOUT ROWID
                """
            ]),
        Migration("muster-5", ["ALTER TABLE links ADD COLUMN said_inactive INTEGER NOT NULL DEFAULT 0"]),
        Migration(
            "muster-6",
            [
                "ALTER TABLE accepted_sources ADD COLUMN policy TEXT",
                "ALTER TABLE links ADD COLUMN out_of_scope INTEGER NOT NULL DEFAULT 0",
            ]),
        Migration(
            "muster-7",
            [
                """
                CREATE TABLE retired_accounts (
                    tenant TEXT NOT NULL, account TEXT NOT NULL, account_id TEXT, since INTEGER NOT NULL, purge_listed INTEGER,
                    PRIMARY KEY (tenant, account)
                ) STRICT, WITHOUT ROWID
                """
            ]),
        Migration(
            "muster-8",
            [
                // What guards add up over hours and days. Lines from before have no kind.
                "ALTER TABLE journal ADD COLUMN kind TEXT",
                "ALTER TABLE journal ADD COLUMN privilege INTEGER NOT NULL DEFAULT 0",
                "ALTER TABLE journal ADD COLUMN by_hand INTEGER NOT NULL DEFAULT 0",
                "ALTER TABLE journal ADD COLUMN domain TEXT NOT NULL DEFAULT ''",
                "ALTER TABLE journal ADD COLUMN group_id TEXT",
                "CREATE INDEX journal_recent ON journal (tenant, changed)",
                // The hash of the record's line about a decision, and the lines that it is about; NULL is the whole plan.
                "ALTER TABLE approvals ADD COLUMN record TEXT",
                "ALTER TABLE approvals ADD COLUMN lines TEXT",
                """
                CREATE TABLE applied_values (
                    plan TEXT NOT NULL, line INTEGER NOT NULL, attribute TEXT NOT NULL, tenant TEXT NOT NULL, subject TEXT NOT NULL,
                    value TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (plan, line, attribute)
                ) STRICT, WITHOUT ROWID
                """,
                "CREATE INDEX applied_value_time ON applied_values (tenant, at)",
            ]),
        Migration(
            "muster-9",
            // What was read last is read again at the next sync; it tells nothing that the tenant does not.
            [
                "DROP TABLE observed_members", "DROP TABLE observed_groups", "DROP TABLE observed_taken", "DROP TABLE observed_accounts",
                "DROP TABLE snapshots",
                """
                CREATE TABLE snapshots (
                    tenant TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, taken INTEGER NOT NULL,
                    state TEXT NOT NULL CHECK (state IN ('reading', 'current', 'past')), outdated INTEGER NOT NULL, digest TEXT NOT NULL,
                    counters TEXT NOT NULL, report TEXT NOT NULL, facts TEXT NOT NULL, PRIMARY KEY (tenant, number)
                ) STRICT
                """,
                "CREATE UNIQUE INDEX snapshot_current ON snapshots (tenant) WHERE state = 'current'",
                """
                CREATE TABLE observed_accounts (
                    tenant TEXT NOT NULL, key TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER, n INTEGER NOT NULL, part TEXT NOT NULL,
                    address TEXT NOT NULL, account_id TEXT, name TEXT, first_name TEXT, last_name TEXT, aliases TEXT, admin_roles TEXT,
                    status TEXT, authority TEXT NOT NULL, side TEXT NOT NULL CHECK (side IN ('internal', 'external')),
                    PRIMARY KEY (tenant, key, since)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE observed_taken (
                    tenant TEXT NOT NULL, key TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER, n INTEGER NOT NULL, part TEXT NOT NULL,
                    PRIMARY KEY (tenant, key, since)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE observed_groups (
                    tenant TEXT NOT NULL, id TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER, n INTEGER NOT NULL, name TEXT NOT NULL,
                    authority TEXT NOT NULL, PRIMARY KEY (tenant, id, since)
                ) STRICT, WITHOUT ROWID
                """,
                """
                CREATE TABLE observed_members (
                    tenant TEXT NOT NULL, group_id TEXT NOT NULL, key TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER,
                    n INTEGER NOT NULL, PRIMARY KEY (tenant, group_id, key, since)
                ) STRICT, WITHOUT ROWID
                """,
                "CREATE INDEX observed_member_key ON observed_members (tenant, key, until, n)",
            ]
                + Migration.figures([
                    ("observed_accounts", "observed_accounts", "1000000 1000000 1 1"),
                    ("observed_taken", "observed_taken", "100000 100000 1 1"),
                    ("observed_groups", "observed_groups", "1000 1000 1 1"),
                    ("observed_members", "observed_members", "2000000 2000000 2000 1 1"),
                    ("observed_members", "observed_member_key", "2000000 2000000 3 3 1"),
                ])),
        Migration(
            "muster-10",
            [
                """
                CREATE TABLE events (
                    tenant TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, person TEXT NOT NULL,
                    at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (tenant, number)
                ) STRICT
                """,
                "CREATE UNIQUE INDEX event_id ON events (tenant, id)",
                "CREATE INDEX event_person ON events (tenant, person, number)",
                // A number is never given twice, also after the last events have been pruned.
                "CREATE TABLE event_heads (tenant TEXT NOT NULL PRIMARY KEY, number INTEGER NOT NULL) STRICT",
            ]),
        Migration(
            "muster-11",
            [
                // Of the read that showed it: what all events of a read share is kept once. NULL is an event whose body is whole.
                "ALTER TABLE events ADD COLUMN read INTEGER",
                """
                CREATE TABLE event_reads (
                    tenant TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (tenant, number)
                ) STRICT, WITHOUT ROWID
                """,
                // What a read no longer showed without proof that it is gone: nothing is told of it before a read is whole. `since` names its
                // last version; `member` is empty but for memberships.
                """
                CREATE TABLE event_absences (
                    tenant TEXT NOT NULL, object TEXT NOT NULL CHECK (object IN ('account', 'alias', 'group', 'member')), id TEXT NOT NULL,
                    member TEXT NOT NULL, since INTEGER NOT NULL, PRIMARY KEY (tenant, object, id, member)
                ) STRICT, WITHOUT ROWID
                """,
                // Until which read the past was thrown away.
                """
                CREATE TABLE history_marks (
                    tenant TEXT NOT NULL PRIMARY KEY, number INTEGER NOT NULL, taken INTEGER NOT NULL, pruned INTEGER NOT NULL
                ) STRICT
                """,
            ]),
        Migration("muster-12", attribution + polling),
        Migration("muster-13", HookSchema.statements),
        Migration("muster-16", AttributeTable.statements),
        Migration("muster-17", lightEvents + lightTraces),
        Migration("muster-18", SettledTable.statements),
        Migration("muster-19", SettledTable.aliasStatements),
    ]
}
