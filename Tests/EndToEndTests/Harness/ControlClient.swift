import Foundation
import Mimecast

/// A line of the sandbox's request log.
struct LoggedRequest: Decodable, Sendable, CustomStringConvertible {
    var id: Int
    var method: String
    var path: String
    var application: String?
    var status: Int
    var effect: String
    var target: String?

    /// It changed the tenant.
    var hadEffect: Bool { !["read", "none", "refused"].contains(effect) }
    /// Its connection was dropped.
    var wasDropped: Bool { status == 0 }

    var description: String { "\(id) \(path) \(status) \(effect) \(target ?? "")" }
}

/// A misfortune to script.
struct ScriptedFault: Encodable, Sendable {
    struct Match: Encodable, Sendable {
        var path: String
        /// Nil is any.
        var method: String?
    }

    var match: Match
    var kind: String
    var skip = 0
    var count = 1
    var seconds: Double?
    var status: Int?
    var code: String?

    init(_ kind: String, _ path: String, skip: Int = 0, count: Int = 1, seconds: Double? = nil, status: Int? = nil) {
        match = Match(path: path)
        self.kind = kind
        self.skip = skip
        self.count = count
        self.seconds = seconds
        self.status = status
    }
}

/// What is done behind the vendor's back.
struct ControlClient: Sendable {
    let http: HTTP

    private struct Faults: Encodable { var faults: [ScriptedFault] }

    func requests(since id: Int = 0) async throws -> [LoggedRequest] {
        try await http.get("/requests?since=\(id)").split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(LoggedRequest.self, from: Data($0))
        }
    }

    /// The id of the last request so far.
    func mark() async throws -> Int { try await requests().last?.id ?? 0 }

    func script(_ faults: [ScriptedFault]) async throws {
        let body = try JSONDecoder().decode(JSON.self, from: JSONEncoder().encode(Faults(faults: faults)))
        _ = try await http.post("/faults", body)
    }

    func clearFaults() async throws { try await http.delete("/faults") }

    /// How often each fault was to strike, and how often it has.
    func faults() async throws -> [(count: Int, fired: Int)] {
        let report = try JSONDecoder().decode(JSON.self, from: try await http.get("/faults"))
        return report["faults"]?.list.map { (count: $0["count"]?.int ?? 0, fired: $0["fired"]?.int ?? 0) } ?? []
    }

    func firedCount() async throws -> Int { try await faults().reduce(0) { $0 + $1.fired } }

    /// Changes the tenant as an administrator or its directory would.
    func directory(_ operations: [[String: String]]) async throws {
        let list = operations.map { JSON.object($0.mapValues { .string($0) }) }
        _ = try await http.post("/directory", .object(["operations": .array(list)]))
    }

    func advanceClock(_ seconds: Int) async throws {
        _ = try await http.post("/clock", .object(["advance": .number(Double(seconds))]))
    }
}
