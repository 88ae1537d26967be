import Foundation
import Mimecast
import Testing

/// Writes `docs/guide-coverage.md`, and proves that what it says exists: the requests in the endpoint descriptions, the tests in the
/// test sources.
@Suite struct GuideCoverageTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func everyStatementNamesARequestThatExists() {
        let described = Set(Endpoints.all.map { "\($0.method.rawValue) \($0.path)" }).union([
            "POST \(Endpoints.tokenPath)", "GET \(Endpoints.authorizePath)",
        ]).union(Self.scim)
        for statement in GuideStatement.all {
            for request in statement.requests { #expect(described.contains(request), "\(statement.text): \(request)") }
        }
    }

    /// What the guide lists of SCIM, which is described by its RFCs and not by the vendor's endpoints.
    private static let scim = [
        "GET /Users", "GET /Users/{id}", "POST /Users", "PUT /Users/{id}", "PATCH /Users/{id}", "DELETE /Users/{id}", "GET /Groups",
        "POST /Groups", "PATCH /Groups/{id}", "DELETE /Groups/{id}",
    ].map { $0.replacingOccurrences(of: " /", with: " /scim/v2/") }

    @Test func everyStatementNamesATestThatExists() throws {
        let sources = try Self.testSources()
        for statement in GuideStatement.all {
            #expect(!statement.tests.isEmpty, "\(statement.text) has no test")
            for test in statement.tests {
                let parts = test.split(separator: "/").map(String.init)
                let found = sources.contains { suite, text in suite == parts[0] && text.contains("func \(parts[1])(") }
                #expect(parts.count == 2 && found, "\(statement.text): no test \(test)")
            }
        }
    }

    @Test func theDocumentIsCurrent() throws {
        let file = Self.root.appendingPathComponent("docs/guide-coverage.md")
        let text = Self.document()
        if (try? String(contentsOf: file, encoding: .utf8)) != text { try text.write(to: file, atomically: true, encoding: .utf8) }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    /// Pairs of test target and source text.
    private static func testSources() throws -> [(suite: String, text: String)] {
        let tests = root.appendingPathComponent("Tests")
        let files = FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        return try files.filter { $0.pathExtension == "swift" }.map { file in
            let target = file.path.dropFirst(tests.path.count + 1).split(separator: "/").first.map(String.init) ?? ""
            return (target, try String(contentsOf: file, encoding: .utf8))
        }
    }

    private static func document() -> String {
        var lines = [
            "# Coverage of the guide", "",
            "What the guide to the vendor's user-management API states, in our words, with the request that carries it, the command of",
            "Muster that uses it, and the tests that show it. Written by `MimecastTests`; do not edit.", "",
        ]
        for section in GuideStatement.Section.allCases {
            lines += ["## \(section.rawValue)", "", "| statement | request | command | tests |", "| --- | --- | --- | --- |"]
            for statement in GuideStatement.all where statement.section == section {
                let requests = statement.requests.map { "`\($0)`" }.joined(separator: "<br>")
                let tests = statement.tests.map { "`\($0)`" }.joined(separator: "<br>")
                let command = statement.command.map { "`\($0)`" } ?? "-"
                lines.append("| \(statement.text) | \(requests.isEmpty ? "-" : requests) | \(command) | \(tests) |")
            }
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }
}
