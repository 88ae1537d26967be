import HTTPTypes
import SCIM
import SCIMServer
import Synchronization
import Testing

/// A service in front of a provider in memory, and a way to talk to it.
struct Desk {
    static let base = "https://scim.example/scim/v2"

    private final class Notes: Sendable {
        let seconds = Mutex(1_700_000_000)
        let failures = Mutex<[String]>([])
    }

    let service: SCIMService
    let provider = MemoryProvider()
    private let notes = Notes()

    /// The types of the errors that were reported.
    var failures: [String] { notes.failures.withLock { $0 } }

    init(registry: SchemaRegistry = .standard, _ change: (inout SCIMSettings) -> Void = { _ in }) {
        var settings = SCIMSettings(cursorKey: Array("key".utf8))
        change(&settings)
        let notes = notes
        service = SCIMService(
            registry: registry, settings: settings, now: { notes.seconds.withLock { $0 } },
            onFailure: { error in notes.failures.withLock { $0.append("\(type(of: error))") } })
    }

    func wait(seconds: Int) { notes.seconds.withLock { $0 += seconds } }

    /// - Parameters:
    ///   - line: method and target, such as `GET /Users?count=1`.
    ///   - headers: their `Content-Type` is added where there is a body.
    @discardableResult
    func send(
        _ line: String, _ body: JSONValue? = nil, headers: HTTPFields = [:], caller: SCIMCaller = SCIMCaller(tenant: "t"),
        base: String = Desk.base
    ) async throws -> Reply {
        try await send(line, bytes: body?.serialized ?? [], headers: headers, caller: caller, base: base)
    }

    func send(
        _ line: String, bytes: [UInt8], headers: HTTPFields = [:], caller: SCIMCaller = SCIMCaller(tenant: "t"), base: String = Desk.base
    ) async throws -> Reply {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        let target = words.count > 1 ? words[1] : ""
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var headers = headers
        if !bytes.isEmpty, headers[.contentType] == nil { headers[.contentType] = "application/scim+json" }
        let request = SCIMRequest(
            method: words[0], path: parts.first ?? "", query: parts.count > 1 ? parts[1] : "", headers: headers, body: bytes)
        return try Reply(await service.respond(to: request, provider: provider, caller: caller, baseURL: base))
    }

    @discardableResult
    func makeUser(_ name: String, _ more: JSONObject = [:]) async throws -> String {
        var body: JSONObject = ["schemas": [.string(UserResource.schema)], "userName": .string(name)]
        for member in more.members { body[member.name] = member.value }
        let reply = try await send("POST /Users", .object(body))
        #expect(reply.status == 201)
        return try #require(reply["id"]?.text)
    }

    @discardableResult
    func makeGroup(_ name: String, _ members: [String] = []) async throws -> String {
        let reply = try await send(
            "POST /Groups",
            [
                "schemas": [.string(GroupResource.schema)], "displayName": .string(name),
                "members": .array(members.map { ["value": .string($0)] }),
            ])
        #expect(reply.status == 201)
        return try #require(reply["id"]?.text)
    }

    static func patch(_ operations: JSONValue...) -> JSONValue {
        ["schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": .array(operations)]
    }
}

/// An answer that has been looked through for what holds of every answer.
struct Reply {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]
    let json: JSONObject?

    init(_ response: SCIMResponse) throws {
        status = response.status
        headers = response.headers
        bytes = response.body
        json = response.body.isEmpty ? nil : try JSONValue.parse(response.body).object
        #expect(json != nil || response.body.isEmpty)
        if json != nil { #expect(headers[.contentType] == "application/scim+json") }
        if status >= 400, let json {
            #expect(json["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"])
            #expect(json["status"] == .string(String(status)))
            #expect(json["detail"]?.text?.isEmpty == false)
        }
    }

    subscript(name: String) -> JSONValue? { json?[name] }

    var kind: String? { json?["scimType"]?.text }
    var detail: String { json?["detail"]?.text ?? "" }
    var resources: [JSONObject] { json?["Resources"]?.array?.compactMap(\.object) ?? [] }
    var names: [String] { resources.compactMap { $0["userName"]?.text ?? $0["displayName"]?.text } }

    func number(_ name: String) -> String? {
        guard case .number(let number)? = json?[name] else { return nil }
        return number.literal
    }
}
