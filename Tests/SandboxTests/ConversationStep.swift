import Foundation

/// The identity providers whose conversations stand in Tests/Conversations.
enum ConversationPartner: String, CaseIterable, Sendable { case okta, entra, onelogin, google }

/// One request of a conversation and what has to come back (Tests/Conversations/README.md).
struct ConversationStep: Sendable {
    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    let file: String
    let says: String
    let method: String
    /// Below the SCIM base, with its query, as it goes over the wire.
    let path: String
    /// nil takes out what every request has: the authorization.
    let headers: [(name: String, value: String?)]
    let body: ConversationJSON?
    let rawBody: String?
    let statuses: [Int]
    let expectedHeaders: [ConversationJSON.Member]
    let expectedBody: ConversationJSON?

    init(file: String, text: String) throws {
        func fail(_ reason: String) -> Unreadable { Unreadable(description: "\(file): \(reason)") }
        func only(_ names: Set<String>, _ value: ConversationJSON, _ place: String) throws {
            for member in value.members ?? [] where !names.contains(member.name) { throw fail("\(place) has an unknown \(member.name)") }
        }
        let step = try ConversationJSON(text)
        self.file = file
        guard let says = step["says"]?.text, let request = step["request"], let expect = step["expect"] else {
            throw fail("says, request or expect is missing")
        }
        try only(["says", "because", "request", "expect"], step, "the step")
        try only(["method", "path", "headers", "body", "rawBody"], request, "request")
        try only(["status", "headers", "body"], expect, "expect")
        guard let method = request["method"]?.text, let path = request["path"]?.text, path.hasPrefix("/") else {
            throw fail("request.method or request.path is missing")
        }
        self.says = says
        self.method = method
        self.path = path
        headers = try (request["headers"]?.members ?? []).map { header in
            switch header.value {
            case .string(let text): (header.name, text)
            case .null: (header.name, nil)
            default: throw fail("the header \(header.name) is neither text nor null")
            }
        }
        body = request["body"]
        rawBody = request["rawBody"]?.text
        if body != nil, rawBody != nil { throw fail("body and rawBody exclude each other") }
        statuses = try (expect["status"]?.elements ?? [expect["status"] ?? .null]).map { status in
            guard let code = status.integer, (200...599).contains(code) else { throw fail("expect.status is no status") }
            return code
        }
        expectedHeaders = expect["headers"]?.members ?? []
        expectedBody = expect["body"]
    }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Conversations")

    /// A conversation's steps, in the order of their file names.
    static func all(of partner: ConversationPartner) throws -> [ConversationStep] {
        let folder = folder.appendingPathComponent(partner.rawValue)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }.sorted().map { name in
            try ConversationStep(
                file: "\(partner)/\(name)", text: String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8))
        }
    }
}
