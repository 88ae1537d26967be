import Foundation
import Mimecast
import TestSupport
import Testing

/// Every finding of the doctor's, provoked in the sandbox; and a healthy tenant, which has none.
@Suite struct DoctorTests {
    @Test(arguments: Flavour.allCases, [["--seed", "people:40"], ["--seed", "demo"]])
    func aHealthyTenantHasNoFindings(_ flavour: Flavour, _ seed: [String]) async throws {
        try await Desk.with(flavour, sandbox: seed) { desk in
            let mark = try await desk.control.mark()
            let seen = try await desk.doctor()
            #expect(seen.findings.isEmpty, "\(seen)")
            #expect(seen.outcome.document?["calls"]?.int ?? 0 > 5)
            #expect(try await desk.control.requests(since: mark).allSatisfy { !$0.hadEffect }, "it changed something")
            let text = try await desk.binary.run(["doctor"] + desk.flags)
            #expect(text.out.contains("healthy: no findings") && text.out.contains("ok       rights"), "\(text)")
            #expect(text.out.split(separator: "\n").count < 20)
        }
    }

    @Test(arguments: Flavour.allCases) func aWrongRegionIsFoundOnceItMayBeTried(_ flavour: Flavour) async throws {
        try await Desk.with(flavour, people: 20, sandbox: ["--regions", "us,eu"]) { desk in
            let report = try await desk.control.http.json("/tenants", .object(["seed": .string("empty"), "region": .string("eu")]))
            let away = try #require(report["MIMECAST_BASE_URL"]?.text)
            let astray = ["MIMECAST_BASE_URL": away]
            let regions = ["--region-url", "us=\(desk.sandbox.baseURL)", "--region-url", "nowhere=http://127.0.0.1:9"]
            let unasked = try await desk.doctor(regions, expect: 77, with: astray)
            #expect(unasked.codes == ["wrong-credentials"], "\(unasked)")
            #expect(unasked["wrong-credentials"]?["evidence"]?.text?.contains("us, nowhere) was not tried") == true)
            #expect(unasked["wrong-credentials"]?["remedy"]?.text?.contains("--try-regions") == true)
            for consent in ["--try-regions", "--yes"] {
                let asked = try await desk.doctor(regions + [consent], expect: 77, with: astray)
                #expect(asked.codes == ["wrong-region"], "\(asked)")
                #expect(asked["wrong-region"]?["evidence"]?.text?.contains(desk.sandbox.baseURL) == true)
            }
            if flavour == .v1 {
                let admin = desk.sandbox.credentials["MIMECAST_ADMIN_EMAIL"] ?? ""
                let told = try await desk.doctor(["--address", admin], expect: 77, with: astray)
                #expect(told.codes == ["wrong-region"], "\(told)")
            }
        }
    }

    @Test(arguments: [("y", "wrong-region"), ("", "wrong-credentials"), ("no", "wrong-credentials")])
    func credentialsGoToAnotherRegionOnceSomebodyAtTheTerminalSaysSo(_ answer: String, _ code: String) async throws {
        try await Desk.with(people: 20, sandbox: ["--regions", "us,eu"]) { desk in
            let report = try await desk.control.http.json("/tenants", .object(["seed": .string("empty"), "region": .string("eu")]))
            let away = try #require(report["MIMECAST_BASE_URL"]?.text)
            let mark = try await desk.control.mark()
            /// Tokens that were given: the region that the tenant is said to be in gives none.
            func tokens() async throws -> Int {
                try await desk.control.requests(since: mark).count { $0.path == "/oauth/token" && $0.status == 200 }
            }
            let terminal = try Terminal()
            let doctor = try desk.binary.start(
                ["doctor", "--json", "--region-url", "us=\(desk.sandbox.baseURL)"] + desk.flags, with: ["MIMECAST_BASE_URL": away],
                terminal: terminal)
            try await eventually("it asks") { doctor.standardError.contains("[y/N]") || !doctor.isRunning }
            #expect(doctor.standardError.contains("Send them to the other regions as well: us (\(desk.sandbox.baseURL))?"))
            #expect(try await tokens() == 0, "before the answer")
            try terminal.type(answer)
            let outcome = try await doctor.outcome()
            #expect(outcome.exit == 77 && outcome.codes == [code], "\(outcome)")
            #expect(try await (tokens() > 0) == (answer == "y"))
        }
    }

    @Test func credentialsOfTheOtherGenerationAreRecognised() async throws {
        try await Desk.with(people: 20) { desk in
            let values = desk.sandbox.credentials
            let v1AsV2 = try await desk.doctor(
                expect: 77,
                with: ["MIMECAST_CLIENT_ID": values["MIMECAST_APP_ID"] ?? "", "MIMECAST_CLIENT_SECRET": values["MIMECAST_APP_KEY"] ?? ""])
            #expect(v1AsV2.codes == ["wrong-generation"], "\(v1AsV2)")
            let v2AsV1 = try await desk.doctor(
                ["--generation", "v1"], expect: 77,
                with: ["MIMECAST_APP_ID": values["MIMECAST_CLIENT_ID"] ?? "", "MIMECAST_APP_KEY": values["MIMECAST_CLIENT_SECRET"] ?? ""])
            #expect(v2AsV1.codes == ["wrong-generation"], "\(v2AsV1)")
            let wrong = try await desk.doctor(expect: 77, with: ["MIMECAST_CLIENT_SECRET": "not-the-secret"])
            #expect(wrong.codes == ["wrong-credentials"], "\(wrong)")
            let another = try await desk.doctor(expect: 77, with: ["MIMECAST_ACCOUNT_CODE": "C0A0"])
            #expect(another.codes == ["wrong-tenant"], "\(another)")
        }
    }

    @Test func anApplicationThatWasMovedIsTakenForThat() async throws {
        try await Desk.with(.v1, people: 20) { desk in
            let values = desk.sandbox.credentials
            let id = values["MIMECAST_APP_ID"] ?? ""
            // Known to Muster, with keys that were accepted then; and by the environment, beside a v2 application that is.
            let alone = MusterBinary(folder: desk.folder.path, variables: values.filter { $0.key != "MIMECAST_ACCOUNT_CODE" })
            let added = try await alone.run([
                "tenants", "add", desk.code, "--base-url", desk.sandbox.baseURL, "--generation", "v1", "--app-id=\(id)", "--app-key",
                "env:MIMECAST_APP_KEY", "--access-key", "env:MIMECAST_ACCESS_KEY", "--secret-key", "env:MIMECAST_SECRET_KEY",
            ])
            #expect(added.exit == 0, "\(added)")
            #expect(try await alone.run(["doctor"]).exit == 0)
            _ = try await desk.control.http.json("/tenants/\(desk.code)/applications/\(id)/move", .object([:]))
            let known = try await alone.run(["doctor", "--json"])
            #expect(known.exit == 77 && known.codes == ["migrated-application"], "\(known)")
            #expect(known.out.contains("accepted when the tenant was added"))
            let named = try await desk.doctor(expect: 77)
            #expect(named.codes == ["migrated-application"], "\(named)")
            #expect(named["migrated-application"]?["evidence"]?.text?.contains("Likely") == true)
        }
    }

    @Test func aWrongDialectIsFound() async throws {
        try await Desk.with(people: 20) { desk in
            let values = desk.sandbox.credentials
            let guide = ["ID", "SECRET"].reduce(into: [:]) { $0["MIMECAST_CLIENT_\($1)"] = values["MIMECAST_GUIDE_CLIENT_\($1)"] }
            let portal = ["ID", "SECRET"].reduce(into: [:]) { $0["MIMECAST_GUIDE_CLIENT_\($1)"] = values["MIMECAST_CLIENT_\($1)"] }
            for (arguments, variables, right) in [([], guide, "guide"), (["--dialect", "guide"], portal, "portal")] {
                let seen = try await desk.doctor(arguments, expect: 1, with: variables)
                #expect(seen.codes == ["wrong-dialect"], "\(seen)")
                #expect(seen["wrong-dialect"]?["remedy"]?.text?.contains("--dialect \(right)") == true)
            }
        }
    }

    @Test(arguments: [
        (#"{"dialect":"guide","scopes":["user/read","account/read"]}"#, Flavour.guide, "user/write"),
        (#"{"dialect":"guide","scopes":["user/read","user/write"]}"#, .guide, "account/read"),
        (#"{"dialect":"guide","scopes":["account/read"]}"#, .guide, "user/read"),
        (#"{"products":["Account Management","User and Group Management"]}"#, .portal, "Domain Management"),
        (#"{"role":"Gateway Administrator"}"#, .portal, "user/write"),
        (#"{"generation":"v1","scopes":["user/read","account/read"]}"#, .v1, "user/write"),
    ])
    func rightsThatAreTooNarrowAreNamed(_ draft: String, _ flavour: Flavour, _ right: String) async throws {
        try await Desk.with(flavour, people: 20) { desk in
            let body = try JSONDecoder().decode(JSON.self, from: Data(draft.utf8))
            let made = try await desk.control.http.json("/tenants/\(desk.code)/applications", body)
            let variables = made["credentials"]?.members.compactMapValues(\.text) ?? [:]
            let seen = try await desk.doctor(expect: 77, with: variables)
            #expect(seen.codes == ["narrow-rights"], "\(seen)")
            #expect(seen["narrow-rights"]?["remedy"]?.text?.contains(right) == true, "\(seen)")
        }
    }

    @Test(arguments: Flavour.allCases) func groupsThatCannotBeWrittenAreFound(_ flavour: Flavour) async throws {
        try await Desk.with(flavour, people: 20) { desk in
            try await desk.control.script([ScriptedFault("server-error", Flavour.leavePath, status: 403)])
            let seen = try await desk.doctor(expect: 77)
            #expect(seen.codes == ["narrow-rights"], "\(seen)")
            #expect(seen["narrow-rights"]?["remedy"]?.text?.contains("Groups, edit") == true, "\(seen)")
            #expect(seen["narrow-rights"]?["evidence"]?.text?.contains("changes of people") == false, "\(seen)")
        }
    }

    @Test func clocksThatDifferAreFound() async throws {
        try await Desk.with(people: 20) { desk in
            try await desk.control.advanceClock(200)
            #expect(try await desk.doctor().findings.isEmpty)
            try await desk.control.advanceClock(200)
            for flags in [[], Flavour.guide.flags, Flavour.v1.flags] {
                let seen = try await desk.doctor(flags)
                #expect(seen.codes == ["clock-skew"] && seen["clock-skew"]?["severity"]?.text == "warning", "\(seen)")
                #expect(seen["clock-skew"]?["evidence"]?.text?.contains("6 min behind") == true, "\(seen)")
            }
            try await desk.control.advanceClock(800)
            let refused = try await desk.doctor(Flavour.v1.flags, expect: 77)
            #expect(refused.codes == ["clock-skew"] && refused["clock-skew"]?["severity"]?.text == "error", "\(refused)")
            #expect(refused["clock-skew"]?["evidence"]?.text?.contains("took them with its own time") == true)
        }
    }

    @Test(arguments: [(["--plan", "standard"], "plan-without-scim"), (["--sso", "off"], "sso-off")], [Flavour.portal, .guide])
    func aTenantWithoutSCIMIsFound(_ sandbox: ([String], String), _ flavour: Flavour) async throws {
        try await Desk.with(flavour, people: 20, sandbox: sandbox.0) { desk in
            let idle = try await desk.doctor()
            #expect(idle.codes == [sandbox.1] && idle[sandbox.1]?["severity"]?.text == "info", "\(idle)")
            let wanted = try await desk.doctor(["--scim"], expect: 77)
            #expect(wanted.codes == [sandbox.1] && wanted[sandbox.1]?["severity"]?.text == "error", "\(wanted)")
        }
    }

    @Test func providersAreTold() async throws {
        try await Desk.with(people: 20) { desk in
            let google = try await desk.doctor(["--idp", "google"])
            #expect(google.codes == ["unsupported-provider"] && google["unsupported-provider"]?["severity"]?.text == "warning", "\(google)")
            for provider in ["okta", "entra", "onelogin"] {
                #expect(try await desk.doctor(["--idp", provider]).codes == ["group-push-unsure"])
            }
            try await desk.control.directory([["op": "addConnection", "description": "Cloud", "serverType": "google_workspace"]])
            let connected = try await desk.doctor()
            #expect(connected.codes == ["unsupported-provider"], "\(connected)")
            #expect(connected["unsupported-provider"]?["severity"]?.text == "info")
        }
    }

    @Test(arguments: Flavour.allCases) func anIntegrationInErrorIsFound(_ flavour: Flavour) async throws {
        try await Desk.with(flavour, people: 20) { desk in
            try await desk.control.directory([
                ["op": "addConnection", "description": "Leeds", "serverType": "active_directory"],
                ["op": "setConnection", "connection": "Leeds", "status": "error", "error": "bind failed"],
            ])
            let seen = try await desk.doctor()
            #expect(seen.codes == ["integration-error"], "\(seen)")
            #expect(seen["integration-error"]?["evidence"]?.text?.contains("“Leeds” is in error (bind failed)") == true, "\(seen)")
        }
    }

    @Test(arguments: Flavour.allCases) func whomTheDirectoryOwnsIsFoundInScope(_ flavour: Flavour) async throws {
        try await Desk.with(flavour) { desk in
            let users = try await desk.tenant.users()
            let cloud = try desk.folder.write(PeopleCSV(users.filter { !$0.isSynced }).text, to: "cloud.csv")
            #expect(try await desk.doctor(["--from", cloud]).findings.isEmpty)
            let all = try desk.folder.write(PeopleCSV(users).text, to: "all.csv")
            let seen = try await desk.doctor(["--from", all])
            #expect(seen.codes == ["ldap-owned"], "\(seen)")
            let count = users.count { $0.isSynced }
            #expect(seen["ldap-owned"]?["evidence"]?.text?.contains("\(count) of the \(users.count) people in all.csv") == true, "\(seen)")
            #expect(count > 0)
        }
    }

    @Test func seatsThatAreShortAreFound() async throws {
        try await Desk.with(.guide, sandbox: ["--seats", "41"]) { desk in
            let users = try await desk.tenant.users()
            #expect(try await desk.doctor().findings.isEmpty)
            var csv = PeopleCSV(users.filter { !$0.isSynced })
            for name in ["nova", "noor"] { csv["\(name)@\(desk.sandbox.domain)"].name = name }
            let source = try desk.folder.write(csv.text, to: "people.csv")
            let coming = try await desk.doctor(["--from", source])
            #expect(coming.codes == ["seats-short"], "\(coming)")
            #expect(coming["seats-short"]?["evidence"]?.text?.contains("brings 2 more") == true, "\(coming)")
            for flavour in Flavour.allCases {
                let told = try await desk.binary.run(["doctor", "--json", "--seats", "10"] + flavour.flags)
                #expect(told.exit == 0 && told.codes == ["seats-short"], "\(told)")
            }
        }
    }

    @Test func whoIsNotThereIsUnreachable() async throws {
        try await Desk.with(people: 20) { desk in
            for flags in [[], Flavour.v1.flags] {
                let seen = try await desk.doctor(flags, expect: 69, with: ["MIMECAST_BASE_URL": "http://127.0.0.1:9"])
                #expect(seen.codes == ["unreachable"], "\(seen)")
            }
            try await desk.control.script([ScriptedFault("server-error", "/api/account/get-account", count: 9, status: 503)])
            #expect(try await desk.doctor(expect: 69).codes == ["unreachable"])
        }
    }

    @Test func aTenantThatIsNotKnownYetIsNamedWhole() async throws {
        try await Desk.with(people: 20) { desk in
            let values = desk.sandbox.credentials
            let alone = MusterBinary(folder: desk.folder.path, variables: ["SECRET": values["MIMECAST_GUIDE_CLIENT_SECRET"] ?? ""])
            let place = ["--base-url", desk.sandbox.baseURL, "--client-id=\(values["MIMECAST_GUIDE_CLIENT_ID"] ?? "")"]
            let seen = try await alone.run(
                ["doctor", "--json", "--tenant", desk.code, "--client-secret", "env:SECRET"] + place)
            // Its dialect was found out, not taken for wrong.
            #expect(seen.exit == 0 && seen.codes == [], "\(seen)")
            let piped = try await alone.run(
                ["doctor", "--json", "--tenant", desk.code, "--client-secret", "-"] + place, input: values["MIMECAST_CLIENT_SECRET"])
            #expect(piped.exit == 77 && piped.codes == ["wrong-credentials"], "\(piped)")
            #expect(try await alone.run(["tenants", "list", "--json"]).document?["tenants"]?.list == [])
            #expect(try await alone.run(["doctor", "--client-secret", "env:SECRET"] + place).exit == 64)
        }
    }

    @Test func wrongInputIsRefused() async throws {
        try await Desk.with(people: 20) { desk in
            let person = try await desk.tenant.users().pick().address
            let synced = try #require(try await desk.tenant.users().first { $0.isSynced }).address
            for (arguments, exit, code) in [
                (["--idp", "ldap"], 64, "usage"), (["--region-url", "us"], 64, "usage"), (["--seats", "-1"], 64, "usage"),
                (["--client-id", "x"], 64, "usage"), (["--from", "nothing.csv"], 65, "source-unreadable"),
                (["--canary", "nobody@\(desk.sandbox.domain)", "--yes"], 65, "no-such-account"),
                (["--canary", "nobody", "--yes"], 64, "usage"), (["--canary", person], 64, "not-confirmed"),
                (["--canary", synced, "--yes"], 77, "canary-refused"), (["--canary", person, "--yes", "--generation", "v1"], 64, "usage"),
            ] as [([String], Int32, String)] {
                let refused = try await desk.binary.run(["doctor", "--json"] + arguments)
                #expect(refused.exit == exit && refused.error?["code"]?.text == code, "\(refused)")
            }
            let alone = MusterBinary(folder: desk.folder.path)
            #expect(try await alone.run(desk.adding(), input: desk.sandbox.credentials["MIMECAST_CLIENT_SECRET"]).exit == 0)
            let readOnly = try await alone.run(["doctor", "--json", "--canary", person, "--yes"])
            #expect(readOnly.exit == 77 && readOnly.error?["code"]?.text == "read-only-tenant", "\(readOnly)")
            // A tenant that may not be written is not asked whether it could be.
            let mark = try await desk.control.mark()
            #expect(try await alone.run(["doctor", "--json"]).codes == [])
            #expect(try await desk.control.requests(since: mark).allSatisfy { $0.path != Flavour.portal.updatePath })
        }
    }

    @Test func noSecretIsSaid() async throws {
        try await Desk.with(people: 20) { desk in
            let wrong = "wrong-secret-of-somebody"
            for flavour in Flavour.allCases {
                var said = ""
                for variables in [
                    [:], ["MIMECAST_CLIENT_SECRET": wrong, "MIMECAST_GUIDE_CLIENT_SECRET": wrong, "MIMECAST_APP_KEY": wrong],
                ] {
                    for form in [["--json"], []] {
                        let outcome = try await desk.binary.run(["doctor", "-v"] + form + flavour.flags, with: variables)
                        said += outcome.out + outcome.err
                    }
                }
                #expect(said.contains("get-account"))
                for secret in desk.sandbox.secrets.values + [wrong] { #expect(!said.contains(secret)) }
            }
        }
    }
}

/// What the doctor said.
struct Examination: CustomStringConvertible {
    let outcome: Outcome

    var findings: [JSON] { outcome.document?["findings"]?.list ?? [.null] }
    var codes: [String] { outcome.codes }
    subscript(code: String) -> JSON? { findings.first { $0["code"]?.text == code } }
    var description: String { "\(outcome)" }
}

extension Outcome {
    /// Codes of the findings.
    var codes: [String] { document?["findings"]?.list.compactMap { $0["code"]?.text } ?? ["no document"] }
}

extension Desk {
    func doctor(
        _ arguments: [String] = [], expect exit: Int32 = 0, with variables: [String: String] = [:],
        at location: SourceLocation = #_sourceLocation
    ) async throws -> Examination {
        let outcome = try await binary.run(["doctor", "--json"] + flags + arguments, with: variables)
        #expect(outcome.exit == exit, "\(outcome)", sourceLocation: location)
        return Examination(outcome: outcome)
    }
}
