import HTTPTransport
import Foundation
import Logging
import Mimecast

extension TenantClient {
    /// Finds out which dialect an application is served, by reads that change nothing: the guide's list call, which the portal does not
    /// have; and for an application that may not read people, the account's, which has other names in each.
    ///
    /// v1 is always the portal's and costs no call.
    ///
    /// - Throws: ``ClientError`` of the first call where neither says it.
    public static func detectDialect(
        baseURL: String, credentials: Credentials, transport: any Transport, retry: RetryPolicy = .standard,
        clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Date = { Date() },
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }, logger: Logger = Logger(label: "mimecast.client")
    ) async throws -> Dialect {
        guard credentials.generation == .v2 else { return .portal }
        let client = TenantClient(
            baseURL: baseURL, dialect: .guide, credentials: credentials, transport: transport, retry: retry, clock: clock, now: now,
            random: random, logger: logger)
        return try await client.spokenDialect()
    }

    /// The dialect that this client's v2 application is served, whatever it was taken for. Only a client of the guide's dialect can ask.
    ///
    /// - Throws: ``ClientError`` of the first call where neither call says it.
    public func spokenDialect() async throws -> Dialect {
        do {
            _ = try await call(Endpoints.Guide.listUsers, items: [], page: PageRequest(pageSize: 1, pageToken: nil))
            return .guide
        } catch let error as ClientError where error.code == .notFound && (error.status == 404 || error.status == 405) {
            return .portal
        } catch let error as ClientError where error.code == .forbidden {
            guard let dialect = try await dialectOfTheAccount() else { throw error }
            return dialect
        }
    }

    /// - Returns: nil where the account may not be read, or has no name that only one dialect knows.
    private func dialectOfTheAccount() async throws -> Dialect? {
        do {
            let account = try await guideAccount()
            if account.companyName != nil || account.maxUsers != nil { return .guide }
            return ["accountName", "mimecastId", "userCount"].contains { account.raw[$0] != nil } ? .portal : nil
        } catch is ClientError {
            return nil
        }
    }
}
