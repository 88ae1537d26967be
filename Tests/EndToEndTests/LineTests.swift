import Foundation
import Mimecast
import TestSupport
import Testing

/// `show PLAN --line N`, with the built program: what it says is what the apply then does.
@Suite struct LineTests {
    @Test(arguments: Way.allCases)
    func aLineIsExplainedBeforeAndAfterItsApply(_ way: Way) async throws {
        try await Desk.with(way) { desk in
            var csv = PeopleCSV(try await desk.tenant.users())
            let person = try await desk.tenant.users().pick()
            csv[person.address].active = false
            let id = try #require(try await desk.plan(csv, expect: 2)["plan"]?.text)
            let before = try #require(try await desk.muster("show", id, "--line", "1", "--json", expect: 0).document)
            #expect(before["change"]?["kind"]?.text == "disable")
            #expect(before["change"]?["evidence"]?.text?.contains("of people.csv") == true)
            #expect(before["evidence"]?["domain"]?["state"]?.text == "closed")
            let holding = Set(before["guards"]?.list.compactMap { $0["name"]?.text } ?? [])
            #expect(holding.isSuperset(of: ["removals", "removals-24h"]) && !holding.contains("additions"))
            #expect(before["approval"]?["isNeeded"]?.bool == true && before["approval"]?["who"] == nil)
            #expect(before["undo"]?["reversible"]?.bool == true)
            #expect(before["journal"] == nil)

            try await desk.muster("approve", id, "--as", "chief", expect: 0)
            let mark = try await desk.control.mark()
            try await desk.muster("apply", id, expect: 0)
            // The calls that were foretold are those that were made.
            let made = try await desk.control.requests(since: mark).map(\.path)
            for call in before["calls"]?.list ?? [] {
                let path = try #require(call["path"]?.text).replacingOccurrences(of: "{id}", with: "")
                #expect(made.contains { $0.hasPrefix(path) }, "\(path) is not in \(made)")
            }
            let after = try #require(try await desk.muster("show", id, "--line", "1", "--json", expect: 0).document)
            #expect(after["journal"]?["state"]?.text == "verified")
            #expect(after["approval"]?["who"]?.text == "chief")
            let text = try await desk.muster("show", id, "--line", "1", expect: 0).out
            #expect(text.contains("active → disabled") && text.contains("given by chief") && text.contains("muster undo r-"))
            let none = try await desk.muster("show", id, "--line", "2", "--json", expect: 65)
            #expect(none.error?["code"]?.text == "no-such-line")
            try await desk.muster("show", person.address, "--line", "1", expect: 64)
        }
    }
}
