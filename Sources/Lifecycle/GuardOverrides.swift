import Foundation
import MusterStore
import Planning

/// Limits that a person raised for a while, with a reason.
public struct GuardOverride: Sendable, Hashable, Codable {
    public var name: String
    public var value: Int
    /// Seconds since 1970.
    public var until: Int
    public var reason: String
    public var who: String

    public init(name: String, value: Int, until: Int, reason: String, who: String) {
        self.name = name
        self.value = value
        self.until = until
        self.reason = reason
        self.who = who
    }
}

public struct GuardOverrides: Sendable {
    let store: any Store
    let tenant: String
    let now: @Sendable () -> Date

    public init(store: any Store, tenant: String, now: @escaping @Sendable () -> Date = { Date() }) {
        self.store = store
        self.tenant = tenant
        self.now = now
    }

    /// Raises one limit.
    public func raise(_ override: GuardOverride) async throws { try await raise([override]) }

    /// Raises limits, all of them or none.
    public func raise(_ overrides: [GuardOverride]) async throws {
        for override in overrides { try Self.check(override) }
        let instant = Int(now().timeIntervalSince1970)
        try await store.write(tenant) { [tenant] tx in
            for override in overrides { try Self.write(override, tenant: tenant, at: instant, tx) }
        }
    }

    private static func check(_ override: GuardOverride) throws {
        guard GuardName(rawValue: override.name) != nil else {
            throw LifecycleError(
                .usage, "no-such-guard", "There is no guard named \(override.name).",
                remedy: (GuardName.nearest(to: override.name).map { "Did you mean \($0)? " } ?? "")
                    + "The guards are \(GuardName.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        guard override.name != GuardName.administrators.rawValue else {
            throw LifecycleError(
                .notPermitted, "guard-fixed", "The guard \(override.name) cannot be raised: somebody has to be able to sign in.",
                remedy: "Give another person the role first.")
        }
    }

    private static func write(_ override: GuardOverride, tenant: String, at instant: Int, _ tx: any Transaction) throws {
        try tx.execute(
            """
            INSERT INTO guard_overrides (tenant, name, value, until, reason, who) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (tenant, name) DO UPDATE SET value = $3, until = $4, reason = $5, who = $6
            """,
            [
                .text(tenant), .text(override.name), .int(override.value), .int(override.until), .text(override.reason),
                .text(override.who),
            ])
        try AuditTrail.append(
            .guardRaised, override.name,
            ["value": String(override.value), "until": AuditTrail.time(override.until), "reason": override.reason], tenant: tenant,
            actor: override.who, at: instant, tx)
    }

    /// Those that still hold.
    public func standing() async throws -> [GuardOverride] {
        let instant = Int(now().timeIntervalSince1970)
        return try await store.read { [tenant] tx in
            try tx.all(
                "SELECT name, value, until, reason, who FROM guard_overrides WHERE tenant = $1 AND until > $2 ORDER BY name",
                [.text(tenant), .int(instant)]
            ) { GuardOverride(name: $0.text(0), value: $0.int(1), until: $0.int(2), reason: $0.text(3), who: $0.text(4)) }
        }
    }
}
