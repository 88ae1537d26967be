import Foundation
import MusterStore
import Synchronization

/// One line of the request log: a call that changed nothing, or one item of a call that did.
struct RequestLine: Sendable {
    /// The place in the order of things; given when the line is kept.
    var id = 0
    /// Milliseconds since 1970, by the sandbox's clock.
    var time: Int
    var method: String
    var path: String
    var application: String?
    /// 0 where the connection was dropped.
    var status: Int
    var effect: Effect
    var target: String?
}

/// What was asked of the sandbox, in order, kept in its data file.
///
/// A line about a change is part of the change's transaction. Lines about reads wait in memory for the next transaction, so that
/// reading costs no commit; a kill loses at most those.
final class RequestLog: Sendable {
    private struct State {
        var last: Int
        var waiting: [RequestLine] = []
        /// The last id when the table was cut down to size last.
        var flushed = 0
    }

    /// How many lines are kept.
    static let most = 200_000
    /// How many wait in memory for the next transaction.
    private static let mostWaiting = 4_000

    private let state: Mutex<State>

    init(_ tx: any Transaction) throws {
        let last = try tx.first("SELECT max(id) FROM sb_requests", []) { $0.intOrNil(0) ?? 0 } ?? 0
        state = Mutex(State(last: last, flushed: last))
    }

    /// Keeps a line about a call that changed nothing.
    func append(_ line: RequestLine) {
        state.withLock { state in
            var line = line
            state.last += 1
            line.id = state.last
            state.waiting.append(line)
        }
    }

    /// Puts the lines that wait into the table when they have become many: where nobody writes, reading must not fill the memory.
    func flushIfFull(_ sandbox: SandboxState) async throws {
        let isDue = state.withLock { state in
            // Lines of changes are in the table already; there, too, they must not become too many.
            guard state.waiting.count >= Self.mostWaiting || state.last - state.flushed >= Self.most / 20 else { return false }
            state.flushed = state.last
            return true
        }
        if isDue { try await flush(sandbox) }
    }

    /// Runs a change together with the lines about it and those that wait.
    func write<T: Sendable>(
        _ sandbox: SandboxState, tenant: String,
        _ body: @escaping @Sendable (any Transaction, _ log: (RequestLine) throws -> Void) throws -> T
    ) async throws -> T {
        let waiting = state.withLock { state in
            let lines = state.waiting
            state.waiting = []
            return lines
        }
        do {
            return try await sandbox.store.write(tenant) { tx in
                for line in waiting { try Self.insert(tx, line) }
                return try body(tx) { line in
                    var line = line
                    line.id = self.nextID()
                    try Self.insert(tx, line)
                }
            }
        } catch {
            state.withLock { $0.waiting = waiting + $0.waiting }
            throw error
        }
    }

    /// Puts the lines that wait into the table, and drops the oldest beyond ``most``.
    func flush(_ sandbox: SandboxState) async throws {
        _ = try await write(sandbox, tenant: "") { tx, _ in
            try tx.execute(
                "DELETE FROM sb_requests WHERE id <= (SELECT max(id) FROM sb_requests) - $1", [.integer(Int64(Self.most))])
        }
    }

    /// The kept lines after a sequence number or time, oldest first, as NDJSON.
    ///
    /// - Parameters:
    ///   - application: an application's id; nil is any caller.
    ///   - tenant: a tenant's code: the calls of the applications that it has now; nil is any.
    func lines(
        _ sandbox: SandboxState, path: String?, application: String? = nil, tenant: String? = nil, after id: Int?, since time: Int?
    ) async throws -> Data {
        try await flush(sandbox)
        return try await sandbox.store.read { tx in
            let ofTenant = try tenant.map { code in
                Set(try tx.all("SELECT id FROM sb_applications WHERE tenant = $1", [.text(code)]) { $0.text(0) })
            }
            var output = Data()
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            try tx.each(
                """
                SELECT id, time, method, path, application, status, effect, target FROM sb_requests
                WHERE id > $1 AND time >= $2 ORDER BY id
                """, [.integer(Int64(id ?? 0)), .integer(Int64(time ?? 0))]
            ) { row in
                guard path == nil || path == row.text(3), application == nil || application == row.textOrNil(4),
                    ofTenant.map({ $0.contains(row.text(4)) }) ?? true
                else { return true }
                let line = Published(
                    id: row.int(0), time: controlDate(milliseconds: row.int(1)), method: row.text(2), path: row.text(3),
                    application: row.textOrNil(4), status: row.int(5), effect: row.text(6), target: row.textOrNil(7))
                output += try encoder.encode(line)
                output.append(UInt8(ascii: "\n"))
                return true
            }
            return output
        }
    }

    private struct Published: Encodable {
        let id: Int
        let time: String
        let method: String
        let path: String
        let application: String?
        let status: Int
        let effect: String
        let target: String?
    }

    private func nextID() -> Int {
        state.withLock { state in
            state.last += 1
            return state.last
        }
    }

    private static func insert(_ tx: any Transaction, _ line: RequestLine) throws {
        try tx.execute(
            """
            INSERT INTO sb_requests (id, time, method, path, application, status, effect, target)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            [
                .integer(Int64(line.id)), .integer(Int64(line.time)), .text(line.method), .text(line.path), .string(line.application),
                .int(line.status), .text(line.effect.rawValue), .string(line.target),
            ])
    }
}
