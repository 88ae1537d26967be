import Mimecast
import MusterStore
import SCIMStore

/// The tenant's connections to the company's directory.
extension TenantDirectory {
    /// In the order in which they were made.
    func connections() throws -> [ConnectionRecord] {
        try tx.all("SELECT \(ConnectionRecord.columns) FROM sb_connections WHERE tenant = $1 ORDER BY position", [tenant]) {
            ConnectionRecord($0)
        }
    }

    /// - Parameter name: an id or a description; nil is the first connection.
    func connection(named name: String?) throws -> ConnectionRecord {
        let all = try connections()
        guard let found = name.map({ name in all.first { $0.id == name } ?? all.first { $0.description == name } }) ?? all.first else {
            throw ItemFailure.invalid("connection", "There is no connection \(name ?? "")")
        }
        return found
    }

    func insertConnection(id: String, description: String, serverType: String, acknowledgesDisabled: Bool = true, lastSync: Int? = nil)
        throws
    {
        try tx.execute(
            """
            INSERT INTO sb_connections (tenant, id, description, server_type, enabled, last_sync, acknowledge_disabled, position)
            VALUES ($1, $2, $3, $4, 1, $5, $6, (SELECT coalesce(max(position), 0) + 1 FROM sb_connections WHERE tenant = $1))
            """,
            [
                tenant, .text(ConnectionRecord.idPrefix + id), .text(description), .text(serverType), .int(lastSync),
                .bool(acknowledgesDisabled),
            ])
    }

    /// What a seeded tenant has: one connection, which has brought its directory-synced people just now.
    func insertSeededConnection(id: String) throws {
        try insertConnection(id: id, description: "Active Directory", serverType: "active_directory", lastSync: now)
        try setProgress(DirectorySyncChore.name, now)
    }

    /// Changes a connection; nil stays as it is.
    ///
    /// - Parameter error: the reason, or "" for none.
    func update(_ connection: ConnectionRecord, isEnabled: Bool?, error: String?, acknowledgesDisabled: Bool?) throws {
        let isEnabled = isEnabled ?? connection.isEnabled
        let error = error.map { $0.isEmpty ? nil : $0 } ?? connection.error
        try tx.execute(
            """
            UPDATE sb_connections SET enabled = $3, error = $4, acknowledge_disabled = $5, syncing_until = $6
            WHERE tenant = $1 AND id = $2
            """,
            [
                tenant, .text(connection.id), .bool(isEnabled), .string(error),
                .bool(acknowledgesDisabled ?? connection.acknowledgesDisabled), .int(isEnabled ? connection.syncingUntil : nil),
            ])
        let state = !isEnabled ? "disabled" : error.map { "in error (\($0))" } ?? "enabled"
        try record(.connectionChanged, "Directory connection \(connection.description) is \(state)")
    }

    /// Starts a sync of all enabled connections, which ends by itself after ``SyncSchedule/duration``.
    ///
    /// - Returns: the connections that it is for.
    /// - Throws: ``ItemFailure`` where one is running.
    func startSync() throws -> [ConnectionRecord] {
        let enabled = try connections().filter(\.isEnabled)
        guard enabled.allSatisfy({ $0.syncingUntil == nil }) else {
            throw ItemFailure(FailureCode.syncRunning, "A directory sync is running")
        }
        try tx.execute(
            "UPDATE sb_connections SET syncing_until = $2 WHERE tenant = $1 AND enabled = 1", [tenant, .int(now + SyncSchedule.duration)])
        return enabled
    }

    /// When the sync that was asked for ends; nil where none runs.
    func askedSync() throws -> Int? {
        try tx.first("SELECT min(syncing_until) FROM sb_connections WHERE tenant = $1", [tenant]) { $0.intOrNil(0) } ?? nil
    }

    func endAskedSync() throws {
        try tx.execute(
            "UPDATE sb_connections SET syncing_until = NULL WHERE tenant = $1 AND syncing_until <= $2", [tenant, .int(now)])
    }
}
