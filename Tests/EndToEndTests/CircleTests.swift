import Foundation
import Mimecast
import Testing

/// Plan, approve, apply, and a next plan without a change: for each way to speak to a tenant and each kind of change.
@Suite struct CircleTests {
    @Test(arguments: Way.allCases)
    func theTenantsOwnExportIsInLine(_ way: Way) async throws {
        try await Desk.with(way) { desk in
            try await desk.expectInLine(PeopleCSV(try await desk.tenant.users()))
        }
    }

    @Test(arguments: Way.allCases)
    func creates(_ way: Way) async throws {
        try await Desk.with(way) { desk in
            var csv = PeopleCSV(try await desk.tenant.users())
            let address = "nova.joiner@\(desk.sandbox.domain)"
            csv[address].name = "Nova Joiner, née Ærø"
            csv[address].groups = ["Sales"]
            let before = try await desk.control.mark()
            try await desk.bringAbout(csv)
            let user = try #require(try await desk.tenant.user(address))
            #expect(user.name == "Nova Joiner, née Ærø")
            #expect(user.groups == ["Sales"])
            #expect(user.isActive)
            let log = try await desk.control.requests(since: before)
            let effects = log.filter { $0.hadEffect }
            #expect(effects.filter { $0.effect == "created" }.map(\.target) == [address])
            #expect(Set(effects.map(\.application)) == [desk.sandbox.credentials[way.flavour.applicationID]])
        }
    }

    @Test(arguments: Way.allCases)
    func updatesAName(_ way: Way) async throws {
        try await Desk.with(way) { desk in
            let users = try await desk.tenant.users()
            var csv = PeopleCSV(users)
            let person = try users.pick()
            csv[person.address].name = "Renamed \"Quoted\", Person 🦆"
            try await desk.bringAbout(csv)
            var expected = person
            expected.name = "Renamed \"Quoted\", Person 🦆"
            #expect(try await desk.tenant.user(person.address) == expected)
            #expect(try await desk.tenant.users().filter { $0 != expected } == users.filter { $0 != person })
        }
    }

    @Test(arguments: Way.allCases)
    func disablesAndEnablesByTheActiveColumn(_ way: Way) async throws {
        try await Desk.with(way) { desk in
            let users = try await desk.tenant.users()
            var csv = PeopleCSV(users)
            let person = try users.pick()
            csv[person.address].active = false
            try await desk.bringAbout(csv)
            #expect(try await desk.tenant.users().filter { !$0.isActive }.map(\.address) == [person.address])
            csv[person.address].active = true
            try await desk.bringAbout(csv)
            #expect(try await desk.tenant.users() == users)
        }
    }

    @Test(arguments: Way.allCases)
    func disablesWhoIsMissingAndEnablesWhoComesBack(_ way: Way) async throws {
        try await Desk.with(way) { desk in
            let users = try await desk.tenant.users()
            let full = PeopleCSV(users)
            // The plan that links everybody; before it, nobody can be missing.
            try await desk.expectInLine(full)
            let person = try users.pick(last: true)
            var short = full
            short.remove(person.address)
            try await desk.bringAbout(short)
            #expect(try await desk.tenant.users().filter { !$0.isActive }.map(\.address) == [person.address])
            try await desk.bringAbout(full)
            #expect(try await desk.tenant.users() == users)
        }
    }

    @Test func whoWasNeverLinkedIsAnOrphanAndLeftAlone() async throws {
        try await Desk.with { desk in
            let users = try await desk.tenant.users()
            var csv = PeopleCSV(users)
            csv.remove(users[0].address)
            let plan = try await desk.plan(csv, expect: 0)
            #expect(plan["orphans"]?.int == 1)
            #expect(plan["orphanAccounts"]?.list.map(\.text) == [users[0].address])
        }
    }

    @Test(arguments: Way.allCases)
    func addsAndRemovesMembers(_ way: Way) async throws {
        try await Desk.with(way) { desk in
            let users = try await desk.tenant.users()
            var csv = PeopleCSV(users)
            let leaver = try users.pick { $0.isPlain && $0.groups.contains("VPN Users") }
            let joiner = try users.pick { $0.isPlain && !$0.groups.contains("VPN Users") }
            csv[leaver.address].groups = leaver.groups.filter { $0 != "VPN Users" }
            csv[joiner.address].groups = joiner.groups + ["VPN Users"]
            try await desk.bringAbout(csv)
            let after = try await desk.tenant.users()
            var expected = users
            for index in expected.indices {
                if expected[index].address == leaver.address { expected[index].groups.removeAll { $0 == "VPN Users" } }
                if expected[index].address == joiner.address { expected[index].groups = (joiner.groups + ["VPN Users"]).sorted() }
            }
            #expect(after == expected)
        }
    }

    @Test(arguments: Way.allCases.filter { $0.flavour == .guide })
    func renamesInTheGuideDialect(_ way: Way) async throws {
        try await Desk.with(way) { desk in
            let users = try await desk.tenant.users()
            var csv = PeopleCSV(users)
            try await desk.expectInLine(csv)
            let person = try users.pick()
            let address = "brand.new@\(desk.sandbox.domain)"
            csv[person.address].email = address
            try await desk.bringAbout(csv)
            #expect(try await desk.tenant.user(person.address) == nil)
            let renamed = try #require(try await desk.tenant.user(address))
            #expect(renamed.groups == person.groups)
            #expect(Set(renamed.aliases) == Set(person.aliases + [person.address]))
            #expect(try await desk.tenant.users().count == users.count)
        }
    }

    @Test(arguments: Way.allCases.filter { $0.flavour != .guide })
    func aRenameIsImpossibleElsewhereAndSaysWhatToDo(_ way: Way) async throws {
        try await Desk.with(way) { desk in
            let users = try await desk.tenant.users()
            var csv = PeopleCSV(users)
            try await desk.expectInLine(csv)
            let person = try users.pick()
            csv[person.address].email = "brand.new@\(desk.sandbox.domain)"
            try await desk.expectBlocked(csv, remedy: "guide application")
            #expect(try await desk.tenant.users() == users)
        }
    }

    @Test(arguments: Way.allCases)
    func directorySyncedPeopleAreLeftToTheirDirectory(_ way: Way) async throws {
        try await Desk.with(way) { desk in
            let users = try await desk.tenant.users()
            let synced = try users.pick(\.isSynced)
            var csv = PeopleCSV(users)
            csv[synced.address].name = "Somebody Else"
            try await desk.expectBlocked(csv, remedy: "company's directory")
            csv = PeopleCSV(users)
            csv[synced.address].active = false
            try await desk.expectBlocked(csv, remedy: "company's directory")
            csv = PeopleCSV(users)
            csv[synced.address].groups = ["Head Office", "Directory Synced Users"]
            try await desk.expectBlocked(csv, remedy: " the ")
            #expect(try await desk.tenant.users() == users)
        }
    }
}

extension Desk {
    /// A plan whose lines are all impossible: reported with what to do instead, and nothing to apply.
    fileprivate func expectBlocked(
        _ csv: PeopleCSV, remedy: String, at location: SourceLocation = #_sourceLocation
    ) async throws {
        let before = try await control.mark()
        let plan = try await plan(csv, expect: 0, at: location)
        let changes = plan["changes"]?.list ?? []
        #expect(!changes.isEmpty, sourceLocation: location)
        #expect(changes.filter { $0["kind"]?.text != "blocked" } == [], sourceLocation: location)
        #expect(changes.filter { $0["remedy"]?.text?.contains(remedy) != true } == [], sourceLocation: location)
        #expect(plan["counts"]?["blocked"]?.int == changes.count, sourceLocation: location)
        let id = try #require(plan["plan"]?.text, sourceLocation: location)
        let applied = try await muster("apply", id, "--json", expect: 0, at: location)
        #expect(applied.document?["done"]?.int == 0, sourceLocation: location)
        #expect(try await control.requests(since: before).filter { $0.hadEffect }.isEmpty, sourceLocation: location)
    }
}
