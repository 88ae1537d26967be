import Foundation
import Mimecast
import TestSupport
import Testing

/// Exports that are wrong are refused with place, cause and remedy, and nothing half done is left; exports as the field writes them work.
@Suite struct SourceInputTests {
    struct Wrong: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        /// What stderr has to name.
        let names: [String]
        var code: String
    }

    static let wrong = [
        Wrong(
            testDescription: "no address column", text: "login,name\nada@DOMAIN,Ada\n", names: ["line 1", "login", "“email”"],
            code: "source-no-address-column"),
        Wrong(
            testDescription: "the same address in another case", text: "email,name\nada@DOMAIN,Ada\nADA@DOMAIN,Ada\n",
            names: ["line 3", "line 2"], code: "source-duplicate-address"),
        Wrong(
            testDescription: "the same address composed and decomposed", text: "email,name\nzo\u{EB}@DOMAIN,Zo\nzoe\u{308}@DOMAIN,Zo\n",
            names: ["line 3", "line 2"], code: "source-duplicate-address"),
        Wrong(
            testDescription: "outside the domains", text: "email,name\nada@elsewhere.example,Ada\n",
            names: ["line 2", "elsewhere.example"],
            code: "source-foreign-domain"),
        Wrong(
            testDescription: "a broken line", text: "email,name\nada@DOMAIN,Ada\nbea@DOMAIN,Bea,Extra\n", names: ["line 3"],
            code: "source-cell-count"),
        Wrong(
            testDescription: "an open quote", text: "email,name\nada@DOMAIN,\"Ada\nbea@DOMAIN,Bea\n", names: ["line 2", "quote"],
            code: "source-unclosed-quote"),
        Wrong(
            testDescription: "neither true nor false", text: "email,active\nada@DOMAIN,maybe\n", names: ["line 2", "maybe"],
            code: "source-bad-truth-value"),
        Wrong(testDescription: "empty", text: "", names: ["empty"], code: "source-empty"),
        Wrong(testDescription: "a header alone", text: "email,name\n", names: ["nobody"], code: "source-names-nobody"),
    ]

    @Test func everyWrongExportIsRefusedWhole() async throws {
        try await Desk.with { desk in
            let users = try await desk.tenant.users()
            let mark = try await desk.control.mark()
            for wrong in Self.wrong {
                let source = try desk.folder.write(wrong.text.replacing("DOMAIN", with: desk.sandbox.domain), to: "people.csv")
                let outcome = try await desk.muster("plan", "--from", source, "--out", desk.folder.file("no.plan"), expect: 65)
                #expect(outcome.out == "", "\(wrong.testDescription)")
                for name in wrong.names + ["people.csv"] { #expect(outcome.err.contains(name), "\(wrong.testDescription): \(outcome.err)") }
                #expect(outcome.err.split(separator: "\n").count >= 2, "cause and remedy: \(outcome.err)")
                let document = try await desk.muster("plan", "--from", source, "--json", expect: 65)
                #expect(document.error?["code"]?.text == wrong.code, "\(wrong.testDescription)")
            }
            let missing = try await desk.muster("plan", "--from", "nowhere.csv", expect: 65)
            #expect(missing.err.contains("nowhere.csv"))
            try await desk.muster("plan", "--from", desk.folder.path, expect: 65)
            #expect(!FileManager.default.fileExists(atPath: desk.folder.file("no.plan")))
            #expect(try await desk.control.requests(since: mark).filter { $0.hadEffect }.isEmpty)
            #expect(try await desk.tenant.users() == users)
            // No plan, no link: whoever a wrong export named is as unknown as before.
            let person = try await desk.muster("show", users[0].address, "--json", expect: 0)
            #expect(person.document?["link"] == nil)
            #expect(try await desk.muster("--json", expect: 0).document?["next"]?.text?.hasPrefix("muster plan") == true)
        }
    }

    @Test(arguments: ["UTF-8 with a mark", "UTF-16 little", "UTF-16 big", "semicolons", "tabs"])
    func formsThatSpreadsheetsWriteAreAccepted(_ form: String) async throws {
        try await Desk.with { desk in
            var csv = PeopleCSV(try await desk.tenant.users())
            let address = "nova@\(desk.sandbox.domain)"
            csv[address].name = "Nova Żółć 王"
            let text = csv.text
            let bytes: Data? =
                switch form {
                case "UTF-8 with a mark": Data([0xEF, 0xBB, 0xBF]) + Data(text.utf8)
                case "UTF-16 little": text.data(using: .utf16LittleEndian).map { Data([0xFF, 0xFE]) + $0 }
                case "UTF-16 big": text.data(using: .utf16BigEndian).map { Data([0xFE, 0xFF]) + $0 }
                case "semicolons": Data(text.replacing(",", with: ";").utf8)
                default: Data(text.replacing(",", with: "\t").utf8)
                }
            let source = desk.folder.file("people.csv")
            try #require(bytes).write(to: URL(fileURLWithPath: source))
            let plan = try #require(try await desk.muster("plan", "--from", source, "--json", expect: 2).document)
            #expect(plan["changes"]?.list.count == 1)
            try await desk.muster("apply", plan["plan"]?.text ?? "", expect: 0)
            #expect(try await desk.tenant.user(address)?.name == "Nova Żółć 王")
        }
    }

    @Test(arguments: Flavour.allCases)
    func anEntraExportWorksEndToEnd(_ flavour: Flavour) async throws {
        try await Desk.with(flavour) { desk in
            let users = try await desk.tenant.users()
            let leaver = try users.pick()
            var lines = ["userPrincipalName,displayName,surname,mail,givenName,id,userType,accountEnabled"]
            for (index, user) in users.enumerated() {
                let cells = [
                    user.address, PeopleCSV.cell(user.name), "", user.address, "", "00000000-0000-0000-0000-\(100_000_000_000 + index)",
                    "Member",
                    user == leaver ? "False" : "True",
                ]
                lines.append(cells.joined(separator: ","))
            }
            lines.append("nova@\(desk.sandbox.domain),Nova,,nova@\(desk.sandbox.domain),,00000000-0000-0000-0000-000000000001,Member,True")
            lines.append(
                "guest_elsewhere.example#EXT#@\(desk.sandbox.domain),Guest,,guest@elsewhere.example,,00000000-0000-0000-0000-000000000002,Guest,True"
            )
            let source = try desk.folder.write("\u{FEFF}" + lines.joined(separator: "\r\n") + "\r\n", to: "exportUsers.csv")
            let arguments = ["plan", "--from", source, "--json"] + flavour.flags
            let made = try await desk.binary.run(arguments)
            #expect(made.exit == 2, "\(made)")
            #expect(made.document?["counts"]?["create"]?.int == 1)
            #expect(made.document?["counts"]?["disable"]?.int == 1)
            #expect(made.document?["notices"]?.list.contains { $0.text?.contains("guest") == true } == true)
            let id = made.document?["plan"]?.text ?? ""
            try await desk.muster("approve", id, expect: 0)
            try await desk.muster("apply", id, expect: 0)
            #expect(try await desk.tenant.users().filter { !$0.isActive }.map(\.address) == [leaver.address])
            #expect(try await desk.tenant.user("nova@\(desk.sandbox.domain)")?.name == "Nova")
            #expect(try await desk.binary.run(arguments).exit == 0)
        }
    }
}
