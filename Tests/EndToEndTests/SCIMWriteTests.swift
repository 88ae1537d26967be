import Foundation
import Mimecast
import TestSupport
import Testing

/// What is particular to a tenant that is written over SCIM; the circle itself, kills and faults are tried over both ways.
@Suite struct SCIMWriteTests {
    @Test func theWayIsShown() async throws {
        try await Desk.with { desk in
            let added = try await desk.binary.run(desk.addingOverSCIM + ["--json"])
            #expect(added.document?["writes"]?.text == "scim", "\(added)")
            let shown = try await desk.muster("tenants", "show", desk.code, "--json", expect: 0)
            #expect(shown.document?.at("tenant", "writes")?.text == "scim")
            #expect(try await desk.muster("tenants", "show", desk.code, expect: 0).out.contains("may be written over SCIM"))
            let listed = try await desk.muster("tenants", "list", "--json", expect: 0)
            #expect(listed.document?["tenants"]?.list.compactMap { $0["writes"]?.text } == ["scim"])
            #expect(try await desk.muster("tenants", "list", expect: 0).out.contains("over SCIM"))
            // Added again without the flag, it is written by the API again.
            let flags = desk.addingOverSCIM.dropLast(2)
            #expect(try await desk.binary.run(flags + ["--json"]).document?["writes"]?.text == "api")
            let wrong = try await desk.binary.run(flags + ["--writes", "ldap"])
            #expect(wrong.exit == 64, "\(wrong)")
            let v1 = try await desk.binary.run(flags + ["--writes", "scim", "--generation", "v1"])
            #expect(v1.exit == 64 && v1.err.contains("v2"), "\(v1)")
        }
    }

    @Test(arguments: [(["--plan", "standard"], "Enterprise"), (["--sso", "off"], "sign-on")])
    func aTenantWithoutSCIMIsNotTakenForOneThatHasIt(_ sandbox: [String], _ word: String) async throws {
        try await Desk.with(sandbox: sandbox) { desk in
            let added = try await desk.binary.run(desk.addingOverSCIM + ["--json"])
            #expect(added.exit == 77, "\(added)")
            #expect(added.error?["message"]?.text?.contains(word) == true, "\(added)")
            #expect(try await desk.muster("tenants", "list", "--json", expect: 0).document?["tenants"]?.list == [])
        }
    }

    @Test(arguments: [Way(.portal, overSCIM: true), Way(.guide, overSCIM: true)])
    func everyWriteGoesOverSCIM(_ way: Way) async throws {
        try await Desk.with(way, people: 60) { desk in
            var scene = try await Scene(desk)
            let plan = try await scene.next()
            let mark = try await desk.control.mark()
            let applied = try await desk.muster("apply", plan, "--json", "-v", expect: 0)
            let log = try await desk.control.requests(since: mark)
            let renames = log.filter { $0.effect == "renamed" }
            #expect(renames.map(\.path) == (way.flavour == .guide ? [Flavour.guide.updatePath] : []), "the old address stays an alias")
            #expect(log.filter { $0.hadEffect && $0.effect != "renamed" }.allSatisfy { $0.path.hasPrefix("/scim/v2/") }, "\(log)")
            // The portal's look at several accounts is a line each in the log.
            if way.flavour == .guide { #expect(applied.document?["calls"]?.int == log.count, "\(log)") }
            #expect(applied.err.contains("SCIM /Users"))
            try await scene.expectDone(since: mark)
        }
    }

    @Test func rolesGoByTheAPI() async throws {
        try await Desk.with(Way(.guide, overSCIM: true)) { desk in
            let users = try await desk.tenant.users()
            let holder = try users.pick { !$0.roles.isEmpty && !$0.isSynced }
            let person = try users.pick()
            let rows = users.map { user in
                let roles = user.address == person.address ? holder.roles : user.roles
                return [user.address, "hr-\(user.address)", PeopleCSV.cell(user.name), PeopleCSV.cell(roles.joined(separator: ";"))]
                    .joined(separator: ",")
            }
            let source = try desk.folder.write((["email,externalId,name,adminRoles"] + rows).joined(separator: "\n"), to: "roles.csv")
            let planned = try await desk.muster("plan", "--from", source, "--json", "--tenant", desk.code, expect: 2)
            let plan = try #require(planned.document?["plan"]?.text)
            try await desk.muster("approve", plan, expect: 0)
            let mark = try await desk.control.mark()
            try await desk.muster("apply", plan, expect: 0)
            let effects = try await desk.control.requests(since: mark).filter { $0.hadEffect }
            #expect(effects.map(\.path) == [Flavour.guide.updatePath])
            #expect(try await desk.tenant.user(person.address)?.roles == holder.roles)
        }
    }

    @Test func whomSCIMHidesTheAPIBringsBack() async throws {
        try await Desk.with(Way(.guide, overSCIM: true)) { desk in
            let users = try await desk.tenant.users()
            var csv = PeopleCSV(users)
            let person = try users.pick()
            // Somebody else deletes the person over SCIM: the account is disabled, and SCIM shows it no more.
            let token = try await desk.token()
            let scim = HTTP(base: desk.sandbox.credentials["MIMECAST_SCIM_URL"] ?? "", token: token)
            let found = try await scim.get("/Users?filter=userName%20eq%20%22\(person.address)%22")
            let id = try #require(try JSONDecoder().decode(JSON.self, from: found)["Resources"]?.list.first?["id"]?.text)
            try await scim.delete("/Users/\(id)")
            #expect(try await desk.tenant.user(person.address)?.isActive == false)
            csv[person.address].active = true
            let mark = try await desk.control.mark()
            try await desk.bringAbout(csv)
            #expect(try await desk.control.requests(since: mark).filter { $0.hadEffect }.map(\.path) == [Flavour.guide.updatePath])
            // Whoever is deleted leaves every group.
            var expected = person
            expected.groups = []
            #expect(try await desk.tenant.user(person.address) == expected)
        }
    }

    @Test func aRenameWithoutANewAliasGoesOverSCIM() async throws {
        try await Desk.with(Way(.guide, overSCIM: true), people: 60) { desk in
            let users = try await desk.tenant.users()
            let person = try users.pick { $0.isPlain && !$0.aliases.isEmpty }
            let address = "brand.new@\(desk.sandbox.domain)"
            func csv(_ email: String) -> String {
                let rows = users.map { user in
                    let isIt = user.address == person.address
                    return [
                        isIt ? email : user.address, "hr-\(user.address)", PeopleCSV.cell(user.name),
                        isIt ? PeopleCSV.cell(user.aliases.joined(separator: ";")) : "",
                    ].joined(separator: ",")
                }
                return (["email,externalId,name,aliases"] + rows).joined(separator: "\n")
            }
            // The plan that links everybody.
            try await desk.muster(
                "plan", "--from", try desk.folder.write(csv(person.address), to: "before.csv"), "--tenant", desk.code, expect: 0)
            let planned = try await desk.muster(
                "plan", "--from", try desk.folder.write(csv(address), to: "after.csv"), "--tenant", desk.code, "--json", expect: 2)
            let mark = try await desk.control.mark()
            try await desk.muster("apply", try #require(planned.document?["plan"]?.text), expect: 0)
            let effects = try await desk.control.requests(since: mark).filter { $0.hadEffect }
            #expect(effects.map(\.effect) == ["renamed"])
            #expect(effects.map(\.path) == ["/scim/v2/Users/{id}"])
            var expected = person
            expected.address = address
            #expect(try await desk.tenant.user(address) == expected)
        }
    }

    @Test func aServiceThatAnswersAndDoesNothingIsFoundOut() async throws {
        try await Desk.with(Way(.portal, overSCIM: true), people: 60, sandbox: ["--sso", "degraded"]) { desk in
            let users = try await desk.tenant.users()
            var csv = PeopleCSV(users)
            csv["nova@\(desk.sandbox.domain)"].name = "Nova"
            csv[try users.pick().address].name = "Another Name"
            let plan = try await desk.plan(csv, expect: 2)
            let applied = try await desk.muster("apply", try #require(plan["plan"]?.text), "--json", expect: 4)
            #expect(applied.document?["failed"]?.int == 2, "\(applied)")
            #expect(applied.document?["verified"]?.int == 0)
            let reasons = applied.document?["failures"]?.list.compactMap { $0["reason"]?.text } ?? []
            #expect(reasons.allSatisfy { $0.hasPrefix("answered as done, but read back") }, "\(reasons)")
            #expect(try await desk.tenant.users() == users)
        }
    }

    @Test func tokensThatExpireInBetweenAreRenewed() async throws {
        try await Desk.with(Way(.portal, overSCIM: true), people: 60) { desk in
            var scene = try await Scene(desk)
            let plan = try await scene.next()
            let mark = try await desk.control.mark()
            try await desk.control.script(desk.way.writes.map { ScriptedFault("expire-tokens", $0) })
            try await desk.muster("apply", plan, expect: 0)
            try await desk.expectAllFired()
            try await scene.expectDone(since: mark)
        }
    }
}

extension Desk {
    /// A token of the flavour's application.
    fileprivate func token() async throws -> String {
        let secret = flavour == .guide ? "MIMECAST_GUIDE_CLIENT_SECRET" : "MIMECAST_CLIENT_SECRET"
        let reply = try await HTTP(base: sandbox.baseURL).post(
            "/oauth/token",
            form: [
                ("grant_type", "client_credentials"), ("client_id", sandbox.credentials[flavour.applicationID] ?? ""),
                ("client_secret", sandbox.credentials[secret] ?? ""),
            ])
        return try #require(try JSONDecoder().decode(JSON.self, from: reply)["access_token"]?.text)
    }
}
