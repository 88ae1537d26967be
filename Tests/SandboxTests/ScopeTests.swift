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

    /// Registers a portal application and gets a token for it.
    private func token(_ box: SandboxHarness, _ order: String) async throws -> String {
        let made = try await box.control(.POST, "/tenants/\(box.code)/applications", order)
        try #require(made.status == 201, "\(made.text)")
        let id = try #require(made.json["id"]?.text)
        let secret = try #require(made.json["credentials"]?["MIMECAST_CLIENT_SECRET"]?.text)
        let reply = try await box.send(
            .POST, "/oauth/token", body: "grant_type=client_credentials&client_id=\(id)&client_secret=\(secret)")
        return try #require(reply.json["access_token"]?.text)
    }

    /// Makes every call that portal applications are served.
    private func tryAll(_ box: SandboxHarness, _ token: String, _ isRight: (EndpointDescription) -> Bool, _ what: String) async throws {
        for description in Endpoints.all where description.isServed(.v2, .portal) {
            let (path, method, body) = Self.request(description)
            let reply = try await box.send(method, path, headers: [("authorization", "Bearer \(token)")], body: body)
            Self.expect(isRight(description), reply, "\(what) \(description.name)")
        }
    }

    /// A call to a path of a product that the application was not given is `app_forbidden`.
    @Test func everyCallWithEveryProductAlone() async throws {
        try await SandboxHarness.run({ $0.quotas = [.init(calls: 10_000, seconds: 1)] }) { box async throws in
            for product in Product.allCases {
                let token = try await token(box, #"{"products":["\#(product.rawValue)"]}"#)
                try await tryAll(box, token, { $0.product == product }, product.rawValue)
            }
        }
    }

    @Test func everyCallWithEveryRoleAlone() async throws {
        try await SandboxHarness.run({ $0.quotas = [.init(calls: 10_000, seconds: 1)] }) { box async throws in
            for role in AdministratorRole.allCases {
                let token = try await token(box, #"{"role":"\#(role.rawValue)"}"#)
                try await tryAll(box, token, { $0.scope.map(role.scopes.contains) ?? true }, role.rawValue)
            }
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
