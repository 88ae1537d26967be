import Foundation
import Mimecast
import TestSupport
import Testing

/// The incidents of other tools, against the built program: each run stops or removes nobody, and says so by its exit code. The rules in
/// detail are tried in `LifecycleTests/MassRemovalTests`.
@Suite struct MassRemovalTests {
    /// Runs a plan that has to be stopped, and an apply of it.
    private func expectStopped(
        _ desk: Desk, _ csv: PeopleCSV, by guards: Set<String>, at location: SourceLocation = #_sourceLocation
    ) async throws {
        let plan = try await desk.plan(csv, expect: 3, at: location)
        let tripped = plan["guards"]?.list.filter { $0["tripped"]?.bool == true }.compactMap { $0["name"]?.text } ?? []
        #expect(guards.isSubset(of: tripped), "\(tripped)", sourceLocation: location)
        let id = try #require(plan["plan"]?.text)
        try await desk.muster("approve", id, expect: 0, at: location)
        try await desk.muster("apply", id, "--json", expect: 3, at: location)
    }

    @Test(arguments: Flavour.allCases)
    func everyIncidentStopsAndNothingIsWritten(_ flavour: Flavour) async throws {
        try await Desk.with(flavour, people: 60) { desk in
            let users = try await desk.tenant.users()
            let full = PeopleCSV(users)
            let mark = try await desk.control.mark()

            // The first run: whoever is not in the source is nobody's leaver.
            var few = full
            few.people = Array(full.people.prefix(5))
            #expect(try await desk.plan(few, expect: 0)["orphans"]?.int == users.count - 5)
            try await desk.expectInLine(full)

            // Empty: a header alone, no byte at all.
            let header = try desk.folder.write("email,externalId,name\r\n", to: "header.csv")
            let nothing = try desk.folder.write("", to: "nothing.csv")
            for source in [header, nothing] {
                let outcome = try await desk.binary.run(["plan", "--from", source, "--json"] + desk.flags)
                #expect(outcome.exit == 65, "\(outcome)")
            }

            // Half of it; as many other people; other people of no domain of ours.
            var half = full
            half.people = Array(full.people.prefix(users.count / 2))
            try await expectStopped(desk, half, by: ["removals", "source-shrink"])
            var others = full
            for index in others.people.indices {
                others.people[index].email = "other\(index)@\(desk.sandbox.domain)"
                others.people[index].externalID = "other-\(index)"
            }
            try await expectStopped(desk, others, by: ["removals", "additions"])
            var foreign = full
            for index in foreign.people.indices { foreign.people[index].email = "other\(index)@elsewhere.example" }
            let source = try desk.folder.write(foreign.text, to: "foreign.csv")
            let refused = try await desk.binary.run(["plan", "--from", source, "--json"] + desk.flags)
            #expect(refused.exit == 65, "\(refused)")

            // Columns that vanished say nothing.
            let bare = (["email,externalId"] + full.people.map { "\($0.email),\($0.externalID)" }).joined(separator: "\n") + "\n"
            let columns = try desk.folder.write(bare, to: "bare.csv")
            let silent = try await desk.binary.run(["plan", "--from", columns, "--json"] + desk.flags)
            #expect(silent.exit == 0 && silent.document?["changes"]?.list == [], "\(silent)")

            // Lists that are cut, and one that answers 403 for a domain.
            var short = full
            let plain = users.filter { $0.isPlain && $0.address.hasSuffix("@" + desk.sandbox.domain) }
            for user in plain.prefix(2) { short.remove(user.address) }
            for kind in ["short-page", "repeat-token"] {
                // Each read is made three times, and a token that is repeated is asked for once.
                try await desk.control.script([ScriptedFault(kind, "/api/user/get-internal-users", count: 12)])
                let cut = try await desk.plan(short, expect: 0)
                // The leavers are blocked, and so is whoever the list left out.
                let blocked = cut["counts"]?["blocked"]?.int ?? 0
                #expect(cut["counts"]?["disable"]?.int == 0 && blocked >= 2, "\(kind): \(cut)")
                #expect(try await desk.control.firedCount() >= 3, "\(kind)")
                try await desk.control.clearFaults()
            }
            let last = flavour == .guide ? 0 : 1
            var fault = ScriptedFault("reject", "/api/user/get-internal-users", skip: last, count: 10, status: 403)
            fault.code = "app_forbidden"
            try await desk.control.script([fault])
            let forbidden = try await desk.binary.run(["plan", "--from", desk.folder.file("people.csv"), "--json"] + desk.flags)
            #expect(forbidden.exit == 77, "\(forbidden)")
            try await desk.control.clearFaults()

            #expect(try await desk.control.requests(since: mark).filter { $0.hadEffect }.isEmpty)
            #expect(try await desk.tenant.users() == users)
        }
    }

    @Test(arguments: [Flavour.portal])
    func aFilterThatTakesAFewAwayEachTimeStopsWithinTheDay(_ flavour: Flavour) async throws {
        try await Desk.with(flavour, people: 60) { desk in
            let users = try await desk.tenant.users()
            var csv = PeopleCSV(users)
            try await desk.expectInLine(csv)
            var plain = users.filter { $0.isPlain }
            for leavers in [3, 2] {
                for user in plain.prefix(leavers) { csv.remove(user.address) }
                plain.removeFirst(leavers)
                try await desk.bringAbout(csv)
            }
            let before = try await desk.tenant.users()
            csv.remove(plain[0].address)
            let mark = try await desk.control.mark()
            try await expectStopped(desk, csv, by: ["removals-24h"])
            #expect(try await desk.control.requests(since: mark).filter { $0.hadEffect }.isEmpty)
            #expect(try await desk.tenant.users() == before)
        }
    }
}
