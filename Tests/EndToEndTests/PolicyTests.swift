import Foundation
import Mimecast
import TestSupport
import Testing

/// The rules of `muster.yaml` about the people of a source, against the built program.
@Suite struct PolicyTests {
    /// An Entra export of the tenant's plain accounts, with departments.
    private struct Export {
        var rows: [(address: String, name: String, department: String)]

        init(_ users: [TenantUser]) {
            rows = users.filter { !$0.isSynced }.enumerated().map { ($1.address, $1.name, $0 % 2 == 0 ? "Sales" : "Support") }
        }

        var text: String {
            let header = "userPrincipalName,displayName,mail,id,userType,department,accountEnabled"
            let lines = rows.map { row in
                [row.address.uppercased(), PeopleCSV.cell(row.name), "", "id-\(row.address)", "Member", row.department, "True"]
                    .joined(separator: ",")
            }
            return ([header] + lines).joined(separator: "\r\n") + "\r\n"
        }
    }

    private func plan(
        _ desk: Desk, _ export: Export, _ policy: String, expect: Int32, at location: SourceLocation = #_sourceLocation
    ) async throws -> JSON {
        try desk.folder.write(policy, to: "muster.yaml")
        let source = try desk.folder.write(export.text, to: "exportUsers.csv")
        let outcome = try await desk.binary.run(["plan", "--from", source, "--json"] + desk.flags)
        try #require(outcome.exit == expect, "\(outcome)", sourceLocation: location)
        return try #require(outcome.document, sourceLocation: location)
    }

    private func bringAbout(_ desk: Desk, _ plan: JSON) async throws {
        let id = try #require(plan["plan"]?.text)
        try await desk.muster("approve", id, expect: 0)
        try await desk.muster("apply", id, expect: 0)
    }

    private func tripped(_ plan: JSON) -> [String] {
        plan["guards"]?.list.filter { $0["tripped"]?.bool == true }.compactMap { $0["name"]?.text } ?? []
    }

    private static let map = "source:\n  map:\n    email: \"lower(mail) ?? lower(userPrincipalName)\"\n"

    @Test(arguments: [Flavour.portal, .guide])
    func groupsFollowRulesAndThePlanIsEmptyAfterwards(_ flavour: Flavour) async throws {
        try await Desk.with(flavour) { desk in
            // A group that some are in, and not all.
            let everybody = try await desk.tenant.users().filter { !$0.isSynced }
            let group = try #require(
                everybody.flatMap(\.groups).sorted().first { name in !everybody.filter { !$0.groups.contains(name) && $0.isActive }.isEmpty
                })
            var export = Export(try await desk.tenant.users())
            // Whoever is in the group stays there by the rule, so that few leave it.
            let members = Set(try await desk.tenant.users().filter { $0.groups.contains(group) }.map(\.address))
            for index in export.rows.indices {
                export.rows[index].department = members.contains(export.rows[index].address) ? "Sales" : "Support"
            }
            let idle = Set(everybody.filter { !$0.isActive }.map(\.address))
            let outsider = try #require(export.rows.firstIndex { !members.contains($0.address) && !idle.contains($0.address) })
            export.rows[outsider].department = "Sales"
            let rules = Self.map + "groups:\n  - when: \"department = 'sales'\"\n    add: ['\(group)']\n"
            let first = try await plan(desk, export, rules, expect: 2)
            #expect(first["counts"]?["addMember"]?.int == 1)
            #expect(first["counts"]?["removeMember"]?.int == 0)
            #expect(first["policy"]?.text?.count == 64)
            try await bringAbout(desk, first)
            #expect(try await desk.tenant.user(export.rows[outsider].address)?.groups.contains(group) == true)
            _ = try await plan(desk, export, rules, expect: 0)
            // The person moves: no rule puts them there any more.
            export.rows[outsider].department = "Support"
            let second = try await plan(desk, export, rules, expect: 2)
            #expect(second["counts"]?["removeMember"]?.int == 1)
            try await bringAbout(desk, second)
            #expect(try await desk.tenant.user(export.rows[outsider].address)?.groups.contains(group) == false)
            _ = try await plan(desk, export, rules, expect: 0)
        }
    }

    /// A filter that was edited between two runs: nobody is removed, and whatever touches accounts is stopped until somebody says that it was meant.
    @Test func aFilterThatChangedBetweenRunsStops() async throws {
        try await Desk.with(people: 60) { desk in
            var export = Export(try await desk.tenant.users())
            _ = try await plan(desk, export, Self.map, expect: 0)
            let mark = try await desk.control.mark()
            // Half of the company out of scope: nobody is touched, and the source shrank.
            let half = Self.map + "scope:\n  include: \"department = 'Sales'\"\n"
            let shrunk = try await plan(desk, export, half, expect: 3)
            #expect(tripped(shrunk) == ["source-shrink"])
            #expect(shrunk["counts"]?["disable"]?.int == 0)
            // The same with disabling: every guard stands in the way.
            let hard = half + "  leaving: disable\n"
            let stopped = try await plan(desk, export, hard, expect: 3)
            #expect(Set(tripped(stopped)).isSuperset(of: ["source-shrink", "removals", "policy"]))
            let refused = try await desk.binary.run(["apply", stopped["plan"]?.text ?? "", "--yes", "--json"])
            #expect(refused.exit == 3)
            // One person: within every budget, and stopped all the same, since the rules are new.
            export.rows[0].department = "External"
            let one = Self.map + "scope:\n  exclude: \"department = 'External'\"\n  leaving: disable\n"
            let few = try await plan(desk, export, one, expect: 3)
            #expect(tripped(few) == ["policy"])
            #expect(few["counts"]?["disable"]?.int == 1)
            #expect(try await desk.control.requests(since: mark).filter { $0.hadEffect }.isEmpty)
            try await desk.muster("guards", "raise", "policy=1", "--for", "1h", "--reason", "contractors leave", expect: 0)
            let meant = try await plan(desk, export, one, expect: 2)
            #expect(meant["outOfScope"]?.int == 1)
            try await bringAbout(desk, meant)
            #expect(try await desk.tenant.user(export.rows[0].address)?.isActive == false)
            _ = try await plan(desk, export, one, expect: 0)
        }
    }

    @Test func whoLeavesTheScopeStays() async throws {
        try await Desk.with { desk in
            var export = Export(try await desk.tenant.users())
            let rules = Self.map + "scope:\n  exclude: \"department = 'External'\"\n"
            _ = try await plan(desk, export, rules, expect: 0)
            let users = try await desk.tenant.users()
            export.rows[0].department = "External"
            export.rows[0].name = "Another Name"
            let left = try await plan(desk, export, rules, expect: 0)
            #expect(left["notices"]?.list.contains { $0.text?.contains("1 account of people who were in scope before") == true } == true)
            // Then they vanish from the export altogether.
            let gone = export.rows.removeFirst()
            _ = try await plan(desk, export, rules, expect: 0)
            #expect(try await desk.tenant.users() == users)
            // And come back, in scope.
            export.rows.insert((gone.address, gone.name, "Sales"), at: 0)
            #expect(try await plan(desk, export, rules, expect: 2)["counts"]?["update"]?.int == 1)
        }
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        let settings: String
        /// What stderr has to say.
        let says: [String]
        var testDescription: String { settings }
    }

    @Test func aWrongConfigurationIsRefusedWithItsPlace() async throws {
        let wrongs = [
            Wrong(settings: "protectd: []\n", says: ["muster.yaml, line 1", "protectd", "Did you mean protected?"]),
            Wrong(
                settings: "store: sqlite:m.db\nscope:\n  inclde: \"a = 'b'\"\n", says: ["line 3, scope", "inclde", "Did you mean include?"]),
            Wrong(
                settings: "scope:\n  include: \"departement = Sales'\"\n",
                says: ["line 2, scope.include: column 20 of the expression", "departement = Sales'\n", "^"]),
            Wrong(settings: "scope:\n  leaving: remove\n  include: \"a present\"\n", says: ["line 2, scope.leaving", "leave: accounts"]),
            Wrong(settings: "scope:\n  leaving: disable\n", says: ["line 2, scope.leaving", "Write include or exclude"]),
            Wrong(
                settings: "source:\n  map:\n    mail: email\n",
                says: ["line 3, source.map", "There is no setting mail", "Did you mean email?"]),
            Wrong(
                settings: "source:\n  map:\n    name: \"email present\"\n",
                says: ["line 3, source.map.name", "Conditions are for active alone"]),
            Wrong(settings: "groups:\n  - when: \"a present\"\n", says: ["line 2, groups[1]", "a condition (when) and groups (add)"]),
            Wrong(settings: "groups: Sales\n", says: ["line 1, groups", "A list of rules"]),
            Wrong(settings: "groups:\n  - when: a present\n    add: []\n", says: ["line 3, groups[1].add", "adds no group"]),
            Wrong(settings: "protected: ['*@*']\n", says: ["line 1, protected", "no pattern of addresses"]),
            Wrong(settings: "approvals:\n  fourEyes: maybe\n", says: ["line 2, approvals.fourEyes", "Write true or false"]),
            Wrong(settings: "store: a\nstore: b\n", says: ["muster.yaml cannot be read", "there twice"]),
            Wrong(settings: "scope: [\n", says: ["muster.yaml cannot be read", "Line 2"]),
            Wrong(settings: "a: &a [x]\nb: *a\n", says: ["There is no setting a here"]),
            Wrong(
                settings: "scope:\n  include: \"departement = 'Sales'\"\n",
                says: ["people.csv", "scope.include", "“departement”", "“department”"]),
        ]
        try await Desk.with { desk in
            let source = try desk.folder.write("email,department\na@\(desk.sandbox.domain),Sales\n", to: "people.csv")
            for wrong in wrongs {
                try desk.folder.write(wrong.settings, to: "muster.yaml")
                let outcome = try await desk.muster("plan", "--from", source, expect: 65)
                for text in wrong.says { #expect(outcome.err.contains(text), "\(wrong.settings)\n\(outcome.err)") }
                #expect(outcome.out == "")
            }
        }
    }

    /// What docs/policy.md shows is read, and works on an Entra export.
    @Test func theExampleOfTheDocumentationWorks() async throws {
        let docs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../docs/policy.md").standardized
        let text = try String(contentsOf: docs, encoding: .utf8)
        let example = try #require(text.components(separatedBy: "```yaml\n").dropFirst().first?.components(separatedBy: "```").first)
        try await Desk.with { desk in
            try desk.folder.write(example.replacing("example.com", with: desk.sandbox.domain), to: "muster.yaml")
            let address = try await desk.tenant.users().pick { $0.isPlain && $0.address.hasSuffix("@\(desk.sandbox.domain)") }.address
            let source = try desk.folder.write(
                "userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accountEnabled\n"
                    + "\(address.uppercased()),X,Bee,,Ann,1,Member,Clerk,Sales,True\n"
                    + "bo@\(desk.sandbox.domain),Bo,Cee,,Bo,2,Member,Test Account 7,Sales,True\n",
                to: "exportUsers.csv")
            let plan = try #require(try await desk.muster("plan", "--from", source, "--json", expect: 2).document)
            #expect(plan["outOfScope"]?.int == 1)
            let update = plan["changes"]?.list.first { $0["kind"]?.text == "update" }
            #expect(update?["values"]?["name"]?.text == "Ann Bee")
            #expect(plan["changes"]?.list.contains { $0["person"]?.text?.hasPrefix("bo@") == true } == false)
        }
    }
}
