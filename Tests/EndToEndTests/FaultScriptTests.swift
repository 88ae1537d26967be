import Foundation
import Mimecast
import Testing

/// One misfortune after the other against one tenant, each of which has to strike as often as it says: every round ends as it was planned.
@Suite struct FaultScriptTests {
    @Test(arguments: Flavour.allCases)
    func everyRoundEndsAsPlanned(_ flavour: Flavour) async throws {
        try await Desk.with(flavour, people: 60) { desk in
            var scene = try await Scene(desk)
            let look = flavour == .guide ? "/api/user/get-internal-users" : flavour.updatePath
            let members = "/api/directory/get-group-members"

            // A burst of 429 on writes and reads.
            try await round(
                &scene,
                [
                    ScriptedFault("rate-limit", flavour.createPath, count: 3, seconds: 0),
                    ScriptedFault("rate-limit", Flavour.joinPath, count: 2, seconds: 0),
                    ScriptedFault("rate-limit", members, count: 3, seconds: 0),
                ])
            // Tokens that run out between the calls; keys of v1 do not.
            // What looks at the tenant has a token of the guide's application, for which FaultTests let tokens run out.
            if flavour == .portal {
                try await round(
                    &scene,
                    [flavour.createPath, Flavour.joinPath, Flavour.leavePath, members].map { ScriptedFault("expire-tokens", $0) })
            }
            // Reads that answer 5xx when the answer of a write was lost, and when all is read back.
            try await round(
                &scene,
                [
                    ScriptedFault("drop-after", Flavour.joinPath), ScriptedFault("server-error", members, count: 2, status: 502),
                    ScriptedFault("server-error", look, skip: flavour == .guide ? 0 : 3, count: 1, status: 500),
                ].filter { flavour == .guide || $0.match.path != look })
            // A read-back that lags behind.
            try await round(&scene, [ScriptedFault("stale-read", members)])
            // The read that is to settle a lost answer lags behind: the write is sent again, and refused as done.
            try await round(
                &scene, [ScriptedFault("drop-after", Flavour.joinPath), ScriptedFault("stale-read", members)], isReadBetween: false)
        }
    }

    /// Applies the next round with these faults.
    private func round(
        _ scene: inout Scene, _ faults: [ScriptedFault], isReadBetween: Bool = true, at location: SourceLocation = #_sourceLocation
    ) async throws {
        let desk = scene.desk
        let plan = try await scene.next()
        let mark = try await desk.control.mark()
        try await desk.control.script(faults)
        try await desk.muster("apply", plan, "--json", expect: 0, at: location)
        try await desk.expectAllFired(at: location)
        try await desk.control.clearFaults()
        if isReadBetween {
            try await scene.expectDone(since: mark, at: location)
        } else {
            let effects = try await desk.control.requests(since: mark).filter { $0.hadEffect }
            #expect(effects.count == scene.kinds.count, "\(effects)", sourceLocation: location)
            try await desk.expectInLine(scene.csv, at: location)
        }
    }

    @Test(arguments: Flavour.allCases)
    func anIntegrationInErrorLeavesTheRunAsItIs(_ flavour: Flavour) async throws {
        try await Desk.with(flavour, people: 60) { desk in
            var scene = try await Scene(desk)
            let synced = try await desk.tenant.users().filter { $0.isSynced }
            try await desk.control.directory([
                ["op": "addConnection", "description": "Leeds", "serverType": "active_directory"],
                ["op": "setConnection", "connection": "Leeds", "status": "error", "error": "bind failed"],
            ])
            let plan = try await scene.next()
            let mark = try await desk.control.mark()
            try await desk.muster("apply", plan, expect: 0)
            try await scene.expectDone(since: mark)
            #expect(try await desk.tenant.users().filter { $0.isSynced } == synced)
        }
    }

    @Test(arguments: Flavour.allCases)
    func whatAColleagueDoesMeanwhileIsReportedAndNotUndone(_ flavour: Flavour) async throws {
        try await Desk.with(flavour, people: 60) { desk in
            let users = try await desk.tenant.users()
            var csv = PeopleCSV(users)
            try await desk.expectInLine(csv)
            let plain = users.filter { $0.isPlain }
            let joiner = "nova@\(desk.sandbox.domain)"
            csv[joiner].name = "Nova"
            csv[plain[0].address].name = "Another Name"
            csv[plain[1].address].active = false
            csv[plain[2].address].active = false
            csv[plain[3].address].name = "Quite Another"
            csv[plain[4].address].name = "Planned"
            let plan = try await desk.plan(csv, expect: 2)
            let id = try #require(plan["plan"]?.text)
            try await desk.muster("approve", id, expect: 0)
            try await desk.control.directory([
                ["op": "create", "emailAddress": joiner, "name": "Theirs"],
                ["op": "delete", "emailAddress": plain[0].address],
                ["op": "disable", "emailAddress": plain[1].address],
                ["op": "rename", "emailAddress": plain[4].address, "name": "By A Colleague"],
            ])
            let mark = try await desk.control.mark()
            let applied = try await desk.muster("apply", id, "--json", expect: 4)
            let failures = applied.document?["failures"]?.list ?? []
            #expect(Set(failures.compactMap { $0["person"]?.text }) == [joiner, plain[0].address, plain[4].address], "\(applied)")
            #expect(failures.allSatisfy { $0["reason"]?.text?.isEmpty == false })
            #expect(applied.document?["done"]?.int == 3, "\(applied)")
            let effects = try await desk.control.requests(since: mark).filter { $0.hadEffect }
            #expect(Set(effects.compactMap(\.target)).isSubset(of: [plain[1].address, plain[2].address, plain[3].address]), "\(effects)")
            let after = try await desk.tenant.users()
            #expect(after.first { $0.address == joiner }?.name == "Theirs")
            #expect(!after.contains { $0.address == plain[0].address })
            // Nothing would have refused this one.
            #expect(after.contains { $0.address == plain[4].address && $0.name == "By A Colleague" })
            let found = failures.compactMap { $0["conflict"]?["found"]?.text }
            #expect(found.contains(#"name "By A Colleague""#), "\(applied)")
            // What the source wants still, the next plan says.
            try await desk.bringAbout(csv)
        }
    }
}
