import Foundation
import Mimecast
import TestSupport
import Testing

/// `muster` alone says what the next step is in the state that it finds.
@Suite struct NextStepTests {
    @Test func withoutAStoreItBeginsAtTheBeginning() async throws {
        let folder = try TemporaryFolder()
        let muster = MusterBinary(folder: folder.path)
        let outcome = try await muster.run([])
        #expect(outcome.exit == 0)
        #expect(outcome.out.contains("muster demo"))
        #expect(!FileManager.default.fileExists(atPath: folder.file("muster.db")))
        let document = try await muster.run(["--json"]).document
        #expect(document?["next"]?.text?.contains("muster tenants add") == true)
    }

    @Test func itFollowsTheCircle() async throws {
        try await Desk.with { desk in
            func next() async throws -> String { try await desk.muster("--json", expect: 0).document?["next"]?.text ?? "" }
            #expect(try await next() == "muster sync")
            try await desk.muster("sync", expect: 0)
            #expect(try await next().hasPrefix("muster plan --from"))
            var csv = PeopleCSV(try await desk.tenant.users())
            let person = try await desk.tenant.users().pick()
            csv[person.address].active = false
            let removal = try await desk.plan(csv, expect: 2)["plan"]?.text ?? ""
            #expect(try await next() == "muster approve \(removal)")
            try await desk.muster("approve", removal, expect: 0)
            #expect(try await next() == "muster apply \(removal)")
            let killed = try await desk.binary.run(["apply", removal], with: ["MUSTER_FAILPOINT": "journal:2"])
            #expect(killed.signal == SIGKILL)
            #expect(try await next() == "muster resume \(removal)")
            #expect(try await desk.muster("show", removal, expect: 0).out.contains("muster resume \(removal)"))
            try await desk.muster("resume", removal, expect: 0)
            #expect(try await next().hasPrefix("muster plan --from"))
            csv[person.address].active = true
            let harmless = try await desk.plan(csv, expect: 2)["plan"]?.text ?? ""
            #expect(try await next() == "muster apply \(harmless)")
            try await desk.muster("reject", harmless, expect: 0)
            #expect(try await next().hasPrefix("muster plan --from"))
        }
    }

    @Test func aTenantThatIsKnownIsNamed() async throws {
        try await Desk.with { desk in
            let alone = MusterBinary(folder: desk.folder.path)
            let added = try await alone.run(desk.adding(), input: desk.sandbox.credentials["MIMECAST_CLIENT_SECRET"])
            #expect(added.exit == 0, "\(added)")
            #expect(try await alone.run(["--json"]).document?["next"]?.text == "muster sync")
            #expect(try await alone.run(["tenants", "remove", desk.code]).exit == 64)
            #expect(try await alone.run(["tenants", "remove", desk.code, "--yes"]).exit == 0)
            #expect(try await alone.run(["--json"]).document?["next"]?.text?.contains("tenants add") == true)
        }
    }
}

extension Desk {
    /// The call that makes the sandbox's tenant known, by its portal application; the secret comes on standard input.
    func adding(_ more: String...) -> [String] {
        [
            "tenants", "add", code, "--base-url", sandbox.baseURL, "--client-id=\(sandbox.credentials["MIMECAST_CLIENT_ID"] ?? "")",
            "--client-secret", "-",
        ] + more
    }
}
