import Foundation
import Mimecast
import TestSupport
import Testing

/// Guards with the built program: one direction stops, the rest goes on, and the configuration is strict.
@Suite struct GuardTests {
    @Test(arguments: [Flavour.guide, .portal])
    func removalsStopAndTheRestGoesOn(_ flavour: Flavour) async throws {
        try await Desk.with(flavour) { desk in
            let users = try await desk.tenant.users()
            var csv = PeopleCSV(users)
            for user in users.filter({ $0.isPlain }).prefix(4) { csv[user.address].active = false }
            csv["nova@\(desk.sandbox.domain)"].name = "Nova"
            let plan = try await desk.plan(csv, expect: 3)
            let id = try #require(plan["plan"]?.text)
            let held = plan["held"]?.list.first
            #expect(held?["by"]?.text == "removals" && held?["lines"]?.list.count == 4)
            let stopped = try await desk.muster("apply", id, "--json", expect: 3)
            #expect(stopped.error?["remedy"]?.text?.contains("muster apply \(id) --without removals") == true)
            let page = try await desk.muster("show", id, expect: 0)
            #expect(page.out.contains("it holds 4 lines back") && page.out.contains("muster apply \(id) --without removals"))

            let applied = try await desk.muster("apply", id, "--without", "removals", "--json", expect: 3)
            #expect(applied.document?["done"]?.int == 1 && applied.document?["held"]?.int == 4)
            #expect(try await desk.tenant.user("nova@\(desk.sandbox.domain)") != nil)
            #expect(try await desk.tenant.users().allSatisfy { $0.isActive })
            try await desk.muster("apply", id, expect: 0)
            #expect(try await desk.plan(csv, expect: 3)["counts"]?["disable"]?.int == 4)
            try await desk.muster("apply", id, "--without", "everything", expect: 64)
        }
    }

    @Test func anUrgentLeaverGoesOnWhenTheDayIsSpent() async throws {
        try await Desk.with { desk in
            try desk.folder.write("guards:\n  removals-24h: 1\n", to: "muster.yaml")
            let plain = try await desk.tenant.users().filter { $0.isPlain }.map(\.address)
            for (number, address) in plain.prefix(2).enumerated() {
                let asked = try await desk.muster("users", "disable", address, "--json", expect: 3)
                #expect(asked.document?["stopped"]?.bool == false)
                #expect(asked.document?["guards"]?.list.contains { $0["name"]?.text == "urgent" } == (number == 1))
                let plan = try #require(asked.document?["plan"]?.text)
                try await desk.muster("apply", plan, expect: 3)
                try await desk.muster("approve", plan, expect: 0)
                try await desk.muster("apply", plan, expect: 0)
                #expect(try await desk.tenant.user(address)?.isActive == false)
            }
            // Two at once are no single case.
            let two = try await desk.muster("users", "disable", plain[2], plain[3], "--json", expect: 3)
            #expect(two.document?["stopped"]?.bool == true)
            let guards = try await desk.muster("guards", "list", "--json", expect: 0).document?["guards"]?.list
            let day = guards?.first { $0["name"]?.text == "removals-24h" }
            #expect(day?["limit"]?.int == 1 && day?["used"]?.int == 2 && day?["left"]?.int == 0 && day?["configured"]?.bool == true)
        }
    }

    @Test(arguments: [
        ("guards:\n  removal: 5\n", "Did you mean removals?"), ("guards:\n  removals: many\n", "5 or 2 %"), ("guards: 5\n", "name: value"),
        ("guard:\n  removals: 5\n", "Did you mean guards?"),
        ("guards:\n  administrators: 0\n", "sign in"), ("guards:\n  removals: [5]\n", "one value"), ("seats: many\n", "500"),
        ("seats:\n  C1: -4\n", "500"), ("privilegedGroups:\n  a: b\n", "one value"),
    ])
    func aLimitThatIsNotUnderstoodIsAnError(_ settings: String, hint: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write(settings, to: "muster.yaml")
        let refused = try await MusterBinary(folder: folder.path).run(["tenants", "list", "--json"])
        #expect(refused.exit == 65, "\(refused)")
        #expect(refused.error?["code"]?.text == "config-invalid")
        #expect(refused.error?["remedy"]?.text?.contains(hint) == true, "\(refused)")
    }

    @Test func severalLimitsAreRaisedAtOnce() async throws {
        try await Desk.with { desk in
            let raised = try await desk.muster(
                "guards", "raise", "removals=40", "removals-24h=50", "--for", "1h", "--reason", "HR-5521", "--as", "ada", "--json",
                expect: 0)
            #expect(raised.document?["name"]?.text == "removals" && raised.document?["guards"]?.list.count == 2)
            let guards = try await desk.muster("guards", "list", expect: 0)
            #expect(guards.out.contains("to 40 by ada: HR-5521") && guards.out.contains("to 50 by ada: HR-5521"))
            try await desk.muster("guards", "raise", "removals=1", "removals=2", "--for", "1h", "--reason", "x", expect: 64)
            let unknown = try await desk.muster("guards", "raise", "removal=1", "--for", "1h", "--reason", "x", "--json", expect: 64)
            #expect(unknown.error?["remedy"]?.text?.contains("Did you mean removals?") == true)
        }
    }
}
