import Foundation
import Mimecast
import TestSupport
import Testing

/// Secrets are where they were put, and nowhere else.
@Suite struct SecretTests {
    @Test func noSecretIsInOutputPlansStoreOrProcessList() async throws {
        try await Desk.with { desk in
            let secrets = desk.sandbox.secrets
            #expect(secrets.count == 6, "\(secrets.keys.sorted())")
            var said = desk.sandbox.process.standardError + desk.sandbox.process.standardOutput
            func note(_ arguments: [String], with variables: [String: String] = [:]) async throws {
                let outcome = try await desk.binary.run(arguments, with: variables)
                said += outcome.out + outcome.err
            }
            var csv = PeopleCSV(try await desk.tenant.users())
            for (number, flavour) in Flavour.allCases.enumerated() {
                csv["nova\(number)@\(desk.sandbox.domain)"].name = "Nova"
                let source = try desk.folder.write(csv.text, to: "people.csv")
                let file = desk.folder.file("\(flavour.rawValue).plan")
                try await note(["sync", "-v"] + flavour.flags)
                try await note(["sync", "-v", "--json"] + flavour.flags)
                try await note(["plan", "-v", "--from", source, "--out", file] + flavour.flags)
                try await note(["show", file, "--json"])
                // Held open, so that the list of processes can be looked at.
                try await desk.control.script([ScriptedFault("delay", flavour.createPath, seconds: 0.5)])
                let apply = try desk.binary.start(["apply", "-v", file])
                try await eventually("the call is open") { try await desk.control.firedCount() == 1 }
                for process in [apply, desk.sandbox.process] {
                    let line = try String(contentsOfFile: "/proc/\(process.id)/cmdline", encoding: .utf8)
                    #expect(line.contains("muster"))
                    expectNone(of: secrets, in: line, "the command line of \(process.id)")
                }
                let applied = try await apply.outcome()
                #expect(applied.exit == 0, "\(applied)")
                said += applied.out + applied.err
                try await desk.control.clearFaults()
                expectNone(of: secrets, in: try desk.folder.read("\(flavour.rawValue).plan"), file)
                // Failures say the most.
                try await note(["sync", "-v"] + flavour.flags, with: ["MIMECAST_BASE_URL": "http://127.0.0.1:9"])
                try await desk.control.script([ScriptedFault("server-error", "/api/account/get-account", count: 9, status: 500)])
                try await note(["sync", "-v", "--json"] + flavour.flags)
                try await desk.control.clearFaults()
            }
            try await note(desk.adding().map { $0 == "-" ? "env:MIMECAST_CLIENT_SECRET" : $0 })
            try await note(["tenants", "list", "--json"])
            try await note(["tenants", "show", desk.code, "--json"])
            #expect(said.count > 2_000)
            expectNone(of: secrets, in: said, "output")
            #expect(!said.contains("Bearer ey"), "a token")
            try expectNone(of: secrets, inFilesOf: desk.folder, but: ["sandbox.env", "sandbox.db", "sandbox.db-wal"])
        }
    }

    @Test func aSecretAsAnArgumentIsRefusedAndNotRepeated() async throws {
        try await Desk.with { desk in
            let secret = "plain-secret-on-the-command-line"
            let arguments = desk.adding().map { $0 == "-" ? secret : $0 }
            for extra in [[], ["--json"]] {
                let outcome = try await desk.binary.run(arguments + extra)
                #expect(outcome.exit == 64, "\(outcome)")
                #expect(!(outcome.out + outcome.err).contains(secret))
                #expect((outcome.out + outcome.err).contains("env:NAME"))
            }
        }
    }

    @Test func aSecretFromStandardInputIsKeptForItsOwnerAlone() async throws {
        try await Desk.with { desk in
            let home = desk.folder.file("settings")
            let alone = MusterBinary(folder: desk.folder.path, variables: ["XDG_CONFIG_HOME": home])
            let secret = try #require(desk.sandbox.credentials["MIMECAST_CLIENT_SECRET"])
            let added = try await alone.run(desk.adding("--json"), input: secret + "\n")
            #expect(added.exit == 0, "\(added)")
            #expect(!added.out.contains(secret) && !added.out.contains("file:"))
            let kept = try FileManager.default.subpathsOfDirectory(atPath: home).map { home + "/" + $0 }.filter { path in
                FileManager.default.contents(atPath: path) == Data(secret.utf8)
            }
            #expect(kept.count == 1)
            for path in kept {
                #expect(path.hasPrefix(home + "/muster/"))
                #expect(try Self.mode(path) == 0o600)
                #expect(try Self.mode((path as NSString).deletingLastPathComponent) == 0o700)
            }
            // From here on nobody has to give it again.
            #expect(try await alone.run(["sync"]).exit == 0)
            let nothing = try await alone.run(desk.adding(), input: "")
            #expect(nothing.exit == 64, "\(nothing)")
        }
    }

    @Test func aSecretInAFileIsReferredToFromEverywhere() async throws {
        try await Desk.with { desk in
            let alone = MusterBinary(folder: desk.folder.path)
            try desk.folder.write((desk.sandbox.credentials["MIMECAST_CLIENT_SECRET"] ?? "") + "\n", to: "secret.txt")
            let added = try await alone.run(desk.adding().map { $0 == "-" ? "file:secret.txt" : $0 })
            #expect(added.exit == 0, "\(added)")
            try FileManager.default.createDirectory(atPath: desk.folder.file("elsewhere"), withIntermediateDirectories: true)
            let elsewhere = MusterBinary(
                folder: desk.folder.file("elsewhere"), variables: ["MUSTER_STORE": "sqlite:\(desk.folder.file("muster.db"))"])
            #expect(try await elsewhere.run(["sync"]).exit == 0)
            try FileManager.default.removeItem(atPath: desk.folder.file("secret.txt"))
            let gone = try await elsewhere.run(["sync", "--json"])
            #expect(gone.exit == 77)
            #expect(gone.error?["message"]?.text?.contains("secret.txt") == true)
        }
    }

    @Test func filesWithPeopleOrSecretsAreTheirOwnersAlone() async throws {
        try await Desk.with { desk in
            try await desk.muster("sync", expect: 0)
            for file in [desk.sandbox.credentialsFile, desk.folder.file("muster.db"), desk.folder.file("sandbox.db")] {
                #expect(try Self.mode(file) == 0o600, "\(file)")
            }
        }
    }

    private static func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private func expectNone(of secrets: [String: String], in text: String, _ place: String) {
        for (name, value) in secrets { #expect(!text.contains(value), "\(name) is in \(place)") }
    }

    /// Looks through the bytes of the store, its log, the plans, and whatever else was written.
    private func expectNone(of secrets: [String: String], inFilesOf folder: TemporaryFolder, but known: Set<String>) throws {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { !known.contains($0) }
        #expect(names.contains("muster.db"))
        for name in names {
            let bytes = FileManager.default.contents(atPath: folder.file(name)) ?? Data()
            for (secret, value) in secrets { #expect(bytes.range(of: Data(value.utf8)) == nil, "\(secret) is in \(name)") }
        }
    }
}
