import MusterStore
import SCIMStore

/// The sandbox's own tables: facts of the vendor beside the SCIM resources, keyed by the same ids and written in the same transaction.
enum SandboxSchema {
    static let migrations: [Migration] =
        ResourceSchema.migrations + [
            Migration("sandbox-1", tenants + people + traffic + Migration.figures(figures)),
            Migration("sandbox-2", SandboxSchema2.statements),
            Migration("sandbox-lists", lists),
            Migration(
                "sandbox-scim",
                [
                    "ALTER TABLE sb_tenants ADD COLUMN plan TEXT NOT NULL DEFAULT 'enterprise'",
                    "ALTER TABLE sb_tenants ADD COLUMN sso TEXT NOT NULL DEFAULT 'active'",
                ]),
            ResourceSchema.figures,
        ]

    private static let tenants = [
        "CREATE TABLE sb_settings (name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT",
        """
        CREATE TABLE sb_tenants (
            tenant TEXT NOT NULL PRIMARY KEY, company TEXT NOT NULL, region TEXT NOT NULL, seats INTEGER NOT NULL,
            admin_address TEXT NOT NULL, created INTEGER NOT NULL
        ) STRICT
        """,
        // The domains' order is the company's: the first is its main one.
        """
        CREATE TABLE sb_domains (
            tenant TEXT NOT NULL, domain TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL,
            PRIMARY KEY (tenant, domain)
        ) STRICT, WITHOUT ROWID
        """,
        // Secrets of v2 are kept as SHA-256; v1 signs with its secret, so that has to be kept as it is.
        """
        CREATE TABLE sb_applications (
            id TEXT NOT NULL PRIMARY KEY, tenant TEXT NOT NULL, name TEXT NOT NULL, generation TEXT NOT NULL, dialect TEXT NOT NULL,
            scopes TEXT NOT NULL, secret_hash BLOB, application_key TEXT, access_key TEXT, secret_key TEXT
        ) STRICT
        """,
        """
        CREATE TABLE sb_tokens (
            hash BLOB NOT NULL PRIMARY KEY, application TEXT NOT NULL, scopes TEXT NOT NULL, expires INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX sb_tokens_expires ON sb_tokens (expires)",
    ]

    private static let people = [
        """
        CREATE TABLE sb_accounts (
            tenant TEXT NOT NULL, id TEXT NOT NULL, address TEXT NOT NULL, address_folded TEXT NOT NULL, internal INTEGER NOT NULL,
            source TEXT NOT NULL, address_type TEXT NOT NULL, admin_roles TEXT NOT NULL DEFAULT '[]',
            force_password_change INTEGER NOT NULL DEFAULT 0, password_never_expires INTEGER NOT NULL DEFAULT 0,
            locked INTEGER NOT NULL DEFAULT 0, allow_pop INTEGER NOT NULL DEFAULT 0, allow_smtp INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (tenant, id)
        ) STRICT
        """,
        // What the lists page through, by address. A system row (abuse@, postmaster@) belongs to no account.
        """
        CREATE TABLE sb_addresses (
            tenant TEXT NOT NULL, address_folded TEXT NOT NULL, address TEXT NOT NULL, internal INTEGER NOT NULL, domain TEXT NOT NULL,
            kind TEXT NOT NULL, account_id TEXT,
            PRIMARY KEY (tenant, address_folded)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX sb_addresses_list ON sb_addresses (tenant, internal, address_folded)",
        "CREATE INDEX sb_addresses_domain ON sb_addresses (tenant, internal, domain, address_folded)",
        "CREATE INDEX sb_addresses_account ON sb_addresses (tenant, account_id, kind)",
        // How many rows of each kind a domain has, kept: what lists claim is never counted by scan.
        """
        CREATE TABLE sb_address_counts (
            tenant TEXT NOT NULL, internal INTEGER NOT NULL, domain TEXT NOT NULL, kind TEXT NOT NULL, rows INTEGER NOT NULL,
            PRIMARY KEY (tenant, internal, domain, kind)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE sb_groups (
            tenant TEXT NOT NULL, id TEXT NOT NULL, source TEXT NOT NULL, parent_id TEXT NOT NULL, folders INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (tenant, id)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE sb_member_notes (
            tenant TEXT NOT NULL, group_id TEXT NOT NULL, member_id TEXT NOT NULL, notes TEXT NOT NULL,
            PRIMARY KEY (tenant, group_id, member_id)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    private static let traffic = [
        """
        CREATE TABLE sb_requests (
            id INTEGER NOT NULL PRIMARY KEY, time INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, application TEXT,
            status INTEGER NOT NULL, effect TEXT NOT NULL, target TEXT
        ) STRICT
        """
    ]

    /// What lists show of an account, kept beside each of its addresses: a page is one walk along the addresses, without a look-up a row.
    private static let lists = [
        "ALTER TABLE sb_addresses ADD COLUMN name TEXT",
        "ALTER TABLE sb_addresses ADD COLUMN given_name TEXT",
        "ALTER TABLE sb_addresses ADD COLUMN family_name TEXT",
        "ALTER TABLE sb_addresses ADD COLUMN active INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE sb_addresses ADD COLUMN source TEXT NOT NULL DEFAULT 'cloud'",
        "ALTER TABLE sb_addresses ADD COLUMN address_type TEXT NOT NULL DEFAULT 'created_manually'",
        "ALTER TABLE sb_addresses ADD COLUMN admin_roles TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE sb_addresses ADD COLUMN created INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE sb_addresses ADD COLUMN modified INTEGER NOT NULL DEFAULT 0",
        ListedFacts.copying + " WHERE account_id IS NOT NULL",
    ]

    /// As in a tenant of a million people.
    private static let figures: [(table: String, index: String, rows: String)] = [
        ("sb_accounts", "sqlite_autoindex_sb_accounts_1", "1000000 1000000 1"),
        ("sb_addresses", "sb_addresses", "1100000 1100000 1"),
        ("sb_addresses", "sb_addresses_account", "1100000 1100000 2 1"),
        ("sb_addresses", "sb_addresses_domain", "1100000 1100000 550000 100000 1"),
        ("sb_addresses", "sb_addresses_list", "1100000 1100000 550000 1"),
        ("scim_resources", "sqlite_autoindex_scim_resources_1", "1000000 1000000 1"),
        ("scim_resources", "scim_resources_user_name", "1000000 1000000 500000 1"),
        ("scim_resources", "scim_resources_external", "1000000 1000000 500000 1"),
        ("scim_resources", "scim_resources_display", "1000000 1000000 500000 20 1"),
        ("scim_values", "scim_values", "1000000 1000000 1000000 1 1"),
        ("scim_values", "scim_values_resource", "1000000 1000000 2"),
        ("scim_members", "scim_members", "3000000 3000000 10000 1"),
        ("scim_members", "scim_members_member", "3000000 3000000 3 1"),
    ]

    /// Takes everything of a tenant away, for starting an interrupted seed anew.
    static func clear(_ tx: any Transaction, tenant: String) throws {
        let ofApplications = ["sb_tokens", "sb_bindings", "sb_codes"]
        for table in ofApplications {
            try tx.execute(
                "DELETE FROM \(table) WHERE application IN (SELECT id FROM sb_applications WHERE tenant = $1)", [.text(tenant)])
        }
        for table in tables { try tx.execute("DELETE FROM \(table) WHERE tenant = $1", [.text(tenant)]) }
    }

    private static let tables =
        [
            "scim_resources", "scim_values", "scim_members", "scim_counts", "sb_tenants", "sb_domains", "sb_applications",
            "sb_accounts", "sb_addresses", "sb_address_counts", "sb_groups", "sb_member_notes",
        ] + SandboxSchema2.tables
}
