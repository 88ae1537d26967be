import Foundation
import Mimecast
import TestSupport
import Testing

/// A plan is bound to what it was made from: altered by hand, or overtaken by events, it is not applied.
@Suite struct PlanFileTests {
    @Test func aPlanChangedByHandIsRefused() async throws {
        try await Desk.with { desk in
            var csv = PeopleCSV(try await desk.tenant.users())
            csv["nova@\(desk.sandbox.domain)"].name = "Nova"
            let file = desk.folder.file("monday.plan")
            let plan = try await desk.plan(csv, out: file, expect: 2)
            let hash = plan["hash"]?.text ?? ""
            let text = try desk.folder.read("monday.plan")
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let mark = try await desk.control.mark()
            let otherHash = String(hash.dropLast()) + (hash.hasSuffix("0") ? "1" : "0")
            let changes: [(what: String, with: String, code: String)] = [
                ("nova@", "eve@", "plan-altered"), (hash, otherHash, "plan-altered"), ("\"create\" : 1", "\"create\" : 2", "plan-altered"),
                ("\"format\" : 1", "\"format\" : 2", "plan-newer"), ("{", "", "not-a-plan"),
            ]
            for change in changes {
                let altered = change.what == "{" ? String(text.dropFirst(20)) : text.replacing(change.what, with: change.with)
                try #require(altered != text, "\(change.what)")
                try desk.folder.write(altered, to: "monday.plan")
                for verb in ["apply", "approve", "reject", "show"] {
                    let refused = try await desk.muster(verb, file, "--json", expect: 73)
                    #expect(refused.error?["code"]?.text == change.code, "\(change.what)")
                }
            }
            #expect(try await desk.control.requests(since: mark).isEmpty)
            try desk.folder.write(text, to: "monday.plan")
            // Whole again, it belongs to this store alone.
            let elsewhere = try await desk.muster("apply", file, "--json", "--store", "sqlite:other.db", expect: 73)
            #expect(elsewhere.error?["code"]?.text == "plan-unknown")
            try await desk.muster("apply", file, expect: 0)
            #expect(try await desk.tenant.user("nova@\(desk.sandbox.domain)") != nil)
        }
    }

    @Test func aPlanThatAReadOvertookIsStale() async throws {
        try await Desk.with { desk in
            let users = try await desk.tenant.users()
            var csv = PeopleCSV(users)
            csv["nova@\(desk.sandbox.domain)"].name = "Nova"
            let id = try await desk.plan(csv, expect: 2)["plan"]?.text ?? ""
            try await desk.control.directory([["op": "rename", "emailAddress": try users.pick().address, "name": "Changed Elsewhere"]])
            try await desk.muster("sync", expect: 0)
            let mark = try await desk.control.mark()
            let stale = try await desk.muster("apply", id, "--json", expect: 73)
            #expect(stale.error?["code"]?.text == "plan-stale")
            #expect(try await desk.control.requests(since: mark).isEmpty)
        }
    }

    @Test func readingAgainWithoutAChangeMakesNothingStale() async throws {
        try await Desk.with { desk in
            var csv = PeopleCSV(try await desk.tenant.users())
            csv["nova@\(desk.sandbox.domain)"].name = "Nova"
            let id = try await desk.plan(csv, expect: 2)["plan"]?.text ?? ""
            try await desk.muster("sync", expect: 0)
            try await desk.muster("apply", id, expect: 0)
        }
    }

    @Test func aPlanThatAnotherOneOvertookIsStale() async throws {
        try await Desk.with { desk in
            var csv = PeopleCSV(try await desk.tenant.users())
            csv["nova@\(desk.sandbox.domain)"].name = "Nova"
            let first = try await desk.plan(csv, expect: 2)["plan"]?.text ?? ""
            csv["vega@\(desk.sandbox.domain)"].name = "Vega"
            let second = try await desk.plan(csv, expect: 2)["plan"]?.text ?? ""
            try await desk.muster("apply", second, expect: 0)
            let stale = try await desk.muster("apply", first, "--json", expect: 73)
            #expect(stale.error?["code"]?.text == "plan-stale")
            #expect(stale.error?["message"]?.text?.contains(second) == true)
            try await desk.expectInLine(csv)
        }
    }

    @Test func whileAPlanIsUnfinishedNoOtherBegins() async throws {
        try await Desk.with { desk in
            var csv = PeopleCSV(try await desk.tenant.users())
            csv["nova@\(desk.sandbox.domain)"].name = "Nova"
            let first = try await desk.plan(csv, expect: 2)["plan"]?.text ?? ""
            csv["vega@\(desk.sandbox.domain)"].name = "Vega"
            let second = try await desk.plan(csv, expect: 2)["plan"]?.text ?? ""
            let killed = try await desk.binary.run(["apply", first], with: ["MUSTER_FAILPOINT": "journal:3"])
            #expect(killed.signal == SIGKILL)
            let refused = try await desk.muster("apply", second, "--json", expect: 73)
            #expect(refused.error?["code"]?.text == "plan-unfinished")
            #expect(refused.error?["message"]?.text?.contains(first) == true)
            try await desk.muster("resume", expect: 0)
        }
    }

    @Test func whatIsLeftOfABegunPlanCanBeGivenUp() async throws {
        try await Desk.with { desk in
            var csv = PeopleCSV(try await desk.tenant.users())
            csv["nova@\(desk.sandbox.domain)"].name = "Nova"
            csv["vega@\(desk.sandbox.domain)"].name = "Vega"
            let plan = try await desk.plan(csv, expect: 2)["plan"]?.text ?? ""
            let killed = try await desk.binary.run(["apply", plan], with: ["MUSTER_FAILPOINT": "journal:3"])
            #expect(killed.signal == SIGKILL)
            let mark = try await desk.control.mark()
            let receipt = try await desk.muster("reject", plan, "--json", expect: 0).document
            #expect(receipt?["failed"] == .number(2))
            try await desk.muster("resume", expect: 0)
            try await desk.muster("apply", plan, expect: 0)
            #expect(try await desk.control.requests(since: mark).isEmpty)
            // The way is free: the next plan makes what is still missing.
            let next = try await desk.plan(csv, expect: 2)["plan"]?.text ?? ""
            try await desk.muster("apply", next, expect: 0)
            try await desk.plan(csv, expect: 0)
        }
    }

    @Test(arguments: ["protected: nobody\n", "approvals:\n  fourEyes: maybe\n", "protected:\n  - '*@*'\n", "protectd: []\n"])
    func aSafetyThatCannotBeReadIsNotOffWithoutAWord(_ settings: String) async throws {
        try await Desk.with { desk in
            try desk.folder.write(settings, to: "muster.yaml")
            let refused = try await desk.muster("sync", "--json", expect: 65)
            #expect(refused.error?["code"]?.text == "config-invalid")
        }
    }
}
