import Foundation
import HTTPTransport
import Mimecast
import MimecastClient
import Synchronization
import TestSupport
import MusterStore
import Planning
import Testing

@testable import Lifecycle

/// The vendor's audit log: newest first, by pages that shift when something new is logged meanwhile.
enum AuditVendor {
    static let path = "/api/audit/get-audit-events"

    static func read(_ request: WireRequest) -> VendorCall? {
        guard request.path == path else { return nil }
        let query = request.items(AuditQuery.self).first ?? AuditQuery(startDateTime: nil, endDateTime: nil)
        let start = request.pageToken.flatMap { Int($0) } ?? 0
        return VendorCall { state in
            let categories = query.categories ?? []
            let all = state.audit.reversed().filter { event in
                (categories.isEmpty || categories.contains(event.category ?? "")) && event.eventTime >= query.startDateTime ?? ""
                    && event.eventTime <= query.endDateTime ?? ""
            }
            let end = min(start + state.auditPageSize, all.count)
            let rows = Array(all[min(start, end)..<end])
            let next = end < all.count ? "\(end)" : nil
            return VendorReply.rows(rows, PageReply(pageSize: rows.count, totalCount: nil, next: next))
        }
    }
}

extension Bench {
    /// Something is done at the vendor, and logged.
    func log(
        _ type: String, _ action: String, by actor: String = "admin@acme.example", category: String = "user_account_and_role_logs",
        at time: Int? = nil, id: String? = nil
    ) {
        let date = Date(timeIntervalSince1970: TimeInterval(time ?? seconds)).formatted(.iso8601).replacing("Z", with: "+0000")
        vendor.state.withLock { state in
            let event = AuditEvent(
                id: id ?? "audit-\(state.audit.count)", auditType: type, user: actor, eventTime: date,
                eventInfo: "\(action), Date: \(date.prefix(10)), Time: \(date.dropFirst(11)), IP: 192.0.2.1, Application: Console",
                category: category)
            state.audit.append(event)
        }
    }

    func tail() -> AuditTail { AuditTail(client: client(), store: store, tenant: "CACME", now: now) }

    /// Reads people and log, as `muster sync` does.
    @discardableResult
    func read() async throws -> SyncReport {
        try await Syncer(client: client(), tenant: "CACME", store: store, who: "pat", tail: tail(), now: now).sync()
    }

    /// What was told so far: type, person, whether undone, who, audit event.
    func told() async throws -> [Told] {
        try await EventLog(store: store, tenant: "CACME").after(0, limit: 1_000).map { entry in
            let data = try JSONDecoder().decode(JSON.self, from: Data(entry.body.utf8))["data"] ?? .null
            return Told(
                type: entry.type, person: entry.person, undone: data["undone"] == .bool(true), actor: data["by"]?["actor"]?.text,
                audit: data["by"]?["audit"]?.text, own: data["by"]?["own"] == .bool(true), body: entry.body)
        }
    }

    struct Told {
        var type: String
        var person: String
        var undone: Bool
        var actor: String?
        var audit: String?
        var own: Bool
        var body: String

        var text: String { "\(type) \(person)\(undone ? " undone" : "") \(actor ?? "?") \(audit ?? "-")\(own ? " own" : "")" }
    }

    /// The traces that are kept.
    func traces() async throws -> [AuditTrace] {
        try await store.read { tx in
            var all: [AuditTrace] = []
            try AuditTable.each(0...Int.max / 2, tenant: "CACME", tx) { all.append($0) }
            return all
        }
    }

    func attribution(_ change: ObservedChange, from: Int, to: Int) async throws -> Attribution {
        try await store.read { try Attribution.of(change, from: from, to: to, tenant: "CACME", $0) }
    }
}
