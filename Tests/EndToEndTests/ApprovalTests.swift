import Foundation
import Mimecast
import TestSupport
import Testing

/// Approvals and flapping with the built program.
@Suite struct ApprovalTests {
    @Test func approvalsStandBesideThePlanAndInTheRecord() async throws {
        try await Desk.with { desk in
            try desk.folder.write(
                """
                approvals:
                  expires: 1h
                  rules:
                    - for: removals
                      persons: 2
                      by: [dana, robin]
                """, to: "muster.yaml")
            let plain = try await desk.tenant.users().filter { $0.isPlain }.map(\.address)
            var csv = PeopleCSV(try await desk.tenant.users())
            for address in plain.prefix(2) { csv[address].active = false }
            let file = desk.folder.file("monday.plan")
            try await desk.plan(csv, out: file, expect: 2)
            try await desk.muster("approve", file, "--as", "dana", expect: 0)
            let waiting = try await desk.muster("apply", file, "--json", expect: 3)
            #expect(waiting.error?["message"]?.text?.contains("by robin") == true, "\(waiting)")
            try await desk.muster("approve", file, "--as", "sam", "--json", expect: 77)
            let second = try await desk.muster("approve", file, "--as", "robin", "--json", expect: 0)
            #expect(second.document?["record"]?.text?.count == 64)
            let shown = try await desk.muster("show", file, "--json", expect: 0)
            #expect(shown.document?["approvals"]?.list.compactMap { $0["who"]?.text } == ["dana", "robin"])
            #expect(shown.document?["waitsFor"]?.list == [])

            // With the store, and with nothing but the files.
            let record = try await desk.muster("audit", "export", expect: 0)
            let export = try desk.folder.write(record.out, to: "record.ndjson")
            for source in [[], ["--from", export]] {
                let proof = try await desk.binary.run(["audit", "verify", "--plan", file, "--json"] + source)
                #expect(proof.exit == 0, "\(proof)")
                #expect(proof.document?["approvals"]?.list.compactMap { $0["who"]?.text } == ["dana", "robin"])
            }
            let words = try desk.folder.read("monday.plan.approvals")
            try desk.folder.write(words.replacing("robin", with: "morgan"), to: "monday.plan.approvals")
            try await desk.muster("audit", "verify", "--plan", file, expect: 73)
            try desk.folder.write(words, to: "monday.plan.approvals")
            // Applied with one line rejected.
            let number = shown.document?["changes"]?.list.first { $0["account"]?.text == plain[0] }?["line"]?.int ?? 0
            try await desk.muster("reject", file, "--line", String(number), "--as", "quinn", expect: 0)
            let applied = try await desk.muster("apply", file, "--json", expect: 0)
            #expect(applied.document?["done"]?.int == 1 && applied.document?["held"]?.int == 1, "\(applied)")
            #expect(try await desk.tenant.user(plain[0])?.isActive == true)
            #expect(try await desk.tenant.user(plain[1])?.isActive == false)
        }
    }

    @Test func whatFlipsBackAndForthWaits() async throws {
        try await Desk.with { desk in
            let user = try #require(try await desk.tenant.users().first { $0.isPlain })
            var csv = PeopleCSV(try await desk.tenant.users())
            for isActive in [false, true] {
                csv[user.address].active = isActive
                try await desk.bringAbout(csv)
            }
            csv[user.address].active = false
            let held = try await desk.plan(csv, expect: 2)
            #expect(held["counts"]?["undecided"]?.int == 1 && held["counts"]?["disable"]?.int == 0)
            try await desk.muster("resolve", user.address, "--follow-source", expect: 0)
            try await desk.muster("resolve", user.address, "--follow-source", expect: 65)
            try await desk.muster("resolve", user.address, expect: 64)
            try await desk.bringAbout(csv)
        }
    }

    @Test(arguments: [
        ("approvals:\n  foureyes: true\n", "Did you mean fourEyes?"), ("approvals:\n  expires: 9h\n", "2h"),
        ("approvals:\n  rules:\n    - for: removal\n", "Did you mean removals?"),
        ("approvals:\n  rules:\n    - by: [ann]\n", "for or addresses"),
        ("approvals:\n  rules:\n    - for: removals\n      persons: 3\n      by: [ann]\n", "fewer"),
        ("approvals:\n  rules:\n    - addresses: ['*@acme.example']\n", "whole addresses"),
        ("approvals:\n  rules:\n    - for: removals\n      person: 2\n", "Did you mean persons?"), ("hysteresis: maybe\n", "off"),
        ("hysteresis:\n  within: 9d\n", "24h"), ("hysteresis:\n  flip: 2\n", "flips"),
    ])
    func aRuleThatIsNotUnderstoodIsAnError(_ settings: String, hint: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write(settings, to: "muster.yaml")
        let refused = try await MusterBinary(folder: folder.path).run(["tenants", "list", "--json"])
        #expect(refused.exit == 65, "\(refused)")
        #expect(refused.error?["code"]?.text == "config-invalid")
        #expect(refused.error?["remedy"]?.text?.contains(hint) == true, "\(refused)")
    }
}
