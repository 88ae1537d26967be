import Foundation
import Mimecast
import MimecastClient
import MusterStore

/// What the limiter of a tenant's application learned, from one process to the next.
public struct QuotaMemory: Sendable {
    private let store: any Store
    private let tenant: String
    private let application: String
    private let now: @Sendable () -> Date

    public init(store: any Store, tenant: TenantRecord, now: @escaping @Sendable () -> Date = { Date() }) {
        self.store = store
        self.tenant = tenant.code
        application = tenant.credentials.application
        self.now = now
    }

    /// What is known of each quota. What cannot be read is passed over: it is learned anew.
    public func recall() async throws -> [EndpointDescription.Category: RememberedQuota] {
        let instant = Int(now().timeIntervalSince1970)
        let rows = try await store.read { [tenant, application] tx in
            try tx.all(
                "SELECT category, quota, used FROM learned_quotas WHERE tenant = $1 AND application = $2",
                [.text(tenant), .text(application)]
            ) { (category: $0.text(0), quota: $0.text(1), used: $0.int(2)) }
        }
        var quotas: [EndpointDescription.Category: RememberedQuota] = [:]
        for row in rows {
            guard let category = EndpointDescription.Category(rawValue: row.category),
                let quota = try? StoredJSON.value(LearnedQuota.self, row.quota)
            else { continue }
            // A clock that was set back has nothing come back.
            quotas[category] = RememberedQuota(quota, idle: .seconds(max(0, instant - row.used)))
        }
        return quotas
    }

    /// Calls a second. What is slower than one a minute was an outage (the slowest quota of the vendor's that was seen is 300 an hour), and
    /// must not slow down the commands after it.
    private static let slowest = 1.0 / 60

    /// Keeps what is known after the last call.
    public func keep(_ quotas: [EndpointDescription.Category: LearnedQuota]) async throws {
        let quotas = quotas.filter { $0.value.perSecond >= Self.slowest }
        guard !quotas.isEmpty else { return }
        // Rounded up: what has come back by then is never more than there was.
        let instant = Int(now().timeIntervalSince1970.rounded(.up))
        let rows = try quotas.map { (category: $0.key.rawValue, quota: try StoredJSON.text($0.value)) }
        try await store.write(tenant) { [tenant, application] tx in
            for row in rows {
                try tx.execute(
                    """
                    INSERT INTO learned_quotas (tenant, application, category, quota, used) VALUES ($1, $2, $3, $4, $5)
                    ON CONFLICT (tenant, application, category) DO UPDATE SET quota = $4, used = $5
                    """, [.text(tenant), .text(application), .text(row.category), .text(row.quota), .int(instant)])
            }
        }
    }
}
