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
            ])
    ]
}
