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
    /// How many wait in memory before they are put into the table; whoever brings twice as many waits for that. Every commit costs the
    /// readers their view of the file, and those of a large file take thousands of look-ups to have it in their reach again.
    static let mostWaiting = 16_000

    private let state: Mutex<State>
    /// Told that there are many.
    private let due: (stream: AsyncStream<Void>, teller: AsyncStream<Void>.Continuation)

    init(_ tx: any Transaction) throws {
        let last = try tx.first("SELECT max(id) FROM sb_requests", []) { $0.intOrNil(0) ?? 0 } ?? 0
        state = Mutex(State(last: last, flushed: last))
        let (stream, teller) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        due = (stream, teller)
    }

    /// Puts waiting lines into the table whenever they have become many, beside the calls, until it is cancelled. One that fails is left
    /// to the calls, which tell it.
    func keep(_ store: any Store) async {
        for await _ in due.stream { try? await flush(store, isAside: true) }
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

    /// Has the lines that wait put into the table when they have become many: where nobody writes, reading must not fill the memory.
    func flushIfFull(_ store: any Store) async throws {
        let (isDue, isLate) = state.withLock { state in
            // Lines of changes are in the table already; there, too, they must not become too many.
            guard state.waiting.count >= Self.mostWaiting || state.last - state.flushed >= Self.most / 10 else { return (false, false) }
            state.flushed = state.last
            return (true, state.waiting.count >= 2 * Self.mostWaiting)
        }
        if isLate { try await flush(store) } else if isDue { due.teller.yield() }
    }

    /// Runs a change together with the lines about it and those that wait.
    func write<T: Sendable>(
        _ store: any Store, tenant: String,
        _ body: @escaping @Sendable (any Transaction, _ log: (RequestLine) throws -> Void) throws -> T
    ) async throws -> T {
        try await withWaiting { waiting in
            try await store.write(tenant) { tx in
                try Self.insert(tx, waiting)
                return try body(tx) { line in
                    var line = line
                    line.id = self.nextID()
                    try Self.insert(tx, [line])
                }
            }
        }
    }

    /// Puts the lines that wait into the table, and drops the oldest beyond ``most``.
    ///
    /// - Parameter isAside: nobody is about to read them.
    func flush(_ store: any Store, isAside: Bool = false) async throws {
        try await withWaiting { waiting in
            let body: @Sendable (any Transaction) throws -> Void = { tx in
                try Self.insert(tx, waiting)
                try tx.execute(
                    "DELETE FROM sb_requests WHERE id <= (SELECT max(id) FROM sb_requests) - $1", [.integer(Int64(Self.most))])
            }
            if isAside { try await store.writeAside(body) } else { try await store.write("", body) }
        }
    }

    /// Takes the lines that wait, and puts them back where they could not be kept.
    private func withWaiting<T>(_ keep: ([RequestLine]) async throws -> T) async throws -> T {
        let waiting = state.withLock { state in
            let lines = state.waiting
            state.waiting = []
            return lines
        }
        do {
            return try await keep(waiting)
        } catch {
            state.withLock { $0.waiting = waiting + $0.waiting }
            throw error
        }
    }

    /// The kept lines after a sequence number or time, oldest first, as NDJSON.
    ///
    /// - Parameters:
    ///   - application: an application's id; nil is any caller.
    ///   - tenant: a tenant's code: the calls of the applications that it has now; nil is any.
    func lines(
        _ store: any Store, path: String?, application: String? = nil, tenant: String? = nil, after id: Int?, since time: Int?
    ) async throws -> Data {
        try await flush(store)
        return try await store.read { tx in
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

    /// Many at a time: what a statement costs by itself is more than a row.
    private static func insert(_ tx: any Transaction, _ lines: [RequestLine]) throws {
        var rest = lines[...]
        while !rest.isEmpty {
            let portion = rest.count >= insertMany.rows ? rest.prefix(insertMany.rows) : rest.prefix(1)
            var values: [SQLValue] = []
            values.reserveCapacity(portion.count * 8)
            for line in portion {
                values.append(.int(line.id))
                values.append(.int(line.time))
                values.append(.text(line.method))
                values.append(.text(line.path))
                values.append(.string(line.application))
                values.append(.int(line.status))
                values.append(.text(line.effect.rawValue))
                values.append(.string(line.target))
            }
            try tx.execute(portion.count == 1 ? insertOne.text : insertMany.text, values)
            rest = rest.dropFirst(portion.count)
        }
    }

    private static let insertOne = insertion(of: 1)
    private static let insertMany = insertion(of: 50)

    private static func insertion(of rows: Int) -> (rows: Int, text: String) {
        let places = (0..<rows).map { row in "(" + (1...8).map { "$\(row * 8 + $0)" }.joined(separator: ", ") + ")" }
        let columns = "id, time, method, path, application, status, effect, target"
        return (rows, "INSERT INTO sb_requests (\(columns)) VALUES \(places.joined(separator: ", "))")
    }
}
