import Foundation
import Mimecast

/// Finds the calls that a path may mean. A path is looked up as it is; then as one with an id for a segment.
struct RouteTable: Sendable {
    /// What a path means: one route for each method and dialect that has it.
    struct Match: Sendable {
        let routes: [Route]
        /// What stands in the place of `{id}`.
        let id: String?
    }

    private let whole: [String: [Route]]
    private let templates: [(segments: [Substring], routes: [Route])]

    init(_ routes: [Route]) {
        let byPath = Dictionary(grouping: routes) { $0.description.path }
        whole = byPath.filter { !$0.key.contains("{") }
        templates = byPath.filter { $0.key.contains("{") }.map { (Self.segments($0.key), $0.value) }
    }

    func match(_ path: String) -> Match? {
        if let routes = whole[path] { return Match(routes: routes, id: nil) }
        let segments = Self.segments(path)
        for template in templates where template.segments.count == segments.count {
            var id: String?
            let fits = zip(template.segments, segments).allSatisfy { pattern, segment in
                guard pattern == "{id}" else { return pattern == segment }
                id = String(segment).removingPercentEncoding
                return id?.isEmpty == false
            }
            if fits { return Match(routes: template.routes, id: id) }
        }
        return nil
    }

    private static func segments(_ path: some StringProtocol) -> [Substring] {
        Substring(path).split(separator: "/", omittingEmptySubsequences: false)
    }
}
