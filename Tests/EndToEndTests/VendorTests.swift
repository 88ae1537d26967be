import Foundation
import Mimecast
import TestSupport
import Testing

/// Tenants that are made known, the right to write them, and vendors that say no or nothing.
@Suite struct VendorTests {
    @Test func aTenantIsReadOnlyUntilItMayBeWritten() async throws {
        try await Desk.with { desk in
            let alone = MusterBinary(folder: desk.folder.path)
            let secret = desk.sandbox.credentials["MIMECAST_CLIENT_SECRET"]
            let added = try await alone.run(desk.adding("--json"), input: secret)
            #expect(added.exit == 0, "\(added)")
            #expect(added.document?["allowWrites"]?.bool == false)
            #expect(added.document?["dialect"]?.text == "portal")

            var csv = PeopleCSV(try await desk.tenant.users())
            csv["nova@\(desk.sandbox.domain)"].name = "Nova"
            let source = try desk.folder.write(csv.text, to: "people.csv")
            let plan = try await alone.run(["plan", "--from", source, "--json"])
            #expect(plan.exit == 2, "\(plan)")
            let id = plan.document?["plan"]?.text ?? ""
            let mark = try await desk.control.mark()
            let denied = try await alone.run(["apply", id, "--json"])
            #expect(denied.exit == 77, "\(denied)")
            #expect(denied.error?["code"]?.text == "read-only-tenant")
            #expect(denied.error?["remedy"]?.text?.contains("--allow-writes") == true)
            #expect(try await desk.control.requests(since: mark).isEmpty)

            let allowed = try await alone.run(desk.adding("--allow-writes"), input: secret)
            #expect(allowed.exit == 0, "\(allowed)")
            #expect(try await alone.run(["apply", id]).exit == 0)
            #expect(try await desk.tenant.user("nova@\(desk.sandbox.domain)") != nil)
        }
    }

    @Test func whatWasLearnedOfAQuotaIsKeptForTheNextCommand() async throws {
        try await Desk.with(sandbox: ["--quota", "20/1"]) { desk in
            let first = try await desk.muster("sync", "-v", expect: 0)
            #expect(!first.err.contains("remembered quota"))
            let second = try await desk.muster("sync", "-v", expect: 0)
            #expect(second.err.contains("remembered quota") && second.err.contains("category=directory"), "\(second)")
            let guide = try await desk.muster("sync", "-v", "--dialect", "guide", expect: 0)
            #expect(!guide.err.contains("remembered quota"), "another application has a quota of its own")
        }
    }

    @Test(arguments: Flavour.allCases)
    func tenantsAreAddedListedShownAndRemoved(_ flavour: Flavour) async throws {
        try await Desk.with { desk in
            let values = desk.sandbox.credentials
            let alone = MusterBinary(folder: desk.folder.path, variables: values.filter { $0.key != "MIMECAST_ACCOUNT_CODE" })
            let base = ["tenants", "add", desk.code, "--base-url", desk.sandbox.baseURL]
            let arguments =
                switch flavour {
                case .portal: base + ["--client-id=\(values["MIMECAST_CLIENT_ID"] ?? "")", "--client-secret", "env:MIMECAST_CLIENT_SECRET"]
                case .guide:
                    base + [
                        "--client-id=\(values["MIMECAST_GUIDE_CLIENT_ID"] ?? "")", "--client-secret", "env:MIMECAST_GUIDE_CLIENT_SECRET",
                    ]
                case .v1:
                    base + [
                        "--generation", "v1", "--app-id", values["MIMECAST_APP_ID"] ?? "", "--app-key", "env:MIMECAST_APP_KEY",
                        "--access-key", "env:MIMECAST_ACCESS_KEY", "--secret-key", "env:MIMECAST_SECRET_KEY",
                    ]
                }
            let added = try await alone.run(arguments + ["--json"])
            #expect(added.exit == 0, "\(added)")
            // The dialect is found out by asking.
            #expect(added.document?["dialect"]?.text == (flavour == .guide ? "guide" : "portal"))
            #expect(added.document?["generation"]?.text == (flavour == .v1 ? "v1" : "v2"))
            let listed = try await alone.run(["tenants", "list", "--json"])
            #expect(listed.document?["tenants"]?.list.compactMap { $0["code"]?.text } == [desk.code])
            #expect(try await alone.run(["tenants", "list"]).out.contains(desk.code))
            let shown = try await alone.run(["tenants", "show", desk.code])
            #expect(shown.out.contains("Not read yet"))
            #expect(try await alone.run(["sync"]).exit == 0)
            #expect(try await alone.run(["show", desk.code]).out.contains("closed"))
            let removed = try await alone.run(["tenants", "remove", desk.code, "--yes", "--json"])
            #expect(removed.document?["removed"]?.text == desk.code)
            #expect(try await alone.run(["tenants", "show", desk.code]).exit == 65)
            #expect(try await alone.run(["tenants", "list"]).out.contains("No tenant"))
        }
    }

    @Test func credentialsOfAnotherTenantAreRefused() async throws {
        try await Desk.with { desk in
            let alone = MusterBinary(folder: desk.folder.path)
            let arguments = [
                "tenants", "add", "C0A0", "--base-url", desk.sandbox.baseURL,
                "--client-id=\(desk.sandbox.credentials["MIMECAST_CLIENT_ID"] ?? "")",
                "--client-secret", "-", "--json",
            ]
            let added = try await alone.run(arguments, input: desk.sandbox.credentials["MIMECAST_CLIENT_SECRET"])
            #expect(added.exit == 65, "\(added)")
            #expect(added.error?["code"]?.text == "wrong-tenant")
            let other = try await desk.muster("sync", "--json", expect: 65, with: ["MIMECAST_ACCOUNT_CODE": "C0A0"])
            #expect(other.error?["code"]?.text == "wrong-tenant")
        }
    }

    @Test(arguments: [
        (Flavour.portal, "MIMECAST_CLIENT_SECRET"), (.guide, "MIMECAST_GUIDE_CLIENT_SECRET"), (.v1, "MIMECAST_SECRET_KEY"),
    ])
    func aWrongSecretIsNotPermitted(_ flavour: Flavour, _ name: String) async throws {
        try await Desk.with(flavour) { desk in
            let arguments = ["sync", "--json"] + flavour.flags
            // The secret key of v1 is base64, and has to stay that to be tried at all.
            let outcome = try await desk.binary.run(arguments, with: [name: Data("not the secret".utf8).base64EncodedString()])
            #expect(outcome.exit == 77, "\(outcome)")
            #expect(outcome.error?["remedy"]?.text?.isEmpty == false)
            let missing = try await desk.binary.run(arguments, with: [name: ""])
            #expect(missing.exit == 77, "\(missing)")
            #expect(missing.error?["code"]?.text == "secret-missing")
            #expect(missing.error?["message"]?.text?.contains(name) == true)
        }
    }

    @Test func aServerThatIsNotThereIsUnreachable() async throws {
        try await Desk.with { desk in
            let outcome = try await desk.muster("sync", "--json", expect: 69, with: ["MIMECAST_BASE_URL": "http://127.0.0.1:9"])
            #expect(outcome.error?["code"]?.text == "vendor-unreachable")
            let inClear = try await desk.muster("sync", "--json", expect: 64, with: ["MIMECAST_BASE_URL": "http://nowhere.example"])
            #expect(inClear.error?["code"]?.text == "vendor-misconfigured")
        }
    }

    @Test func whoIsUndecidedIsDecidedByAHuman() async throws {
        try await Desk.with(.guide) { desk in
            let users = try await desk.tenant.users()
            var csv = PeopleCSV(users)
            try await desk.expectInLine(csv)
            // A source id that is linked to one account, at the address of another one.
            let plain = users.filter { $0.isPlain }
            let (mover, other) = (plain[0], plain[1])
            csv.remove(other.address)
            csv[mover.address].email = other.address
            let plan = try await desk.plan(csv, expect: 2)
            #expect(plan["counts"]?["undecided"]?.int == 1)
            let line = plan["changes"]?.list.first { $0["kind"]?.text == "undecided" }
            #expect(line?["remedy"]?.text?.contains("muster resolve \(other.address)") == true)
            try await desk.muster(
                "resolve", other.address, "--account", other.address, "--external-id", "hr-\(mover.address)", expect: 0)
            let after = try await desk.plan(csv, expect: 2)
            #expect(after["counts"]?["undecided"]?.int == 0)
            let nobody = try await desk.muster("resolve", other.address, "--account", "nobody@\(desk.sandbox.domain)", "--json", expect: 65)
            #expect(nobody.error?["code"]?.text == "no-such-account")
        }
    }
}
