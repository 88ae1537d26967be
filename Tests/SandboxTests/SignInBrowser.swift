import AsyncHTTPClient
import Foundation
import Mimecast
import NIOCore
import NIOHTTP1
import Testing

@testable import Sandbox

/// A browser without scripts or cookies, and the application that sent somebody there.
struct SignInBrowser: Sendable {
    /// RFC 7636, appendix B.
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    static let redirect = "http://127.0.0.1:53682/callback"

    /// Redirects are what is looked at, so none is followed.
    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))

    let baseURL: String
    let clientID: String
    let secret: String

    /// - Parameter listener: the base URL of another region's.
    init(_ box: SandboxHarness, id: String? = nil, secret: String? = nil, at listener: String? = nil) {
        baseURL = listener ?? box.baseURL
        clientID = id ?? box.id(.portal)
        self.secret = secret ?? box.value("CLIENT_SECRET")
    }

    func send(_ method: HTTPMethod, _ path: String, headers: [(String, String)] = [], body: String? = nil) async throws -> Reply {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await Self.client.execute(request, timeout: .seconds(20))
        let bytes = try await response.body.collect(upTo: 8 << 20)
        return Reply(
            status: Int(response.status.code),
            headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first }),
            text: String(buffer: bytes))
    }

    static func form(_ fields: [String: String]) -> String {
        func encode(_ text: String) -> String {
            text.utf8.map { RedirectAddress.isUnreserved($0) ? String(UnicodeScalar($0)) : "%" + String(format: "%02X", $0) }.joined()
        }
        return fields.sorted { $0.key < $1.key }.map { "\(encode($0.key))=\(encode($0.value))" }.joined(separator: "&")
    }

    /// What the application asks for; nil takes a parameter out.
    func request(_ changes: [String: String?] = [:]) -> [String: String] {
        var fields = [
            "response_type": "code", "client_id": clientID, "redirect_uri": Self.redirect, "state": "a b&c=d",
            "code_challenge": Self.challenge, "code_challenge_method": "S256",
        ]
        for (name, value) in changes { fields[name] = value }
        return fields
    }

    func open(_ changes: [String: String?] = [:]) async throws -> Reply {
        try await send(.GET, "/oauth/authorize?" + Self.form(request(changes)))
    }

    func post(_ fields: [String: String]) async throws -> Reply {
        try await send(
            .POST, "/oauth/authorize", headers: [("content-type", "application/x-www-form-urlencoded")], body: Self.form(fields))
    }

    func signIn(_ address: String, _ password: String, _ changes: [String: String?] = [:]) async throws -> Reply {
        try await post(request(changes).merging(["username": address, "password": password]) { _, new in new })
    }

    /// What the consent page carries.
    static func consent(_ page: Reply) throws -> String {
        let start = try #require(page.text.range(of: #"name="consent" value=""#)).upperBound
        return String(page.text[start...].prefix { $0 != "\"" })
    }

    func decide(_ page: Reply, _ decision: String = "allow") async throws -> Reply {
        try await post(["consent": Self.consent(page), "decision": decision])
    }

    /// The answer in the address that somebody is sent back to.
    static func answer(_ reply: Reply) -> [String: String] {
        FormFields(reply.headers["location"]?.split(separator: "?").last ?? "").values
    }

    /// The whole way to a code.
    func code(_ address: String, _ password: String, _ changes: [String: String?] = [:]) async throws -> String {
        let page = try await signIn(address, password, changes)
        return try #require(Self.answer(try await decide(page))["code"])
    }

    func exchange(_ code: String, _ changes: [String: String?] = [:]) async throws -> Reply {
        var fields = [
            "grant_type": "authorization_code", "code": code, "redirect_uri": Self.redirect, "code_verifier": Self.verifier,
            "client_id": clientID, "client_secret": secret,
        ]
        for (name, value) in changes { fields[name] = value }
        return try await send(
            .POST, "/oauth/token", headers: [("content-type", "application/x-www-form-urlencoded")], body: Self.form(fields))
    }

    func token(_ address: String, _ password: String, _ changes: [String: String?] = [:]) async throws -> String {
        let reply = try await exchange(code(address, password, changes))
        return try #require(reply.json["access_token"]?.text)
    }

    func call(_ token: String, _ path: String = "/api/account/get-account", _ body: String = "{}") async throws -> Reply {
        try await send(.POST, path, headers: [("authorization", "Bearer \(token)")], body: body)
    }
}

extension SandboxHarness {
    var admin: String { value("ADMIN_EMAIL") }
    var adminPassword: String { value("ADMIN_PASSWORD") }
    static let password = "correct horse: battery"

    /// Makes somebody with a password, and without a role.
    func makePerson(_ local: String = "visitor", password: String = SandboxHarness.password) async throws -> String {
        let address = "\(local)@\(domain)"
        let made = try await item(.portal, "/api/user/create-user", #"{"emailAddress":"\#(address)","password":"\#(password)"}"#)
        #expect(made.fail.isEmpty)
        return address
    }

    func update(_ address: String, _ fields: String) async throws -> Reply {
        try await item(.portal, "/api/user/update-user", #"{"emailAddress":"\#(address)",\#(fields)}"#)
    }

    func advance(_ seconds: Int) async throws {
        #expect(try await control(.POST, "/clock", #"{"advance":\#(seconds)}"#).status == 200)
    }

    /// Registers an application.
    func register(_ draft: String) async throws -> (id: String, credentials: JSON) {
        let reply = try await control(.POST, "/tenants/\(code)/applications", draft)
        #expect(reply.status == 201, "\(reply.text)")
        return (try #require(reply.json["id"]?.text), try #require(reply.json["credentials"]))
    }

    /// What the audit record says, oldest first: the type of each event, with who did it.
    ///
    /// - Parameter before: how many there were; a seeded company has a past.
    func audit(after before: Int = 0) async throws -> [(type: String, actor: String)] {
        try await lines("/tenants/\(code)/audit").dropFirst(before).map { ($0["type"]?.text ?? "", $0["actor"]?.text ?? "") }
    }

    func failedLogons(after before: Int) async throws -> [String] {
        try await audit(after: before).filter { $0.type == AuditKind.logonFailed.type }.map(\.actor)
    }
}
