import Mimecast
import MusterStore

/// A tenant that Muster works on. Its secrets are references: Muster's store never holds one.
public struct TenantRecord: Sendable, Hashable, Codable {
    /// Where each part of a credential comes from.
    public enum CredentialReference: Sendable, Hashable, Codable {
        case v2(clientID: String, clientSecret: String)
        /// A person's token, until it runs out.
        case v2Person(clientID: String, token: String)
        case v1(applicationID: String, applicationKey: String, accessKey: String, secretKey: String)

        public var generation: Generation {
            switch self {
            case .v1: .v1
            case .v2, .v2Person: .v2
            }
        }

        /// The application's id, which the vendor's quotas go by.
        var application: String {
            switch self {
            case .v2(let id, _), .v2Person(let id, _), .v1(let id, _, _, _): id
            }
        }
    }

    /// The vendor's account code.
    public var code: String
    public var baseURL: String
    public var dialect: Dialect
    public var allowWrites: Bool
    /// Over which of the vendor's two ways changes go, where they are allowed.
    public var writes: WriteChannel
    public var credentials: CredentialReference

    public init(
        code: String, baseURL: String, dialect: Dialect, allowWrites: Bool, writes: WriteChannel = .api, credentials: CredentialReference
    ) {
        self.code = code
        self.baseURL = baseURL
        self.dialect = dialect
        self.allowWrites = allowWrites
        self.writes = writes
        self.credentials = credentials
    }

    public var generation: Generation { credentials.generation }
}

/// The tenants of a store.
public struct TenantRegistry: Sendable {
    private let store: any Store

    public init(store: any Store) { self.store = store }

    /// Adds a tenant, or replaces what is known of it.
    ///
    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - who: adds it; recorded.
    public func put(_ tenant: TenantRecord, now: Int, who: String) async throws {
        let credentials = try StoredJSON.text(tenant.credentials)
        try await store.write(tenant.code) { tx in
            try tx.execute(
                """
                INSERT INTO tenants (code, base_url, generation, dialect, allow_writes, credentials, added, writes)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                ON CONFLICT (code) DO UPDATE
                SET base_url = $2, generation = $3, dialect = $4, allow_writes = $5, credentials = $6, writes = $8
                """,
                [
                    .text(tenant.code), .text(tenant.baseURL), .text(tenant.generation.rawValue), .text(tenant.dialect.rawValue),
                    .bool(tenant.allowWrites), .text(credentials), .int(now), .text(tenant.writes.rawValue),
                ])
            try AuditTrail.append(
                .tenantAdded, tenant.code,
                [
                    "baseURL": tenant.baseURL, "generation": tenant.generation.rawValue, "dialect": tenant.dialect.rawValue,
                    "writes": tenant.allowWrites ? tenant.writes.rawValue : "none",
                ], tenant: tenant.code, actor: who, at: now, tx)
        }
    }

    public func all() async throws -> [TenantRecord] {
        try await store.read { tx in
            try tx.all("SELECT code, base_url, dialect, allow_writes, writes, credentials FROM tenants ORDER BY code") { row in
                TenantRecord(
                    code: row.text(0), baseURL: row.text(1), dialect: Dialect(rawValue: row.text(2)) ?? .portal,
                    allowWrites: row.bool(3), writes: WriteChannel(rawValue: row.text(4)) ?? .api,
                    credentials: try StoredJSON.value(TenantRecord.CredentialReference.self, row.text(5)))
            }
        }
    }

    public func get(_ code: String) async throws -> TenantRecord? { try await all().first { $0.code == code } }

    /// When a tenant was first added, in seconds since 1970; nil where it is not known.
    public func added(_ code: String) async throws -> Int? {
        try await store.read { tx in try tx.first("SELECT added FROM tenants WHERE code = $1", [.text(code)]) { $0.int(0) } }
    }

    /// Forgets a tenant and everything that was kept about it, its record excepted: nobody can take that away with a command. Nothing is
    /// changed at the vendor.
    ///
    /// - Returns: whether there was one.
    public func remove(_ code: String, now: Int, who: String) async throws -> Bool {
        try await store.write(code) { tx in
            let count = try tx.execute("DELETE FROM tenants WHERE code = $1", [.text(code)])
            try History.forget(code, now: now, tx)
            try tx.execute("DELETE FROM approvals WHERE hash IN (SELECT hash FROM plans WHERE tenant = $1)", [.text(code)])
            for table in ObservedTable.all.map(\.name) + [
                "snapshots", "links", "settled_people", "managed_groups", "accepted_sources", "journal", "plans", "guard_overrides",
                "locks", "learned_quotas", "applied_values", "retired_accounts", "events", "event_reads", "event_lanes", "event_absences",
                "vendor_audit", "vendor_audit_tails", "polls", "readers", "siem_cursors",
            ] + HookSchema.tables + AttributeTable.tables {
                try tx.execute("DELETE FROM \(table) WHERE tenant = $1", [.text(code)])
            }
            try AuditTable.forgetSorts(tx)
            if count > 0 { try AuditTrail.append(.tenantRemoved, code, tenant: code, actor: who, at: now, tx) }
            return count > 0
        }
    }
}
