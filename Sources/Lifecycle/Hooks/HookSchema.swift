/// The tables of hooks. Events are not copied: a hook has a place in the log, and rows for what did not arrive.
enum HookSchema {
    static let tables = ["hooks", "hook_stretches", "hook_lags", "hook_dead_letters"]

    static let statements = [
        // What is asked for, how the receiver does, and who delivers to it now. Secrets are references.
        """
        CREATE TABLE hooks (
            tenant TEXT NOT NULL, name TEXT NOT NULL, url TEXT NOT NULL, filter TEXT NOT NULL, allow_private INTEGER NOT NULL,
            secret TEXT NOT NULL, old_secret TEXT, old_until INTEGER, added INTEGER NOT NULL, who TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('active', 'gone')), delivered INTEGER NOT NULL DEFAULT 0, last_delivered INTEGER,
            failures INTEGER NOT NULL DEFAULT 0, failed_person TEXT, failing_since INTEGER, paused_until INTEGER, note TEXT,
            fence INTEGER NOT NULL, owner TEXT, lease INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (tenant, name)
        ) STRICT
        """,
        // A stretch of the log that a hook goes through: the live one has no end, replays have. Up to its place everything arrived, waits
        // in a lag, or is a dead letter.
        """
        CREATE TABLE hook_stretches (
            tenant TEXT NOT NULL, hook TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('live', 'replay', 'dead')),
            place INTEGER NOT NULL, until INTEGER, PRIMARY KEY (tenant, hook, number)
        ) STRICT, WITHOUT ROWID
        """,
        // A person whose event at this place did not arrive: it and what follows of the same person, up to the stretch's place, waits.
        """
        CREATE TABLE hook_lags (
            tenant TEXT NOT NULL, hook TEXT NOT NULL, stretch INTEGER NOT NULL, person TEXT NOT NULL, place INTEGER NOT NULL,
            attempts INTEGER NOT NULL, first_failed INTEGER NOT NULL, due INTEGER NOT NULL, note TEXT,
            PRIMARY KEY (tenant, hook, stretch, person)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX hook_lag_due ON hook_lags (tenant, hook, due)",
        """
        CREATE TABLE hook_dead_letters (
            tenant TEXT NOT NULL, hook TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, person TEXT NOT NULL,
            first_failed INTEGER NOT NULL, died INTEGER NOT NULL, note TEXT, PRIMARY KEY (tenant, hook, number)
        ) STRICT, WITHOUT ROWID
        """,
    ]
}
