import Foundation
import NIOHTTP1
import Testing

@testable import Sandbox

/// Plays a conversation to a sandbox, step by step, and records what differs from what the steps expect.
struct ConversationPlayer {
    let box: SandboxHarness
    let token: String
    private(set) var values: [String: String]

    /// After so many steps that failed the rest would only repeat the first ones.
    private static let patience = 8

    init(_ box: SandboxHarness) async throws {
        self.box = box
        token = try await box.token(.guide, scope: "user/read user/write user/delete")
        values = ["domain": box.domain, "base": box.baseURL + SandboxOptions.scimPath]
    }

    mutating func play(_ steps: [ConversationStep]) async throws {
        var failures = 0
        for step in steps where failures < Self.patience {
            let differences = try await play(step)
            guard !differences.isEmpty else { continue }
            failures += 1
            Issue.record("\(step.file): \(step.says)\n  \(step.method) \(step.path)\n  \(differences.joined(separator: "\n  "))")
        }
    }

    /// Makes the step's request; gives what is wrong with the answer.
    private mutating func play(_ step: ConversationStep) async throws -> [String] {
        var matcher = ConversationMatcher(values: values)
        let reply: Reply
        do {
            reply = try await send(step, matcher)
        } catch let error as ConversationMatcher.UnknownName {
            return ["\(error), because an earlier step failed or is missing"]
        }
        var differences: [String] = []
        if !step.statuses.contains(reply.status) { differences.append("status: expected \(step.statuses), got \(reply.status)") }
        var body: ConversationJSON?
        do {
            if !reply.text.isEmpty { body = try ConversationJSON(reply.text) }
            if let expected = step.expectedBody { matcher.match(expected, body) }
            differences += ConversationRules.breaches(status: reply.status, headers: reply.headers, body: body)
        } catch {
            differences.append("\(error)")
        }
        // After the body, which may have captured what a header repeats.
        for header in step.expectedHeaders {
            matcher.match(header.value, reply.headers[header.name.lowercased()].map { .string($0) }, at: header.name)
        }
        differences += matcher.differences
        if !differences.isEmpty { differences.append("answer: \(reply.text.prefix(1_500))") }
        values = matcher.values
        return differences
    }

    private func send(_ step: ConversationStep, _ matcher: ConversationMatcher) async throws -> Reply {
        var headers: [(String, String)] = []
        if !step.headers.contains(where: { $0.name.lowercased() == "authorization" }) {
            headers.append(("Authorization", "Bearer \(token)"))
        }
        for header in step.headers {
            if let value = header.value { headers.append((header.name, try matcher.filled(value))) }
        }
        let body = try step.rawBody.map(matcher.filled) ?? step.body?.mapStrings(matcher.filled).serialized
        return try await box.send(
            HTTPMethod(rawValue: step.method), SandboxOptions.scimPath + matcher.filled(step.path), headers: headers, body: body)
    }
}
