import Foundation
import Testing

/// Code that others wrote for the vendor, unchanged but for the host, runs against the sandbox.
@Suite struct RealClientTests {
    /// script/test installs them and says where.
    static let python = ProcessInfo.processInfo.environment["MUSTER_CLIENTS_PYTHON"]

    @Test(.enabled(if: python != nil, "run script/test, which installs the clients"))
    func clientsOfOthersRunUnchanged() async throws {
        try await run("real_client.py", people: 600, steps: 18)
    }

    @Test(.enabled(if: python != nil, "run script/test, which installs the clients"))
    func scimClientsOfOthersReportNoError() async throws {
        // Few enough for what scim2-tester makes to be on the first page, where it looks for it.
        try await run("scim_clients.py", people: 40, steps: 11)
    }

    private func run(_ name: String, people: Int, steps: Int) async throws {
        let program = try #require(Self.python)
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Clients/\(name)").path
        try await Desk.with(people: people) { desk in
            let outcome = try await desk.binary.start([script], with: desk.sandbox.credentials, program: program).outcome()
            #expect(outcome.exit == 0, "\(outcome)")
            #expect(outcome.out.hasSuffix("\(steps) steps\n"), "\(outcome)")
        }
    }
}
