import Foundation
import HTTPTypes

/// A call of the control API, taken apart.
struct ControlCall: Sendable {
    /// What stands in the path's places.
    let ids: [String]
    let query: [String: String]
    let body: Data

    func id(_ place: Int) -> String { place < ids.count ? ids[place] : "" }

    func read<T: Codable>(_ type: T.Type) throws -> T { try StrictJSON.decode(type, body) }

    /// A value of the query; an empty one is none.
    func value(_ name: String) -> String? { query[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// `since`: a number of the list, or an ISO 8601 time.
    func since() throws -> (number: Int?, time: Int?) {
        guard let since = value("since") else { return (nil, nil) }
        if let number = Int(since) { return (number, nil) }
        guard let time = try? Date(since, strategy: .iso8601), abs(time.timeIntervalSince1970) < 1e12 else {
            throw CallRefusal(400, "invalid_since", "since is a number or an ISO 8601 time")
        }
        return (nil, Int(time.timeIntervalSince1970 * 1_000))
    }
}

/// What the control API does at a path by a method.
struct ControlRoute: Sendable {
    let method: HTTPRequest.Method
    /// `*` stands for one segment.
    let pattern: [Substring]
    /// The names that its query may have.
    let query: Set<String>
    let run: @Sendable (ControlAPI, ControlCall) async throws -> Answer

    init(
        _ method: HTTPRequest.Method, _ path: String, query: Set<String> = [],
        _ run: @escaping @Sendable (ControlAPI, ControlCall) async throws -> Answer
    ) {
        self.method = method
        pattern = Self.segments(path)
        self.query = query
        self.run = run
    }

    /// What stands in the pattern's places; nil where the path is another.
    func ids(_ segments: [Substring]) -> [String]? {
        guard segments.count == pattern.count else { return nil }
        var ids: [String] = []
        for (wanted, segment) in zip(pattern, segments) {
            if wanted == "*" {
                guard let id = segment.removingPercentEncoding, !id.isEmpty else { return nil }
                ids.append(id)
            } else if wanted != segment {
                return nil
            }
        }
        return ids
    }

    static func segments(_ path: String) -> [Substring] {
        path[...].split(separator: "/", omittingEmptySubsequences: false)
    }
}
