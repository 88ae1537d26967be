import Foundation
import Testing

/// Code that others wrote for the vendor, unchanged but for the host, runs against the sandbox.
@Suite struct RealClientTests {
    /// script/test installs them and says where.
    static let python = ProcessInfo.processInfo.environment["MUSTER_CLIENTS_PYTHON"]

    @Test(.enabled(if: python != nil, "run script/test, which installs the clients"))
    func clientsOfOthersRunUnchanged() async throws {
        let program = try #require(Self.python)
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Clients/real_client.py").path
        try await Desk.with(people: 600) { desk in
            let outcome = try await desk.binary.start([script], with: desk.sandbox.credentials, program: program).outcome()
            #expect(outcome.exit == 0, "\(outcome)")
            #expect(outcome.out.hasSuffix("18 steps\n"), "\(outcome)")
        }
    }
}
