import Foundation
import Mimecast
import MimecastClient
import MusterStore
import Planning

/// What a look at the vendor's audit log found.
public struct AuditReport: Sendable, Hashable, Codable {
    /// Audit events that were shown, logons apart.
    public var events: Int
    /// Traces of what was done to people and groups that were not known yet.
    public var new: Int
    public var calls: Int
    /// Why the vendor does not show the log to this application; nil where it does.
    public var refused: String?
    /// Seconds of the log that nobody can read any more: it was last read longer ago than the vendor looks back.
    public var missed: Int?
    /// Why the log could not be read to its end this time; what came is kept, and the next look begins where this one did.
    public var broken: String?
    /// Whether the application was refused before, too: a look that says so for the first time is worth a word.
    public var isKnown: Bool?

    init(events: Int = 0, new: Int = 0, calls: Int = 0) {
        self.events = events
        self.new = new
        self.calls = calls
    }
}

/// Reads the vendor's audit log on from where it was left.
///
/// The vendor shows it newest first, by time and not by place, and pages shift while one reads. So each look begins some minutes before
/// the newest event that is known (``overlap``: events come late), ends in the future (clocks differ), drops what is known by id, and moves
/// on only once it was read to its end.
public struct AuditTail: Sendable {
    /// How far back the vendor looks, less a day for days that are cut in another time zone. Seconds.
    static let lookBack = 59 * 86_400
    /// How late an event may turn up in the log and still be seen. Seconds (our choice).
    static let overlap = 15 * 60
    /// Traces that one look keeps at most.
    static let most = 50_000

    let client: TenantClient
    let store: any Store
    let tenant: String
    let now: @Sendable () -> Date

    public init(client: TenantClient, store: any Store, tenant: String, now: @escaping @Sendable () -> Date = { Date() }) {
        self.client = client
        self.store = store
        self.tenant = tenant
        self.now = now
    }

    /// Reads what is new, and stores it with the events that only the log shows.
    ///
    /// A log that may not be read, or cannot be, is no reason to fail: changes stay unattributed then, and the report says why.
    ///
    /// - Parameter since: read at least from here on, such as the beginning of the last read of the tenant; seconds since 1970.
    /// - Throws: ``ClientError`` where the vendor cannot be reached.
    public func read(since: Int? = nil) async throws -> AuditReport {
        let instant = Int(now().timeIntervalSince1970)
        let before = try await store.read { [tenant] tx in try AuditTable.tail(tenant, tx) }
        let callsBefore = client.calls
        var report = AuditReport()
        let oldest = instant - Self.lookBack
        // A clock that was set back must not make the log end before it begins.
        let known = before?.newest
        let from = max(oldest, min(known ?? oldest, since ?? .max) - Self.overlap)
        // A quiet log that was looked into all the time has no gap.
        let reached = before.map { max($0.newest, $0.read - Self.overlap) } ?? oldest
        if reached < oldest { report.missed = oldest - reached }
        let window = Self.date(from)..<Self.date(max(instant, known ?? 0) + 86_400)
        do {
            let found = try await look(window)
            report.events = found.events
            report.broken = found.broken
            report.calls = client.calls - callsBefore
            report.new = try await keep(found, before, at: instant)
        } catch let error as ClientError where [.forbidden, .notFound, .refused].contains(error.code) {
            report.calls = client.calls - callsBefore
            report.refused = error.message
            report.isKnown = before?.refused != nil
            let tail = AuditTable.Tail(
                begun: before?.begun ?? instant, newest: before?.newest ?? instant, read: before?.read ?? 0, refused: error.message)
            try await store.write(tenant) { [tenant] tx in try AuditTable.keep(tail, tenant: tenant, tx) }
        }
        return report
    }

    private struct Found: Sendable {
        /// Oldest first.
        var traces: [AuditTrace] = []
        var events = 0
        var broken: String?
    }

    /// By the categories of interest; by all where the vendor does not know these.
    private func look(_ window: Range<Date>) async throws -> Found {
        do {
            return try await look(window, AuditTrace.categories)
        } catch let error as ClientError where error.code == .refused {
            return try await look(window, [])
        }
    }

    private func look(_ window: Range<Date>, _ categories: [String]) async throws -> Found {
        var found = Found()
        var ids = Set<String>()
        var pages = client.auditEvents(window, categories: categories).makeAsyncIterator()
        while true {
            do {
                guard let page = try await pages.next() else { break }
                found.events += page.items.count
                for event in page.items {
                    guard let trace = AuditTrace(event.shape), ids.insert(trace.id).inserted else { continue }
                    found.traces.append(trace)
                }
            } catch let error as ClientError where error.code == .wrongAnswer && found.events > 0 {
                found.broken = error.message
                break
            }
            if found.traces.count >= Self.most {
                found.broken = "there are more than \(Self.most) traces; the oldest were left out"
                break
            }
        }
        found.traces.reverse()
        return found
    }

    private func keep(_ found: Found, _ before: AuditTable.Tail?, at instant: Int) async throws -> Int {
        let newest = found.traces.map(\.at).max()
        var tail = before ?? AuditTable.Tail(begun: instant, newest: instant, read: instant)
        tail.refused = nil
        if found.broken == nil || before == nil {
            // Never ahead of what can be: an event that is dated years ahead would hide all others.
            tail.newest = max(before?.newest ?? 0, min(newest ?? 0, instant + 86_400))
            if tail.newest == 0 { tail.newest = instant }
            tail.read = instant
        }
        return try await store.write(tenant) { [tenant, tail] tx in
            var new = 0
            for trace in found.traces where try AuditTable.add(trace, tenant: tenant, tx) {
                new += 1
                if trace.at >= tail.begun - Attribution.slack { try AuditNews.tell(trace, tenant: tenant, at: instant, tx) }
            }
            try AuditTable.keep(tail, tenant: tenant, tx)
            try AuditTable.prune(tenant, at: instant, tx)
            return new
        }
    }

    private static func date(_ seconds: Int) -> Date { Date(timeIntervalSince1970: TimeInterval(seconds)) }
}
