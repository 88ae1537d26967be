import Foundation
import HTTPTypes
import Mimecast
import MusterStore

/// What a test or a demonstration does behind the vendor's back. Mounted at ``SandboxOptions/controlPath``; not part of the twin.
///
/// - `GET /ping`: empty 200.
/// - `GET /requests?path=&since=`: the request log as NDJSON; `since` is a line's `id` or an ISO 8601 time.
/// - `POST /faults` `{"faults":[…]}` → `{"ids":[…]}`; `GET /faults` → `{"faults":[…],"pending":n}`; `DELETE /faults`.
/// - `POST /clock` `{"advance":seconds}` → `{"now":…}`.
/// - `POST /directory` `{"operations":[…]}` → `{"done":n}`.
///
/// Only this machine may call it, and only by a local name in `Host`: a page in a browser cannot, by rebinding its name.
struct ControlAPI: Sendable {
    let state: SandboxState

    private struct FaultList: Codable { var faults: [Fault] }
    private struct FaultIDs: Encodable { var ids: [Int] }
    private struct FaultReport: Encodable {
        var faults: [FaultBook.Entry]
        /// How many strikes are still to come.
        var pending: Int
    }
    private struct ClockMove: Decodable { var advance: Double }
    private struct ClockReport: Encodable { var now: String }
    private struct Operations: Decodable { var operations: [DirectoryOperation] }
    private struct Done: Encodable { var done: Int }

    /// - Parameters:
    ///   - path: below the mount.
    ///   - host: the `Host` header.
    ///   - isLocal: the other end of the connection is this machine.
    func respond(
        method: HTTPRequest.Method, path: String, query: [String: String], body: Data, host: String?, isLocal: Bool
    ) async throws -> Answer {
        guard isLocal, Self.isLocalName(host) else {
            throw CallRefusal(403, "control_is_local", "The control API answers to this machine by a local name only")
        }
        switch (method, path) {
        case (.get, "/ping"):
            return Answer(status: 200)
        case (.get, "/requests"):
            let since = query["since"]
            let time = since.flatMap { Int($0) == nil ? try? Date($0, strategy: .iso8601) : nil }
            if let since, Int(since) == nil, time == nil { throw CallRefusal(400, "invalid_since", "since is an id or an ISO 8601 time") }
            let lines = try await state.log.lines(
                state, path: query["path"].flatMap { $0.isEmpty ? nil : $0 }, after: since.flatMap { Int($0) },
                since: time.map { Int($0.timeIntervalSince1970 * 1_000) })
            return Answer(status: 200, headers: [.contentType: "application/x-ndjson"], body: lines)
        case (.post, "/faults"):
            return try .json(FaultIDs(ids: state.faults.add(decode(FaultList.self, body).faults)))
        case (.get, "/faults"):
            let all = state.faults.all
            return try .json(FaultReport(faults: all, pending: all.reduce(0) { $0 + $1.count - $1.fired }))
        case (.delete, "/faults"):
            state.faults.clear()
            return Answer(status: 204)
        case (.post, "/clock"):
            state.clock.advance(by: try decode(ClockMove.self, body).advance)
            return try .json(ClockReport(now: state.clock.now.ISO8601Format()))
        case (.post, "/directory"):
            let operations = try decode(Operations.self, body).operations
            return try .json(Done(done: await carryOut(operations)))
        default:
            let known = ["/ping", "/requests", "/faults", "/clock", "/directory"]
            if known.contains(path) { throw CallRefusal(405, "method_not_allowed", "This path takes another method") }
            throw CallRefusal(404, "not_found", "The control API has no such path")
        }
    }

    /// All of them in one transaction, or none.
    private func carryOut(_ operations: [DirectoryOperation]) async throws -> Int {
        let (facts, clock) = (state.facts, state.clock)
        do {
            return try await state.store.write(facts.code) { tx in
                let directory = TenantDirectory(tx, facts: facts, now: clock.milliseconds)
                for operation in operations { try operation.carryOut(directory) }
                return operations.count
            }
        } catch let failure as ItemFailure {
            throw CallRefusal(422, failure.code, failure.message)
        }
    }

    private func decode<T: Decodable>(_ type: T.Type, _ body: Data) throws -> T {
        guard JSONDepth.of(body) <= 16, let value = try? JSONDecoder().decode(type, from: body) else {
            throw CallRefusal(400, FailureCode.deserialise, "The body cannot be read")
        }
        return value
    }

    static func isLocalName(_ host: String?) -> Bool {
        guard let host = host?.lowercased() else { return false }
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        let port = host.dropFirst(name.count)
        guard port.isEmpty || port.first == ":" && port.dropFirst().allSatisfy(\.isNumber) else { return false }
        return ["localhost", "127.0.0.1", "[::1]"].contains(String(name))
    }
}
