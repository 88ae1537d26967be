import MusterStore

/// The tables of ``ResourceStore``.
public enum ResourceSchema {
    /// To be put before the migrations of whatever keeps facts beside the resources.
    ///
    /// A resource is its serialised bytes beside folded, indexed columns; plain columns hold what lists show. Counts are kept,
    /// never counted by scan. Text compares bytewise: keys are folded before they come here.
    public static let migrations: [Migration] = [
        Migration(
            "scim-1",
            [
                """
                CREATE TABLE scim_resources (
                    tenant TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
                    user_name_folded TEXT, external_id TEXT,
                    display_name TEXT, display_name_folded TEXT, given_name TEXT, family_name TEXT,
                    active INTEGER NOT NULL, members INTEGER NOT NULL DEFAULT 0,
                    version INTEGER NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL,
                    body BLOB NOT NULL,
                    PRIMARY KEY (tenant, id)
                ) STRICT
                """,
                "CREATE UNIQUE INDEX scim_resources_user_name ON scim_resources (tenant, type, user_name_folded)",
                "CREATE INDEX scim_resources_external ON scim_resources (tenant, type, external_id)",
                "CREATE INDEX scim_resources_display ON scim_resources (tenant, type, display_name_folded, id)",
                """
                CREATE TABLE scim_values (
                    tenant TEXT NOT NULL, attribute TEXT NOT NULL, value_folded TEXT NOT NULL, resource_id TEXT NOT NULL,
                    PRIMARY KEY (tenant, attribute, value_folded, resource_id)
                ) STRICT, WITHOUT ROWID
                """,
                "CREATE INDEX scim_values_resource ON scim_values (tenant, resource_id)",
                """
                CREATE TABLE scim_members (
                    tenant TEXT NOT NULL, group_id TEXT NOT NULL, member_id TEXT NOT NULL, added INTEGER NOT NULL,
                    PRIMARY KEY (tenant, group_id, member_id)
                ) STRICT, WITHOUT ROWID
                """,
                "CREATE UNIQUE INDEX scim_members_member ON scim_members (tenant, member_id, group_id)",
                """
                CREATE TABLE scim_counts (
                    tenant TEXT NOT NULL, type TEXT NOT NULL, resources INTEGER NOT NULL,
                    PRIMARY KEY (tenant, type)
                ) STRICT, WITHOUT ROWID
                """,
            ]),
        Migration("scim-2", listing + values),
        Migration("scim-3", activity),
    ]

    /// To be put behind all other migrations: what SQLite is to think of these tables before they are filled. Other tables keep theirs.
    public static let figures = Migration(
        "scim-2-figures",
        [
            // Makes the table of figures where there is none; a real figure of a small table does no harm.
            "ANALYZE scim_counts",
            """
            DELETE FROM sqlite_stat1 WHERE idx IN (\(indexFigures.map { "'\($0.index)'" }.joined(separator: ", ")))
            """,
            """
            INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
            \(indexFigures.map { "('\($0.table)', '\($0.index)', '\($0.rows)')" }.joined(separator: ", "))
            """,
            "ANALYZE sqlite_schema",
        ])

    /// A hidden resource is one that SCIM has deleted and that others still know: its row and its name stay.
    private static let listing = [
        "ALTER TABLE scim_resources ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0",
        // How many of the resources are hidden.
        "ALTER TABLE scim_counts ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0",
        // Not a partial one: SQLite would look into every row to see once more that it is not hidden.
        "CREATE INDEX scim_resources_listed ON scim_resources (tenant, type, hidden, id)",
        "CREATE INDEX scim_resources_inactive ON scim_resources (tenant, type, id) WHERE active = 0",
        "CREATE INDEX scim_resources_created ON scim_resources (tenant, type, created, id)",
        "CREATE INDEX scim_resources_modified ON scim_resources (tenant, type, modified, id)",
    ]

    /// Of what is indexed by value now, older files have employee numbers alone. Those with letters beyond ASCII are found after the user is
    /// written again: SQL cannot fold them.
    private static let values = [
        """
        INSERT INTO scim_values (tenant, attribute, value_folded, resource_id)
        SELECT tenant, 'employeeNumber', lower(number), id FROM (
            SELECT tenant, id, json_extract(
                CAST(body AS TEXT), '$."urn:ietf:params:scim:schemas:extension:enterprise:2.0:User".employeeNumber') AS number
            FROM scim_resources WHERE type = 'User')
        WHERE typeof(number) = 'text' AND number <> '' AND number NOT GLOB '*[^' || char(1) || '-' || char(127) || ']*'
        """
    ]

    /// What a resource says of `active` (0, 1, or 2 for nothing) stands beside what is: older files have both in one column.
    private static let activity = [
        "ALTER TABLE scim_resources ADD COLUMN active_said INTEGER NOT NULL DEFAULT 1",
        "UPDATE scim_resources SET active_said = active WHERE active <> 1",
        "UPDATE scim_resources SET active = 1 WHERE active = 2",
        "DROP INDEX scim_resources_inactive",
        "CREATE INDEX scim_resources_disabled ON scim_resources (tenant, type, id) WHERE active_said = 0",
        // Older files have had their figures.
        "ANALYZE scim_counts",
        "DELETE FROM sqlite_stat1 WHERE idx = 'scim_resources_disabled'",
        "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('scim_resources', 'scim_resources_disabled', '20000 20000 20000 1')",
        "ANALYZE sqlite_schema",
    ]

    /// As in a tenant of a million people.
    private static let indexFigures: [(table: String, index: String, rows: String)] = [
        ("scim_resources", "sqlite_autoindex_scim_resources_1", "1000000 1000000 1"),
        ("scim_resources", "scim_resources_user_name", "1000000 1000000 500000 1"),
        ("scim_resources", "scim_resources_external", "1000000 1000000 500000 1"),
        ("scim_resources", "scim_resources_display", "1000000 1000000 500000 20 1"),
        ("scim_resources", "scim_resources_listed", "1000000 1000000 500000 400000 1"),
        ("scim_resources", "scim_resources_disabled", "20000 20000 20000 1"),
        ("scim_resources", "scim_resources_created", "1000000 1000000 500000 50 1"),
        ("scim_resources", "scim_resources_modified", "1000000 1000000 500000 50 1"),
        ("scim_values", "scim_values", "2000000 2000000 1000000 1 1"),
        ("scim_values", "scim_values_resource", "2000000 2000000 2"),
        ("scim_members", "scim_members", "3000000 3000000 10000 1"),
        ("scim_members", "scim_members_member", "3000000 3000000 3 1"),
    ]
}
