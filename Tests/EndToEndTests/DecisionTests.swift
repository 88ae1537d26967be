import Foundation
import Mimecast
import TestSupport
import Testing

/// What stops a plan, who may let it pass, and what the exit codes say.
@Suite struct DecisionTests {
    @Test func withoutAnApprovalNothingIsSent() async throws {
        try await Desk.with { desk in
            var csv = PeopleCSV(try await desk.tenant.users())
            let person = try await desk.tenant.users().pick()
            csv[person.address].active = false
            let plan = try await desk.plan(csv, expect: 2)
            #expect(plan["needsApproval"]?.bool == true)
            let id = plan["plan"]?.text ?? ""
            let mark = try await desk.control.mark()
            let denied = try await desk.muster("apply", id, "--json", "--yes", expect: 3)
            #expect(denied.error?["code"]?.text == "approval-missing")
            #expect(try await desk.control.requests(since: mark).isEmpty)
            try await desk.muster("reject", id, expect: 0)
            let rejected = try await desk.muster("apply", id, "--json", expect: 3)
            #expect(rejected.error?["code"]?.text == "plan-rejected")
            try await desk.muster("approve", id, expect: 0)
            try await desk.muster("apply", id, expect: 0)
            try await desk.expectInLine(csv)
        }
    }

    @Test func whereNoApprovalIsNeededOneMayBeGivenAndNoneIsMissed() async throws {
        try await Desk.with { desk in
            var csv = PeopleCSV(try await desk.tenant.users())
            let person = try await desk.tenant.users().pick()
            csv[person.address].name = "First"
            var plan = try await desk.plan(csv, expect: 2)
            #expect(plan["needsApproval"]?.bool == false)
            try await desk.muster("approve", plan["plan"]?.text ?? "", expect: 0)
            try await desk.muster("apply", plan["plan"]?.text ?? "", expect: 0)
            csv[person.address].name = "Second"
            plan = try await desk.plan(csv, expect: 2)
            try await desk.muster("apply", plan["plan"]?.text ?? "", expect: 0)
            try await desk.expectInLine(csv)
        }
    }

    @Test func applyingAFinishedPlanSendsNothing() async throws {
        try await Desk.with { desk in
            var csv = PeopleCSV(try await desk.tenant.users())
            csv["nova@\(desk.sandbox.domain)"].name = "Nova"
            let id = try await desk.plan(csv, expect: 2)["plan"]?.text ?? ""
            let first = try await desk.muster("apply", id, "--json", expect: 0)
            let mark = try await desk.control.mark()
            let again = try await desk.muster("apply", id, "--json", expect: 0)
            #expect(again.document == first.document)
            try await desk.muster("resume", id, expect: 0)
            #expect(try await desk.control.requests(since: mark).isEmpty)
            let approval = try await desk.muster("approve", id, "--json", expect: 73)
            #expect(approval.error?["code"]?.text == "plan-begun")
        }
    }

    @Test func aGuardStopsAPlanUntilSomebodyRaisesIt() async throws {
        try await Desk.with { desk in
            let users = try await desk.tenant.users()
            var csv = PeopleCSV(users)
            for user in users.filter({ $0.isPlain }).prefix(4) { csv[user.address].active = false }
            let plan = try await desk.plan(csv, expect: 3)
            let id = plan["plan"]?.text ?? ""
            let tripped = plan["guards"]?.list.filter { $0["tripped"]?.bool == true }.compactMap { $0["name"]?.text }
            #expect(tripped == ["removals"])
            try await desk.muster("approve", id, expect: 0)
            let mark = try await desk.control.mark()
            let stopped = try await desk.muster("apply", id, "--json", expect: 3)
            #expect(stopped.error?["code"]?.text == "guard-removals")
            #expect(stopped.error?["remedy"]?.text?.contains("guards raise removals=4") == true)
            #expect(try await desk.control.requests(since: mark).isEmpty)

            try await desk.muster("guards", "raise", "removals=4", "--for", "1h", "--reason", "Office closed", "--as", "ada", expect: 0)
            let guards = try await desk.muster("guards", "list", expect: 0)
            #expect(guards.out.contains("to 4 by ada: Office closed"))
            try await desk.muster("apply", id, expect: 0)
            #expect(try await desk.tenant.users().filter { !$0.isActive }.count == 4)
            try await desk.expectInLine(csv)
        }
    }

    @Test(arguments: ["half", "header only"])
    func aSourceThatShrankStopsEverything(_ cut: String) async throws {
        try await Desk.with { desk in
            let users = try await desk.tenant.users()
            var csv = PeopleCSV(users)
            try await desk.expectInLine(csv)
            csv.people = Array(csv.people.prefix(cut == "half" ? csv.people.count / 2 : 0))
            let mark = try await desk.control.mark()
            if cut == "half" {
                let plan = try await desk.plan(csv, expect: 3)
                try await desk.muster("approve", plan["plan"]?.text ?? "", expect: 0)
                try await desk.muster("apply", plan["plan"]?.text ?? "", expect: 3)
            } else {
                let source = try desk.folder.write(csv.text, to: "empty.csv")
                try await desk.muster("plan", "--from", source, expect: 65)
            }
            #expect(try await desk.control.requests(since: mark).filter { $0.hadEffect }.isEmpty)
            #expect(try await desk.tenant.users() == users)
        }
    }

    @Test func fourEyesWantAnotherPerson() async throws {
        try await Desk.with { desk in
            try desk.folder.write("approvals:\n  fourEyes: true\n", to: "muster.yaml")
            var csv = PeopleCSV(try await desk.tenant.users())
            csv[try await desk.tenant.users().pick().address].active = false
            let plan = try await desk.plan(csv, "--as", "ada", expect: 2)
            let own = try await desk.muster("approve", plan["plan"]?.text ?? "", "--json", "--as", "ada", expect: 77)
            #expect(own.error?["code"]?.text == "four-eyes")
            try await desk.muster("apply", plan["plan"]?.text ?? "", "--as", "ada", expect: 3)
            try await desk.muster("approve", plan["plan"]?.text ?? "", "--as", "bea", expect: 0)
            try await desk.muster("apply", plan["plan"]?.text ?? "", "--as", "ada", expect: 0)
        }
    }

    @Test(arguments: Flavour.allCases)
    func fromAnOpenDomainNobodyIsDisabled(_ flavour: Flavour) async throws {
        try await Desk.with(flavour) { desk in
            let users = try await desk.tenant.users()
            let full = PeopleCSV(users)
            try await desk.expectInLine(full)
            var short = full
            let person = try users.pick { $0.isPlain && $0.address.hasSuffix("@" + desk.sandbox.domain) }
            short.remove(person.address)

            // Three times, since an open domain is read again; the second domain's list comes through.
            let cut = ScriptedFault("short-page", "/api/user/get-internal-users", count: 6)
            try await desk.control.script([cut])
            let sync = try await desk.synced(expect: 4)
            #expect(sync.document?["closed"]?.bool == false)
            let domains = sync.document?["domains"]?.list ?? []
            #expect(domains.contains { $0["state"]?.text == "open" })
            try await desk.control.clearFaults()

            let plan = try await desk.plan(short, "--no-sync", expect: 0)
            #expect(plan["counts"]?["disable"]?.int == 0)
            #expect(plan["counts"]?["remove"]?.int == 0)
            #expect(plan["changes"]?.list.contains { $0["kind"]?.text == "blocked" && $0["person"]?.text == person.address } == true)
            #expect(try await desk.tenant.users() == users)

            // The next read is whole, and the plan means it.
            #expect(try await desk.plan(short, expect: 2).at("counts", "disable")?.int == 1)
        }
    }
}
