extension Endpoints {
    /// What happened: audit events, and the mail logs ("SIEM"), in which no user changes. The mail logs' GETs page by their own `nextPage`.
    public enum Logs {}
}

extension Endpoints.Logs {
    public static let auditEvents = Endpoint<AuditQuery, AuditEvent>(
        "logs.auditEvents", .post, "/api/audit/get-audit-events", dialects: [.portal, .guide], scope: .accountRead, category: .audit,
        paging: Endpoints.page, source: "facts")
    public static let auditCategories = Endpoint<Nothing, AuditCategories>(
        "logs.auditCategories", .post, "/api/audit/get-categories", dialects: [.portal, .guide], scope: .accountRead, category: .audit,
        source: "facts")
    /// Answers a file of rows, or a ``SiemEnd``.
    public static let siemLogs = Endpoint<SiemQuery, MailEvent>(
        "logs.siemLogs", .post, "/api/audit/get-siem-logs", dialects: [.portal, .guide], scope: .accountRead, category: .siem,
        answersFile: true, source: "facts")
    public static let siemBatch = Endpoint<SiemWindow, SiemBatch>(
        "logs.siemBatch", .get, "/siem/v1/batch/events/cg", dialects: [.portal, .guide], generations: [.v2], scope: .accountRead,
        category: .siem, items: 0, body: .plain, source: "facts")
    public static let siemEvents = Endpoint<SiemWindow, SiemEvents>(
        "logs.siemEvents", .get, "/siem/v1/events/cg", dialects: [.portal, .guide], generations: [.v2], scope: .accountRead,
        category: .siem, items: 0, body: .plain, source: "facts")

    public static let all: [EndpointDescription] = [
        auditEvents.description, auditCategories.description, siemLogs.description, siemBatch.description, siemEvents.description,
    ]
}
