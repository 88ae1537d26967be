import Foundation
import Mimecast
import Synchronization
import TestSupport
import Testing

/// The built program delivers to a receiver of somebody else's, which verifies with a library of somebody else's.
@Suite struct HookTests {
    private static let isReady: Comment = "run script/test, which installs the clients"

    @Test(.enabled(if: RealClientTests.python != nil, isReady))
    func deliveriesVerifyAndComeOnceInOrder() async throws {
        try await HookDesk.with { desk in
            // Before there is a hook, so that it is asked for by time.
            try await desk.muster("hooks", "list", expect: 0)
            try await desk.happen(["ann@example.com", "bob@example.com", "ann@example.com", ""])
            try await desk.receive(HookDesk.secret(0))
            try desk.folder.write(HookDesk.secret(0), to: "secret.txt")
            try await desk.muster(
                "hooks", "add", desk.url, "--allow-private", "--name", "desk", "--secret", "file:secret.txt", "--since", "1h", expect: 0)

            let tested = try await desk.muster("hooks", "test", "desk", "--json", expect: 0)
            #expect(tested.document?["taken"] == .bool(true))
            #expect(try desk.deliveries().map(\.type) == ["hook.test"])

            let delivered = try await desk.muster("hooks", "deliver", "--json", expect: 0)
            #expect(delivered.document?["delivered"]?.int == 4, "\(delivered)")
            let tries = try desk.deliveries().dropFirst()
            #expect(tries.allSatisfy { $0.verified == [0] && $0.id == $0.event && $0.status == 200 })
            #expect(tries.allSatisfy { $0.contentType == "application/cloudevents+json; charset=utf-8" })
            #expect(tries.filter { $0.person == "ann@example.com" }.map(\.id) == ["e1", "e3"])
            #expect(Set(tries.map(\.id)) == ["e1", "e2", "e3", "e4"])
            try await desk.muster("hooks", "deliver", expect: 0)
            #expect(try desk.deliveries().count == 5)
        }
    }

    @Test(.enabled(if: RealClientTests.python != nil, isReady))
    func bothSecretsSignWhileOneTakesOver() async throws {
        try await HookDesk.with { desk in
            let (old, new) = (HookDesk.secret(1), HookDesk.secret(2))
            try await desk.receive(old, new)
            try await desk.muster(
                "hooks", "add", desk.url, "--allow-private", "--name", "desk", "--secret", "env:OLD", expect: 0, with: ["OLD": old])
            try await desk.muster(
                "hooks", "rotate", "desk", "--secret", "-", "--grace", "1h", expect: 0, input: new + "\n")
            try await desk.happen(["ann@example.com"])
            // Without the old one's variable nothing can be signed: the hook waits, and no event pays for it.
            let waiting = try await desk.muster("hooks", "deliver", "--json", expect: 4)
            #expect(waiting.document?["note"]?.text?.contains("OLD") == true, "\(waiting)")
            #expect(try desk.deliveries().isEmpty)
            try await desk.muster("hooks", "enable", "desk", expect: 0)
            try await desk.muster("hooks", "deliver", expect: 0, with: ["OLD": old])
            #expect(try desk.deliveries().map(\.verified) == [[0, 1]])
            try await desk.muster("hooks", "rotate", "desk", "--grace", "1s", expect: 0)
        }
    }

    @Test(.enabled(if: RealClientTests.python != nil, isReady))
    func killedAtEachStepNothingIsLost() async throws {
        try await HookDesk.with { desk in
            let secret = HookDesk.secret(3)
            try await desk.receive(secret)
            try desk.folder.write(secret, to: "secret.txt")
            try await desk.muster("hooks", "add", desk.url, "--allow-private", "--name", "desk", "--secret", "file:secret.txt", expect: 0)
            let people = ["ann@example.com", "bob@example.com", "ann@example.com"]
            var step = 0
            var told = 0
            var hasEnded = false
            while !hasEnded {
                step += 1
                try #require(step < 30, "The delivery never ended by itself.")
                try await desk.happen(people)
                told += people.count
                let killed = try await desk.binary.run(["hooks", "deliver"], with: ["MUSTER_FAILPOINT": "hooks:\(step)"])
                if killed.signal != SIGKILL {
                    #expect(killed.exit == 0, "\(killed)")
                    hasEnded = true
                }
                // Whoever follows takes the hook over at once: the process that had it is dead.
                try await desk.muster("hooks", "deliver", expect: 0)
                let ids = try desk.deliveries().map(\.id).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
                #expect(Set(ids) == Set((1...told).map { "e\($0)" }), "step \(step)")
                let ann = ids.filter { ((Int($0.dropFirst()) ?? 0) - 1) % 3 != 1 }
                #expect(ann == ann.sorted { (Int($0.dropFirst()) ?? 0) < (Int($1.dropFirst()) ?? 0) }, "step \(step): \(ann)")
            }
            // Before the call, before its answer is stored, and after that, for each event.
            #expect(step == 3 * people.count + 1)
            // Each of these kills cost a repeat at most of what was under way.
            #expect(try desk.deliveries().count <= told + 2 * step)
        }
    }

    @Test(.enabled(if: RealClientTests.python != nil, isReady))
    func whatDoesNotArriveIsSaid() async throws {
        try await HookDesk.with { desk in
            let secret = HookDesk.secret(4)
            try await desk.receive(secret)
            try await desk.muster(
                "hooks", "add", desk.url, "--allow-private", "--name", "desk", "--secret", "env:SECRET", expect: 0, with: ["SECRET": secret]
            )
            try await desk.happen(["ann@example.com"])
            try desk.folder.write("302", to: "answer")
            try await desk.muster("hooks", "deliver", expect: 4, with: ["SECRET": secret])
            let list = try await desk.muster("hooks", "list", "--json", expect: 0)
            let hook = try #require(list.document?["hooks"]?.list.first)
            #expect(hook["waiting"]?.int == 1 && hook["note"]?.text == "HTTP 302: redirects are not followed", "\(list)")
            #expect(try desk.deliveries().count == 1)
            let failed = try await desk.muster("hooks", "test", "desk", "--json", expect: 69, with: ["SECRET": secret])
            #expect(failed.error?["code"]?.text == "hook-failed")
            try desk.folder.write("410", to: "answer")
            try await desk.muster("hooks", "enable", "desk", expect: 0)
            try await desk.muster("hooks", "deliver", expect: 0, with: ["SECRET": secret])
            let gone = try await desk.muster("hooks", "list", expect: 0)
            #expect(gone.out.contains("gone") && gone.out.contains("muster hooks enable"), "\(gone)")
            try desk.folder.write("200", to: "answer")
            try await desk.muster("hooks", "enable", "desk", expect: 0)
            let follow = try desk.binary.start(["hooks", "deliver", "--follow", "--json"], with: ["SECRET": secret])
            try await eventually("it is delivered") { try desk.deliveries().last?.status == 200 }
            try await desk.happen(["bob@example.com"])
            try await eventually("what comes is delivered") { try desk.deliveries().last?.id == "e2" }
            // Whoever is stopped before the answer is kept delivers once more.
            try await eventually("its answer is kept") {
                try await desk.muster("hooks", "list", "--json", expect: 0).document?["hooks"]?.list.first?["delivered"]?.int == 2
            }
            follow.send(signal: SIGTERM)
            #expect(try await follow.outcome().exit == 0)
            try await desk.muster("hooks", "replay", "desk", "--since", "1h", expect: 0)
            try await desk.muster("hooks", "deliver", expect: 0, with: ["SECRET": secret])
            #expect(try desk.deliveries().filter { $0.status == 200 }.map(\.id).sorted() == ["e1", "e1", "e2", "e2"])
            try await desk.muster("audit", "verify", expect: 0)
        }
    }

    @Test func whereNothingMayBeDelivered() async throws {
        try await HookDesk.with { desk in
            for url in [
                "http://example.com/", "https://10.0.0.1/", "https://localhost:8443/", "https://user:secret@example.com/", "example.com",
            ] {
                let refused = try await desk.binary.run(["hooks", "add", url, "--json", "--name", "x"])
                if url.contains("localhost") {
                    // A name is judged when it is called.
                    #expect(refused.exit == 0, "\(refused)")
                } else {
                    #expect(refused.exit == 64 && refused.error?["code"]?.text == "hook-url", "\(refused)")
                    #expect(!refused.out.contains("user:secret"), "\(refused)")
                }
            }
            let tested = try await desk.muster("hooks", "test", "x", "--json", expect: 69)
            #expect(tested.error?["message"]?.text?.contains("loopback") == true, "\(tested)")
            try await desk.muster("hooks", "add", "https://example.com/", "--type", "Account", expect: 64)
            try await desk.muster("hooks", "add", "https://example.com/", "--secret", "whsec_abc", expect: 64)
            try await desk.muster("hooks", "add", "https://example.com/", "--secret", "-", expect: 65, input: "too short\n")
            try await desk.muster("hooks", "add", "https://example.com/", "--tenant", "CNONE", expect: 65)
            try await desk.muster("hooks", "test", "y", expect: 65)
        }
    }

    @Test func aSecretIsShownOnceAndIsInNoStore() async throws {
        try await HookDesk.with { desk in
            let added = try await desk.muster("hooks", "add", "https://example.com/", "--name", "desk", expect: 0)
            let secret = try #require(added.out.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("whsec_") }).dropFirst(6)
            let folder = desk.folder.file("config/muster/secrets")
            let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            try #require(files.count == 1)
            let kept = folder + "/" + files[0]
            #expect(try String(contentsOfFile: kept, encoding: .utf8) == "whsec_" + secret)
            #expect(try FileManager.default.attributesOfItem(atPath: kept)[.posixPermissions] as? Int == 0o600)
            for words in [["hooks", "list"], ["hooks", "list", "--json"], ["audit", "export"], ["hooks", "dead", "desk", "--json"]] {
                let told = try await desk.binary.run(words)
                #expect(told.exit == 0 && !told.out.contains(secret) && !told.err.contains(secret), "\(told)")
            }
            for name in try FileManager.default.contentsOfDirectory(atPath: desk.folder.path) where name.hasPrefix("muster.db") {
                let bytes = try Data(contentsOf: desk.folder.url.appendingPathComponent(name))
                #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)")
            }
            try await desk.muster("hooks", "remove", "desk", "--yes", expect: 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }
}

/// A folder with a store, a tenant that the environment names, and a receiver.
private final class HookDesk: Sendable {
    struct Delivery: Decodable, Sendable {
        var id: String
        var event: String
        var type: String
        var person: String
        var status: Int
        var verified: [Int]
        var contentType: String
    }

    let folder: TemporaryFolder
    let binary: MusterBinary
    private let receiver = Seat()

    private init() throws {
        folder = try TemporaryFolder()
        binary = MusterBinary(folder: folder.path, variables: ["MIMECAST_ACCOUNT_CODE": "CACME", "XDG_CONFIG_HOME": folder.file("config")])
    }

    static func with(_ body: (HookDesk) async throws -> Void) async throws {
        let desk = try HookDesk()
        defer { desk.receiver.take(nil) }
        try await body(desk)
    }

    static func secret(_ byte: UInt8) -> String { "whsec_" + Data(repeating: byte, count: 32).base64EncodedString() }

    var url: String { "http://127.0.0.1:\((try? folder.read("port")) ?? "9999")/in" }

    /// Starts the receiver, or another in its place.
    func receive(_ secrets: String...) async throws {
        let python = try #require(RealClientTests.python)
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Clients/hook_receiver.py").path
        try? FileManager.default.removeItem(atPath: folder.file("port"))
        let process = try binary.start([script, folder.path] + secrets, program: python)
        receiver.take(process)
        try await eventually("the receiver is ready") {
            guard process.isRunning else { throw HarnessError("The receiver ended: \(process.standardError)") }
            return FileManager.default.fileExists(atPath: folder.file("port"))
        }
    }

    func deliveries() throws -> [Delivery] {
        guard FileManager.default.fileExists(atPath: folder.file("deliveries")) else { return [] }
        return try folder.read("deliveries").split(separator: "\n").map { try JSONDecoder().decode(Delivery.self, from: Data($0.utf8)) }
    }

    @discardableResult
    func muster(
        _ arguments: String..., expect: Int32, with variables: [String: String] = [:], input: String? = nil,
        at location: SourceLocation = #_sourceLocation
    ) async throws -> Outcome {
        let outcome = try await binary.run(arguments, with: variables, input: input)
        try #require(outcome.exit == expect, "\(outcome)", sourceLocation: location)
        return outcome
    }

    /// Puts events into the store's log, behind those that are there.
    func happen(_ people: [String]) async throws {
        let script = """
            import json, sqlite3, sys, time
            db = sqlite3.connect("muster.db", timeout=30)
            last = (db.execute("SELECT number FROM event_heads WHERE tenant = 'CACME'").fetchone() or [0])[0]
            for person in sys.argv[1:]:
                last += 1
                body = {"id": f"e{last}", "source": "/tenants/CACME", "specversion": "1.0", "type": "account.changed"}
                if person: body["subject"] = person
                row = ("CACME", last, f"e{last}".encode(), "account.changed", person, int(time.time()), json.dumps(body))
                db.execute("INSERT INTO events (tenant, number, id, type, person, at, body) VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            db.execute("INSERT INTO event_heads VALUES ('CACME', ?1) ON CONFLICT (tenant) DO UPDATE SET number = ?1", (last,))
            db.commit()
            """
        let outcome = try await binary.start(["-c", script] + people, program: try #require(RealClientTests.python)).outcome()
        try #require(outcome.exit == 0, "\(outcome)")
    }
}

/// Holds one process, and ends it when another takes its place.
private final class Seat: Sendable {
    private let process = Mutex<RunningProcess?>(nil)

    func take(_ next: RunningProcess?) {
        let before = process.withLock { held in
            defer { held = next }
            return held
        }
        before?.end()
    }
}
