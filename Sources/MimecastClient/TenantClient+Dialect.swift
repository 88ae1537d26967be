import HTTPTransport
import Foundation
import Logging
import Mimecast

extension TenantClient {
    /// Finds out which dialect an application is served, by the guide's list call, which the portal does not have.
    ///
    /// v1 is always the portal's and costs no call.
    ///
    /// - Throws: ``ClientError`` where the answer says neither (any status but 200, 404 and 405).
    public static func detectDialect(
        baseURL: String, credentials: Credentials, transport: any Transport, retry: RetryPolicy = .standard,
        clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Date = { Date() },
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }, logger: Logger = Logger(label: "mimecast.client")
    ) async throws -> Dialect {
        guard credentials.generation == .v2 else { return .portal }
        let client = TenantClient(
            baseURL: baseURL, dialect: .guide, credentials: credentials, transport: transport, retry: retry, clock: clock, now: now,
            random: random, logger: logger)
        do {
            _ = try await client.call(Endpoints.Guide.listUsers, items: [], page: PageRequest(pageSize: 1, pageToken: nil))
            return .guide
        } catch let error as ClientError where error.code == .notFound && (error.status == 404 || error.status == 405) {
            return .portal
        }
    }
}
