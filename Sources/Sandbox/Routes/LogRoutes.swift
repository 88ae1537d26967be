import Mimecast
import SCIMStore

/// Audit events and mail events.
enum LogRoutes {
    private typealias Calls = Endpoints.Logs

    static let all: [Route] = [
        .reading(Calls.auditEvents, standard: nil) { directory, query, slice in
            try directory.auditEvents(query, slice)
        },
        .reading(Calls.auditCategories, standard: Nothing()) { _, _, _ in
            .single(AuditCategory.list)
        },
        .own(Calls.siemLogs) { try await SiemLogs.answer($0) },
        .own(Calls.siemBatch) { try await SiemPages.files($0) },
        .own(Calls.siemEvents) { try await SiemPages.events($0) },
    ]
}
