import Foundation
import Mimecast
import TestSupport
import Testing

/// An administrator's desk: a folder, a sandbox with its credentials in the environment, and the program.
final class Desk: Sendable {
    let folder: TemporaryFolder
    let binary: MusterBinary
    let sandbox: SandboxProcess
    let way: Way

    /// A sandbox takes a core of its own; two cores are what a small machine has.
    private static let seats = Seats(2)

    /// Sets a desk up for as long as `body` takes.
    static func with<T: Sendable>(
        _ flavour: Flavour = .portal, people: Int = 40, sandbox arguments: [String] = [], _ body: @Sendable (Desk) async throws -> T
    ) async throws -> T {
        try await with(Way(flavour), people: people, sandbox: arguments, body)
    }

    static func with<T: Sendable>(
        _ way: Way, people: Int = 40, sandbox arguments: [String] = [], _ body: @Sendable (Desk) async throws -> T
    ) async throws -> T {
        await seats.take()
        do {
            let folder = try TemporaryFolder()
            let plain = MusterBinary(folder: folder.path)
            let sandbox = try await SandboxProcess(plain, people: people, arguments: arguments)
            defer { sandbox.stop() }
            let desk = Desk(folder: folder, binary: plain, sandbox: sandbox, way: way)
            if way.isOverSCIM { _ = try await desk.insist(desk.binary.run(desk.addingOverSCIM), 0, #_sourceLocation) }
            let result = try await body(desk)
            await seats.free()
            return result
        } catch {
            await seats.free()
            throw error
        }
    }

    private init(folder: TemporaryFolder, binary: MusterBinary, sandbox: SandboxProcess, way: Way) {
        self.folder = folder
        self.sandbox = sandbox
        self.way = way
        self.binary = MusterBinary(folder: folder.path, variables: sandbox.credentials)
    }

    var flavour: Flavour { way.flavour }
    /// The flags that name the tenant and the way.
    var flags: [String] { way.isOverSCIM ? ["--tenant", code] : flavour.flags }
    /// The command that makes the tenant known as one that is written over SCIM.
    var addingOverSCIM: [String] {
        let secret = flavour == .guide ? "MIMECAST_GUIDE_CLIENT_SECRET" : "MIMECAST_CLIENT_SECRET"
        return [
            "tenants", "add", code, "--base-url", sandbox.baseURL, "--client-id=\(sandbox.credentials[flavour.applicationID] ?? "")",
            "--client-secret", "env:\(secret)", "--allow-writes", "--writes", "scim",
        ]
    }

    var code: String { sandbox.code }
    var tenant: GuideReader { sandbox.tenant }
    var control: ControlClient { sandbox.control }

    /// Runs a command and insists on its exit code.
    @discardableResult
    func muster(
        _ arguments: String..., expect: Int32, with variables: [String: String] = [:], input: String? = nil,
        at location: SourceLocation = #_sourceLocation
    ) async throws -> Outcome {
        let outcome = try await binary.run(arguments, with: variables, input: input)
        return try await insist(outcome, expect, location)
    }

    /// Plans from an export, with `--json`.
    @discardableResult
    func plan(
        _ csv: PeopleCSV, _ arguments: String..., out: String? = nil, expect: Int32, at location: SourceLocation = #_sourceLocation
    ) async throws -> JSON {
        let source = try folder.write(csv.text, to: "people.csv")
        let flags = self.flags + (out.map { ["--out", $0] } ?? []) + arguments
        let outcome = try await insist(try await binary.run(["plan", "--from", source, "--json"] + flags), expect, location)
        return try #require(outcome.document, "\(outcome)", sourceLocation: location)
    }

    private func insist(_ outcome: Outcome, _ exit: Int32, _ location: SourceLocation) async throws -> Outcome {
        // Somebody who stops every sandbox of the machine stops this one, too: better to know that than to look for a bug.
        if !sandbox.process.isRunning { Issue.record("The sandbox ended: \(try await sandbox.process.outcome())") }
        try #require(outcome.exit == exit, "\(outcome)", sourceLocation: location)
        return outcome
    }

    /// Plan, approve, apply: all of it done and read back, and nothing left to do afterwards.
    func bringAbout(_ csv: PeopleCSV, at location: SourceLocation = #_sourceLocation) async throws {
        let plan = try await plan(csv, expect: 2, at: location)
        let id = try #require(plan["plan"]?.text)
        try await muster("approve", id, expect: 0, at: location)
        let applied = try await muster("apply", id, "--json", expect: 0, at: location)
        let work = plan["counts"]?.members.filter { !["blocked", "undecided"].contains($0.key) }.values.compactMap(\.int).reduce(0, +)
        #expect(applied.document?["done"]?.int == work, "\(applied)", sourceLocation: location)
        #expect(applied.document?["verified"]?.int == work, "\(applied)", sourceLocation: location)
        try await expectInLine(csv, at: location)
    }

    /// The next plan finds nothing to do.
    func expectInLine(_ csv: PeopleCSV, at location: SourceLocation = #_sourceLocation) async throws {
        let plan = try await plan(csv, expect: 0, at: location)
        let changes = plan["changes"]?.list.filter { $0["kind"]?.text != "blocked" } ?? [.null]
        #expect(changes == [], sourceLocation: location)
    }
}

/// So many at once, in the order in which they came.
actor Seats {
    private var left: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { left = count }

    func take() async {
        if left > 0 {
            left -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func free() async {
        if waiting.isEmpty { left += 1 } else { waiting.removeFirst().resume() }
    }
}
