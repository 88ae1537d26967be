import Foundation
import Mimecast

/// Audit events, and the mail logs ("SIEM") of the older and the newer calls.
extension TenantClient {
    /// What was done in the tenant, newest first.
    ///
    /// - Parameters:
    ///   - window: at most 60 days back.
    ///   - query: text to find.
    ///   - categories: codes of ``auditCategories()``; none for all.
    public func auditEvents(_ window: Range<Date>, query: String? = nil, categories: [String] = []) -> Pages<RowPage<AuditEvent>> {
        list(
            Endpoints.Logs.auditEvents,
            AuditQuery(
                startDateTime: Self.vendorTime(window.lowerBound), endDateTime: Self.vendorTime(window.upperBound), query: query,
                categories: categories.isEmpty ? nil : categories))
    }

    public func auditCategories() async throws -> [Kept<AuditCategories.Category>] {
        try await all(Endpoints.Logs.auditCategories).flatMap { try $0.rows("categories", as: AuditCategories.Category.self) }
    }

    /// The next file of the older mail logs.
    ///
    /// - Parameter query: with the token of the answer before, none for the first.
    /// - Returns: a file as it came (`SiemQuery` says what is in it), nil where there is no more for now; and the token to go on with,
    ///   also later.
    public func siemFile(_ query: SiemQuery) async throws -> (file: ReplyFile?, next: String?) {
        let endpoint = Endpoints.Logs.siemLogs
        let reply = try await exchange(endpoint, items: [query])
        try reply.envelope.throwIfRefused(endpoint.description)
        return (reply.file, reply.header("mc-siem-token") ?? query.token)
    }

    /// A page of the newer mail logs' events, with the token to go on with in `nextPage`. v2.
    public func siemEvents(_ window: SiemWindow) async throws -> Kept<SiemEvents> { try await one(Endpoints.Logs.siemEvents, window) }

    /// A page of the newer mail logs' files, with the token to go on with in `nextPage`. v2.
    public func siemBatch(_ window: SiemWindow) async throws -> Kept<SiemBatch> { try await one(Endpoints.Logs.siemBatch, window) }

    /// The events in a file of ``siemBatch(_:)``: it is fetched by its signed URL, without any credentials, and expanded.
    ///
    /// - Throws: ``ClientError``: `malformedReply` for what is no gzip of JSON lines, or is larger than `limit` bytes.
    public func mailEvents(in file: SiemBatch.File, limit: Int = 256 << 20) async throws -> [Kept<MailEvent>] {
        try await SignedFile(connection: connection.get(), url: file.url, limit: limit).lines(of: MailEvent.self)
    }

    /// The lines of such a file, whatever they hold: logs of which nobody has recorded the shape, too.
    ///
    /// - Throws: as ``mailEvents(in:limit:)``.
    public func logLines(in file: SiemBatch.File, limit: Int = 256 << 20) async throws -> [JSON] {
        try await SignedFile(connection: connection.get(), url: file.url, limit: limit).lines(of: JSON.self).map(\.shape)
    }

    /// `yyyy-MM-dd'T'HH:mm:ss+0000`
    static func vendorTime(_ date: Date) -> String { date.formatted(.iso8601).replacing("Z", with: "+0000") }
}
