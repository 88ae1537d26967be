import Foundation
import NIOHTTP1
import Testing

@testable import Sandbox

/// What came back for a SCIM request.
struct ScimAnswer: Sendable {
    let status: Int
    let headers: [String: String]
    let body: ConversationJSON?

    subscript(name: String) -> ConversationJSON? { body?[name] }
    var id: String { body?["id"]?.text ?? "" }
    var kind: String? { body?["scimType"]?.text }
    var version: String { body?["meta"]?["version"]?.text ?? "" }
    var total: Int? { body?["totalResults"]?.integer }
    var resources: [ConversationJSON] { body?["Resources"]?.elements ?? [] }
    var ids: [String] { resources.compactMap { $0["id"]?.text } }
    /// The ids of a group's members.
    var members: [String] { body?["members"]?.elements?.compactMap { $0["value"]?.text } ?? [] }
}

/// SCIM as a provider speaks it, in short.
extension SandboxHarness {
    static let scimRights = "user/read user/write user/delete"

    /// Makes a SCIM request, and checks that the answer keeps to the rules that hold for every one.
    func scim(
        _ method: HTTPMethod, _ path: String, _ body: String? = nil, headers: [(String, String)] = [], rights: String? = scimRights,
        at place: SourceLocation = #_sourceLocation
    ) async throws -> ScimAnswer {
        var headers = headers
        if let rights { headers.append(("authorization", "Bearer \(try await token(.guide, scope: rights))")) }
        if body != nil, !headers.contains(where: { $0.0.lowercased() == "content-type" }) {
            headers.append(("content-type", "application/scim+json"))
        }
        let reply = try await send(method, SandboxOptions.scimPath + path, headers: headers, body: body)
        let answer = ScimAnswer(
            status: reply.status, headers: reply.headers, body: reply.text.isEmpty ? nil : try ConversationJSON(reply.text))
        let breaches = ConversationRules.breaches(status: answer.status, headers: answer.headers, body: answer.body)
        #expect(breaches == [], "\(method) \(path): \(reply.text.prefix(1_000))", sourceLocation: place)
        return answer
    }

    /// Looks up with a filter, encoded as it has to be.
    func find(_ filter: String, in type: String = "Users", at place: SourceLocation = #_sourceLocation) async throws -> ScimAnswer {
        try await scim(.GET, "/\(type)?filter=\(Self.encoded(filter))", at: place)
    }

    static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    func postUser(_ name: String, _ more: String = "") async throws -> ScimAnswer {
        let text = #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"\#(name)"\#(more.isEmpty ? "" : ",")\#(more)}"#
        return try await scim(.POST, "/Users", text)
    }

    /// The id of a new user.
    func newUser(_ name: String, _ more: String = "") async throws -> String {
        let answer = try await postUser(name, more)
        try #require(answer.status == 201)
        return answer.id
    }

    /// The id of a new group.
    func newGroup(_ name: String, _ members: [String] = []) async throws -> String {
        let members = members.map { #"{"value":"\#($0)"}"# }.joined(separator: ",")
        let answer = try await scim(
            .POST, "/Groups",
            #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"\#(name)","members":[\#(members)]}"#)
        try #require(answer.status == 201)
        return answer.id
    }

    /// - Parameter operations: JSON, separated by commas.
    func patch(
        _ path: String, _ operations: String, headers: [(String, String)] = [], at place: SourceLocation = #_sourceLocation
    ) async throws -> ScimAnswer {
        try await scim(
            .PATCH, path, #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[\#(operations)]}"#,
            headers: headers, at: place)
    }
}
