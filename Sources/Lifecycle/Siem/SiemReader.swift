import Foundation
import Mimecast
import MimecastClient
import MusterStore

/// A stretch of the mail logs that cannot be had: said in the stream, as a line of its own type.
public struct SiemGap: Sendable, Hashable, Encodable {
    /// `muster.gap`: no type of the vendor's.
    public let type = "muster.gap"
    public var tenant: String
    /// Of which logs.
    public var logType: String
    /// RFC 3339, where it is known.
    public var from: String?
    public var to: String?
    /// The file that could not be read.
    public var file: String?
    public var reason: String
}

/// Reads the vendor's mail logs by cursor: each line at least once, repeats dropped where they can be told, gaps said aloud.
///
/// The cursor is kept after the lines of a page have been written. Whoever is killed in between gets the page again: a line may come
/// twice then, and none is lost.
public struct SiemReader: Sendable {
    /// How long the vendor keeps logs, in seconds (our choice: the least that anybody reports).
    static let kept = 7 * 86_400
    /// How far back a reader begins that has no cursor, in seconds.
    public static let start = 86_400

    let source: SiemSource
    let store: any Store
    let tenant: String
    /// Whose cursor it is: each consumer has its own.
    let name: String
    let now: @Sendable () -> Date

    public init(source: SiemSource, store: any Store, tenant: String, name: String, now: @escaping @Sendable () -> Date = { Date() }) {
        self.source = source
        self.store = store
        self.tenant = tenant
        self.name = name
        self.now = now
    }

    /// What a turn found.
    public struct Turn: Sendable, Hashable {
        public var lines = 0
        public var repeated = 0
        public var gaps: [SiemGap] = []
        public var isCaughtUp = false
    }

    /// Reads the next page of one type, and keeps the cursor once its lines are written.
    ///
    /// - Parameters:
    ///   - since: where to begin without a cursor.
    ///   - write: writes lines for good; what it throws ends the turn, and the page comes again.
    public func turn(_ type: String, since: Date? = nil, write: @Sendable ([String]) async throws -> Void) async throws -> Turn {
        let key = "\(name)/\(type)"
        let instant = Int(now().timeIntervalSince1970)
        let before = try await store.read { [tenant] tx in try SiemCursor.recall(key, tenant: tenant, tx) }
        var turn = Turn()
        if let before, instant - before.read > Self.kept {
            turn.gaps.append(
                gap(type, "the logs were last read longer ago than the vendor keeps them", from: before.read, to: instant - Self.kept))
        }
        let page = try await page(type, before, since, instant, &turn)
        var seen = Set(before?.seen ?? [])
        var order = before?.seen ?? []
        var newest = before?.newest ?? 0
        for piece in page.pieces {
            let rows: [JSON]
            do {
                rows = try await piece.lines()
            } catch let error as ClientError where [.notFound, .forbidden, .refused, .malformedReply, .wrongAnswer].contains(error.code) {
                var lost = gap(type, error.message)
                lost.file = piece.name
                turn.gaps.append(lost)
                continue
            }
            var lines: [String] = []
            for row in rows {
                let line = try StoredJSON.text(row)
                newest = max(newest, Self.seconds(row) ?? 0)
                guard seen.insert(SiemCursor.fingerprint(line)).inserted else {
                    turn.repeated += 1
                    continue
                }
                order.append(SiemCursor.fingerprint(line))
                lines.append(line)
            }
            turn.lines += lines.count
            if !lines.isEmpty { try await write(lines) }
        }
        if !turn.gaps.isEmpty { try await write(turn.gaps.map { try StoredJSON.text($0) }) }
        #if FAILPOINTS
            if turn.lines > 0 { Failpoint.pass("siem") }
        #endif
        turn.isCaughtUp = page.isCaughtUp || page.next == nil || page.next == before?.token
        let after = SiemCursor(
            token: page.next ?? before?.token, newest: newest, read: instant, seen: Array(order.suffix(SiemCursor.mostSeen)))
        try await store.write(tenant) { [tenant] tx in
            guard try SiemCursor.recall(key, tenant: tenant, tx)?.token == before?.token else {
                throw LifecycleError(
                    .store, "siem-overtaken", "Another process reads the mail logs of \(tenant) with the same cursor.",
                    remedy: "Leave it to that one, or give this one a cursor of its own with --cursor.")
            }
            try after.keep(key, tenant: tenant, tx)
        }
        return turn
    }

    /// The next page; from where the newest line was, when the token is no longer good.
    private func page(
        _ type: String, _ before: SiemCursor?, _ since: Date?, _ instant: Int, _ turn: inout Turn
    ) async throws -> SiemSource.Page {
        let start = since ?? Self.date(instant - Self.start)
        guard let token = before?.token else { return try await begin(type, start, instant, &turn) }
        do {
            return try await source.page(type, .after(token))
        } catch let error as ClientError where Self.isAboutPlace(error) {
            let newest = before?.newest ?? 0
            return try await begin(type, newest > 0 ? Self.date(newest) : start, instant, &turn)
        }
    }

    /// Begins at a time; as far back as the vendor goes where that is too long ago.
    private func begin(_ type: String, _ date: Date, _ instant: Int, _ turn: inout Turn) async throws -> SiemSource.Page {
        let oldest = Self.date(instant - Self.kept)
        do {
            guard date > oldest else { throw ClientError(.refused, "The vendor keeps no logs from then.", remedy: "") }
            return try await source.page(type, .from(date))
        } catch let error as ClientError where error.code == .refused {
            for back in [Self.kept - 3_600, Self.start] {
                let from = Self.date(instant - back)
                guard from > date else { continue }
                guard let page = try? await source.page(type, .from(from)) else { continue }
                turn.gaps.append(
                    gap(type, "the vendor does not go back that far", from: Int(date.timeIntervalSince1970), to: instant - back))
                return page
            }
            throw error
        }
    }

    private static func isAboutPlace(_ error: ClientError) -> Bool {
        error.cause == .invalidSiemToken || error.cause == .invalidPage || error.cause == .pageTokenExpired || error.code == .refused
    }

    private func gap(_ type: String, _ reason: String, from: Int? = nil, to: Int? = nil) -> SiemGap {
        SiemGap(tenant: tenant, logType: type, from: from.map(AuditTrail.time), to: to.map(AuditTrail.time), reason: reason)
    }

    /// The line's own time: milliseconds, or text of the older logs.
    private static func seconds(_ row: JSON) -> Int? {
        if case .number(let milliseconds)? = row["timestamp"], milliseconds > 0, milliseconds < 1e14 { return Int(milliseconds / 1_000) }
        return row["datetime"]?.text.flatMap { try? Date($0, strategy: .iso8601) }.map { Int($0.timeIntervalSince1970) }
    }

    private static func date(_ seconds: Int) -> Date { Date(timeIntervalSince1970: TimeInterval(seconds)) }
}
