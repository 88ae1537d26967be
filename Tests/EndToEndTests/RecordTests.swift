import Foundation
import Mimecast
import TestSupport
import Testing

/// The record and the way back, with the built program.
@Suite struct RecordTests {
    @Test func whatWasDoneIsTakenBackAndBothAreRecorded() async throws {
        try await Desk.with(.guide) { desk in
            let users = try await desk.tenant.users()
            var csv = PeopleCSV(users)
            try await desk.expectInLine(csv)
            let person = try users.pick()
            csv[person.address].name = "Someone Else"
            let id = try await desk.plan(csv, expect: 2)["plan"]?.text ?? ""
            let receipt = try await desk.muster("apply", id, "--json", expect: 0).document
            let name = try #require(receipt?["receipt"]?.text)
            let dry = try await desk.muster("undo", name, "--dry-run", "--json", expect: 2).document
            #expect(dry?["undoes"]?.text == name)
            #expect(dry?["changes"]?.list.map { $0["kind"]?.text } == ["update"])
            #expect(try await desk.tenant.user(person.address)?.name == "Someone Else")
            let undone = try await desk.muster("undo", name, "--json", expect: 0).document
            #expect(undone?["verified"]?.int == 1)
            #expect(try await desk.tenant.users() == users)
            let again = try await desk.muster("undo", name, expect: 0)
            #expect(again.out.contains("Nothing is left to take back."))

            let head = try #require(receipt?["auditHead"]?.text)
            let proof = try await desk.muster("audit", "verify", "--head", head, "--json", expect: 0).document
            #expect(proof?["lines"]?.int ?? 0 > 10)
            #expect(proof?["tenant"]?.text == desk.code)
        }
    }

    @Test func theRecordIsCheckedWithoutMuster() async throws {
        try await Desk.with { desk in
            var csv = PeopleCSV(try await desk.tenant.users())
            csv["nova@\(desk.sandbox.domain)"].name = "Nova Ærø / \"N\""
            try await desk.bringAbout(csv)
            let export = try await desk.muster("audit", "export", expect: 0).out
            let lines = export.split(separator: "\n")
            let file = try desk.folder.write(export, to: "record.ndjson")
            // As the help says: the text without its hash, through a tool that everybody has.
            for number in 1...lines.count {
                let script = #"sed -n '\#(number){s/"hash":"[0-9a-f]*",//;p}' \#(file) | tr -d '\n' | sha256sum"#
                let sum = try await desk.binary.start(["-c", script], program: "/bin/sh").outcome()
                #expect(lines[number - 1].hasPrefix(#"{"hash":"\#(sum.out.prefix(64))","#), "\(sum)")
            }
            let proof = try await desk.muster("audit", "verify", "--from", file, "--json", expect: 0).document
            #expect(proof?["lines"]?.int == lines.count)

            let altered = try desk.folder.write(
                export.replacing("Nova", with: "Nora").replacing("nova@", with: "nora@"), to: "altered.ndjson")
            let broken = try await desk.muster("audit", "verify", "--from", altered, "--json", expect: 73)
            #expect(broken.error?["code"]?.text == "audit-broken")
            try await desk.muster("audit", "verify", "--from", "nowhere.ndjson", expect: 65)
            try await desk.muster("audit", "verify", "--head", "abc", expect: 64)
            try await desk.muster("undo", "r-0000000000", expect: 65)
        }
    }
}
