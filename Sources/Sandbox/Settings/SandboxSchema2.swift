/// The second step of the schema: people who sign in, what the portal knows of them beside the directory, the company's own directory,
/// and the record of what happened.
enum SandboxSchema2 {
    static let statements = tenants + access + people + groups + life + record

    private static let tenants = [
        "ALTER TABLE sb_tenants ADD COLUMN seats_enforced INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE sb_tenants ADD COLUMN archive INTEGER NOT NULL DEFAULT 1",
        // Days.
        "ALTER TABLE sb_tenants ADD COLUMN retention INTEGER NOT NULL DEFAULT 365",
        // internal or pending (not yet proved to be the company's, so nobody's address can be there).
        "ALTER TABLE sb_domains ADD COLUMN state TEXT NOT NULL DEFAULT 'internal'",
    ]

    private static let access = [
        // Of portal applications: products as a JSON array, and a role. NULL is all that there are.
        "ALTER TABLE sb_applications ADD COLUMN products TEXT",
        "ALTER TABLE sb_applications ADD COLUMN role TEXT",
        // Where the authorization-code flow may send people back to, as a JSON array.
        "ALTER TABLE sb_applications ADD COLUMN redirects TEXT NOT NULL DEFAULT '[]'",
        // What a v1 application has become; its old credentials fail as wrong ones do.
        "ALTER TABLE sb_applications ADD COLUMN moved_to TEXT",
        // Who signed in for the token; NULL is the application itself.
        "ALTER TABLE sb_tokens ADD COLUMN account_id TEXT",
        // v1 signs with its secret, so that has to be kept as it is. account_id NULL is the application's own administrator.
        """
        CREATE TABLE sb_bindings (
            access_key TEXT NOT NULL PRIMARY KEY, application TEXT NOT NULL, account_id TEXT, secret_key TEXT NOT NULL,
            created INTEGER NOT NULL, expires INTEGER
        ) STRICT
        """,
        """
        INSERT INTO sb_bindings (access_key, application, account_id, secret_key, created, expires)
        SELECT access_key, id, NULL, secret_key, 0, NULL FROM sb_applications WHERE access_key IS NOT NULL
        """,
        "UPDATE sb_applications SET access_key = NULL, secret_key = NULL",
        // One-time codes of the authorization-code flow, as SHA-256. A used one is kept until it expires, to be told from an unknown one.
        """
        CREATE TABLE sb_codes (
            hash BLOB NOT NULL PRIMARY KEY, application TEXT NOT NULL, account_id TEXT NOT NULL, redirect TEXT NOT NULL,
            challenge TEXT NOT NULL, scopes TEXT NOT NULL, expires INTEGER NOT NULL, token BLOB
        ) STRICT
        """,
        "CREATE INDEX sb_codes_expires ON sb_codes (expires)",
        // A changed password ends what somebody signed in with; an application that goes takes all of its own along.
        "CREATE INDEX sb_tokens_account ON sb_tokens (account_id) WHERE account_id IS NOT NULL",
        "CREATE INDEX sb_tokens_application ON sb_tokens (application)",
        "CREATE INDEX sb_bindings_account ON sb_bindings (account_id) WHERE account_id IS NOT NULL",
        "CREATE INDEX sb_bindings_application ON sb_bindings (application)",
        "CREATE INDEX sb_codes_account ON sb_codes (account_id)",
        "CREATE INDEX sb_codes_application ON sb_codes (application)",
        // v1 finds an address's tenant by the domain.
        "CREATE INDEX sb_domains_domain ON sb_domains (domain)",
    ]

    private static let people = [
        // Salt and derived key.
        "ALTER TABLE sb_accounts ADD COLUMN password BLOB",
        // When the address was put on the purge list; NULL is not on it.
        "ALTER TABLE sb_accounts ADD COLUMN purge_listed INTEGER",
        "CREATE INDEX sb_accounts_purge ON sb_accounts (tenant, purge_listed) WHERE purge_listed IS NOT NULL",
        """
        CREATE TABLE sb_attributes (
            tenant TEXT NOT NULL, account_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (tenant, account_id, name)
        ) STRICT, WITHOUT ROWID
        """,
        // account_id may open delegate_id's mailbox.
        """
        CREATE TABLE sb_delegates (
            tenant TEXT NOT NULL, id TEXT NOT NULL, account_id TEXT NOT NULL, delegate_id TEXT NOT NULL, created INTEGER NOT NULL,
            PRIMARY KEY (tenant, id)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE UNIQUE INDEX sb_delegates_account ON sb_delegates (tenant, account_id, delegate_id)",
        "CREATE INDEX sb_delegates_delegate ON sb_delegates (tenant, delegate_id)",
        // An import of people; its file waits in parts, each with its own time. `actor` and `arguments` are JSON.
        """
        CREATE TABLE sb_imports (
            tenant TEXT NOT NULL, id TEXT NOT NULL, status TEXT NOT NULL, created INTEGER NOT NULL, total INTEGER NOT NULL,
            succeeded INTEGER NOT NULL, actor TEXT NOT NULL, arguments TEXT NOT NULL, PRIMARY KEY (tenant, id)
        ) STRICT, WITHOUT ROWID
        """,
        // Rows of an import that have not been carried out yet, as JSON.
        """
        CREATE TABLE sb_import_parts (
            tenant TEXT NOT NULL, import_id TEXT NOT NULL, number INTEGER NOT NULL, due INTEGER NOT NULL, payload BLOB NOT NULL,
            PRIMARY KEY (tenant, import_id, number)
        ) STRICT
        """,
        "CREATE INDEX sb_import_parts_due ON sb_import_parts (tenant, due, import_id, number)",
    ]

    private static let groups = [
        // How many domains are members, kept; accounts are counted by the resource.
        "ALTER TABLE sb_groups ADD COLUMN domains INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX sb_groups_parent ON sb_groups (tenant, parent_id)",
        // A source's root is a row too, without a parent. Until now groups lay nowhere else.
        """
        INSERT INTO sb_groups (tenant, id, source, parent_id, folders)
        SELECT tenant, parent_id, source, '', count(*) FROM sb_groups GROUP BY tenant, parent_id, source
        """,
        """
        CREATE TABLE sb_group_domains (
            tenant TEXT NOT NULL, group_id TEXT NOT NULL, domain TEXT NOT NULL, id TEXT NOT NULL, notes TEXT,
            PRIMARY KEY (tenant, group_id, domain)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    private static let life = [
        """
        CREATE TABLE sb_connections (
            tenant TEXT NOT NULL, id TEXT NOT NULL, description TEXT NOT NULL, server_type TEXT NOT NULL, enabled INTEGER NOT NULL,
            error TEXT, last_sync INTEGER, syncing_until INTEGER, acknowledge_disabled INTEGER NOT NULL DEFAULT 1,
            position INTEGER NOT NULL, PRIMARY KEY (tenant, id)
        ) STRICT, WITHOUT ROWID
        """,
        // Tenants of an older file have directory-synced people too.
        """
        INSERT INTO sb_connections (tenant, id, description, server_type, enabled, last_sync, position)
        SELECT tenant, 'MTOKEN:' || tenant, 'Active Directory', 'active_directory', 1, created, 0 FROM sb_tenants
        """,
        // What changed in the company's own directory since it was last synced, in order; each as JSON. `waiting`: a sync has read it and
        // left it for the time when syncs may take things away again.
        """
        CREATE TABLE sb_directory_changes (
            tenant TEXT NOT NULL, number INTEGER NOT NULL, connection TEXT NOT NULL, change TEXT NOT NULL,
            waiting INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (tenant, number)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX sb_directory_changes_new ON sb_directory_changes (tenant, connection, waiting)",
        // What was kept of people who are gone.
        """
        CREATE TABLE sb_archive (
            tenant TEXT NOT NULL, account_id TEXT NOT NULL, address TEXT NOT NULL, name TEXT, deleted INTEGER NOT NULL,
            kept_until INTEGER NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (tenant, account_id)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX sb_archive_until ON sb_archive (tenant, kept_until)",
        // Up to when a tenant's own doings (syncs, purges, mail) have been carried out, by name; milliseconds since 1970.
        """
        CREATE TABLE sb_progress (
            tenant TEXT NOT NULL, name TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (tenant, name)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    private static let record = [
        """
        CREATE TABLE sb_audit (
            tenant TEXT NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL, type TEXT NOT NULL, category TEXT NOT NULL,
            actor TEXT NOT NULL, info TEXT NOT NULL, PRIMARY KEY (tenant, number)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX sb_audit_time ON sb_audit (tenant, time, number)",
        // Numbers follow from the time, so that they grow with it and never come again.
        """
        CREATE TABLE sb_mail (
            tenant TEXT NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL, type TEXT NOT NULL, event TEXT NOT NULL,
            PRIMARY KEY (tenant, number)
        ) STRICT, WITHOUT ROWID
        """,
        // Whose mail is turned down: the few who were disabled last.
        "CREATE INDEX sb_disabled ON scim_resources (tenant, modified) WHERE active = 0",
        """
        INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('sb_audit', 'sb_audit', '1000000 1000000 1'),
            ('sb_audit', 'sb_audit_time', '1000000 1000000 4 1'), ('sb_mail', 'sb_mail', '5000 5000 1'),
            ('scim_resources', 'sb_disabled', '20000 20000 1')
        """,
        "ANALYZE sqlite_schema",
    ]

    /// Those that have a tenant's code in each row.
    static let tables = [
        "sb_attributes", "sb_delegates", "sb_imports", "sb_import_parts", "sb_group_domains", "sb_connections", "sb_directory_changes",
        "sb_archive",
        "sb_progress", "sb_audit", "sb_mail",
    ]
}
