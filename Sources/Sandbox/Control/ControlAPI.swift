import Foundation
import HTTPTypes
import Mimecast
import MusterStore

/// What a test or a demonstration does behind the vendor's back. Mounted at ``SandboxOptions/controlPath``; not part of the twin.
///
/// Its calls are listed in docs/sandbox.md. Bodies are plain JSON, and a field or a word in the query that is not known is refused.
///
/// Only this machine may call it, and only by a local name in `Host`: a page in a browser cannot, by rebinding its name.
struct ControlAPI: Sendable {
    let state: SandboxState
    /// The vendor's calls, for refusing faults that could never strike.
    let routes: RouteTable

    private static let calls: [ControlRoute] =
        [ControlRoute(.get, "/ping") { _, _ in Answer(status: 200) }] + traffic + time + tenants + applications + people + snapshots

    /// - Parameters:
    ///   - path: below the mount.
    ///   - host: the `Host` header.
    ///   - isLocal: the other end of the connection is this machine.
    func respond(
        method: HTTPRequest.Method, path: String, query: [String: String], body: Data, host: String?, origin: String?, isLocal: Bool
    ) async throws -> Answer {
        guard isLocal, Self.isLocalName(host), origin.map(Self.isLocalOrigin) ?? true else {
            throw CallRefusal(403, "control_is_local", "The control API answers to this machine by a local name only")
        }
        let segments = ControlRoute.segments(path)
        let known = Self.calls.compactMap { route in route.ids(segments).map { (route: route, ids: $0) } }
        guard !known.isEmpty else { throw CallRefusal(404, "not_found", "The control API has no such path") }
        guard let (route, ids) = known.first(where: { $0.route.method == method }) else {
            throw CallRefusal(
                405, "method_not_allowed", "This path takes another method",
                headers: [.allow: known.map(\.route.method.rawValue).joined(separator: ", ")])
        }
        if let word = query.keys.sorted().first(where: { !$0.isEmpty && !route.query.contains($0) }) {
            throw CallRefusal(400, "invalid_query", "This call takes no \(word) in its query")
        }
        do {
            return try await route.run(self, ControlCall(ids: ids, query: query, body: body))
        } catch let failure as ItemFailure {
            let field = failure.field.map { "\($0): " } ?? ""
            throw CallRefusal(422, failure.code, field + failure.message)
        } catch let error as StoreError {
            // Who calls is at this machine, and can put right what the store complains about.
            throw CallRefusal(error.code == .failed ? 500 : 422, error.code.rawValue, error.description)
        }
    }

    /// A browser names the page that makes it call: one from elsewhere may not.
    private static func isLocalOrigin(_ origin: String) -> Bool {
        ["http://", "https://"].contains { origin.hasPrefix($0) && isLocalName(String(origin.dropFirst($0.count))) }
    }

    static func isLocalName(_ host: String?) -> Bool {
        guard let host = host?.lowercased() else { return false }
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        let port = host.dropFirst(name.count)
        guard port.isEmpty || port.first == ":" && port.dropFirst().allSatisfy(\.isNumber) else { return false }
        return ["localhost", "127.0.0.1", "[::1]"].contains(String(name))
    }
}
