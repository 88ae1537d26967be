import Foundation
import Mimecast
import TestSupport
import Testing

/// Attributes mapped from an export, and by hand, with the built program against the sandbox.
@Suite struct AttributeTests {
    private static let rules = """
        source:
          attributes:
            Phone: "phone"
            Cost Center: "`Cost Center` ?? ''"

        """

    /// An export of the plain accounts with a telephone number each, and a cost center for some.
    private func export(_ users: [TenantUser], _ phone: (Int) -> String) -> String {
        let rows = users.enumerated().map { index, user in
            [user.address, PeopleCSV.cell(user.name), phone(index), index % 2 == 0 ? "\(100 + index)" : ""].joined(separator: ",")
        }
        return (["email,name,Phone,Cost Center"] + rows).joined(separator: "\n") + "\n"
    }

    private func attributes(_ desk: Desk, _ address: String) async throws -> [String: String] {
        let reply = try await desk.tenant.http.json(
            "/api/user/get-attributes", .object(["data": .array([.object(["emailAddress": .string(address)])])]))
        let list = reply["data"]?.list.first?["attributes"]?.list ?? []
        return Dictionary(list.map { ($0["name"]?.text ?? "", $0["value"]?.text ?? "") }) { $1 }
    }

    @Test(arguments: Way.allCases)
    func theWholeCircle(_ way: Way) async throws {
        try await Desk.with(way, people: 60) { desk in
            try desk.folder.write(Self.rules, to: "muster.yaml")
            let users = try await desk.tenant.users().filter(\.isPlain)
            try #require(users.count > 25)
            func plan(_ phone: (Int) -> String, _ more: String..., expect: Int32) async throws -> JSON {
                let source = try desk.folder.write(export(users, phone), to: "people.csv")
                let outcome = try await desk.binary.run(["plan", "--from", source, "--json"] + more + desk.flags)
                try #require(outcome.exit == expect, "\(outcome)")
                return try #require(outcome.document)
            }
            let first = try await plan({ "+44 \($0)" }, expect: 2)
            let lines = users.count + (users.count + 1) / 2
            #expect(first["counts"]?["attribute"]?.int == lines && first["changes"]?.list.count == lines)
            let id = try #require(first["plan"]?.text)
            let shown = try await desk.muster("show", id, "--line", "1", expect: 0).out
            #expect(shown.contains("Cost Center: nothing → \"100\"") || shown.contains("Phone: nothing"), "\(shown)")
            #expect(shown.contains("/api/user/update-attributes") && shown.contains("this line needs none"), "\(shown)")
            let mark = try await desk.control.mark()
            let applied = try await desk.muster("apply", id, "--json", expect: 0).document
            #expect(applied?["verified"]?.int == lines && applied?["failed"]?.int == 0)
            let log = try await desk.control.requests(since: mark)
            let writes = log.filter { $0.path == "/api/user/update-attributes" && $0.effect == "updated" }
            #expect(writes.count == lines)
            let values = try await attributes(desk, users[2].address)
            #expect(values["Phone"] == "+44 2" && values["Cost Center"] == "102" && values["department"] != nil)
            #expect(try await attributes(desk, users[1].address)["Cost Center"] == nil)
            // Read once as they were left, they are not asked for again.
            for asked in [true, false] {
                let mark = try await desk.control.mark()
                #expect(try await plan({ "+44 \($0)" }, expect: 0)["changes"]?.list == [])
                let log = try await desk.control.requests(since: mark)
                #expect(log.contains { $0.path == "/api/user/get-attributes" } == asked)
            }
            // A colleague's change shows when everybody is read; one that comes between plan and apply is left as it is.
            let colleague = "/api/user/update-attributes"
            func edit(_ address: String, _ value: String) async throws {
                let attribute = JSON.object(["name": .string("Phone"), "value": .string(value)])
                _ = try await desk.tenant.http.json(
                    colleague,
                    .object(["data": .array([.object(["emailAddress": .string(address), "attributes": .array([attribute])])])]))
            }
            try await edit(users[3].address, "0")
            _ = try await plan({ "+44 \($0)" }, expect: 0)
            let drift = try await plan({ "+44 \($0)" }, "--read-attributes", expect: 2)
            #expect(drift["changes"]?.list.map { $0["account"]?.text } == [users[3].address])
            try await edit(users[3].address, "1")
            let partly = try await desk.muster("apply", try #require(drift["plan"]?.text), "--json", expect: 4).document
            let conflict = partly?["failures"]?.list.first?["conflict"]
            #expect(conflict?["expected"]?.text == #"Phone "0""# && conflict?["found"]?.text == #"Phone "1""#, "\(partly ?? .null)")
            #expect(try await attributes(desk, users[3].address)["Phone"] == "1")
            // Taken back.
            let receipt = try #require(applied?["receipt"]?.text)
            let undo = try await desk.binary.run(["undo", receipt, "--json"] + desk.flags)
            #expect(undo.exit == 0 && undo.document?["done"]?.int == lines - 1, "\(undo)")
            #expect(try await attributes(desk, users[2].address)["Phone"] == nil)
        }
    }

    @Test(arguments: [Flavour.portal, .guide])
    func byHandAndWhatTheTenantDoesNotHave(_ flavour: Flavour) async throws {
        try await Desk.with(flavour) { desk in
            func muster(_ arguments: String..., expect: Int32) async throws -> Outcome {
                let outcome = try await desk.binary.run(arguments + desk.flags)
                try #require(outcome.exit == expect, "\(outcome)")
                return outcome
            }
            let user = try await desk.tenant.users().pick()
            _ = try await muster("users", "attribute", "set", user.address, " ", "3.14", expect: 64)
            _ = try await muster("users", "attribute", "set", user.address, "Room", "3.14", expect: 0)
            #expect(try await attributes(desk, user.address)["Room"] == "3.14")
            _ = try await muster("users", "attribute", "set", user.address, "room", "3.14", expect: 0)
            _ = try await muster("users", "attribute", "remove", user.address, "ROOM", expect: 0)
            #expect(try await attributes(desk, user.address)["Room"] == nil)
            // The sandbox's department follows from the account: its name is refused, and the next plan says where it is defined.
            try desk.folder.write("source:\n  attributes:\n    Department: \"dept\"\n", to: "muster.yaml")
            let source = try desk.folder.write("email,dept\n\(user.address),Somewhere else\n", to: "people.csv")
            let plan = try await muster("plan", "--from", source, "--json", expect: 2)
            _ = try await muster("apply", try #require(plan.document?["plan"]?.text), expect: 4)
            let next = try await muster("plan", "--from", source, "--json", expect: 0)
            let line = next.document?["changes"]?.list.first
            #expect(line?["kind"]?.text == "blocked" && line?["remedy"]?.text?.contains("administration console") == true, "\(next)")
        }
    }
}
