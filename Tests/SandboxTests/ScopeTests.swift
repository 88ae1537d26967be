import Foundation
import Mimecast
import NIOHTTP1
import Testing

@testable import Sandbox

/// Who may make which call: every call × every scope alone, every product alone, every role alone.
@Suite(.serialized) struct ScopeTests {
    /// Without items nothing can happen, whoever asks; an id that could be one keeps the path well-formed.
    private static func request(_ description: EndpointDescription) -> (path: String, method: HTTPMethod, body: String?) {
        let path = description.path.replacingOccurrences(of: "{id}", with: "eN" + String(repeating: "A", count: 32))
        return (path, HTTPMethod(rawValue: description.method.rawValue), description.method == .get ? nil : #"{"data":[]}"#)
    }

    private static func expect(_ isRight: Bool, _ reply: Reply, _ what: String) {
        if isRight {
            #expect(reply.code != FailureCode.appForbidden && ![401, 403, 405, 429, 500].contains(reply.status), "\(what) \(reply.text)")
        } else {
            #expect(reply.status == 403 && reply.code == FailureCode.appForbidden, "\(what) \(reply.status)")
        }
    }

    @Test(arguments: [App.portal, .guide])
    func everyCallWithEveryScopeAlone(app: App) async throws {
        try await SandboxHarness.run({ $0.quotas = [.init(calls: 10_000, seconds: 1)] }) { box async throws in
            var tried = 0
            for description in Endpoints.all where description.isServed(.v2, app == .guide ? .guide : .portal) {
                for scope in Scope.allCases {
                    let (path, method, body) = Self.request(description)
                    let reply = try await box.call(app, path, body, method: method, scope: scope.rawValue)
                    let isRight = description.scope.map { $0 == scope } ?? true
                    Self.expect(isRight, reply, "\(app) \(description.name) \(scope)")
                    tried += 1
                }
            }
            #expect(tried >= 4 * 40)
        }
    }

    @Test func aTokenWithoutTheScopeStaysWithoutIt() async throws {
        try await SandboxHarness.run { box async throws in
            let both = try await box.askToken(.guide, scope: "user/read account/read")
            #expect(both.json["scope"]?.text == "account/read user/read")
            #expect(try await box.askToken(.guide, scope: "user/read user/everything").status == 400)
        }
    }
}
